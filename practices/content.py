"""What a sender or an editor types about a practice before it is in the catalogue: its shape, and what misses.

The content of a dossier is a plain JSON object, so that half of it can be kept: texts by field name, rich text
as HTML, `facets` (facet slug -> list of value slugs), `unknown` (slugs of facets that the sender cannot answer),
`links` (list of {title, url}), `contact` ({role, email, phone}), `kept_images` and `kept_files` (uuids of what
the practice in the catalogue has and keeps).

The form keeps two more things there, which nobody publishes: `refused` (what was typed but cannot be used, by part
of the form) and `saved_by` (which open page wrote a part last).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expoo_portal.richtext import plain_text

from .models import BasedOn, Practice

TEXT_FIELDS = (
    "name",
    "summary",
    "special",
    "organisation",
    "municipality",
    "partners",
    "discussion_questions",
)
RICH_FIELDS = ("background", "approach", "welcome", "space_note", "strengths", "challenges", "tips")
CONTACT_FIELDS = ("role", "email", "phone")
# Shortest text that tells a colleague something, in characters (domain.md 2.2 for the summary).
SUMMARY_LENGTH = (150, 600)
REQUIRED_TEXTS = ("name", "summary", "organisation", "municipality", "approach", "strengths", "challenges")
REQUIRED_FACETS = (
    "type-organisatie",
    "provincie",
    "opdracht",
    "ruimte",
    "begeleiding",
    "focus",
    "doelgroepen",
    "leeftijd",
    "vorm",
)
# Whoever runs such a place tells how a first visit goes.
WELCOME_TYPE = "spel-en-ontmoetingsplaats"
# What a sender can say of it; the other values are the editors'.
SENDER_BASED_ON = (BasedOn.EXPERIENCE, BasedOn.EXCHANGED, BasedOn.RESEARCH)


def label_of(field: str) -> str:
    """The Dutch name of a field, as the catalogue's own forms write it."""
    return str(Practice._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def missing(content: Mapping[str, Any], facet_labels: Mapping[str, str]) -> dict[str, str]:
    """What has to be filled in before the editors see it: field or facet slug -> a Dutch sentence.

    `facet_labels` holds the facets that exist now, slug -> label; a facet that staff removed is not asked.
    """
    found: dict[str, str] = {}
    for field in REQUIRED_TEXTS:
        if not plain_text(str(content.get(field) or "")):
            found[field] = f"Vul ‘{label_of(field)}’ nog in."
    length = len(str(content.get("summary") or "").strip())
    shortest, _longest = SUMMARY_LENGTH
    if "summary" not in found and length < shortest:
        found["summary"] = (
            f"Vertel iets meer bij ‘in het kort’: {length} van de minstens {shortest} tekens staan er."
        )
    facets: Mapping[str, Any] = content.get("facets") or {}
    unknown = content.get("unknown") or []
    for slug in REQUIRED_FACETS:
        if slug in facet_labels and not facets.get(slug) and slug not in unknown:
            found[slug] = f"Kies een antwoord bij ‘{facet_labels[slug]}’, of ‘weet ik niet’."
    if WELCOME_TYPE in (facets.get("type-organisatie") or ()) and not plain_text(
        str(content.get("welcome") or "")
    ):
        found["welcome"] = "Vertel ook hoe een eerste bezoek verloopt."
    if not content.get("based_on"):
        found["based_on"] = "Kies waarop deze beschrijving steunt."
    if not content.get("reference_year"):
        found["reference_year"] = "Vul het jaar in waarin deze beschrijving klopt."
    return found
