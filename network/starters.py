"""Conversation starters for a group that has been quiet for a month: a draft for the facilitators, never a mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from expoo_portal.themes.models import Topic
from expoo_portal.visibility import Viewer

from .models import Draft, Group, Membership, Post, StarterProposal, ThreadKind
from .writing import lock_member

QUIET_AFTER = timedelta(days=30)

# Questions that anybody who works with families can answer from their own week. "{topic}" becomes a topic's label.
_STARTERS = (
    (
        "Wat lukte deze maand bij jullie?",
        "Vertel in twee zinnen over een moment waarop ouders elkaar vonden. Wat deed je, of wat liet je net?",
    ),
    (
        "Waar lopen jullie op vast bij {topic}?",
        "Wat probeerden jullie al, en wat zou je aan een collega willen vragen?",
    ),
    (
        "Eén kleine verandering, en ze werkte",
        "Een stoel verzetten, een ander uur, een vaste groet aan de deur. Wat veranderden jullie, en wat merkte je?",
    ),
    (
        "Hoe beginnen jullie aan {topic}?",
        "Stel dat een nieuwe collega het morgen overneemt. Wat zeg je eerst?",
    ),
    (
        "Wie zien jullie niet?",
        "Welke gezinnen uit de buurt komen niet? Hoe weet je dat, en wie kent hen wel?",
    ),
    (
        "Lezen, zien, meenemen: {topic}",
        "Welke tekst, praktijk of tip hielp jullie vooruit? Deel de link en zeg in één zin waarom.",
    ),
)


def propose_due(now: datetime | None = None) -> int:
    """Draft a starter for each quiet group that has none of this month; return how many."""
    now = now or timezone.now()
    period = f"{timezone.localtime(now):%Y-%m}"
    made = 0
    for group in Group.objects.unrestricted().order_by("pk"):
        if is_quiet(group, now):
            title, body = starter_for(group, now)
            proposals = StarterProposal.objects.unrestricted()
            made += proposals.get_or_create(
                group=group, period=period, defaults={"title": title, "body": body}
            )[1]
    return made


def is_quiet(group: Group, now: datetime) -> bool:
    """Whether a group of some age has members and nothing that was written in the last month."""
    since = now - QUIET_AFTER
    members = Membership.objects.unrestricted().active().filter(group=group, since__lt=since)
    posts = Post.objects.unrestricted().filter(
        thread__group=group, created__gte=since, deleted_at__isnull=True
    )
    return members.exists() and not posts.exists()


def starter_for(group: Group, now: datetime) -> tuple[str, str]:
    """A title and a text, another one each month, and about another topic each time."""
    month = timezone.localtime(now).year * 12 + timezone.localtime(now).month
    title, body = _STARTERS[(month + group.pk) % len(_STARTERS)]
    topics = list(Topic.objects.order_by("order", "pk").values_list("label", flat=True))
    topic = topics[month % len(topics)].lower() if topics else "ontmoeting"
    return title.format(topic=topic), body


def open_proposals(viewer: Viewer, group: Group) -> list[StarterProposal]:
    """What waits for the facilitators of the group, until somebody breaks the silence."""
    rows = StarterProposal.objects.visible_to(viewer).filter(group=group, dismissed_at__isnull=True)
    since = Post.objects.visible_to(viewer).filter(
        thread__group=group, created__gt=OuterRef("created"), deleted_at__isnull=True
    )
    return list(rows.filter(~Exists(since)).order_by("-created", "-pk")[:1])


def take_up(viewer: Viewer, group: Group, proposal: StarterProposal) -> bool:
    """Make it the facilitator's own draft of a new thread; False when they are typing another one, which stays."""
    with transaction.atomic():
        lock_member(viewer, group)
        if Draft.objects.visible_to(viewer).filter(group=group, thread__isnull=True).exists():
            return False
        Draft.objects.create(
            group=group,
            user=viewer.user,
            kind=ThreadKind.EXPERIENCE,
            title=proposal.title,
            body=f"<p>{proposal.body}</p>",
        )
        dismiss(viewer, proposal)
        return True


def dismiss(viewer: Viewer, proposal: StarterProposal) -> None:
    """Put it away."""
    rows = StarterProposal.objects.visible_to(viewer).filter(pk=proposal.pk, dismissed_at__isnull=True)
    rows.update(dismissed_at=timezone.now())
