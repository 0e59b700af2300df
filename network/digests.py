"""Digests: once per period, to whoever chose so, and only when there is something new.

The row that remembers a digest is written in the transaction that puts its mail in the outbox. So a job that runs
twice, or is killed half-way and runs again, makes each digest once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from expoo_portal.letters import send_letter
from expoo_portal.visibility import Viewer

from . import mailing, reading
from .models import Digest, Follow, FollowState, MailRhythm, Membership, Mention, Post, Thread
from .names import FORMER, active_people
from .paging import address_of
from .periods import day_period, week_period
from .texts import excerpt

logger = logging.getLogger(__name__)

# How far back the first digest looks, how old the last one may be to go on from, and how many threads stand in one.
FIRST_LOOKS_BACK = timedelta(days=7)
GOES_ON_FROM = timedelta(days=31)
MOST_THREADS = 15
_NAMES = 3


@dataclass
class ThreadNews:
    """What is new in one thread, as the mail tells it: never what the posts say, unless the group wants that."""

    thread: Thread
    address: str
    count: int = 0
    names: list[str] = field(default_factory=list)
    calls_you: bool = False
    follows: bool = False
    lines: str = ""

    @property
    def who(self) -> str:
        """Who wrote, in words: "Mia en Jo", "Mia, Jo, Kim en anderen"."""
        shown = self.names[:_NAMES]
        if len(self.names) > _NAMES:
            return f"{', '.join(shown)} en anderen"
        return " en ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def make_due(now: datetime | None = None) -> int:
    """Make each digest that is due and was not made yet; return how many mails that gave.

    Who hears at once of what they follow has the rest in the digest of the week.
    """
    now = now or timezone.now()
    local = timezone.localtime(now)
    made = 0
    for period, rhythms in (
        (day_period(local), [MailRhythm.DAILY]),
        (week_period(local), [MailRhythm.WEEKLY, MailRhythm.AT_ONCE]),
    ):
        for pk in list(_waiting(period, rhythms)):
            try:
                made += make_one(pk, period, now)
            except ValueError:
                # One address that no mail can go to must not keep the others waiting.
                logger.exception("digest %s of membership %s cannot be made", period, pk)
    return made


def _waiting(period: str, rhythms: list[MailRhythm]) -> Iterator[int]:
    """Ids of the memberships that want a digest of this period and have none yet."""
    had = Digest.objects.unrestricted().filter(period=period).values("membership_id")
    memberships = Membership.objects.unrestricted().active().filter(mail_rhythm__in=rhythms)
    wanted = memberships.filter(user__is_active=True).exclude(pk__in=had)
    return wanted.order_by("pk").values_list("pk", flat=True).iterator()


def make_one(membership_id: int, period: str, now: datetime) -> bool:
    """Make one digest, unless another worker did; whether there was something to mail."""
    memberships = Membership.objects.unrestricted().active().select_related("user", "group")
    with transaction.atomic():
        membership = memberships.filter(pk=membership_id).first()
        if membership is None:
            return False
        since = _since(membership, now)
        # First, so that whoever comes second waits here and then finds it done.
        if not remember(membership, period, now):
            return False
        news = news_for(membership, since, now)
        if news:
            _send(membership, period, news)
        return bool(news)


def remember(membership: Membership, period: str, up_to: datetime) -> bool:
    """Keep that a mail of this period (or post) was made, in the caller's transaction; False if it was before."""
    digests = Digest.objects.unrestricted()
    return digests.get_or_create(membership=membership, period=period, defaults={"up_to": up_to})[1]


def _since(membership: Membership, now: datetime) -> datetime:
    """Where the last digest ended; nobody gets old news on joining, nor more than a week of it the first time.

    Who wanted none for long starts anew.
    """
    recent = Digest.objects.unrestricted().filter(up_to__gt=now - GOES_ON_FROM)
    digests = recent.filter(membership=membership, period__startswith="2")
    last = digests.order_by("-up_to").values_list("up_to", flat=True).first()
    return last or max(membership.since, now - FIRST_LOOKS_BACK)


def news_for(membership: Membership, since: datetime, up_to: datetime) -> list[ThreadNews]:
    """What is new to this member between these moments: calls on them first, then what they follow, then the rest.

    What they read on the site meanwhile is no news, nor what they were mailed at once, nor what they muted.
    """
    viewer, group = Viewer(membership.user), membership.group
    floor = max(since, reading.floor_of(membership))
    posts = reading.unread_posts(viewer, group, floor).filter(created__lte=up_to)
    follows = Follow.objects.visible_to(viewer).filter(thread__group=group)
    states = dict(follows.values_list("thread_id", "state"))
    muted = [pk for pk, state in states.items() if state == FollowState.MUTED]
    told = [f"p{post}" for post in posts.values_list("pk", flat=True)]
    had = Digest.objects.unrestricted().filter(membership=membership, period__in=told)
    told_ids = [int(period[1:]) for period in had.values_list("period", flat=True)]
    new = list(
        posts.exclude(thread__in=muted)
        .exclude(pk__in=told_ids)
        .select_related("thread")
        .order_by("created", "pk")
    )
    called = set(
        Mention.objects.visible_to(viewer)
        .filter(user=membership.user_id, post__in=new)
        .values_list("post_id", flat=True)
    )
    people = active_people(viewer, group, [post.author_id for post in new])
    found: dict[int, ThreadNews] = {}
    for post in new:
        address = f"{settings.SITE_URL}{address_of(group, post.thread_id, post.number)}"
        news = found.setdefault(post.thread_id, ThreadNews(post.thread, address))
        _add(news, post, people[post.author_id].name if post.author_id in people else FORMER)
        news.calls_you |= post.pk in called
        news.follows |= states.get(post.thread_id) == FollowState.FOLLOWING
        if group.may_excerpt and not news.lines:
            news.lines = excerpt(post.body)
    return sorted(found.values(), key=lambda news: (not news.calls_you, not news.follows))


def _add(news: ThreadNews, post: Post, name: str) -> None:
    news.count += 1
    if name not in news.names:
        news.names.append(name)


def _send(membership: Membership, period: str, news: list[ThreadNews]) -> None:
    group = membership.group
    is_daily = membership.mail_rhythm == MailRhythm.DAILY
    context = {
        "name": membership.user.name,
        "group": group,
        "news": news[:MOST_THREADS],
        "more": max(0, len(news) - MOST_THREADS),
        "count": len(news),
        "missed_link": f"{settings.SITE_URL}{reverse('missed', args=[group.slug])}",
        "choice_link": mailing.link_of(membership),
        "rhythm": (MailRhythm.DAILY if is_daily else MailRhythm.WEEKLY).label.lower(),
    }
    send_letter(
        membership.user.email,
        "network-digest",
        context,
        guard=mailing.guard_of(membership),
        headers=mailing.headers_of(membership, f"digest.{period}"),
    )
