"""What facilitators do with a thread: move it, merge it, close it, pin it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from expoo_portal.visibility import Viewer

from .models import (
    Draft,
    Follow,
    FollowState,
    Group,
    Post,
    PostFile,
    PostReport,
    ReadMark,
    Thread,
    ThreadKind,
    facilitated_group_ids,
)
from .writing import NotPossible, lock_member, lock_thread, recount

# More than that are found by their title.
MOST_TARGETS = 20


def _lock(viewer: Viewer, group: Group, thread_id: int) -> Thread:
    """The thread, for a facilitator of its group at this moment."""
    lock_member(viewer, group)
    if group.pk not in facilitated_group_ids(viewer):
        raise NotPossible("Dit kan alleen een begeleider.")
    return lock_thread(viewer, group, thread_id)


@transaction.atomic
def pin(viewer: Viewer, group: Group, thread_id: int, wanted: bool) -> Thread:
    """Let a thread stand on top of the list, or no more."""
    thread = _lock(viewer, group, thread_id)
    thread.is_pinned = wanted
    thread.save(update_fields=["is_pinned"])
    return thread


@transaction.atomic
def close(viewer: Viewer, group: Group, thread_id: int, wanted: bool) -> Thread:
    """Let nobody add or change anything any more, or open the thread again."""
    thread = _lock(viewer, group, thread_id)
    if wanted != (thread.closed_at is not None):
        thread.closed_at = timezone.now() if wanted else None
        thread.save(update_fields=["closed_at"])
    return thread


def other_groups(viewer: Viewer, group: Group) -> list[Group]:
    """The other groups that this viewer facilitates."""
    others = facilitated_group_ids(viewer) - {group.pk}
    return list(Group.objects.visible_to(viewer).filter(pk__in=others)) if others else []


@transaction.atomic
def move(viewer: Viewer, group: Group, thread_id: int, target: Group) -> Thread:
    """Give a thread to another group that the viewer facilitates. Only the members there see it from now on."""
    thread = _lock(viewer, group, thread_id)
    if target.pk == group.pk or target.pk not in facilitated_group_ids(viewer):
        raise NotPossible("Kies een andere groep die je begeleidt.")
    thread.group = target
    thread.is_pinned = False
    thread.save(update_fields=["group", "is_pinned"])
    merged = Thread.objects.visible_to(viewer).filter(merged_into=thread)
    merged.update(group=target)
    Draft.objects.unrestricted().filter(thread=thread).update(group=target)
    PostReport.objects.visible_to(viewer).filter(post__in=_post_ids(viewer, thread)).update(group=target)
    return thread


def _post_ids(viewer: Viewer, thread: Thread) -> list[int]:
    return list(Post.objects.visible_to(viewer).filter(thread=thread).values_list("pk", flat=True))


@transaction.atomic
def merge(viewer: Viewer, group: Group, thread_id: int, target_id: int) -> Thread:
    """Put the posts of a thread under those of another one of this group; the old address leads there.

    The posts that stood there keep their numbers, and so their addresses; the others are numbered on.
    """
    lock_member(viewer, group)
    if group.pk not in facilitated_group_ids(viewer):
        raise NotPossible("Dit kan alleen een begeleider.")
    if thread_id == target_id:
        raise NotPossible("Kies een ander gesprek om mee samen te voegen.")
    locked = {pk: lock_thread(viewer, group, pk) for pk in sorted((thread_id, target_id))}
    source, target = locked[thread_id], locked[target_id]
    numbered_on = target.last_number
    posts = Post.objects.visible_to(viewer).filter(thread=source)
    posts.filter(pk__in=_post_ids(viewer, source)).update(thread=target, number=F("number") + numbered_on)
    target.last_number = numbered_on + source.last_number
    if target.kind == ThreadKind.QUESTION:
        target.helpful_id = target.helpful_id or source.helpful_id
    recount(viewer, target)
    Thread.objects.visible_to(viewer).filter(merged_into=source).update(merged_into=target)
    source.merged_into, source.post_count, source.is_pinned, source.helpful = target, 0, False, None
    source.save()
    _take_along(source, target, numbered_on)
    return target


def _take_along(source: Thread, target: Thread, numbered_on: int) -> None:
    """What members keep about the one goes to the other: what they follow, what they read, what they are typing.

    Who follows or mutes the other one already chose. Who had read all of it has read what they read of the first.
    """
    follows = Follow.objects.unrestricted()
    chosen = follows.filter(thread=target).values("user_id")
    follows.filter(thread=source).exclude(user__in=chosen).exclude(state=FollowState.MUTED).update(
        thread=target
    )
    marks = ReadMark.objects.unrestricted()
    read = marks.filter(thread=source, user=OuterRef("user")).values("number")[:1]
    marks.filter(
        thread=target, number__gte=numbered_on, user__in=marks.filter(thread=source).values("user")
    ).update(number=numbered_on + Subquery(read))
    drafts = Draft.objects.unrestricted()
    there = {draft.user_id: draft for draft in drafts.filter(thread=target)}
    for draft in drafts.filter(thread=source):
        if other := there.get(draft.user_id):
            other.body += draft.body
            other.save(update_fields=["body", "updated"])
            PostFile.objects.unrestricted().filter(draft=draft).update(draft=other)
            draft.delete()
    drafts.filter(thread=source).update(thread=target)


def merge_targets(viewer: Viewer, group: Group, thread: Thread, query: str) -> list[Thread]:
    """The threads that this one can be put under: the latest, or those with these words in their title."""
    threads = (
        Thread.objects.visible_to(viewer).filter(group=group, merged_into__isnull=True).exclude(pk=thread.pk)
    )
    for word in query.replace("\x00", "")[:80].split():
        threads = threads.filter(title__icontains=word)
    return list(threads.order_by("-last_post_at")[:MOST_TARGETS])
