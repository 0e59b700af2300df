"""What the facilitators of a group see at a glance: what waits for them, and how the group does, without names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.utils import timezone

from expoo_portal.visibility import Viewer

from . import helping, starters
from .bands import DAYS, Bands, bands
from .models import (
    Group,
    Membership,
    MembershipRequest,
    Post,
    PostReport,
    ReportState,
    RequestState,
    StarterProposal,
)


@dataclass(frozen=True)
class Overview:
    """The facilitators' first page."""

    requests: int
    reports: int
    questions: list[helping.Waiting]
    bands: Bands | None
    starters: list[StarterProposal]


def overview_of(viewer: Viewer, group: Group, now: datetime | None = None) -> Overview:
    """What stands there for a facilitator of the group."""
    now = now or timezone.now()
    requests = MembershipRequest.objects.visible_to(viewer).filter(group=group, state=RequestState.PENDING)
    reports = PostReport.objects.visible_to(viewer).filter(group=group, state=ReportState.OPEN)
    return Overview(
        requests.count(),
        reports.count(),
        helping.waiting(viewer, group, now),
        participation(viewer, group, now),
        starters.open_proposals(viewer, group),
    )


def participation(viewer: Viewer, group: Group, now: datetime) -> Bands | None:
    """The bands of the group over the last quarter; reading leaves no trace that could be counted."""
    members = Membership.objects.visible_to(viewer).active().filter(group=group)
    posts = Post.objects.visible_to(viewer).filter(
        thread__group=group,
        created__gt=now - timedelta(days=DAYS),
        author__in=members.values("user_id"),
    )
    weeks = posts.order_by().values("author_id").annotate(weeks=Count(TruncWeek("created"), distinct=True))
    return bands(members.count(), {row["author_id"]: row["weeks"] for row in weeks})


def handle(viewer: Viewer, report: PostReport) -> None:
    """A facilitator looked at it, and it is done."""
    rows = PostReport.objects.visible_to(viewer).filter(pk=report.pk, state=ReportState.OPEN)
    rows.update(state=ReportState.DONE, handled_by=viewer.user, handled_at=timezone.now())
