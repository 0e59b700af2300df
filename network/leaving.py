"""Going out: a membership ends, and with the next request so does the access.

What somebody wrote stays, shown as by "oud-lid", or goes with them when they ask so. Both are done in sets: a member
of years costs as many statements as one of a week.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from expoo_portal.content_version import raised_once

from .models import (
    Draft,
    Follow,
    MemberPhoto,
    MemberProfile,
    Membership,
    MembershipRole,
    MembershipState,
    Mention,
    Nudge,
    Post,
    PostFile,
    PostVersion,
    Reaction,
    ReadMark,
    Thread,
)
from .search_entries import write_posts, write_threads

# What a thread of somebody who took everything away is called, when others answered in it.
REMOVED_TITLE = "Gesprek van een oud-lid"


def end_membership(membership: Membership, *, remove_contributions: bool = False) -> None:
    """End a membership, or of one that ended before remove what was left; again changes nothing.

    Drafts, what was followed and how far somebody read go in any case: nobody else saw them.
    """
    with transaction.atomic():
        rows = Membership.objects.unrestricted().select_for_update(of=("self",))
        locked = rows.get(pk=membership.pk)
        now = timezone.now()
        if locked.state == MembershipState.ACTIVE:
            locked.state, locked.ended_at = MembershipState.ENDED, now
            # Links in mails that were sent stop working.
            locked.link_number = F("link_number") + 1
            # The number of members stands on the public introduction, which caches keep.
            with raised_once():
                locked.save(update_fields=["state", "ended_at", "link_number"])
        _remove_traces(locked)
        if remove_contributions:
            _remove_contributions(locked, now)
            _remove_profile(locked)


def end_guests(now: datetime | None = None) -> int:
    """End what is past its end date, without a word; return how many."""
    now = now or timezone.now()
    rows = Membership.objects.unrestricted().filter(state=MembershipState.ACTIVE, ends_at__lte=now)
    return rows.update(state=MembershipState.ENDED, ended_at=F("ends_at"))


def _remove_traces(membership: Membership) -> None:
    """What somebody kept for themselves."""
    user = membership.user_id
    Draft.objects.unrestricted().filter(user=user).exclude(group__in=_other_groups(membership)).delete()
    threads = _threads_here(membership)
    for model in (Follow, ReadMark, Nudge):
        model.objects.unrestricted().filter(user=user, thread__in=threads).delete()


def _other_groups(membership: Membership) -> Any:
    """The groups that somebody came to by another membership, as a subquery."""
    others = Membership.objects.unrestricted().filter(user=membership.user_id).exclude(pk=membership.pk)
    return others.values("group")


def _threads_here(membership: Membership) -> Any:
    """The threads of the group, and those that were moved to where somebody never was."""
    return Thread.objects.unrestricted().exclude(group__in=_other_groups(membership))


def _remove_contributions(membership: Membership, now: datetime) -> None:
    """Empty what somebody wrote in the group; numbers and places stay, so that answers keep making sense."""
    user = membership.user_id
    threads = _threads_here(membership)
    # The threads first, so that nobody writes in them meanwhile.
    own_posts = Post.objects.unrestricted().filter(thread__in=threads, author=user)
    touched = sorted(
        {
            *own_posts.values_list("thread_id", flat=True),
            *threads.filter(Q(author=user) | Q(last_author=user)).values_list("pk", flat=True),
        }
    )
    list(threads.filter(pk__in=touched).order_by("pk").select_for_update().values_list("pk", flat=True))
    posts = list(own_posts.values_list("pk", flat=True))
    for model in (PostVersion, PostFile, Mention, Reaction):
        model.objects.unrestricted().filter(post__in=posts).delete()
    for kept in (Reaction, Mention):
        kept.objects.unrestricted().filter(user=user, post__thread__in=threads).delete()
    threads.filter(helpful__in=posts).update(helpful=None)
    Post.objects.unrestricted().filter(pk__in=posts).update(
        body="", author=None, edited_at=None, deleted_at=now
    )
    _repeat_what_is_left(touched, now)
    started = list(threads.filter(author=user).values_list("pk", flat=True))
    threads.filter(pk__in=started).update(author=None, title=REMOVED_TITLE)
    write_posts(posts)
    write_threads(started)


def _repeat_what_is_left(touched: list[int], now: datetime) -> None:
    """Let the threads repeat what their posts say; one without any goes (as `writing.recount` does for one)."""
    left = Post.objects.unrestricted().filter(thread=OuterRef("pk"), deleted_at__isnull=True)
    last = left.order_by("-created", "-number")
    number = left.order_by().values("thread").annotate(number=Count("pk")).values("number")
    threads = Thread.objects.unrestricted().filter(pk__in=touched)
    threads.update(
        post_count=Coalesce(Subquery(number), 0),
        last_author=Subquery(last.values("author")[:1]),
        last_post_at=Coalesce(Subquery(last.values("created")[:1]), F("last_post_at")),
    )
    threads.filter(post_count=0, deleted_at__isnull=True).update(deleted_at=now)


def _remove_profile(membership: Membership) -> None:
    """The profile serves all groups of somebody: it goes with the last of them."""
    elsewhere = Membership.objects.unrestricted().current().filter(user=membership.user_id)
    if not elsewhere.exists():
        MemberPhoto.objects.unrestricted().filter(profile__user=membership.user_id).delete()
        MemberProfile.objects.unrestricted().filter(user=membership.user_id).delete()


def is_last_facilitator(membership: Membership) -> bool:
    """Whether the group has nobody to facilitate it without this one."""
    if membership.role != MembershipRole.FACILITATOR:
        return False
    others = (
        Membership.objects.unrestricted()
        .active()
        .filter(group=membership.group_id, role=MembershipRole.FACILITATOR)
    )
    return not others.exclude(pk=membership.pk).exists()
