"""What time brings: reminders of requests that wait, and the end of what is kept no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from practices.status import months_before

from .invitations import VALID_FOR
from .letters import tell_facilitators
from .models import Group, Invitation, MembershipRequest, RequestState, RequestStep
from .requests import ANSWER_WITHIN, CONFIRM_WITHIN
from .working_days import working_days_after


def is_late(request: MembershipRequest, now: datetime) -> bool:
    """Whether a request waits longer than was promised."""
    return request.waiting_since is not None and _days_since(request.waiting_since, now) >= ANSWER_WITHIN


def _days_since(moment: datetime, now: datetime) -> int:
    return working_days_after(timezone.localdate(moment), timezone.localdate(now))


def _is_due(request: MembershipRequest, now: datetime) -> bool:
    """Whether it is late, and its facilitators were not reminded in as many days."""
    if not is_late(request, now):
        return False
    return request.reminded_at is None or _days_since(request.reminded_at, now) >= ANSWER_WITHIN


def remind_facilitators(now: datetime | None = None) -> int:
    """Write to the facilitators of each group where requests wait too long, one mail per group; return how many."""
    now = now or timezone.now()
    waiting = MembershipRequest.objects.unrestricted().filter(state=RequestState.PENDING)
    # No request is late sooner than this.
    old = waiting.filter(waiting_since__lte=now - timedelta(days=ANSWER_WITHIN))
    count = 0
    for group in Group.objects.unrestricted().filter(pk__in=set(old.values_list("group_id", flat=True))):
        with transaction.atomic():
            # Another worker may be at it: it waits here, and then finds them reminded.
            rows = old.filter(group=group).select_for_update(of=("self",)).order_by("waiting_since", "pk")
            due = [request for request in rows if _is_due(request, now)]
            if due:
                waiting.filter(pk__in=[request.pk for request in due]).update(reminded_at=now)
                tell_facilitators(group, "network-reminder", {"requests": due, "days": ANSWER_WITHIN})
                count += 1
    return count


def forget_requests(now: datetime | None = None) -> None:
    """Delete what nobody confirmed, and after its term what was refused, withdrawn, not answered or not accepted."""
    now = now or timezone.now()
    term = _term(now)
    requests = MembershipRequest.objects.unrestricted()
    requests.filter(state=RequestState.UNCONFIRMED, created__lte=now - CONFIRM_WITHIN).delete()
    closed = (RequestState.REFUSED, RequestState.WITHDRAWN)
    requests.filter(state__in=closed, decided_at__lte=term).delete()
    later = RequestStep.objects.unrestricted().filter(request=OuterRef("pk"), at__gt=term)
    requests.filter(~Exists(later), state=RequestState.ASKED, created__lte=term).delete()
    invitations = Invitation.objects.unrestricted()
    invitations.filter(accepted_at__isnull=True, created__lte=term - VALID_FOR).delete()


def _term(now: datetime) -> datetime:
    local = timezone.localtime(now)
    day = months_before(local.date(), settings.NETWORK_REFUSED_MONTHS)
    return local.replace(year=day.year, month=day.month, day=day.day)
