"""What a member missed: per thread the first post that is new to them, what they follow before the rest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef

from expoo_portal.visibility import Viewer

from . import reading
from .models import Follow, FollowState, Group, Mention, Post, Thread, ThreadKind
from .names import Person, active_people
from .paging import address_of
from .texts import excerpt


@dataclass(frozen=True)
class MissedThread:
    """A thread with something new: where that begins, who wrote it, and two lines of it."""

    thread: Thread
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


class Missed:
    """The threads with something new for one member; muted ones wait in the list of threads."""

    PER_PAGE = 20

    def __init__(self, viewer: Viewer, group: Group) -> None:
        self.viewer = viewer
        self.group = group
        self.floor = reading.own_floor(viewer, group)

    @cached_property
    def _states(self) -> dict[int, str]:
        """By thread whether this member follows or muted it."""
        return dict(Follow.objects.visible_to(self.viewer).values_list("thread_id", "state"))

    @cached_property
    def thread_ids(self) -> list[int]:
        """The keys of these threads, the latest first."""
        unread = reading.unread_posts(self.viewer, self.group, self.floor).filter(thread=OuterRef("pk"))
        threads = Thread.objects.visible_to(self.viewer).filter(
            group=self.group, merged_into__isnull=True, last_post_at__gt=self.floor
        )
        found = threads.filter(Exists(unread)).order_by("-last_post_at", "-pk").values_list("pk", flat=True)
        return [pk for pk in found if self._states.get(pk) != FollowState.MUTED]

    def sections(self, thread_ids: list[int]) -> list[Section]:
        """What stands on the page, grouped: where somebody is called upon, what they follow, the rest."""
        first = reading.first_unread(self.viewer, self.group, self.floor, thread_ids)
        threads = Thread.objects.visible_to(self.viewer).only("kind", "title").in_bulk(thread_ids)
        calls = (
            Mention.objects.visible_to(self.viewer)
            .filter(user=self.viewer.user.pk, post__thread__in=thread_ids, post__created__gt=self.floor)
            .values_list("post__thread_id", "post__number")
        )
        called = {pk for pk, number in calls if pk in first and number >= first[pk].number}
        people = active_people(self.viewer, self.group, [post.author_id for post in first.values()])
        by_heading: dict[str, list[MissedThread]] = {
            "Iemand vermeldde je": [],
            "Wat je volgt": [],
            "Verder in de groep": [],
        }
        for pk in thread_ids:
            post = first.get(pk)
            if post is None or pk not in threads:
                continue  # Read in another window, a moment ago.
            shown = MissedThread(
                threads[pk],
                address_of(self.group, pk, post.number),
                post,
                people.get(post.author_id or 0),
                excerpt(post.body),
                post.unread,
            )
            if pk in called:
                heading = "Iemand vermeldde je"
            else:
                is_followed = self._states.get(pk) == FollowState.FOLLOWING
                heading = "Wat je volgt" if is_followed else "Verder in de groep"
            by_heading[heading].append(shown)
        return [Section(heading, found) for heading, found in by_heading.items() if found]
