"""Quick reactions, the helpful answer, and following or muting a thread. Each says what should be, so twice is once."""

from __future__ import annotations

from django.db import transaction

from expoo_portal.visibility import Viewer

from .models import (
    Follow,
    FollowState,
    Group,
    Post,
    Reaction,
    ReactionKind,
    Thread,
    ThreadKind,
    facilitated_group_ids,
)
from .reading import own_id
from .writing import NotPossible, lock_member, lock_post, lock_thread


@transaction.atomic
def react(viewer: Viewer, group: Group, post: Post, kind: ReactionKind, wanted: bool) -> None:
    """Give or take back a reaction. NotPossible on a deleted post."""
    lock_member(viewer, group)
    _, post = lock_post(viewer, group, post.pk)
    if post.deleted_at:
        raise NotPossible("Dit bericht is verwijderd.")
    if wanted:
        reaction = Reaction(post=post, user_id=own_id(viewer), kind=kind)
        Reaction.objects.bulk_create([reaction], ignore_conflicts=True)
    else:
        Reaction.objects.visible_to(viewer).filter(post=post, user=viewer.user.pk, kind=kind).delete()


def may_mark_helpful(viewer: Viewer, group: Group, thread: Thread) -> bool:
    """Who asked, and facilitators, say which answer helped."""
    is_own = thread.author_id is not None and thread.author_id == viewer.user.pk
    return thread.kind == ThreadKind.QUESTION and (is_own or group.pk in facilitated_group_ids(viewer))


@transaction.atomic
def mark_helpful(viewer: Viewer, group: Group, post_id: int, wanted: bool) -> None:
    """Mark an answer as the one that helped, or take that back. NotPossible for others and for the question itself."""
    lock_member(viewer, group)
    thread, post = lock_post(viewer, group, post_id)
    if not may_mark_helpful(viewer, group, thread) or post.number == 1 or post.deleted_at:
        raise NotPossible("Dit antwoord kun je niet aanduiden.")
    if wanted:
        thread.helpful = post
    elif thread.helpful_id == post.pk:
        thread.helpful = None
    thread.save(update_fields=["helpful"])


@transaction.atomic
def follow(viewer: Viewer, group: Group, thread_id: int, state: FollowState | None) -> None:
    """Follow a thread, mute it, or neither (None)."""
    lock_member(viewer, group)
    thread = lock_thread(viewer, group, thread_id)
    own = Follow.objects.visible_to(viewer).filter(thread=thread)
    if state is None:
        own.delete()
    elif not own.update(state=state):
        Follow.objects.create(user_id=own_id(viewer), thread=thread, state=state)
