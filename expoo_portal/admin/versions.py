"""What a kept version held and how two versions differ, in words that an editor reads."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from expoo_portal.richtext import RichTextField, plain_text

# Fields that change by themselves at each save, and so tell an editor nothing.
_AUTOMATIC = frozenset({"created", "updated", "name_key", "municipality_key"})
# Read after the content, though the model has them first.
_PUBLICATION = ("state", "audience", "publish_at", "expires_at")
_CONTEXT_WORDS = 6
# Comparing word by word takes time with the product of both lengths; longer texts are shown one after the other.
_MAX_COMPARISONS = 4_000_000
GONE = "(bestaat niet meer)"


class Piece(NamedTuple):
    """A stretch of text in a comparison; `kind` is same, added, removed or gap (left out)."""

    kind: str
    text: str


class Change(NamedTuple):
    """One field that differs between two versions."""

    label: str
    pieces: list[Piece]


class Shown(NamedTuple):
    """One filled field of a version: plain text, or HTML when `is_rich`."""

    label: str
    value: str
    is_rich: bool


@dataclass(frozen=True)
class Version:
    """A historical record, with the many-to-many values it held by field name."""

    record: Any
    related: dict[str, list[str]]

    @cached_property
    def fields(self) -> dict[str, models.Field]:
        """The fields that an editor fills in: the content in the model's order, then its publication."""
        kept = {field.name for field in self.record.tracked_fields}
        everything = self.record.instance_type._meta.get_fields()
        return {
            field.name: field
            for field in sorted(everything, key=lambda field: field.name in _PUBLICATION)
            if (field.name in kept or field.name in self.related)
            and field.name not in _AUTOMATIC
            and not getattr(field, "primary_key", False)
        }

    def text(self, name: str) -> str:
        """The value of a field as an editor reads it; many values one per line."""
        if name in self.related:
            return "\n".join(self.related[name])
        field = self.fields[name]
        if isinstance(field, models.ForeignKey):
            return self._foreign(field)
        value = getattr(self.record, name)
        if value is None or value == "":
            return ""
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return "ja" if value else "nee"
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "j F Y H:i")
        if isinstance(value, date):
            return date_format(value, "j F Y")
        return str(value)

    def _foreign(self, field: models.ForeignKey) -> str:
        key = getattr(self.record, field.attname)
        if key is None:
            return ""
        found = field.related_model._base_manager.filter(pk=key).first()  # type: ignore[union-attr]
        return str(found) if found else GONE

    @property
    def shown(self) -> list[Shown]:
        """All filled fields, to read."""
        rows = []
        for name, field in self.fields.items():
            if text := self.text(name):
                is_rich = isinstance(field, RichTextField)
                rows.append(Shown(capfirst(str(field.verbose_name)), text, is_rich))
        return rows

    def changes_since(self, older: Version, ignored: frozenset[str] = frozenset()) -> list[Change]:
        """The fields in which this version differs from an older one, apart from those to ignore."""
        changes = []
        for name, field in self.fields.items():
            old, new = older.text(name), self.text(name)
            if old != new and name not in ignored:
                label = capfirst(str(field.verbose_name))
                changes.append(Change(label, compare_values(field, old, new)))
        return changes


def versions_of(records: Sequence[Any]) -> list[Version]:
    """The records as versions, with one query per many-to-many field for all of them together."""
    if not records:
        return []
    related: dict[int, dict[str, list[str]]] = {record.pk: {} for record in records}
    for field in records[0]._history_m2m_fields:
        for values in related.values():
            values[field.name] = []
        target = field.m2m_reverse_field_name()
        rows = getattr(records[0], field.name).model.objects.filter(history__in=records)
        for row in rows.select_related(target).order_by("pk"):
            label = str(getattr(row, target, None) or GONE)
            related[row.history_id][field.name].append(label)
    for values in related.values():
        for labels in values.values():
            labels.sort()
    return [Version(record, related[record.pk]) for record in records]


def compare_values(field: models.Field, old: str, new: str) -> list[Piece]:
    """How a field's value changed, word by word or, for many values, value by value."""
    if isinstance(field, models.ManyToManyField):
        before, after = old.splitlines(), new.splitlines()
        removed = [Piece("removed", value) for value in before if value not in after]
        return removed + [Piece("added", value) for value in after if value not in before]
    if isinstance(field, RichTextField):
        old_text, new_text = plain_text(old), plain_text(new)
        if old_text == new_text:
            return [Piece("same", "enkel de opmaak")]
        return compare_words(old_text, new_text)
    if isinstance(field, models.TextField):
        return compare_words(old, new)
    return [Piece(kind, text) for kind, text in (("removed", old), ("added", new)) if text]


def compare_words(old: str, new: str) -> list[Piece]:
    """The new text with what went and what came, and a gap for each long stretch that stayed."""
    before, after = re.findall(r"\s*\S+", old), re.findall(r"\s*\S+", new)
    if len(before) * len(after) > _MAX_COMPARISONS:
        return [Piece("removed", old), Piece("added", new)]
    pieces: list[Piece] = []
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (tag, old_from, old_to, new_from, new_to) in enumerate(blocks):
        if tag == "equal":
            is_first, is_last = number == 0, number == len(blocks) - 1
            pieces += _shortened(after[new_from:new_to], is_first, is_last)
            continue
        pieces += _piece("removed", before[old_from:old_to]) + _piece("added", after[new_from:new_to])
    return pieces


def _piece(kind: str, words: Iterable[str]) -> list[Piece]:
    text = "".join(words).strip()
    return [Piece(kind, text)] if text else []


def _shortened(words: list[str], is_first: bool, is_last: bool) -> list[Piece]:
    """The words near a change; what lies further away becomes a gap."""
    before = [] if is_first else words[:_CONTEXT_WORDS]
    after = [] if is_last else words[-_CONTEXT_WORDS:]
    if len(words) <= len(before) + len(after):
        return _piece("same", words)
    return _piece("same", before) + [Piece("gap", "…")] + _piece("same", after)
