"""Why two practices are related, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# The facets that make practices related, the most telling first, and how a shared value is said.
PHRASES = {
    "type-organisatie": "zelfde type",
    "vorm": "ook {}",
    "doelgroepen": "ook voor {}",
    "ruimte": "ook {}",
    "doelen": "ook {}",
    "provincie": "ook in {}",
}
_NAMES = frozenset({"provincie"})
_MOST_REASONS = 2


class Shared(NamedTuple):
    """A facet value that two practices have in common."""

    facet: str
    label: str


class Related(NamedTuple):
    """A practice that resembles another one, and what they share, the most telling first."""

    id: int
    shared: tuple[Shared, ...]

    @property
    def reason(self) -> str:
        """Why it is related: "Zelfde type, ook vrije inloop"; empty when they share nothing that is said."""
        return reason(self.shared)


def reason(shared: Sequence[Shared]) -> str:
    """The first two shared values as one phrase."""
    phrases = [
        PHRASES[facet].format(label if facet in _NAMES else _in_a_sentence(label))
        for facet, label in shared
        if facet in PHRASES
    ]
    said = ", ".join(list(dict.fromkeys(phrases))[:_MOST_REASONS])
    return said[:1].upper() + said[1:]


def _in_a_sentence(label: str) -> str:
    """Without the capital of a label; "KOALA-werking" keeps its own."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
