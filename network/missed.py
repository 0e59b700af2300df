"""What a member missed: per thread the first post that is new to them, what they follow before the rest."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from expoo_portal.visibility import Viewer

from . import reading
from .models import Follow, FollowState, Group, Membership, Mention, Post, Thread
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


@dataclass(frozen=True)
class Section:
    """Threads under one heading."""

    heading: str
    threads: list[MissedThread]


class Missed:
    """The threads with something new for one member; muted ones wait in the list of threads."""

    PER_PAGE = 30

    def __init__(self, viewer: Viewer, group: Group, membership: Membership) -> None:
        self.viewer = viewer
        self.group = group
        self.floor = reading.floor_of(membership)

    @property
    def threads(self) -> QuerySet[Thread]:
        """These threads, the latest first."""
        own = Follow.objects.visible_to(self.viewer).filter(thread=OuterRef("pk"))
        unread = reading.unread_posts(self.viewer, self.group, self.floor).filter(thread=OuterRef("pk"))
        threads = Thread.objects.visible_to(self.viewer).filter(
            group=self.group, merged_into__isnull=True, last_post_at__gt=self.floor
        )
        return (
            threads.annotate(is_followed=Exists(own.filter(state=FollowState.FOLLOWING)))
            .exclude(Exists(own.filter(state=FollowState.MUTED)))
            .filter(Exists(unread))
            .order_by("-last_post_at", "-pk")
        )

    def sections(self, threads: list[Thread]) -> list[Section]:
        """What stands on the page, grouped: where somebody is called upon, what they follow, the rest."""
        first = reading.first_unread(self.viewer, self.group, self.floor, threads)
        unread = reading.unread_posts(self.viewer, self.group, self.floor).filter(
            thread__in=[thread.pk for thread in threads]
        )
        counts = dict(unread.order_by().values_list("thread_id").annotate(Count("pk")))
        mentions = Mention.objects.visible_to(self.viewer).filter(user=self.viewer.user.pk, post__in=unread)
        called = set(
            Post.objects.visible_to(self.viewer)
            .filter(pk__in=mentions.values("post_id"))
            .values_list("thread_id", flat=True)
        )
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
                counts.get(thread.pk, 1),
            )
            if thread.pk in called:
                heading = "Iemand vermeldde je"
            else:
                heading = "Wat je volgt" if thread.is_followed else "Verder in de groep"  # type: ignore[attr-defined]
            by_heading[heading].append(shown)
        return [Section(heading, found) for heading, found in by_heading.items() if found]
