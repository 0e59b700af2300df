"""What a member missed: per thread the first post that is new to them, what they follow before the rest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from expoo_portal.prepared import Prepared
from expoo_portal.visibility import Viewer

from . import reading
from .models import Follow, FollowState, Group, Mention, Post, Thread, ThreadKind
from .names import Person, active_people
from .paging import address_of
from .texts import excerpt


class Waiting(NamedTuple):
    """A thread with something new, and whether this member follows it."""

    pk: int
    kind: str
    title: str
    state: str


@dataclass(frozen=True)
class MissedThread:
    """A thread with something new: where that begins, who wrote it, and two lines of it."""

    thread: Waiting
    address: str
    post: Post
    author: Person | None
    lines: str
    count: int

    @property
    def kind(self) -> str:
        """What kind of thread it is, in words."""
        return ThreadKind(self.thread.kind).label


@dataclass(frozen=True)
class Section:
    """Threads under one heading."""

    heading: str
    threads: list[MissedThread]


def _waiting(viewer: Viewer, *, group: int, floor: datetime) -> QuerySet[Any]:
    threads = Thread.objects.visible_to(viewer).filter(group=group, merged_into__isnull=True)
    unread = reading.unread_posts(viewer, group, floor).filter(thread=OuterRef("pk"))
    # Most threads tell by themselves; the posts are asked where their writer is the last, or one was deleted.
    tells = Q(post_count=F("last_number")) & ~Q(last_author=viewer.user.pk)
    state = Follow.objects.visible_to(viewer).filter(thread=OuterRef("pk")).values("state")[:1]
    return (
        reading.with_read_number(viewer, threads)
        .filter(reading.is_unread(floor))
        .filter(tells | Exists(unread))
        .order_by("-last_post_at", "-pk")
        .values_list("pk", "kind", "title", Coalesce(Subquery(state), Value("")))
    )


def _calls(viewer: Viewer, *, threads: Collection[int], floor: datetime) -> QuerySet[Any]:
    """Thread and number of the posts that call upon this viewer."""
    return (
        Mention.objects.visible_to(viewer)
        .filter(user=viewer.user.pk, post__thread__in=threads, post__created__gt=floor)
        .values_list("post__thread_id", "post__number")
    )


_WAITING = Prepared(_waiting)
_CALLS = Prepared(_calls)


class Missed:
    """The threads with something new for one member; muted ones wait in the list of threads."""

    PER_PAGE = 20

    def __init__(self, viewer: Viewer, group: Group) -> None:
        self.viewer = viewer
        self.group = group
        self.floor = reading.own_floor(viewer, group)

    @cached_property
    def waiting(self) -> list[Waiting]:
        """These threads, the latest first."""
        found = _WAITING.ask(self.viewer, group=self.group.pk, floor=self.floor)
        return [Waiting(*row) for row in found if row[-1] != FollowState.MUTED]

    def sections(self, threads: list[Waiting]) -> list[Section]:
        """What stands on the page, grouped: where somebody is called upon, what they follow, the rest."""
        thread_ids = [thread.pk for thread in threads]
        first = reading.first_unread(self.viewer, self.group, self.floor, thread_ids)
        calls = _CALLS.ask(self.viewer, threads=thread_ids, floor=self.floor) if thread_ids else []
        called = {pk for pk, number in calls if pk in first and number >= first[pk].number}
        people = active_people(self.viewer, self.group, [post.author_id for post in first.values()])
        by_heading: dict[str, list[MissedThread]] = {
            "Iemand vermeldde je": [],
            "Wat je volgt": [],
            "Verder in de groep": [],
        }
        for thread in threads:
            post = first.get(thread.pk)
            if post is None:
                continue  # Read in another window, a moment ago.
            shown = MissedThread(
                thread,
                address_of(self.group, thread.pk, post.number),
                post,
                people.get(post.author_id or 0),
                excerpt(post.body),
                post.unread,
            )
            if thread.pk in called:
                heading = "Iemand vermeldde je"
            else:
                is_followed = thread.state == FollowState.FOLLOWING
                heading = "Wat je volgt" if is_followed else "Verder in de groep"
            by_heading[heading].append(shown)
        return [Section(heading, found) for heading, found in by_heading.items() if found]
