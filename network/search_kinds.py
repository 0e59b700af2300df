"""Discussions in the site search, for the active members of their group alone.

A thread is found when each word stands in its title or in one of its posts. Nothing is kept between requests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.search import SearchQuery
from django.db.models import BigIntegerField, Case, F, Value, When, Window
from django.db.models.functions import RowNumber

from expoo_portal.richtext import plain_text
from expoo_portal.search.analysis import Query, highlight, snippet
from expoo_portal.search.kinds import Hit, Label
from expoo_portal.search.passages import PASSAGE_CHARACTERS
from expoo_portal.visibility import Viewer, viewer_of

from . import mentions
from .models import Group, Membership, PostEntry, Thread, ThreadEntry
from .names import person_of
from .paging import address_of

LABEL = Label("gesprekken", "Gesprekken", "gesprek", 90, closed=True)
# Of these latest threads the titles are suggested.
MAX_TITLES = 1_000
# A clause is a bit of one number in the database.
_MAX_CLAUSES = 60


class Discussions:
    """Finds threads."""

    def labels(self) -> Iterable[Label]:
        """The one kind it knows."""
        return (LABEL,)

    def find(self, query: Query, user: Any) -> Mapping[str, FoundThreads]:
        """The threads of this user's groups."""
        viewer = viewer_of(user)
        if not viewer.group_ids:
            return {}
        return {LABEL.slug: FoundThreads(viewer, query, Said(viewer, query.clauses).threads(query))}

    def count(self, queries: Sequence[Query], user: Any) -> list[int]:
        """How many threads each of these queries finds; one database query for all of them, unless they are long."""
        viewer = viewer_of(user)
        if not viewer.group_ids:
            return [0] * len(queries)
        return [len(said.threads(query)) for said, batch in _batches(viewer, queries) for query in batch]

    def titles(self, user: Any) -> Iterator[str]:
        """The titles of the latest threads of this user's groups."""
        viewer = viewer_of(user)
        if viewer.group_ids:
            threads = Thread.objects.visible_to(viewer).filter(merged_into__isnull=True)
            yield from threads.order_by("-last_post_at", "-pk").values_list("title", flat=True)[:MAX_TITLES]


def _batches(viewer: Viewer, queries: Sequence[Query]) -> Iterator[tuple[Said, list[Query]]]:
    """The queries in their order, as many together as one number can hold, with what is said of their clauses."""
    batch: list[Query] = []
    clauses: dict[str, None] = {}
    for query in queries:
        more = clauses | dict.fromkeys(query.clauses)
        if batch and len(more) > _MAX_CLAUSES:
            yield Said(viewer, clauses), batch
            batch, more = [], dict.fromkeys(query.clauses)
        batch.append(query)
        clauses = more
    if batch:
        yield Said(viewer, clauses), batch


class _Where(NamedTuple):
    """Where clauses hold in a thread, as bits: in its title, and in each of its posts that differ in this."""

    last_post_at: datetime
    title: list[int]
    posts: list[int]

    @property
    def anywhere(self) -> int:
        return reduce(int.__or__, [*self.title, *self.posts], 0)


class Said:
    """In which threads of this viewer's groups some clauses of queries hold, and in which posts together."""

    def __init__(self, viewer: Viewer, clauses: Collection[str]) -> None:
        # What a query excludes is looked for as well: it must hold in none of the posts.
        self._bits = {clause: 1 << place for place, clause in enumerate(_plain(clauses))}
        self._threads: dict[int, _Where] = {}
        if not self._bits:
            return
        mask = _sum_of(self._bits)
        anything = _asked(" | ".join(self._bits))
        in_titles = (
            ThreadEntry.objects.visible_to(viewer)
            .filter(full=anything, thread__merged_into__isnull=True)
            .order_by()
            .values("thread_id", "thread__last_post_at")
            .annotate(masks=ArrayAgg(mask), is_title=Value(True))
            .values_list("thread_id", "thread__last_post_at", "masks", "is_title")
        )
        in_posts = (
            PostEntry.objects.visible_to(viewer)
            .filter(full=anything, post__deleted_at__isnull=True)
            .order_by()
            .values("post__thread_id", "post__thread__last_post_at")
            .annotate(masks=ArrayAgg(mask, distinct=True), is_title=Value(False))
            .values_list("post__thread_id", "post__thread__last_post_at", "masks", "is_title")
        )
        for pk, last, masks, is_title in in_titles.union(in_posts, all=True):
            where = self._threads.setdefault(pk, _Where(last, [], []))
            (where.title if is_title else where.posts).extend(masks)

    def threads(self, query: Query) -> list[int]:
        """What this query finds: most of it in the title first, then most of it in one post, then the latest."""
        wanted = self._mask(clause for clause in query.clauses if not clause.startswith("!"))
        excluded = self._mask(clause for clause in query.clauses if clause.startswith("!"))
        found = [
            (pk, where)
            for pk, where in self._threads.items()
            if where.anywhere & wanted == wanted and not where.anywhere & excluded
        ]

        def rank(thread: tuple[int, _Where]) -> tuple[int, int, datetime, int]:
            pk, where = thread
            return _most(where.title, wanted), _most(where.posts, wanted), where.last_post_at, pk

        return [pk for pk, _ in sorted(found, key=rank, reverse=True)]

    def _mask(self, clauses: Iterable[str]) -> int:
        return sum(self._bits[clause] for clause in _plain(clauses))


