"""What a dossier changes in the practice of the catalogue, field by field, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import capfirst

from expoo_portal.admin.versions import Change, Piece, compare_words
from expoo_portal.richtext import plain_text
from practices.content import RICH_FIELDS, TEXT_FIELDS, label_of
from practices.models import BasedOn, Facet

Content = Mapping[str, Any]
_CONTACT_LABELS = {"role": "functie", "email": "e-mail", "phone": "telefoon"}


def changes(
    old: Content,
    new: Content,
    facets: Iterable[Facet],
    attachments: Mapping[str, tuple[list[str], list[str]]],
) -> list[Change]:
    """The fields in which `new` differs from `old`; an empty list when nothing does.

    `attachments` maps a label ("Beelden") to what goes and what comes.
    """
    found = [*_texts(old, new), *_facets(old, new, facets)]
    for label, before, after in (
        ("Waarop steunt deze beschrijving?", [_based_on(old)], [_based_on(new)]),
        ("Peiljaar", [_year(old)], [_year(new)]),
        ("Links", _links(old), _links(new)),
        ("Contact", _contact(old), _contact(new)),
    ):
        found += _lines(label, before, after)
    for label, (removed, added) in attachments.items():
        found += _lines(label, removed, added)
    return found


def _texts(old: Content, new: Content) -> list[Change]:
    found = []
    for name in (*TEXT_FIELDS, *RICH_FIELDS):
        before, after = str(old.get(name) or ""), str(new.get(name) or "")
        label = capfirst(label_of(name))
        if name in RICH_FIELDS:
            is_restyled = before != after
            before, after = plain_text(before), plain_text(after)
            if is_restyled and before == after:
                found.append(Change(label, [Piece("same", "enkel de opmaak")]))
        if before.strip() != after.strip():
            found.append(Change(label, compare_words(before, after)))
    return found


def _facets(old: Content, new: Content, facets: Iterable[Facet]) -> list[Change]:
    found = []
    for facet in facets:
        labels = {value.slug: value.label for value in facet.values.all()}
        before, after = (
            [labels[slug] for slug in (content.get("facets") or {}).get(facet.slug) or [] if slug in labels]
            for content in (old, new)
        )
        found += _lines(facet.label, before, after)
    return found


def _lines(label: str, before: Iterable[str], after: Iterable[str]) -> list[Change]:
    """One change for a list of which some are gone and some are new."""
    old, new = [line for line in before if line], [line for line in after if line]
    pieces = [Piece("removed", line) for line in old if line not in new]
    pieces += [Piece("added", line) for line in new if line not in old]
    return [Change(label, pieces)] if pieces else []


def _based_on(content: Content) -> str:
    value = content.get("based_on") or ""
    return str(dict(BasedOn.choices).get(value, value))


def _year(content: Content) -> str:
    return str(content.get("reference_year") or "")


def _links(content: Content) -> list[str]:
    return [f"{link.get('title', '')} ({link.get('url', '')})" for link in content.get("links") or []]


def _contact(content: Content) -> list[str]:
    given = content.get("contact") or {}
    return [f"{label}: {given[name]}" for name, label in _CONTACT_LABELS.items() if given.get(name)]
