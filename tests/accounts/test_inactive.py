"""Accounts that nobody uses: two notices, and then they go; a sign-in stops it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from expoo_portal import mail
from expoo_portal.accounts import inactive
from expoo_portal.accounts.jobs import tidy_accounts
from expoo_portal.accounts.models import InactivityNotice, User
from expoo_portal.outbox import MailState, OutgoingMail
from network.models import MembershipRole, Post
from tests import factories
from tests.accounts.conftest import account, with_password

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 11, 23, 4, 40, tzinfo=timezone.get_fixed_timezone(60))
DAY = timedelta(days=1)
# From the last sign-in until the account goes.
TERM = 2 * 366 * DAY


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    settings.ACCOUNT_INACTIVE_YEARS = 2


def quiet(since: datetime = NIGHT, **fields: Any) -> Any:
    """Somebody who signed in for the last time then."""
    return factories.user(**({"last_login": since, "date_joined": since - 100 * DAY} | fields))


def nights(first: datetime, last: datetime) -> Iterator[datetime]:
    """The moments at which the job runs: each night a little earlier or later."""
    night, number = first, 0
    while night <= last:
        yield night + timedelta(seconds=(number * 37) % 60 - 30)
        night, number = night + DAY, number + 1


def run(first: datetime, last: datetime) -> dict[str, Any]:
    """Let the job run each night; when each mail was written, and when accounts went."""
    found: dict[str, Any] = {"mails": [], "erased": []}
    for night in nights(first, last):
        last, people = OutgoingMail.objects.order_by("pk").last(), User.objects.count()
        with time_machine.travel(night, tick=False):
            tidy_accounts(0)
        written = OutgoingMail.objects.filter(pk__gt=last.pk if last else 0)
        found["mails"] += [night.date()] * written.count()
        found["erased"] += [night.date()] * (people - User.objects.count())
    return found


def test_somebody_is_told_a_month_and_a_week_before_and_then_erased() -> None:
    user = quiet()
    group = factories.group()
    post = factories.post(thread=factories.thread(group=group, author=user), author=user)
    end = NIGHT + TERM
    found = run(end - 31 * DAY, end + 2 * DAY)

    first, second, done = ((day - end.date()).days for day in found["mails"])
    assert first in (-30, -29)
    assert (second - first, done - second) in ((23, 7), (23, 8))
    assert [(day - end.date()).days for day in found["erased"]] == [done]
    assert not User.objects.filter(pk=user.pk).exists()
    assert Post.objects.unrestricted().get(pk=post.pk).author_id is None
    (done,) = OutgoingMail.objects.filter(to=[user.email])
    assert "is gewist" in done.subject, "the notices went with the account"


def test_the_notices_say_on_which_day_the_account_goes() -> None:
    user = quiet()
    end = NIGHT + TERM
    run(end - 31 * DAY, end - 6 * DAY)
    first, second = OutgoingMail.objects.filter(to=[user.email]).order_by("pk")

    for notice, words in ((first, "een week vooraf"), (second, "Laatste week")):
        assert words in notice.subject + notice.text
        assert f"{end:%Y}" in notice.text
        assert "/account/login/" in notice.text


def test_a_job_that_runs_many_times_tells_everybody_once() -> None:
    people = [quiet() for _ in range(3)]
    for _ in range(4):
        inactive.warn(NIGHT + TERM - 20 * DAY)

    assert OutgoingMail.objects.count() == InactivityNotice.objects.count() == len(people)


def test_the_database_takes_no_notice_twice() -> None:
    user = quiet()
    InactivityNotice.objects.create(user=user, quiet_since=NIGHT, number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        InactivityNotice.objects.create(user=user, quiet_since=NIGHT, number=1)


def test_a_sign_in_in_between_stops_it() -> None:
    user = account(last_login=NIGHT)
    end = NIGHT + TERM
    run(end - 31 * DAY, end - 5 * DAY)
    assert InactivityNotice.objects.filter(user=user).count() == 2
    with time_machine.travel(end - 2 * DAY, tick=False):
        with_password(Client(), user.email)
    found = run(end - DAY, end + 60 * DAY)

    assert found == {"mails": [], "erased": []}
    assert not InactivityNotice.objects.exists()


def test_a_notice_that_waits_is_withdrawn_by_a_sign_in() -> None:
    user, other = quiet(), quiet()
    inactive.warn(NIGHT + TERM - 20 * DAY)
    User.objects.filter(pk=user.pk).update(last_login=NIGHT + TERM - 19 * DAY)
    for waiting in OutgoingMail.objects.all():
        mail.deliver(waiting.pk)
    states = {row.to[0]: row.state for row in OutgoingMail.objects.all()}

    assert states == {user.email: MailState.WITHDRAWN, other.email: MailState.SENT}


def test_after_a_shorter_setting_or_a_long_silence_both_notices_still_come_first() -> None:
    user = quiet(NIGHT - 4000 * DAY)
    found = run(NIGHT, NIGHT + 40 * DAY)

    days = [(day - NIGHT.date()).days for day in found["mails"]]
    assert days == [0, 23, 30]
    assert found["erased"] == [NIGHT.date() + 30 * DAY]
    assert not User.objects.filter(pk=user.pk).exists()


def test_who_never_signed_in_counts_from_when_the_account_was_made() -> None:
    quiet(last_login=None, date_joined=NIGHT)
    end = NIGHT + TERM
    found = run(end - 31 * DAY, end + 2 * DAY)

    assert len(found["mails"]) == 3
    assert len(found["erased"]) == 1


def test_staff_and_the_last_facilitator_stay() -> None:
    for fields in ({"is_staff": True}, {"is_superuser": True}):
        quiet(NIGHT - 4000 * DAY, **fields)
    last = quiet(NIGHT - 4000 * DAY)
    factories.membership(user=last, role=MembershipRole.FACILITATOR)

    assert run(NIGHT, NIGHT + 40 * DAY) == {"mails": [], "erased": []}


def test_a_closed_account_is_not_asked_to_sign_in() -> None:
    user = quiet(is_active=False)
    inactive.warn(NIGHT + TERM - 20 * DAY)
    text = OutgoingMail.objects.get(to=[user.email]).text

    assert "niet meer open" in text
    assert "/account/login/" not in text


def test_who_asks_to_come_in_again_gets_a_new_account() -> None:
    user = quiet(NIGHT - 4000 * DAY)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    run(NIGHT, NIGHT + 31 * DAY)
    again = factories.user(email=user.email)

    assert again.pk != user.pk
    assert not EmailAddress.objects.filter(email=user.email).exists()
