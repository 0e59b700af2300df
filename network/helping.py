"""Questions that wait: which, who may know an answer, and one friendly nudge by a facilitator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from expoo_portal.letters import send_letter
from expoo_portal.visibility import Viewer

from . import mailing
from .letters import address_of
from .models import (
    Group,
    MailRhythm,
    MemberProfile,
    Membership,
    Nudge,
    Thread,
    ThreadKind,
)
from .names import NAMELESS

WAITS_AFTER = timedelta(days=5)
# Nobody is nudged more often than once in this time, by whomever.
REST = timedelta(days=14)
SUGGESTED = 3
_SHOWN = 20


class Candidate(NamedTuple):
    """A member who may know an answer, and why."""

    membership: Membership
    name: str
    reason: str


class Waiting(NamedTuple):
    """A question without an answer, whom to ask, and who was asked already."""

    thread: Thread
    candidates: list[Candidate]
    nudged: list[str]


def unanswered(viewer: Viewer, group: Group, now: datetime | None = None) -> list[Thread]:
    """The questions of a group that nobody answered within five days, the longest waiting first."""
    before = (now or timezone.now()) - WAITS_AFTER
    threads = Thread.objects.visible_to(viewer).filter(
        group=group, kind=ThreadKind.QUESTION, last_number=1, created__lte=before, closed_at__isnull=True
    )
    return list(
        threads.filter(merged_into__isnull=True).order_by("created", "pk").prefetch_related("topics")[:_SHOWN]
    )


def waiting(viewer: Viewer, group: Group, now: datetime | None = None) -> list[Waiting]:
    """The questions that wait, each with up to three members whose profile fits, in a constant number of queries."""
    now = now or timezone.now()
    threads = unanswered(viewer, group, now)
    if not threads:
        return []
    members = _askable(viewer, group)
    profiles = {
        profile.user_id: profile
        for profile in MemberProfile.objects.visible_to(viewer)
        .filter(user__in=members)
        .prefetch_related("can_help")
    }
    nudges = Nudge.objects.visible_to(viewer).filter(
        Q(thread__in=threads) | Q(created__gt=now - REST, thread__group=group)
    )
    rows = list(nudges.select_related("user").order_by("created", "pk"))
    resting = {nudge.user_id for nudge in rows if nudge.created > now - REST}
    found = []
    for thread in threads:
        asked = [nudge for nudge in rows if nudge.thread_id == thread.pk]
        free = [
            member
            for user_id, member in members.items()
            if user_id not in resting
            and user_id not in {nudge.user_id for nudge in asked} | {thread.author_id}
        ]
        topics = {topic.pk: topic.label for topic in thread.topics.all()}
        candidates = _fitting(free, profiles, topics)
        found.append(Waiting(thread, candidates, [nudge.user.name or NAMELESS for nudge in asked]))
    return found


def _askable(viewer: Viewer, group: Group) -> dict[int, Membership]:
    """By user the members who may be nudged: facilitators read along anyway, and never is never."""
    rows = Membership.objects.visible_to(viewer).active().filter(group=group, user__is_active=True)
    rows = rows.exclude(mail_rhythm=MailRhythm.NEVER).exclude(role="facilitator")
    return {row.user_id: row for row in rows.select_related("user").order_by("pk")}


def _fitting(
    members: Iterable[Membership], profiles: dict[int, MemberProfile], topics: dict[int, str]
) -> list[Candidate]:
    """Who says they can help with most of these topics; nobody without any of them."""
    scored = []
    for member in members:
        profile = profiles.get(member.user_id)
        shared = [topic.label for topic in profile.can_help.all() if topic.pk in topics] if profile else []
        if shared:
            reason = f"kan helpen bij {', '.join(label.lower() for label in shared)}"
            scored.append((-len(shared), member.pk, Candidate(member, member.user.name or NAMELESS, reason)))
    return [candidate for _, _, candidate in sorted(scored)[:SUGGESTED]]


def nudge(
    viewer: Viewer, group: Group, thread: Thread, membership_id: int, now: datetime | None = None
) -> str:
    """Ask one member by mail, once for this question; returns their name, empty when they were not to be asked."""
    now = now or timezone.now()
    with transaction.atomic():
        members = Membership.objects.visible_to(viewer).active().filter(group=group, pk=membership_id)
        member = members.select_for_update(of=("self",)).select_related("user").first()
        waits = [each for each in waiting(viewer, group, now) if each.thread.pk == thread.pk]
        if member is None or not waits:
            return ""
        if member.pk not in [candidate.membership.pk for candidate in waits[0].candidates]:
            return ""
        Nudge.objects.create(thread=thread, user=member.user, sent_by=viewer.user, created=now)
        context = {
            "name": member.user.name,
            "group": group,
            "thread": thread,
            "sender": viewer.user.name or NAMELESS,
            "link": address_of("thread", group.slug, thread.pk),
            "choice_link": mailing.link_of(member, thread.pk),
        }
        send_letter(
            member.user.email,
            "network-nudge",
            context,
            guard=mailing.guard_of(member, thread.pk),
            headers=mailing.headers_of(member, f"nudge.{thread.pk}", thread.pk),
        )
        return member.user.name or NAMELESS
