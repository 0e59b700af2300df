"""Drafts that nobody goes on with: their sender is told, and a month later they are deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from expoo_portal.letters import send_letter
from practices.dossiers import letter_context
from practices.models import Dossier
from practices.workflow import State

# From the warning until the draft is gone.
GRACE = timedelta(days=30)


def _lying(now: datetime) -> QuerySet[Dossier]:
    """Drafts that the editors never saw and that nobody touched for long."""
    untouched = now - timedelta(days=settings.DRAFT_DAYS)
    return Dossier.objects.unrestricted().filter(
        state=State.CONCEPT, step_count=0, practice__isnull=True, updated__lt=untouched
    )


def warn_about_drafts(now: datetime | None = None) -> int:
    """Tell senders of drafts that lie untouched, once per draft until it is touched again; return how many."""
    now = now or timezone.now()
    not_told = Q(draft_warned_at__isnull=True) | Q(draft_warned_at__lt=F("updated"))
    count = 0
    for pk in list(_lying(now).filter(not_told).values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            # Under its lock, once more: somebody may go on writing, or another worker may be at it.
            dossier = _lying(now).filter(not_told, pk=pk).select_for_update().first()
            if dossier is None:
                continue
            context = letter_context(dossier) | {"deleted_on": timezone.localdate(now + GRACE)}
            send_letter(dossier.email, "practices/draft_warning", context, is_secret=True)
            _lying(now).filter(pk=pk).update(draft_warned_at=now)
            count += 1
    return count


def delete_drafts(now: datetime | None = None) -> int:
    """Delete drafts a month after their sender was warned, with their files; return how many."""
    now = now or timezone.now()
    told = Q(draft_warned_at__gte=F("updated"), draft_warned_at__lt=now - GRACE)
    count = 0
    for pk in list(_lying(now).filter(told).values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            dossier = _lying(now).filter(told, pk=pk).select_for_update().first()
            if dossier is not None:
                dossier.delete()
                count += 1
    return count
