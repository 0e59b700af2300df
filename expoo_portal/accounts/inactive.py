"""Accounts that nobody uses: their owner is told twice, and then they are erased as if their owner had asked.

What they wrote among others stays, without their name. A sign-in at any moment before stops it. Both notices are always
given, with the same days between them, also after a worker that was away or a setting that was shortened.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from expoo_portal.letters import send_letter

from . import my_data
from .models import InactivityNotice, User

# How long before the end each notice goes out.
NOTICES = {1: timedelta(days=30), 2: timedelta(days=7)}
# Asked again when a notice leaves, see `may_still_warn`.
GUARD = "account-inactive"
# The job runs once a day, never at exactly the same moment.
_SLACK = timedelta(hours=12)
_AT_ONCE = 500


def _people() -> Any:
    """Everybody but staff; `quiet_since` is when they last signed in."""
    people = User.objects.filter(is_staff=False, is_superuser=False)
    return people.annotate(quiet_since=Coalesce("last_login", "date_joined"))


def _ending(now: datetime, within: timedelta = timedelta(0)) -> QuerySet[User]:
    """The accounts that were quiet for so long that their end is no further away than this."""
    # Never sooner than the page says, whichever years were leap years.
    term = timedelta(days=366 * settings.ACCOUNT_INACTIVE_YEARS)
    return _people().filter(quiet_since__lte=now - term + within)


def _told(number: int, before: datetime) -> Exists:
    """Whether this notice went out by then, since the person last signed in."""
    about = {"user": OuterRef("pk"), "quiet_since": OuterRef("quiet_since"), "number": number}
    return Exists(InactivityNotice.objects.filter(**about, sent_at__lte=before + _SLACK))


def _to_tell(number: int, now: datetime) -> QuerySet[User]:
    people = _ending(now, NOTICES[number]).exclude(_told(number, now))
    return people.filter(_told(1, now - NOTICES[1] + NOTICES[2])) if number == 2 else people


def _to_erase(now: datetime) -> QuerySet[User]:
    return _ending(now).filter(_told(2, now - NOTICES[2]))


def warn(now: datetime | None = None) -> int:
    """Send the notices that are due, each once; return how many."""
    now = now or timezone.now()
    count = 0
    for number in NOTICES:
        for pk in list(_to_tell(number, now).values_list("pk", flat=True)[:_AT_ONCE]):
            with transaction.atomic():
                # Under its lock, once more: somebody may sign in, or another worker may be at it.
                user = _to_tell(number, now).filter(pk=pk).select_for_update(no_key=True).first()
                if user is not None and not my_data.obstacles(user):
                    _tell(user, number, now)
                    count += 1
    return count


def _tell(user: User, number: int, now: datetime) -> None:
    since = user.quiet_since  # type: ignore[attr-defined]
    InactivityNotice.objects.create(user=user, quiet_since=since, number=number, sent_at=now)
    context = {
        "name": user.name,
        "is_last": number == 2,
        "is_closed": not user.is_active,
        "quiet_since": since,
        "erased_on": timezone.localdate(now + NOTICES[number]),
        "link": f"{settings.SITE_URL}{reverse('account_login')}",
    }
    guard = f"{GUARD}:{user.pk}:{since.isoformat()}"
    send_letter(user.email, "account-inactive", context, reply_to=settings.CONTACT_EMAIL, guard=guard)


def may_still_warn(value: str) -> bool:
    """Whether a waiting notice still holds: nobody signed in since it was written."""
    pk, _, moment = value.partition(":")
    return _people().filter(pk=int(pk), quiet_since=parse_datetime(moment)).exists()


def erase_quiet(now: datetime | None = None) -> int:
    """Erase the accounts whose owner was told twice and did not sign in; return how many."""
    now = now or timezone.now()
    count = 0
    for pk in list(_to_erase(now).values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            user = _to_erase(now).filter(pk=pk).select_for_update(no_key=True).first()
            if user is not None and not my_data.obstacles(user):
                my_data.erase(user, removes=False)
                count += 1
    return count


def forget_notices() -> None:
    """Delete the notices of people who signed in since."""
    stale = InactivityNotice.objects.exclude(
        Exists(_people().filter(pk=OuterRef("user"), quiet_since=OuterRef("quiet_since")))
    )
    stale.delete()
