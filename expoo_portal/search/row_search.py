"""Finds things by their search rows, always cut with what the viewer may see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from urllib.parse import urldefrag

from django.db import connection
from django.db.models import Q, QuerySet

from expoo_portal.kept import Kept
from expoo_portal.per_version import PerVersion
from expoo_portal.visibility import Level, Viewer, viewer_of

from .analysis import Query, highlight
from .kinds import Badge, Hit, Label
from .passages import Passage, passage
from .row_signals import row_kinds
from .rows import RowKind, SearchRow

# So many things are kept as a hit shows them, for each audience.
MAX_THINGS = 2_000

# Weights from D to A, as in the catalogue: the title counts most.
_FIND = """
SELECT id, kind, object_id FROM portal_searchrow WHERE "full" @@ to_tsquery('simple', %s)
ORDER BY ts_rank('{0.05,0.2,0.5,1}', brief, to_tsquery('simple', %s)) DESC, object_id
"""
_COUNT = """
SELECT place, array_agg(id) FROM unnest(%s::text[]) WITH ORDINALITY AS asked (query, place)
JOIN portal_searchrow ON "full" @@ to_tsquery('simple', query) GROUP BY place
"""


def visible_rows(user: Any) -> QuerySet[SearchRow]:
    """The rows of what this user may see, in every kind."""
    return SearchRow.objects.filter(
        reduce(
            or_,
            (
                Q(kind=slug, object_id__in=kind.visible_to(user).values("pk"))
                for slug, kind in row_kinds().items()
            ),
            Q(pk__in=[]),
        )
    )


class Thing(NamedTuple):
    """What a hit shows of a thing, whatever is searched for."""

    title: str
    address: str
    about: str
    badges: Sequence[Badge]
    passages: Sequence[Passage]


class Audience:
    """What viewers of one level, in the same groups, see in one content version: its rows, and things as hits."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._visible = frozenset(visible_rows(viewer).values_list("pk", flat=True))
        self._things = Kept[tuple[str, int], Thing](MAX_THINGS)

    def find(self, query: Query) -> dict[str, list[int]]:
        """The ids that are found of each kind, the best first; one query for all kinds."""
        asked = query.tsquery()
        ids: dict[str, list[int]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(_FIND, [asked, asked])
            for row, slug, pk in cursor:
                if row in self._visible:
                    ids[slug].append(pk)
        return ids

    def count(self, queries: Sequence[Query]) -> list[int]:
        """How many things each of these queries finds; one query for all of them."""
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [[query.tsquery() for query in queries]])
            totals = {place: len(self._visible.intersection(rows)) for place, rows in cursor}
        return [totals.get(place, 0) for place in range(1, len(queries) + 1)]

    def things(self, kind: RowKind, ids: Sequence[int]) -> list[Thing]:
        """These things in this order; those not kept cost one query, and what the kind needs for its passages."""
        slug = kind.label.slug

        def read(missing: list[tuple[str, int]]) -> dict[tuple[str, int], Thing]:
            items = list(kind.visible_to(self._viewer).filter(pk__in=[pk for _, pk in missing]))
            passages = kind.passages(items, self._viewer)
            return {
                (slug, item.pk): Thing(
                    kind.title(item),
                    kind.address(item),
                    kind.about(item),
                    kind.badges(item),
                    passages.get(item.pk, ()),
                )
                for item in items
            }

        keys = [(slug, pk) for pk in ids]
        found = self._things.get(keys, read)
        return [found[key] for key in keys if key in found]


_audiences = PerVersion[tuple[Level, frozenset[int]], Audience]()


def _audience_of(user: Any) -> Audience:
    viewer = viewer_of(user)
    level, groups = viewer.level, viewer.group_ids
    return _audiences.get((level, groups), lambda: Audience(Viewer.at(level, groups)))


class FoundRows:
    """What was found of one kind: ids, the best first."""

    def __init__(self, kind: RowKind, ids: Sequence[int], query: Query, audience: Audience) -> None:
        self.total = len(ids)
        self._kind, self._ids, self._query, self._audience = kind, ids, query, audience

    def hits(self, offset: int, limit: int) -> list[Hit]:
        """A stretch of it."""
        things = self._audience.things(self._kind, self._ids[offset : offset + limit])
        return [self._hit(thing) for thing in things]

    def _hit(self, thing: Thing) -> Hit:
        stems = self._query.stems
        pieces, anchor = passage(thing.passages, stems)
        return Hit(
            highlight(thing.title, stems),
            f"{urldefrag(thing.address).url}#{anchor}" if anchor else thing.address,
            thing.about,
            pieces,
            thing.badges,
        )


class RowSearcher:
    """All kinds that have search rows."""

    def labels(self) -> Iterable[Label]:
        """The kinds it knows."""
        return [kind.label for kind in row_kinds().values()]

    def find(self, query: Query, user: Any) -> dict[str, FoundRows]:
        """What this user finds, by slug of the kind."""
        audience = _audience_of(user)
        ids = audience.find(query)
        return {
            slug: FoundRows(kind, ids[slug], query, audience)
            for slug, kind in row_kinds().items()
            if slug in ids
        }

    def count(self, queries: Sequence[Query], user: Any) -> list[int]:
        """How many things this user finds with each of these queries."""
        return _audience_of(user).count(queries)

    def titles(self, user: Any) -> Iterator[str]:
        """The titles of what this user may see."""
        for kind in row_kinds().values():
            yield from map(kind.title, kind.visible_to(user))


def public_words() -> list[tuple[str, int]]:
    """The words of the public things, each with the number of things it stands in."""
    counted: Counter[str] = Counter()
    for words in visible_rows(None).values_list("words", flat=True).iterator(chunk_size=500):
        counted.update(words)
    return list(counted.items())
