"""Search entries for a great many generated texts: what `practices.indexing` writes, ten times as fast.

The texts come from a limited vocabulary, so each word is analysed once and remembered. That the result is the same
is tested.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import NamedTuple

from expoo_portal.search.analysis import FIELD_GAP, weighted_vector, words
from expoo_portal.search.models import Texts
from practices.indexing import entry_texts
from practices.models import Practice


class _Analysed(NamedTuple):
    """What a piece of text without spaces leaves in an entry."""

    folded: tuple[str, ...]
    terms: tuple[tuple[int, str], ...]
    length: int


@cache
def _analysed(token: str) -> _Analysed:
    found = words(token)
    lexemes = (lexeme.rpartition(":") for lexeme in weighted_vector([(token, "A")]).split())
    terms = [
        (int(place.rstrip("A")) - 1, quoted.strip("'"))
        for quoted, _, places in lexemes
        for place in places.split(",")
    ]
    return _Analysed(
        tuple(word.folded for word in found), tuple(terms), sum(len(word.pieces) for word in found)
    )


class _Vector:
    """A tsvector that grows field by field."""

    def __init__(self) -> None:
        self._positions: dict[str, list[str]] = defaultdict(list)
        self._next = 1

    def add(self, texts: Texts) -> str:
        """Add these fields and return what the vector is by then."""
        positions = self._positions
        for text, weight in texts:
            for token in text.split():
                _, terms, length = _analysed(token)
                for place, term in terms:
                    positions[term].append(f"{self._next + place}{weight}")
                self._next += length
            self._next += FIELD_GAP
        return " ".join([f"'{term}':{','.join(places)}" for term, places in positions.items()])


def entry(practice: Practice) -> tuple[int, list[int], str, str, str]:
    """The columns of a practice's entry, its values prefetched: id, value ids, brief, full and words."""
    brief, full = entry_texts(practice)
    vector = _Vector()
    distinct: set[str] = set()
    for text, _ in full:
        for token in text.split():
            distinct.update(_analysed(token).folded)
    return (
        practice.pk,
        sorted(value.pk for value in practice.values.all()),
        vector.add(brief),
        # The full vector begins with the brief one.
        vector.add(full[len(brief) :]),
        f"{{{','.join(sorted(distinct))}}}",
    )
