"""The list of threads of a group, as an address asks for it: one query for the rows, whatever each member has read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from expoo_portal.paging import page_links
from expoo_portal.themes.models import Topic
from expoo_portal.visibility import Viewer

from .models import Follow, FollowState, Group, Post, Thread, ThreadKind
from .names import Person, active_people
from .paging import address_of
from .reading import is_unread, own_floor, with_read_number
from .vocabulary import all_topics, topic_ids

THREADS_PER_PAGE = 25

# What the list can be narrowed to, by its word in the address.
VIEWS: Mapping[str, str] = {
    "": "Alles",
    "ongelezen": "Ongelezen",
    "van-mij": "Van mij",
    "onbeantwoord": "Onbeantwoord",
}


@dataclass(frozen=True)
class Choice:
    """What an address asks of the list; what nobody knows is left out."""

    view: str = ""
    kind: str = ""
    topic: str = ""

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> Choice:
        view, kind = parameters.get("toon", ""), parameters.get("soort", "")
        return cls(
            view if view in VIEWS else "",
            kind if kind in ThreadKind.values else "",
            parameters.get("onderwerp", "")[:60],
        )

    def href(self, base: str, page: int = 1) -> str:
        """The address that asks for this."""
        given = {"toon": self.view, "soort": self.kind, "onderwerp": self.topic}
        query = {name: value for name, value in given.items() if value}
        if page > 1:
            query["pagina"] = str(page)
        return f"{base}?{urlencode(query)}" if query else base


@dataclass(frozen=True)
class Row:
    """A thread in the list."""

    thread: Thread
    address: str
    author: Person | None
    last_author: Person | None
    topics: list[Topic]
    is_unread: bool
    is_muted: bool

    @property
    def kind(self) -> str:
        """What kind of thread it is, in words."""
        return ThreadKind(self.thread.kind).label

    @property
    def answers(self) -> int:
        """How many posts stand below the first one."""
        return max(0, self.thread.post_count - 1)


class ThreadList:
    """A page of the list, for one member."""

    def __init__(self, viewer: Viewer, group: Group, parameters: Mapping[str, str]) -> None:
        self.viewer = viewer
        self.group = group
        self.floor = own_floor(viewer, group)
        self.base = reverse("threads", args=[group.slug])
        asked = Choice.parse(parameters)
        self.topics = all_topics()
        known = {topic.slug for topic in self.topics}
        self.choice = asked if asked.topic in known else replace(asked, topic="")
        threads = self._threads().order_by("-is_pinned", "-last_post_at", "-id")
        paginator = Paginator(threads, THREADS_PER_PAGE)
        self._page = paginator.get_page(parameters.get("pagina"))
        self.pages = page_links(
            self._page.number, paginator.num_pages, lambda page: self.choice.href(self.base, page)
        )

    def _threads(self) -> QuerySet[Thread]:
        everything = Thread.objects.visible_to(self.viewer).filter(group=self.group, merged_into__isnull=True)
        threads = with_read_number(self.viewer, everything)
        choice = self.choice
        if choice.kind:
            threads = threads.filter(kind=choice.kind)
        if choice.topic:
            threads = threads.filter(topics__slug=choice.topic)
        if choice.view == "ongelezen":
            threads = threads.filter(is_unread(self.floor)).exclude(last_author=self.viewer.user.pk)
        elif choice.view == "van-mij":
            own = Post.objects.visible_to(self.viewer).filter(
                thread=OuterRef("pk"), author=self.viewer.user.pk
            )
            threads = threads.filter(Q(author=self.viewer.user.pk) | Exists(own))
        elif choice.view == "onbeantwoord":
            threads = threads.filter(kind=ThreadKind.QUESTION, last_number=1, closed_at__isnull=True)
        return threads

    @property
    def is_narrowed(self) -> bool:
        return self.choice != Choice()

    @property
    def views(self) -> list[dict[str, object]]:
        """The ways to look at the list, with their addresses."""
        return [
            {
                "label": label,
                "href": replace(self.choice, view=view).href(self.base),
                "current": view == self.choice.view,
            }
            for view, label in VIEWS.items()
        ]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return list(ThreadKind.choices)

    @cached_property
    def rows(self) -> list[Row]:
        """The threads of this page."""
        threads = list(self._with_marks(self._page.object_list))  # type: ignore[arg-type]
        people = active_people(
            self.viewer,
            self.group,
            [pk for thread in threads for pk in (thread.author_id, thread.last_author_id)],
        )
        return [self._row(thread, people) for thread in threads]

    def _with_marks(self, threads: QuerySet[Thread]) -> QuerySet[Thread]:
        """These threads with `is_muted` and `topic_ids`."""
        muted = Follow.objects.visible_to(self.viewer).filter(thread=OuterRef("pk"), state=FollowState.MUTED)
        return threads.annotate(is_muted=Exists(muted), topic_ids=topic_ids())

    def _row(self, thread: Thread, people: Mapping[int, Person]) -> Row:
        read = thread.read_number  # type: ignore[attr-defined]
        is_new = (
            thread.last_post_at > self.floor
            and thread.last_number > read
            and thread.last_author_id != self.viewer.user.pk
        )
        # To the first post that was not read, when part of the thread was.
        address = (
            address_of(self.group, thread.pk, read + 1)
            if is_new and read
            else address_of(self.group, thread.pk)
        )
        return Row(
            thread,
            address,
            people.get(thread.author_id or 0),
            people.get(thread.last_author_id or 0),
            # In their own order; they were all read for the choice above the list.
            [topic for topic in self.topics if topic.pk in thread.topic_ids],  # type: ignore[attr-defined]
            is_new,
            thread.is_muted,  # type: ignore[attr-defined]
        )
