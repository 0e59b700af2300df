"""What the page of a thread shows to one member; the same number of queries for five posts as for twenty."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse

from expoo_portal.paging import page_links
from expoo_portal.prepared import Prepared
from expoo_portal.themes.models import Topic
from expoo_portal.visibility import Viewer

from . import drafts, mentions, posting, reactions, reading
from .link_cards import Card, cards_of, tips_about
from .models import (
    Draft,
    Follow,
    FollowState,
    Group,
    Membership,
    Post,
    PostFile,
    Reaction,
    ReactionKind,
    Thread,
    facilitated_group_ids,
)
from .names import FORMER, Person, active_people, person_of
from .paging import POSTS_PER_PAGE, address_of, page_of
from .vocabulary import all_topics, topic_ids

MOST_TIPS = 4


@dataclass(frozen=True)
class ShownReaction:
    """One kind of reaction to a post: who gave it, and whether the reader did."""

    kind: str
    label: str
    names: tuple[str, ...]
    is_mine: bool


_NO_REACTIONS = [ShownReaction(kind.value, kind.label, (), False) for kind in ReactionKind]


@dataclass
class ShownPost:
    """A post as one member sees it."""

    post: Post
    # Where one reacts to it, changes it and so on, by what one does.
    to: dict[str, str]
    author: Person | None
    body: str
    is_new: bool
    is_mine: bool
    is_helpful: bool
    may_edit: bool
    may_delete: bool
    may_mark_helpful: bool
    images: list[PostFile] = field(default_factory=list)
    files: list[PostFile] = field(default_factory=list)
    reactions: list[ShownReaction] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)


def find(viewer: Viewer, group: Group, pk: int) -> Thread | None:
    """The thread of this group, merged ones too, with what its page shows of it to this viewer, in one query.

    `read_number` is up to where they read it, `follow_state` "following", "muted" or nothing, `topic_ids` its topics,
    `has_draft` whether they began an answer.
    """
    found = _THREAD.ask(viewer, group=group.pk, thread=pk)
    return found[0] if found else None


def _thread(viewer: Viewer, *, group: int, thread: int) -> QuerySet[Thread]:
    threads = Thread.objects.visible_to(viewer).filter(group=group, pk=thread)
    state = Follow.objects.visible_to(viewer).filter(thread=OuterRef("pk")).values("state")[:1]
    return (
        reading.with_read_number(viewer, threads)
        .annotate(
            follow_state=Coalesce(Subquery(state), Value("")),
            topic_ids=topic_ids(),
            has_draft=Exists(Draft.objects.visible_to(viewer).filter(group=group, thread=OuterRef("pk"))),
        )
        .order_by()
    )


_THREAD = Prepared(_thread)


def _posts(viewer: Viewer, *, thread: int, first: int, last: int) -> QuerySet[Post]:
    """The posts with these numbers, with `given`: their reactions as they came, and `has_files`."""
    reactions = Reaction.objects.visible_to(viewer).filter(post=OuterRef("pk")).order_by("created", "id")
    return (
        Post.objects.visible_to(viewer)
        .filter(thread=thread, number__range=(first, last))
        .annotate(
            given=ArraySubquery(reactions.values(each=JSONObject(kind="kind", user="user_id"))),
            has_files=Exists(PostFile.objects.visible_to(viewer).filter(post=OuterRef("pk"))),
        )
        .order_by("number")
    )


_POSTS = Prepared(_posts)


def _addresses(group: Group) -> dict[str, list[str]]:
    """What one does with a post, with what stands before and after the post's key in its address.

    Looked up once per page: six addresses for each post would cost more than the posts themselves.
    """
    names = ("react", "helpful", "edit", "delete", "report", "versions")
    return {name: reverse(f"post_{name}", args=[group.slug, 0]).rsplit("/0/", 1) for name in names}


class ThreadPage:
    """One page of a thread that `find` found, and what belongs to the thread as a whole."""

    def __init__(self, viewer: Viewer, group: Group, thread: Thread, page: int) -> None:
        self.viewer = viewer
        self.group = group
        self.thread = thread
        self.last_page = page_of(thread.last_number)
        self.number = min(max(1, page), self.last_page)
        self.base = address_of(group, thread.pk)
        self.facilitates = group.pk in facilitated_group_ids(viewer)
        first = (self.number - 1) * POSTS_PER_PAGE + 1
        last = first + POSTS_PER_PAGE - 1
        self._posts: list[Post] = _POSTS.ask(viewer, thread=thread.pk, first=first, last=last)
        self.read_before = int(thread.read_number)  # type: ignore[attr-defined]

    @property
    def read_until(self) -> int:
        """The highest number on this page: reading it has read so far."""
        return self._posts[-1].number if self._posts else 0

    @property
    def pages(self) -> dict[str, object] | None:
        def href(page: int) -> str:
            return f"{self.base}?pagina={page}" if page > 1 else self.base

        return page_links(self.number, self.last_page, href)

    @cached_property
    def _people(self) -> dict[int, Person]:
        return active_people(
            self.viewer,
            self.group,
            [
                self.thread.author_id,
                *(post.author_id for post in self._posts),
                *(each["user"] for post in self._posts for each in post.given),  # type: ignore[attr-defined]
            ],
        )

    @property
    def author(self) -> Person | None:
        """Who started the thread, as long as they are a member."""
        return self._people.get(self.thread.author_id or 0)

    @cached_property
    def _mentioned(self) -> dict[int, Person]:
        """The members whom these posts call upon, by membership."""
        ids = {pk for post in self._posts for pk in mentions.mentioned_ids(post.body)}
        if not ids:
            return {}
        found = (
            Membership.objects.visible_to(self.viewer)
            .active()
            .filter(group=self.group, pk__in=ids)
            .select_related("user")
        )
        return {each.pk: person_of(self.group, each) for each in found}

    @cached_property
    def posts(self) -> list[ShownPost]:
        """The posts of this page, with everything around them."""
        files: dict[int, list[PostFile]] = {}
        with_files = [post.pk for post in self._posts if post.has_files]  # type: ignore[attr-defined]
        if with_files:
            for file in PostFile.objects.visible_to(self.viewer).filter(post__in=with_files):
                files.setdefault(file.post_id or 0, []).append(file)
        cards = cards_of(self.viewer, [post.body for post in self._posts])
        may_mark = reactions.may_mark_helpful(self.viewer, self.group, self.thread)
        floor = reading.own_floor(self.viewer, self.group)
        actions = _addresses(self.group)
        shown = []
        for post, its_cards in zip(self._posts, cards, strict=True):
            own_files = files.get(post.pk, [])
            shown.append(
                ShownPost(
                    post,
                    {name: f"{head}/{post.pk}/{tail}" for name, (head, tail) in actions.items()},
                    self._people.get(post.author_id or 0),
                    mentions.shown(post.body, self._mentioned),
                    is_new=post.number > self.read_before
                    and post.created > floor
                    and post.author_id != self.viewer.user.pk
                    and post.deleted_at is None,
                    is_mine=post.author_id == self.viewer.user.pk,
                    is_helpful=post.pk == self.thread.helpful_id,
                    may_edit=posting.may_edit(self.viewer, self.thread, post),
                    may_delete=posting.may_delete(self.viewer, self.group, post),
                    may_mark_helpful=may_mark and post.number > 1 and post.deleted_at is None,
                    images=[file for file in own_files if file.is_image],
                    files=[file for file in own_files if not file.is_image],
                    reactions=self._shown_reactions(post),
                    cards=its_cards,
                )
            )
        return shown

    def _shown_reactions(self, post: Post) -> list[ShownReaction]:
        given = post.given  # type: ignore[attr-defined]
        if not given:
            return _NO_REACTIONS
        shown = []
        for kind in ReactionKind:
            users = [each["user"] for each in given if each["kind"] == kind]
            names = tuple(self._people[pk].name if pk in self._people else FORMER for pk in users)
            shown.append(ShownReaction(kind.value, kind.label, names, self.viewer.user.pk in users))
        return shown

    @cached_property
    def helpful(self) -> tuple[int, str] | None:
        """The number and the address of the answer that helped."""
        wanted = self.thread.helpful_id
        if not wanted:
            return None
        number = next((post.number for post in self._posts if post.pk == wanted), None)
        if number is None:
            found = Post.objects.visible_to(self.viewer).filter(thread=self.thread, pk=wanted)
            number = found.values_list("number", flat=True).first()
        return (number, address_of(self.group, self.thread.pk, number)) if number else None

    @property
    def is_muted(self) -> bool:
        return bool(self.thread.follow_state == FollowState.MUTED)  # type: ignore[attr-defined]

    @property
    def is_followed(self) -> bool:
        return bool(self.thread.follow_state == FollowState.FOLLOWING)  # type: ignore[attr-defined]

    @cached_property
    def topics(self) -> list[Topic]:
        """What the thread is about, in the order of the topics."""
        return [topic for topic in all_topics() if topic.pk in self.thread.topic_ids]  # type: ignore[attr-defined]

    @cached_property
    def tips(self) -> list[Card]:
        """Tips about the topics of the thread."""
        found = {card: None for topic in self.topics for card in tips_about(self.viewer, topic)}
        return list(found)[:MOST_TIPS]

    @cached_property
    def draft(self) -> Draft | None:
        has_one = self.thread.has_draft  # type: ignore[attr-defined]
        return drafts.find(self.viewer, self.group, self.thread) if has_one else None

    @cached_property
    def draft_files(self) -> list[PostFile]:
        return drafts.files_of(self.viewer, self.draft)

    @property
    def reply_address(self) -> str:
        return reverse("post_reply", args=[self.group.slug, self.thread.pk])
