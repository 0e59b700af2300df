"""The page of a comparison: the fiches and the texts of two or three practices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.html import format_html

from . import collection, compare
from .collection import Collection
from .detail import SECTIONS, Detail

SPECIAL, SUMMARY = "Wat is er bijzonder aan?", "In het kort"


def _texts(detail: Detail) -> dict[str, list[str]]:
    """The texts of a practice by their heading, as HTML."""
    practice = detail.practice
    plain = {SPECIAL: practice.special, SUMMARY: practice.summary}
    found: dict[str, list[str]] = {
        heading: [format_html("<p>{}</p>", text)] for heading, text in plain.items() if text
    }
    return found | {section.heading: [section.html] for section in detail.sections}


@dataclass(frozen=True)
class Comparison:
    """Two or three practices side by side."""

    collection: Collection
    details: Sequence[Detail]
    labels: Sequence[str]
    # The collection that these were chosen from, to go back to.
    origin: Collection
    only_differences: bool

    @property
    def is_possible(self) -> bool:
        return len(self.details) >= compare.LEAST

    @cached_property
    def all_rows(self) -> list[compare.Row]:
        fiches = [(detail.practice.name, dict(detail.fiche)) for detail in self.details]
        return compare.rows(self.labels, fiches)

    @property
    def rows(self) -> list[compare.Row]:
        """The rows of the fiche, or only those that differ."""
        return [row for row in self.all_rows if row.differs or not self.only_differences]

    @property
    def different(self) -> int:
        """How many rows differ."""
        return sum(row.differs for row in self.all_rows)

    @property
    def texts(self) -> list[compare.Row]:
        """The texts that at least one of them has, as HTML."""
        texts = [(detail.practice.name, _texts(detail)) for detail in self.details]
        return compare.rows([SPECIAL, SUMMARY, *(heading for heading, _ in SECTIONS)], texts)

    @property
    def notices(self) -> list[str]:
        return collection.notices(self.collection, compare.MOST)

    @property
    def toggle_href(self) -> str:
        """The same comparison with or without the rows that are the same."""
        return self.collection.href(
            uit=",".join(self.origin.slugs), verschillen="" if self.only_differences else "1"
        )

    @property
    def back_href(self) -> str:
        """To the collection that these were chosen from."""
        return (self.origin if self.origin.slugs else self.collection).href(reverse("collection"))
