"""The test set of the search: pairs of what somebody types and a word that it should find. Pure.

The pairs were written before they were tried, by going through the words of the catalogue. The starter groups of
synonyms were made without reading them; rules for compounds and misspellings changed after it was seen which pairs were
missed (docs/architecture.md). Whoever copies pairs into rules or lists measures nothing any more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

QUERIES = Path(__file__).resolve().parent / "data" / "queries.json"

KINDS = {
    "inflection": "verbuiging",
    "compound": "samenstelling",
    "accent": "accent",
    "typo": "tikfout",
    "synonym": "synoniem",
}


@dataclass(frozen=True)
class Pair:
    """What is typed, and the word or phrase that should come up."""

    query: str
    target: str
    kind: str


@dataclass(frozen=True)
class Outcome:
    """Whether a pair was found: by the search, by the search or its "Bedoelde je", and by Postgres' own Dutch."""

    pair: Pair
    by_search: bool
    by_suggestion: bool
    by_postgres: bool


@dataclass(frozen=True)
class Share:
    """How many of so many pairs were found, in each way."""

    name: str
    pairs: int
    by_search: int
    by_suggestion: int
    by_postgres: int


def read_pairs(path: Path = QUERIES) -> list[Pair]:
    """The pairs of a file. Raises OSError, or ValueError for a file that is none."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["pairs"]
        pairs = [Pair(row["query"], row["should_find"], row["kind"]) for row in rows]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name} has no pairs: {error}") from error
    if unknown := {pair.kind for pair in pairs} - set(KINDS):
        raise ValueError(f"{path.name} has unknown kinds: {', '.join(sorted(unknown))}")
    return pairs


def holds(text: str, target: str) -> bool:
    """Whether the target stands in the text as a word or phrase of its own."""
    return re.search(rf"(?<!\w)(?<!\w[’'-]){re.escape(target)}(?!\w)(?![’'-]\w)", text, re.I) is not None


def shares(outcomes: Sequence[Outcome]) -> list[Share]:
    """The shares per kind, and of all pairs together."""
    groups = [(label, [each for each in outcomes if each.pair.kind == kind]) for kind, label in KINDS.items()]
    return [_share(name, group) for name, group in [*groups, ("samen", outcomes)] if group]


def _share(name: str, group: Sequence[Outcome]) -> Share:
    return Share(
        name,
        len(group),
        _many(each.by_search for each in group),
        _many(each.by_search or each.by_suggestion for each in group),
        _many(each.by_postgres for each in group),
    )


def _many(found: Iterable[bool]) -> int:
    return sum(found)
