"""Mails at once: to whoever chose so, about a new post in what they follow, or one that calls on them."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from expoo_portal.letters import send_letter
from expoo_portal.visibility import Viewer

from . import mailing
from .digests import remember
from .models import Follow, FollowState, MailRhythm, Membership, Mention, Post
from .names import FORMER, active_people
from .paging import address_of
from .texts import excerpt

logger = logging.getLogger(__name__)


def tell_of(post_id: int) -> int:
    """Mail about one post to whom it concerns; return how many mails that gave. Run again, it mails nobody twice."""
    posts = Post.objects.unrestricted().select_related("thread__group")
    post = posts.filter(pk=post_id, deleted_at__isnull=True, thread__deleted_at__isnull=True).first()
    if post is None:
        return 0
    count = 0
    for membership in readers_of(post):
        try:
            count += _tell(membership, post)
        except ValueError:
            # One address that no mail can go to must not keep the others waiting.
            logger.exception("post %s cannot be mailed to membership %s", post_id, membership.pk)
    return count


def readers_of(post: Post) -> list[Membership]:
    """The members who hear at once of this post: they follow its thread or it calls on them, and it is not theirs."""
    follows = Follow.objects.unrestricted().filter(thread=post.thread_id)
    followers = follows.filter(state=FollowState.FOLLOWING).values("user_id")
    muted = follows.filter(state=FollowState.MUTED).values("user_id")
    called = Mention.objects.unrestricted().filter(post=post).values("user_id")
    memberships = Membership.objects.unrestricted().active().select_related("user", "group")
    wanted = memberships.filter(
        Q(user__in=followers) | Q(user__in=called),
        group=post.thread.group_id,
        mail_rhythm=MailRhythm.AT_ONCE,
        user__is_active=True,
    )
    return list(wanted.exclude(user=post.author_id).exclude(user__in=muted).order_by("pk"))


def _tell(membership: Membership, post: Post) -> bool:
    """One mail, remembered in the transaction that puts it in the outbox."""
    viewer, thread, group = Viewer(membership.user), post.thread, membership.group
    if not post.is_visible_to(viewer):
        return False
    calls_you = Mention.objects.visible_to(viewer).filter(post=post, user=membership.user_id).exists()
    author = active_people(viewer, group, [post.author_id]).get(post.author_id or 0)
    context = {
        "name": membership.user.name,
        "group": group,
        "thread": thread,
        "who": author.name if author else FORMER,
        "is_first": post.number == 1,
        "calls_you": calls_you,
        "lines": excerpt(post.body) if group.may_excerpt else "",
        "link": f"{settings.SITE_URL}{address_of(group, thread.pk, post.number)}",
        "choice_link": mailing.link_of(membership, thread.pk),
    }
    with transaction.atomic():
        if not remember(membership, f"p{post.pk}", post.created):
            return False
        send_letter(
            membership.user.email,
            "network-notice",
            context,
            guard=mailing.guard_of(membership, thread.pk, post.pk),
            headers=mailing.headers_of(membership, f"post.{post.pk}", thread.pk),
        )
    return True
