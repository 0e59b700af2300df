"""The ground under every action of a member: the locks that make a double click and a removal harmless.

Whoever writes locks their own membership first, then threads in the order of their keys. So one member does one thing
at a time, and somebody who was removed a moment ago does nothing any more.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Q
from django.http import Http404
from django.utils import timezone

from expoo_portal.visibility import Viewer

from .models import Group, Membership, Post, Thread


class NotPossible(Exception):
    """What cannot be done now; its text says why, in Dutch."""


def lock_member(viewer: Viewer, group: Group) -> Membership:
    """The writer's own membership, locked; Http404 when it ended meanwhile."""
    own = Membership.objects.visible_to(viewer).active().filter(group=group, user_id=viewer.user.pk)
    found = own.select_for_update(no_key=True).first()
    if found is None:
        raise Http404
    return found


def lock_thread(viewer: Viewer, group: Group, pk: int) -> Thread:
    """A thread of this group, locked; Http404 when this viewer sees none."""
    threads = Thread.objects.visible_to(viewer).filter(group=group, merged_into__isnull=True)
    found = threads.select_for_update(no_key=True).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def find_post(viewer: Viewer, group: Group, pk: int) -> Post:
    """A post of this group; Http404 when this viewer sees none."""
    found = Post.objects.visible_to(viewer).filter(thread__group=group, pk=pk).first()
    if found is None:
        raise Http404
    return found


def lock_post(viewer: Viewer, group: Group, pk: int) -> tuple[Thread, Post]:
    """A post of this group and its thread, both locked."""
    thread = lock_thread(viewer, group, find_post(viewer, group, pk).thread_id)
    found = Post.objects.visible_to(viewer).filter(thread=thread, pk=pk)
    post = found.select_for_update(no_key=True, of=("self",)).first()
    if post is None:
        raise Http404  # Merged elsewhere in the meantime.
    return thread, post


def recount(viewer: Viewer, thread: Thread) -> None:
    """Let the thread repeat what its posts say; whoever calls has locked it. Without posts left, it is deleted."""
    posts = Post.objects.visible_to(viewer).filter(thread=thread)
    standing = posts.filter(deleted_at__isnull=True)
    thread.post_count = standing.count()
    numbers: dict[str, Any] = posts.aggregate(highest=Max("number"))
    thread.last_number = max(thread.last_number, numbers["highest"] or 0)
    # Merged, a thread may end on posts that are older than others in it.
    last = standing.order_by("-created", "-number").first()
    if last is None:
        thread.deleted_at = thread.deleted_at or timezone.now()
    else:
        thread.last_author_id = last.author_id
        thread.last_post_at = last.created
    if thread.helpful_id and not standing.filter(Q(pk=thread.helpful_id)).exists():
        thread.helpful = None
    thread.save()
