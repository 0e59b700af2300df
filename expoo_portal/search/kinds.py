"""The kinds of content that the site search finds; each app registers a searcher for its own.

There is no second index that could disagree about who may see what: a searcher finds nothing that
`visible_to(user)` of the content's own model does not give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from .analysis import Piece, Query

# Beside a suggestion it is enough to know that there are more than these: counting them all takes its time.
MAX_COUNTED = 200


class Badge(NamedTuple):
    """A label beside a title; `variant` as in `components/badge.html`."""

    text: str
    variant: str = ""


@dataclass(frozen=True)
class Hit:
    """One thing that was found, as the page shows it: title and passage in pieces that match or not."""

    title: list[Piece]
    address: str
    about: str = ""
    passage: list[Piece] = field(default_factory=list)
    badges: Sequence[Badge] = ()


class Found(Protocol):
    """What a search finds of one kind."""

    total: int

    def hits(self, offset: int, limit: int) -> list[Hit]:
        """A stretch of it, the best first."""
        ...


class Label(NamedTuple):
    """How the page names a kind: its place in an address, "Tips", "tip", and its place among the others.

    `counted` is for a heading that cannot be counted: "Agenda en terugblik" holds 12 "activiteiten". What is `closed`
    is found by the members of a group alone: nothing that is kept or counted for more people than one holds any of it.
    """

    slug: str
    plural: str
    singular: str
    order: int
    counted: str = ""
    closed: bool = False

    def named(self, total: int) -> str:
        """The kind in words that fit the number: "tip" for 1, "tips" for 12."""
        return (self.singular if total == 1 else self.counted or self.plural).lower()


class Searcher(Protocol):
    """Finds things of one or several kinds."""

    def labels(self) -> Iterable[Label]:
        """The kinds it knows."""
        ...

    def find(self, query: Query, user: Any) -> Mapping[str, Found]:
        """What this user finds, by slug of the kind; the query has something to search for."""
        ...

    def count(self, queries: Sequence[Query], user: Any) -> list[int]:
        """How many things this user finds with each of these queries; of more than `MAX_COUNTED`, any number above."""
        ...

    def titles(self, user: Any) -> Iterable[str]:
        """Titles and labels that this user may see, to complete what is typed."""
        ...


_searchers: list[Searcher] = []


def register(searcher: Searcher) -> None:
    """Let an app add what it can find; called from its `ready()`."""
    if searcher not in _searchers:
        _searchers.append(searcher)


def searchers() -> Sequence[Searcher]:
    """All of them."""
    return tuple(_searchers)


def closed_searchers() -> Sequence[Searcher]:
    """Those that find only what is inside groups."""
    return tuple(each for each in _searchers if any(label.closed for label in each.labels()))


def labels() -> dict[str, Label]:
    """All kinds by slug, in the order of the page."""
    found = [label for searcher in _searchers for label in searcher.labels()]
    return {label.slug: label for label in sorted(found, key=lambda label: (label.order, label.slug))}


def find(query: Query, user: Any) -> dict[str, Found]:
    """What this user finds, by slug of the kind, in the order of the page; kinds without a hit are left out.

    A query that only excludes finds nothing: "everything but that" is no answer to anything.
    """
    if not query.stems:
        return {}
    found = {slug: each for searcher in _searchers for slug, each in searcher.find(query, user).items()}
    return {slug: found[slug] for slug in labels() if slug in found and found[slug].total}


def count(queries: Sequence[Query], user: Any) -> list[int]:
    """How many things this user finds with each of these queries; of more than `MAX_COUNTED`, any number above."""
    asked = [query for query in queries if query.stems]
    totals = [searcher.count(asked, user) for searcher in _searchers] if asked else []
    by_query = iter([sum(column) for column in zip(*totals, strict=True)])
    return [next(by_query, 0) if query.stems else 0 for query in queries]


def shown(total: int) -> str:
    """A total of `count` in figures: "12", or "200+" when there are more than were counted."""
    return str(total) if total <= MAX_COUNTED else f"{MAX_COUNTED}+"
