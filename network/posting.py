"""Starting a thread, answering, editing and deleting: one transaction per action; see `writing` for its locks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

from expoo_portal.themes.models import Topic
from expoo_portal.visibility import Viewer

from . import drafts
from .letters import tell_facilitators
from .models import (
    Follow,
    FollowState,
    Group,
    Mention,
    Post,
    PostFile,
    PostReport,
    PostVersion,
    Reaction,
    ReportState,
    Thread,
    ThreadKind,
    facilitated_group_ids,
)
from .reading import own_id
from .writing import NotPossible, lock_member, lock_post, lock_thread, recount

# Sent in the transaction of a new post, with `post` and `thread`: for whoever mails about it.
post_made = Signal()

# A case has a form of its own.
STARTING_KINDS = tuple(kind for kind in ThreadKind if kind is not ThreadKind.CASE)
CLOSED = (
    "Dit gesprek is gesloten: er komen geen berichten meer bij. Je tekst staat hieronder nog, om te kopiëren."
)


@dataclass(frozen=True)
class Written:
    """What somebody wrote, ready to be posted: sanitised text with its mentions as links, and its start key."""

    key: uuid.UUID
    body: str
    mentioned: Iterable[int] = ()
    # By key of a file of the draft: what a picture shows.
    alts: Mapping[int, str] = field(default_factory=dict)


@transaction.atomic
def start_thread(
    viewer: Viewer, group: Group, kind: ThreadKind, title: str, topics: Iterable[Topic], written: Written
) -> Thread:
    """A new thread with its first post; the same start key gives the same thread."""
    lock_member(viewer, group)
    own = Thread.objects.visible_to(viewer).filter(group=group, author=viewer.user.pk)
    known = own.filter(start_key=written.key).first()
    if known is not None:
        drafts.discard(viewer, group, None, only=written.key)
        return known
    thread = Thread(
        group=group, kind=kind, title=title, author_id=own_id(viewer), start_key=_free(Thread, written.key)
    )
    thread.save()
    thread.topics.set(topics)
    _add(viewer, group, thread, None, written)
    return thread


@transaction.atomic
def reply(viewer: Viewer, group: Group, thread_id: int, written: Written) -> tuple[Thread, Post]:
    """The next post of a thread; the same start key gives the same post. NotPossible when the thread is closed."""
    lock_member(viewer, group)
    thread = lock_thread(viewer, group, thread_id)
    posts = Post.objects.visible_to(viewer).filter(thread=thread, start_key=written.key)
    # Deleted in the meantime, it has no author any more.
    known = posts.filter(Q(author=viewer.user.pk) | Q(author__isnull=True)).first()
    if known is not None:
        drafts.discard(viewer, group, thread, only=written.key)
        return thread, known
    if thread.closed_at:
        raise NotPossible(CLOSED)
    return thread, _add(viewer, group, thread, thread, written)


def _free(model: type[Thread] | type[Post], key: uuid.UUID) -> uuid.UUID:
    """This start key, or a new one when a row of somebody else has it."""
    return uuid.uuid4() if model.objects.unrestricted().filter(start_key=key).exists() else key


def _add(viewer: Viewer, group: Group, thread: Thread, drafted_for: Thread | None, written: Written) -> Post:
    """One more post of a locked thread, with the files of its draft; the draft goes."""
    post = Post(
        thread=thread,
        number=thread.last_number + 1,
        author_id=own_id(viewer),
        body=written.body,
        start_key=_free(Post, written.key),
    )
    post.save()
    drafts.hand_over(viewer, group, drafted_for, post, written.alts)
    thread.last_number = post.number
    thread.post_count += 1
    thread.last_post_at = post.created
    thread.last_author_id = own_id(viewer)
    thread.save(update_fields=["last_number", "post_count", "last_post_at", "last_author"])
    _mention(post, written.mentioned, viewer)
    Follow.objects.bulk_create(
        [Follow(user_id=own_id(viewer), thread=thread, state=FollowState.FOLLOWING)], ignore_conflicts=True
    )
    post_made.send(sender=Post, post=post, thread=thread)
    return post


def _mention(post: Post, user_ids: Iterable[int], viewer: Viewer) -> None:
    mentions = [Mention(post=post, user_id=pk) for pk in dict.fromkeys(user_ids) if pk != viewer.user.pk]
    Mention.objects.bulk_create(mentions, ignore_conflicts=True)


@transaction.atomic
def edit(viewer: Viewer, group: Group, post_id: int, body: str, mentioned: Iterable[int] = ()) -> Post:
    """Change one's own post; what it said stays as an earlier version. The same text changes nothing."""
    lock_member(viewer, group)
    thread, post = lock_post(viewer, group, post_id)
    if not may_edit(viewer, thread, post):
        raise NotPossible(CLOSED if thread.closed_at else "Dit bericht kun je niet wijzigen.")
    if body != post.body:
        now = timezone.now()
        PostVersion.objects.create(post=post, body=post.body, until=now)
        post.body = body  # type: ignore[assignment]
        post.edited_at = now
        post.save(update_fields=["body", "edited_at"])
        Mention.objects.visible_to(viewer).filter(post=post).exclude(user__in=list(mentioned)).delete()
        _mention(post, mentioned, viewer)
    return post


def may_edit(viewer: Viewer, thread: Thread, post: Post) -> bool:
    """One's own post, as long as the thread is open."""
    return post.author_id == viewer.user.pk and post.deleted_at is None and thread.closed_at is None


def may_delete(viewer: Viewer, group: Group, post: Post) -> bool:
    """One's own post; a facilitator any post."""
    facilitates = group.pk in facilitated_group_ids(viewer)
    return post.deleted_at is None and (facilitates or post.author_id == viewer.user.pk)


@transaction.atomic
def delete(viewer: Viewer, group: Group, post_id: int) -> Thread:
    """Take out what a post says, its files and its earlier versions; its place stays.

    A thread whose last standing post this was goes with it (`thread.deleted_at`).
    """
    lock_member(viewer, group)
    thread, post = lock_post(viewer, group, post_id)
    if post.deleted_at is not None:
        return thread
    if not may_delete(viewer, group, post):
        raise NotPossible("Dit bericht kun je niet verwijderen.")
    for model in (PostFile, PostVersion, Mention, Reaction):
        model.objects.visible_to(viewer).filter(post=post).delete()
    post.deleted_by_facilitator = post.author_id != viewer.user.pk
    post.body = ""  # type: ignore[assignment]
    post.author, post.edited_at, post.deleted_at = None, None, timezone.now()
    post.save()
    recount(viewer, thread)
    return thread


@transaction.atomic
def report(viewer: Viewer, group: Group, post: Post, reason: str) -> None:
    """Tell the facilitators about a post, in their queue and by mail; one open report per member and post."""
    lock_member(viewer, group)
    reports = PostReport.objects.unrestricted().filter(post=post, reporter=own_id(viewer))
    if not reports.filter(state=ReportState.OPEN).exists():
        PostReport.objects.create(group=group, post=post, reporter_id=own_id(viewer), reason=reason)
        tell_facilitators(
            group,
            "network-report",
            {},
            queue="facilitation_reports",
            staff_page="admin:network_membership_changelist",
        )
