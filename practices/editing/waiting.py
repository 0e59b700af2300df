"""What waits for the editors: on the first page of the admin, and once a day by mail."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from expoo_portal.letters import send_letter
from practices.dossiers import EDITOR_RIGHT
from practices.models import Dossier
from practices.workflow import QUEUE, State

NAMED = 20
_SENT = "editors-waiting-mail"


class Waits(NamedTuple):
    """How much waits, in words."""

    new: int
    in_review: int

    @property
    def total(self) -> int:
        return self.new + self.in_review

    @property
    def headline(self) -> str:
        """ "3 inzendingen wachten op de redactie"."""
        return (
            "1 inzending wacht op de redactie"
            if self.total == 1
            else f"{self.total} inzendingen wachten op de redactie"
        )


def queue() -> QuerySet[Dossier]:
    """What the editors have to do, longest waiting first; what is planned is done."""
    rows = Dossier.objects.unrestricted().filter(state__in=QUEUE, planned_for=None)
    return rows.order_by("submitted_at", "pk")


def _counted() -> Waits:
    states = list(queue().values_list("state", flat=True))
    return Waits(states.count(State.SUBMITTED), states.count(State.IN_REVIEW))


def on_dashboard(request: HttpRequest) -> list[tuple[str, str]]:
    """A line with its address for the admin's first page; nothing for who does not review."""
    if not request.user.has_perm(EDITOR_RIGHT):
        return []
    waits = _counted()
    if not waits.total:
        return []
    text = waits.headline
    if waits.in_review:
        text += f", waarvan {waits.in_review} al in behandeling" if waits.new else " (in behandeling)"
    return [(text, reverse("admin:practices_dossier_changelist"))]


def waiting_days(dossier: Dossier, now: datetime) -> int:
    """Since how many days a dossier waits for the editors."""
    since = dossier.submitted_at or dossier.created
    return max((timezone.localdate(now) - timezone.localdate(since)).days, 0)


def mail_editors(now: datetime) -> bool:
    """Mail what waits to the editors' address, once a day; whether a mail went.

    It names titles and days, never who sent something in.
    """
    if not settings.EDITORS_EMAIL:
        return False
    rows = list(queue().select_related("practice"))
    if not rows or not cache.add(f"{_SENT}-{timezone.localdate(now)}", True, timeout=2 * 24 * 3600):
        return False
    waits = Waits(
        sum(row.state == State.SUBMITTED for row in rows), sum(row.state == State.IN_REVIEW for row in rows)
    )
    context = {
        "name": "",
        "headline": waits.headline,
        "lines": [_line(row, now) for row in rows[:NAMED]],
        "more": max(len(rows) - NAMED, 0),
        "address": f"{settings.SITE_URL}{reverse('admin:practices_dossier_changelist')}",
    }
    send_letter(settings.EDITORS_EMAIL, "practices/waiting", context)
    return True


def _line(dossier: Dossier, now: datetime) -> str:
    days = waiting_days(dossier, now)
    since = "vandaag" if days == 0 else "1 dag" if days == 1 else f"{days} dagen"
    return f"{dossier.title} ({dossier.get_state_display().lower()}, {since})"
