"""The steps of the form, and what each asks. Pure.

A part is what is typed in one place: a text ("summary"), a facet ("facet-ruimte"), a line of the contact
("contact-email"), or a list ("links", "kept_images", "kept_files").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FACET, CONTACT = "facet-", "contact-"


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    number: int
    title: str
    intro: str
    parts: tuple[str, ...]
    # Points of the editors' checklist (domain.md 2.4) that are about this step.
    points: frozenset[str]
    # Facets that staff add later are asked here.
    takes_new_facets: bool = False


def _step(
    number: int, title: str, intro: str, *parts: str, points: str = "", takes_new: bool = False
) -> Step:
    return Step(number, title, intro, parts, frozenset(points), takes_new)


STEPS = (
    _step(
        1,
        "Naam en plaats",
        "Over welke werking gaat het, en waar?",
        "name",
        "organisation",
        "municipality",
        "facet-provincie",
        "facet-type-organisatie",
        "facet-opdracht",
        "facet-erkenning",
        points="4",
    ),
    _step(
        2,
        "In het kort",
        "Wat gebeurt er, en voor wie? Dit lezen collega’s het eerst.",
        "summary",
        "special",
        "facet-focus",
        "facet-doelgroepen",
        "facet-leeftijd",
        "facet-doelen",
        points="147",
    ),
    _step(
        3,
        "Praktisch",
        "Vorm, plek en begeleiding. Duid aan wat klopt; ‘weet ik niet’ is ook een antwoord.",
        "facet-vorm",
        "facet-ruimte",
        "facet-begeleiding",
        "facet-ritme",
        "facet-prijs",
        "facet-inschrijven",
        points="4",
        takes_new=True,
    ),
    _step(
        4,
        "Hoe werkt het?",
        "Vertel het zoals aan een collega uit een andere gemeente.",
        "approach",
        "welcome",
        "space_note",
        "background",
        "partners",
        points="1257",
    ),
    _step(
        5,
        "Sterktes en uitdagingen",
        "Allebei zijn ze nodig: van wat moeilijk blijft, leren collega’s het meest.",
        "strengths",
        "challenges",
        "tips",
        "discussion_questions",
        "facet-thema",
        points="357",
    ),
    _step(
        6,
        "Beelden, bestanden en links",
        "Niets hiervan is verplicht. Een draaiboek, een affiche of een foto helpt wel.",
        "kept_images",
        "kept_files",
        "links",
        points="5",
    ),
    _step(
        7,
        "Contact en bron",
        "Wie kan collega’s verder helpen, en waarop steunt wat je schreef?",
        "contact-role",
        "contact-email",
        "contact-phone",
        "based_on",
        "reference_year",
        points="68",
    ),
)
LAST = STEPS[-1].number
# Reading it all again and sending it in: a step without fields.
REVIEW = LAST + 1

_BY_NUMBER = {step.number: step for step in STEPS}


def find_step(number: int) -> Step | None:
    """The step with this number, if there is one with fields."""
    return _BY_NUMBER.get(number)


def parts_of(step: Step, facets: Iterable[str]) -> list[str]:
    """The parts of a step, given the facets that exist now: those that are gone are not asked."""
    existing = [FACET + slug for slug in facets]
    found = [part for part in step.parts if not part.startswith(FACET) or part in existing]
    if step.takes_new_facets:
        placed = {part for any_step in STEPS for part in any_step.parts}
        found += [part for part in existing if part not in placed]
    return found


def step_of(field: str) -> Step:
    """The step where a field or facet of `content.missing` is filled in."""
    for step in STEPS:
        if field in step.parts or FACET + field in step.parts:
            return step
    return next(step for step in STEPS if step.takes_new_facets)
