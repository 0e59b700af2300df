"""Finds things by their search rows, always cut with what the viewer may see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, Q, QuerySet

from .analysis import Query, highlight
from .kinds import Hit, Label
from .passages import passage
from .row_signals import row_kinds
from .rows import RowKind, SearchRow

# From D to A, as in the catalogue: the title counts most.
WEIGHTS = [0.05, 0.2, 0.5, 1.0]


def visible_rows(user: Any) -> QuerySet[SearchRow]:
    """The rows of what this user may see, in every kind."""
    return SearchRow.objects.filter(
        reduce(
            or_,
            (
                Q(kind=slug, object_id__in=kind.model._default_manager.visible_to(user).values("pk"))  # type: ignore[attr-defined]
                for slug, kind in row_kinds().items()
            ),
            Q(pk__in=[]),
        )
    )


def _asked(query: Query) -> SearchQuery:
    return SearchQuery(query.tsquery(), config="simple", search_type="raw")


class FoundRows:
    """What was found of one kind: ids, the best first."""

    def __init__(self, kind: RowKind, ids: Sequence[int], query: Query, user: Any) -> None:
        self.total = len(ids)
        self._kind, self._ids, self._query, self._user = kind, ids, query, user

    def hits(self, offset: int, limit: int) -> list[Hit]:
        """A stretch of it; one query, and what the kind needs for its passages."""
        kind, stems, ids = self._kind, self._query.stems, self._ids[offset : offset + limit]
        visible = kind.model._default_manager.visible_to(self._user)  # type: ignore[attr-defined]
        items = {item.pk: item for item in visible.select_related(*kind.related).filter(pk__in=ids)}
        ordered = [items[pk] for pk in ids if pk in items]
        passages = kind.passages(ordered, self._user)
        hits = []
        for item in ordered:
            pieces, anchor = passage(passages.get(item.pk, ()), stems)
            address = kind.address(item)
            hits.append(
                Hit(
                    highlight(kind.title(item), stems),
                    f"{address}#{anchor}" if anchor else address,
                    kind.about(item),
                    pieces,
                    kind.badges(item),
                )
            )
        return hits


class RowSearcher:
    """All kinds that have search rows."""

    def labels(self) -> Iterable[Label]:
        """The kinds it knows."""
        return [kind.label for kind in row_kinds().values()]

    def find(self, query: Query, user: Any) -> dict[str, FoundRows]:
        """What this user finds, by slug of the kind; one query for all kinds."""
        asked = _asked(query)
        rows = visible_rows(user).filter(full=asked)
        rows = rows.annotate(rank=SearchRank(F("brief"), asked, weights=WEIGHTS)).order_by(
            "-rank", "object_id"
        )
        ids: dict[str, list[int]] = defaultdict(list)
        for slug, pk in rows.values_list("kind", "object_id"):
            ids[slug].append(pk)
        return {slug: FoundRows(kind, ids[slug], query, user) for slug, kind in row_kinds().items()}

    def count(self, queries: Sequence[Query], user: Any) -> list[int]:
        """How many things this user finds with each of these queries; one query for all of them."""
        asked = [Q(full=_asked(query)) for query in queries]
        totals = {f"n{number}": Count("pk", filter=each) for number, each in enumerate(asked)}
        found = visible_rows(user).filter(reduce(or_, asked)).aggregate(**totals)
        return [found[name] for name in totals]

    def titles(self, user: Any) -> Iterator[str]:
        """The titles of what this user may see."""
        for kind in row_kinds().values():
            visible = kind.model._default_manager.visible_to(user)  # type: ignore[attr-defined]
            yield from map(kind.title, visible.select_related(*kind.related))


def public_words() -> list[tuple[str, int]]:
    """The words of the public things, each with the number of things it stands in."""
    counted: Counter[str] = Counter()
    for words in visible_rows(None).values_list("words", flat=True).iterator(chunk_size=500):
        counted.update(words)
    return list(counted.items())
