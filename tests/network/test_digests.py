"""Digests and mails at once: to whom, about what, and once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import connection
from django.utils import timezone

from expoo_portal.mail import deliver
from expoo_portal.outbox import MailState, OutgoingMail
from network import digests, mail_jobs, notices, reading
from network.models import (
    Digest,
    Follow,
    FollowState,
    Group,
    MailRhythm,
    Membership,
    Mention,
    Post,
    ReadMark,
)
from tests import factories

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZoneInfo("Europe/Brussels"))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    """Mails go into the outbox, as they do in the portal itself."""
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"


def member(group: Group, rhythm: MailRhythm = MailRhythm.WEEKLY, **fields: Any) -> Membership:
    return factories.membership(group=group, mail_rhythm=rhythm, since=MONDAY - timedelta(days=90), **fields)


def thread(group: Group, **fields: Any) -> Any:
    author = (
        fields.pop("author", None) or member(group, MailRhythm.NEVER, user=factories.user(name="Mia")).user
    )
    return factories.thread(group=group, author=author, created=MONDAY - timedelta(days=1), **fields)


def follow(membership: Membership, about: Any, state: FollowState = FollowState.FOLLOWING) -> None:
    Follow.objects.unrestricted().create(user=membership.user, thread=about, state=state)


@pytest.fixture
def group() -> Group:
    return factories.group(title="Ontmoeting")


def test_a_member_reads_in_the_digest_who_wrote_and_the_title_but_not_what(group: Group) -> None:
    reader = member(group)
    thread(group, title="Hoe houden we het stil?", body="<p>Geheim woord klaproos.</p>")
    assert digests.make_due(MONDAY) == 1
    mail = OutgoingMail.objects.get()
    assert mail.to == [reader.user.email]
    assert mail.subject == "Ontmoeting: nieuws in één gesprek"
    for text in (mail.text, mail.html):
        assert "Hoe houden we het stil?" in text
        assert "Mia, één bericht" in text
        assert "klaproos" not in text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.headers["Message-ID"].startswith("<digest.2026-W48.")


def test_a_group_may_want_the_beginning_of_what_was_written(group: Group) -> None:
    group.may_excerpt = True
    group.save()
    member(group)
    thread(group, body="<p>Met een klaproos.</p>")
    digests.make_due(MONDAY)
    assert "Met een klaproos." in OutgoingMail.objects.get().text


@pytest.mark.parametrize(
    ("rhythm", "period"),
    [
        (MailRhythm.DAILY, "2026-11-23"),
        (MailRhythm.WEEKLY, "2026-W48"),
        (MailRhythm.AT_ONCE, "2026-W48"),
        (MailRhythm.NEVER, None),
    ],
)
def test_a_digest_comes_in_the_rhythm_that_a_member_chose(
    group: Group, rhythm: MailRhythm, period: str | None
) -> None:
    member(group, rhythm)
    thread(group)
    digests.make_due(MONDAY)
    made = set(Digest.objects.unrestricted().values_list("period", flat=True))
    assert made == ({period} if period else set())
    assert OutgoingMail.objects.count() == len(made)


def test_without_anything_new_no_mail_goes_out(group: Group) -> None:
    member(group)
    assert digests.make_due(MONDAY) == 0
    assert not OutgoingMail.objects.exists()


def test_what_was_posted_a_moment_ago_waits_for_the_next_digest(group: Group) -> None:
    member(group, MailRhythm.DAILY)
    author = member(group, MailRhythm.NEVER).user
    with time_machine.travel(MONDAY - timedelta(seconds=20), tick=False):
        factories.thread(group=group, author=author, created=timezone.now())
    found = []
    for when in (MONDAY, MONDAY + timedelta(hours=1), MONDAY + timedelta(days=1)):
        with time_machine.travel(when, tick=False):
            mail_jobs.make_digests(timestamp=0)
        found.append(OutgoingMail.objects.count())
    assert found == [0, 0, 1]


def test_a_digest_is_made_once_a_period_and_never_tells_the_same_twice(group: Group) -> None:
    member(group)
    thread(group)
    assert [digests.make_due(MONDAY + timedelta(hours=hours)) for hours in (0, 0, 5, 100)] == [1, 0, 0, 0]
    assert digests.make_due(MONDAY + timedelta(days=7)) == 0
    with time_machine.travel(MONDAY + timedelta(days=8), tick=False):
        thread(group)
    factories.post(thread=factories.thread(group=group, author=member(group, MailRhythm.NEVER).user))
    assert OutgoingMail.objects.count() == 1


def test_what_a_member_read_wrote_or_muted_is_no_news(group: Group) -> None:
    reader = member(group)
    own = thread(group, author=reader.user)
    read, muted = thread(group), thread(group)
    ReadMark.objects.unrestricted().create(user=reader.user, thread=read, number=1)
    follow(reader, muted, FollowState.MUTED)
    assert own.author == reader.user
    assert digests.make_due(MONDAY) == 0
    factories.post(thread=read, author=muted.author, created=MONDAY - timedelta(hours=1))
    Digest.objects.unrestricted().all().delete()
    assert digests.make_due(MONDAY) == 1
    assert "één bericht" in OutgoingMail.objects.get().text


def test_what_was_said_before_somebody_came_is_no_news(group: Group) -> None:
    thread(group)
    factories.membership(group=group, since=MONDAY - timedelta(minutes=1))
    assert digests.make_due(MONDAY) == 0


def test_calls_on_a_member_come_first_then_what_they_follow(group: Group) -> None:
    reader = member(group)
    rest, followed, called = thread(group), thread(group), thread(group)
    follow(reader, followed)
    Mention.objects.unrestricted().create(post=called.posts.visible_to(reader.user).get(), user=reader.user)
    news = digests.news_for(reader, MONDAY - timedelta(days=7), MONDAY)
    assert [item.thread for item in news] == [called, followed, rest]


def test_nothing_of_another_group_comes_along(group: Group) -> None:
    member(group)
    thread(factories.group())
    assert digests.make_due(MONDAY) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"state": "ended", "ended_at": MONDAY},
        {"ends_at": MONDAY - timedelta(days=1)},
        {"mail_rhythm": MailRhythm.NEVER},
        {"link_number": 2},
    ],
)
def test_a_mail_in_the_queue_does_not_leave_once_its_reader_may_not_have_it(
    group: Group, change: dict[str, Any]
) -> None:
    reader = member(group)
    thread(group, title="Titel met klaproos")
    digests.make_due(MONDAY)
    Membership.objects.unrestricted().filter(pk=reader.pk).update(**change)
    mail = OutgoingMail.objects.get()
    deliver(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.text, mail.html) == (MailState.WITHDRAWN, "", "")
    assert not django_mail.outbox


def test_who_chose_so_hears_at_once_of_what_they_follow_and_of_calls(group: Group) -> None:
    follower = member(group, MailRhythm.AT_ONCE)
    called, other, muted = (member(group, MailRhythm.AT_ONCE) for _ in range(3))
    weekly = member(group)
    about = thread(group, title="Buiten spelen")
    follow(follower, about)
    follow(weekly, about)
    follow(muted, about, FollowState.MUTED)
    post = factories.post(thread=about, author=about.author)
    for each in (called, muted):
        Mention.objects.unrestricted().create(post=post, user=each.user)
    assert [notices.tell_of(post.pk) for _ in range(3)] == [2, 0, 0]
    mails = {mail.to[0]: mail for mail in OutgoingMail.objects.all()}
    assert set(mails) == {follower.user.email, called.user.email}
    assert other.user.email not in mails
    mail = mails[follower.user.email]
    assert mail.subject == "Re: Buiten spelen"
    assert mail.headers["References"] == mail.headers["In-Reply-To"]
    assert "vermeldt je" in mails[called.user.email].text


def test_what_was_mailed_at_once_does_not_come_again_in_the_digest(group: Group) -> None:
    reader = member(group, MailRhythm.AT_ONCE)
    about = thread(group, title="Gevolgd")
    thread(group, title="De rest")
    follow(reader, about)
    assert notices.tell_of(about.posts.visible_to(reader.user).get().pk) == 1
    digests.make_due(MONDAY)
    text = OutgoingMail.objects.order_by("-pk")[0].text
    assert "De rest" in text
    assert "Gevolgd" not in text


def test_a_mail_about_a_thread_that_was_deleted_does_not_leave(group: Group) -> None:
    reader = member(group, MailRhythm.AT_ONCE)
    about = thread(group)
    follow(reader, about)
    notices.tell_of(about.posts.visible_to(reader.user).get().pk)
    about.deleted_at = timezone.now()
    about.save()
    mail = OutgoingMail.objects.get()
    deliver(mail.pk)
    mail.refresh_from_db()
    assert mail.state == MailState.WITHDRAWN


def test_a_mail_about_a_post_that_was_deleted_does_not_leave(group: Group) -> None:
    reader = member(group, MailRhythm.AT_ONCE)
    about = thread(group)
    follow(reader, about)
    gone, stays = (factories.post(thread=about, author=about.author) for _ in range(2))
    for post in (gone, stays):
        notices.tell_of(post.pk)
    emptied = {"body": "", "author": None, "deleted_at": timezone.now()}
    Post.objects.unrestricted().filter(pk=gone.pk).update(**emptied)
    for mail in OutgoingMail.objects.order_by("pk"):
        deliver(mail.pk)
    states = list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))
    assert states == [MailState.WITHDRAWN, MailState.SENT]


def test_an_address_that_no_mail_can_go_to_keeps_nobody_waiting(group: Group) -> None:
    about = thread(group)
    readers = []
    for rhythm in (MailRhythm.AT_ONCE, MailRhythm.WEEKLY):
        member(group, rhythm, user=factories.user(email=f"geen adres {rhythm}"))
        readers.append(member(group, rhythm))
    for reader in Membership.objects.unrestricted().filter(mail_rhythm=MailRhythm.AT_ONCE):
        follow(reader, about)
    assert notices.tell_of(about.posts.visible_to(readers[0].user).get().pk) == 1
    assert digests.make_due(MONDAY) == 1
    assert {mail.to[0] for mail in OutgoingMail.objects.all()} == {each.user.email for each in readers}


def test_who_wanted_no_mail_for_long_gets_no_more_than_a_week_of_news(group: Group) -> None:
    reader = member(group)
    Digest.objects.unrestricted().create(
        membership=reader, period="2026-W40", up_to=MONDAY - timedelta(days=56)
    )
    old = thread(group, title="Van toen")
    old.posts.unrestricted().update(created=MONDAY - timedelta(days=30))
    thread(group, title="Van nu")
    digests.make_due(MONDAY)
    text = OutgoingMail.objects.get().text
    assert "Van nu" in text
    assert "Van toen" not in text


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [(MailRhythm.DAILY, "een keer per dag"), (MailRhythm.AT_ONCE, "een keer per week")],
)
def test_a_digest_says_how_often_it_comes(group: Group, rhythm: MailRhythm, words: str) -> None:
    member(group, rhythm)
    thread(group)
    digests.make_due(MONDAY)
    assert f"Je krijgt deze mail hoogstens {words}." in OutgoingMail.objects.get().text


def test_catching_up_leaves_nothing_for_the_digest(group: Group) -> None:
    reader = member(group)
    thread(group)
    Membership.objects.unrestricted().filter(pk=reader.pk).update(caught_up_at=MONDAY)
    assert reading.floor_of(Membership.objects.unrestricted().get(pk=reader.pk)) == MONDAY
    assert digests.make_due(MONDAY) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_each_digest_once() -> None:
    group = factories.group()
    readers = [member(group) for _ in range(5)]
    thread(group)

    def work() -> None:
        digests.make_due(MONDAY)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    addresses = sorted(address for mail in OutgoingMail.objects.all() for address in mail.to)
    assert addresses == sorted(reader.user.email for reader in readers)
