"""What all mails to members share: who may still have them, how to have fewer, and headers that mail programs know.

Sources: RFC 2919 (List-Id), RFC 2369 and RFC 8058 (List-Unsubscribe, one click), RFC 5322 (threading by References).
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from practices.private_links import is_signature, sign

from .models import Follow, FollowState, MailRhythm, Membership, Post, Thread

# Asked again when a mail leaves, see `may_still_read`.
READER_GUARD = "network-reader"
_PURPOSE = "network-mail"


class MailLink(NamedTuple):
    """What a link in a mail is about: a membership's mail, and the thread that the mail was about, if one."""

    membership: Membership
    thread: Thread | None


def token_of(membership: Membership, thread_id: int = 0) -> str:
    """What stands in the address under a mail: "<membership>-<thread>-<signature>"; the thread is 0 for none."""
    signature = sign(_PURPOSE, membership.pk, membership.link_number, thread_id)
    return f"{membership.pk}-{thread_id}-{signature}"


def find(token: str) -> MailLink | None:
    """What this token is about; None for anything else, and once the membership ended.

    A thread that is gone from the group is left out: who mutes nothing more may still want less mail.
    """
    numbers = token.split("-", 2)
    if len(numbers) != 3 or not all(number.isascii() and number.isdigit() for number in numbers[:2]):
        return None
    if max(map(len, numbers[:2])) > 18:
        return None
    membership_id, thread_id = map(int, numbers[:2])
    memberships = Membership.objects.unrestricted().current().select_related("user", "group")
    membership = memberships.filter(pk=membership_id, user__is_active=True).first()
    if membership is None or not is_signature(
        numbers[2], _PURPOSE, membership.pk, membership.link_number, thread_id
    ):
        return None
    threads = Thread.objects.visible_to(membership.user).filter(group=membership.group_id)
    return MailLink(membership, threads.filter(pk=thread_id).first() if thread_id else None)


def link_of(membership: Membership, thread_id: int = 0) -> str:
    """The whole address of the page where mail is turned down."""
    return f"{settings.SITE_URL}{reverse('mail_choice', args=[token_of(membership, thread_id)])}"


def guard_of(membership: Membership, thread_id: int = 0, post_id: int = 0) -> str:
    """The condition under which a mail to this member, about this thread or post in it, may leave."""
    return f"{READER_GUARD}:{membership.pk}:{membership.link_number}:{thread_id}:{post_id}"


def may_still_read(value: str) -> bool:
    """Whether the reader of a waiting mail is still a member who wants it, and still sees what it is about."""
    membership_id, link_number, thread_id, post_id = map(int, value.split(":"))
    memberships = Membership.objects.unrestricted().active().select_related("user")
    wanted = memberships.exclude(mail_rhythm=MailRhythm.NEVER)
    membership = wanted.filter(pk=membership_id, link_number=link_number, user__is_active=True).first()
    if membership is None:
        return False
    if not thread_id:
        return True
    user, group = membership.user, membership.group_id
    seen: Any = Thread.objects.visible_to(user).filter(pk=thread_id, group=group)
    if post_id:
        seen = Post.objects.visible_to(user).filter(pk=post_id, deleted_at__isnull=True, thread__group=group)
    muted = Follow.objects.visible_to(user).filter(thread=thread_id, state=FollowState.MUTED)
    return seen.exists() and not muted.exists()


def _domain() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def headers_of(membership: Membership, name: str, thread_id: int = 0) -> dict[str, str]:
    """The headers of a mail to a member. `name` tells it from every other one ("post.12", "digest.2026-W48").

    Mails about one thread answer a root that was never sent, so that mail programs keep them together.
    """
    slug, domain = membership.group.slug, _domain()
    headers = {
        "List-Id": f"<{slug}.netwerk.{domain}>",
        "List-Unsubscribe": f"<{link_of(membership)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<{name}.{membership.pk}@{domain}>",
    }
    if thread_id:
        root = f"<thread.{thread_id}.{membership.pk}@{domain}>"
        headers |= {"In-Reply-To": root, "References": root}
    return headers
