"""What the page of a thread shows to one member; the same number of queries for five posts as for fifty."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse

from expoo_portal.paging import page_links
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

MOST_TIPS = 4


@dataclass(frozen=True)
class ShownReaction:
    """One kind of reaction to a post: who gave it, and whether the reader did."""

    kind: str
    label: str
    names: list[str]
    is_mine: bool


@dataclass
class ShownPost:
    """A post as one member sees it."""

    post: Post
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


class ThreadPage:
    """One page of a thread: fifty numbers of posts, and what belongs to the thread as a whole."""

    def __init__(self, viewer: Viewer, group: Group, thread: Thread, page: int) -> None:
        self.viewer = viewer
        self.group = group
        self.thread = thread
        self.last_page = page_of(thread.last_number)
        self.number = min(max(1, page), self.last_page)
        self.base = address_of(group, thread.pk)
        self.facilitates = group.pk in facilitated_group_ids(viewer)
        first = (self.number - 1) * POSTS_PER_PAGE + 1
        numbers = (first, first + POSTS_PER_PAGE - 1)
        posts = Post.objects.visible_to(viewer).filter(thread=thread, number__range=numbers)
        self._posts = list(posts.order_by("number"))
        self.read_before = reading.read_number(viewer, thread)

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
    def _reactions(self) -> list[Reaction]:
        found = Reaction.objects.visible_to(self.viewer).filter(post__in=[post.pk for post in self._posts])
        return list(found.order_by("created", "id"))

    @cached_property
    def _people(self) -> dict[int, Person]:
        return active_people(
            self.viewer,
            self.group,
            [
                self.thread.author_id,
                *(post.author_id for post in self._posts),
                *(r.user_id for r in self._reactions),
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
        for file in PostFile.objects.visible_to(self.viewer).filter(
            post__in=[post.pk for post in self._posts]
        ):
            files.setdefault(file.post_id or 0, []).append(file)
        cards = cards_of(self.viewer, [post.body for post in self._posts])
        may_mark = reactions.may_mark_helpful(self.viewer, self.group, self.thread)
        floor = reading.own_floor(self.viewer, self.group)
        shown = []
        for post, its_cards in zip(self._posts, cards, strict=True):
            own_files = files.get(post.pk, [])
            shown.append(
                ShownPost(
                    post,
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
        given = [reaction for reaction in self._reactions if reaction.post_id == post.pk]
        shown = []
        for kind in ReactionKind:
            users = [reaction.user_id for reaction in given if reaction.kind == kind]
            names = [self._people[pk].name if pk in self._people else FORMER for pk in users]
            shown.append(ShownReaction(kind.value, kind.label, names, self.viewer.user.pk in users))
        return shown

    @cached_property
    def helpful(self) -> tuple[int, str] | None:
        """The number and the address of the answer that helped."""
        if not self.thread.helpful_id:
            return None
        found = Post.objects.visible_to(self.viewer).filter(thread=self.thread, pk=self.thread.helpful_id)
        number = found.values_list("number", flat=True).first()
        return (number, address_of(self.group, self.thread.pk, number)) if number else None

    @cached_property
    def follow(self) -> str:
        """ "following", "muted" or nothing."""
        found = Follow.objects.visible_to(self.viewer).filter(thread=self.thread)
        return found.values_list("state", flat=True).first() or ""

    @property
    def is_muted(self) -> bool:
        return self.follow == FollowState.MUTED

    @property
    def is_followed(self) -> bool:
        return self.follow == FollowState.FOLLOWING

    @cached_property
    def topics(self) -> list[Topic]:
        return list(self.thread.topics.all())

    @cached_property
    def tips(self) -> list[Card]:
        """Tips about the topics of the thread."""
        found = {card: None for topic in self.topics for card in tips_about(self.viewer, topic)}
        return list(found)[:MOST_TIPS]

    @cached_property
    def draft(self) -> Draft | None:
        return drafts.find(self.viewer, self.group, self.thread)

    @cached_property
    def draft_files(self) -> list[PostFile]:
        return drafts.files_of(self.viewer, self.draft)

    @property
    def reply_address(self) -> str:
        return reverse("post_reply", args=[self.group.slug, self.thread.pk])
