"""What a member has read: one mark per thread, and one moment up to which everything counts as read.

New for somebody is what others wrote after that moment (or after joining) and above the mark of its thread.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from expoo_portal.prepared import Prepared
from expoo_portal.visibility import Viewer

from .models import Group, Membership, Post, ReadMark, Thread, standings_of


def own_id(viewer: Viewer) -> int:
    """The key of who is asking: behind the door of a group everybody is signed in."""
    return int(viewer.user.pk or 0)


def floor_of(membership: Membership) -> datetime:
    """Everything up to here counts as read: what was said before somebody came is no arrears."""
    return membership.caught_up_at or membership.since


def own_floor(viewer: Viewer, group: Group) -> datetime:
    """The same of who is asking, an active member of this group; it was read with who they are."""
    return standings_of(viewer.user)[group.pk].floor


def with_read_number(viewer: Viewer, threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """These threads with `read_number`: up to where this viewer read each, 0 when never."""
    mark = ReadMark.objects.visible_to(viewer).filter(thread=OuterRef("pk")).values("number")[:1]
    return threads.annotate(read_number=Coalesce(Subquery(mark), 0))


def is_unread(floor: datetime) -> Q:
    """Which threads, with their read number, have something new; as a condition for the list."""
    return Q(last_post_at__gt=floor, last_number__gt=F("read_number"))


def unread_posts(viewer: Viewer, group: Group | int, floor: datetime) -> QuerySet[Post]:
    """What others wrote and this member has not read."""
    mark = ReadMark.objects.visible_to(viewer).filter(thread=OuterRef("thread_id")).values("number")[:1]
    return (
        Post.objects.visible_to(viewer)
        .filter(thread__group=group, deleted_at__isnull=True, created__gt=floor)
        .exclude(author=viewer.user.pk)
        .alias(read_number=Coalesce(Subquery(mark), 0))
        .filter(number__gt=F("read_number"))
    )


def mark_read(viewer: Viewer, thread: Thread, number: int, before: int) -> None:
    """Remember that this viewer read up to `number`; writes nothing unless that is further than `before`."""
    if number <= before:
        return
    if before == 0:
        # Another window that was a moment earlier is right too: the next page corrects it.
        mark = ReadMark(user_id=own_id(viewer), thread=thread, number=number)
        ReadMark.objects.bulk_create([mark], ignore_conflicts=True)
    else:
        ReadMark.objects.visible_to(viewer).filter(thread=thread, number__lt=number).update(number=number)


def catch_up(viewer: Viewer, group: Group, up_to: datetime) -> None:
    """Everything up to this moment counts as read from now on; never less than before."""
    moment = min(up_to, timezone.now())
    own = Membership.objects.visible_to(viewer).active().filter(group=group, user_id=own_id(viewer))
    own.filter(Q(caught_up_at__isnull=True) | Q(caught_up_at__lt=moment)).update(caught_up_at=moment)


def first_unread(viewer: Viewer, group: Group, floor: datetime, thread_ids: list[int]) -> dict[int, Any]:
    """By thread the first post that is new to this member, with how many there are as `unread`."""
    if not thread_ids:
        return {}
    found = _FIRST_UNREAD.ask(viewer, group=group.pk, floor=floor, threads=thread_ids)
    return {post.thread_id: post for post in found}


def _first_unread(viewer: Viewer, *, group: int, floor: datetime, threads: list[int]) -> QuerySet[Post]:
    posts = unread_posts(viewer, group, floor).filter(thread__in=threads)
    counted = posts.annotate(unread=Window(Count("pk"), partition_by="thread_id"))
    return counted.order_by("thread_id", "number").distinct("thread_id")


_FIRST_UNREAD = Prepared(_first_unread)