def _plain(clauses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(clause.removeprefix("!") for clause in clauses))


def _most(masks: Iterable[int], wanted: int) -> int:
    """How many of the wanted bits stand together at most."""
    return max(((mask & wanted).bit_count() for mask in masks), default=0)


def _asked(expression: str) -> SearchQuery:
    return SearchQuery(expression, config="simple", search_type="raw")


def _sum_of(worth: Mapping[str, int]) -> Any:
    """What the clauses that hold are worth together."""
    each = [
        Case(When(full=_asked(clause), then=Value(number)), default=Value(0), output_field=BigIntegerField())
        for clause, number in worth.items()
    ]
    return reduce(add, each)


class _Best(NamedTuple):
    """The post of a thread that says most of what is asked: its number, its text, and whether it says any of it."""

    number: int
    body: str
    says: bool


class FoundThreads:
    """What was found: threads, the best first."""

    def __init__(self, viewer: Viewer, query: Query, ids: Sequence[int]) -> None:
        self.total = len(ids)
        self._viewer, self._query, self._ids = viewer, query, ids

    def hits(self, offset: int, limit: int) -> list[Hit]:
        """A stretch of it; a hit leads to the post that says most of what is asked, the first of equals."""
        wanted = self._ids[offset : offset + limit]
        if not wanted:
            return []
        threads = Thread.objects.visible_to(self._viewer).in_bulk(wanted)
        mine = Group.objects.visible_to(self._viewer).filter(pk__in=self._viewer.group_ids)
        groups = {group.pk: group for group in mine}
        best = self._best(wanted)
        names = self._names(groups, [post.body for post in best.values()])
        return [
            self._hit(threads[pk], groups[threads[pk].group_id], best.get(pk), names)
            for pk in wanted
            if pk in threads
        ]

    def _best(self, ids: Sequence[int]) -> dict[int, _Best]:
        clauses = [clause for clause in self._query.clauses if not clause.startswith("!")]
        rows = (
            PostEntry.objects.visible_to(self._viewer)
            .filter(post__thread__in=ids, post__deleted_at__isnull=True)
            .annotate(
                score=_sum_of(dict.fromkeys(clauses, 1)),
                place=Window(
                    RowNumber(), partition_by="post__thread_id", order_by=[F("score").desc(), "post__number"]
                ),
            )
            .filter(place=1)
            .values_list("post__thread_id", "post__number", "post__body", "score")
        )
        return {pk: _Best(number, body, score > 0) for pk, number, body, score in rows}

    def _names(self, groups: Mapping[int, Group], bodies: Iterable[str]) -> dict[int, Any]:
        """The members whom these posts call upon, by membership."""
        ids = {pk for body in bodies for pk in mentions.mentioned_ids(body)}
        if not ids:
            return {}
        called = Membership.objects.visible_to(self._viewer).active().filter(pk__in=ids, group__in=groups)
        return {each.pk: person_of(groups[each.group_id], each) for each in called.select_related("user")}

    def _hit(self, thread: Thread, group: Group, post: _Best | None, names: dict[int, Any]) -> Hit:
        stems = self._query.stems
        text = plain_text(mentions.shown(post.body, names)) if post else ""
        number = post.number if post and post.says else 1
        return Hit(
            highlight(thread.title, stems),
            address_of(group, thread.pk, number),
            f"{thread.get_kind_display()} in {group.title}",
            snippet(text, stems, PASSAGE_CHARACTERS),
        )
