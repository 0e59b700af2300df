"""Editors are told what waits: on the first page of the admin, and once a day by mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from expoo_portal.outbox import OutgoingMail
from practices.editing.waiting import NAMED, mail_editors
from practices.workflow import State
from tests.dossiers import content, dossier
from tests.practices.editing.desk import read

pytestmark = pytest.mark.django_db

INDEX = "/beheer/"


def test_the_first_page_of_the_admin_says_how_much_waits(editor, superuser):
    dossier(State.SUBMITTED)
    assert "1 inzending wacht op de redactie" in read(editor, INDEX)
    dossier(State.SUBMITTED)
    dossier(State.IN_REVIEW)
    dossier(State.CONCEPT)
    text = read(superuser, INDEX)
    assert "3 inzendingen wachten op de redactie, waarvan 1 al in behandeling" in text
    assert 'href="/beheer/practices/dossier/"' in text


def test_nothing_stands_there_when_nothing_waits(editor):
    dossier(State.PUBLISHED)
    assert 'class="waiting"' not in read(editor, INDEX)


@pytest.fixture
def to_editors(settings):
    settings.EDITORS_EMAIL = "redactie@example.org"

    def mails():
        return OutgoingMail.objects.filter(to=["redactie@example.org"])

    return mails


def test_the_editors_get_one_mail_a_day_about_what_waits(to_editors, time_machine):
    made = dossier(State.SUBMITTED, sender_name="Hanan Hoofd")
    dossier(State.IN_REVIEW, content=content(name="Bakfiets"))
    assert mail_editors(timezone.now())
    assert not mail_editors(timezone.now())
    mail = to_editors().get()
    assert mail.subject == "2 inzendingen wachten op de redactie"
    assert "- Soep op de stoep (ingediend, vandaag)" in mail.text
    assert "- Bakfiets (in redactie, vandaag)" in mail.text
    assert "/beheer/practices/dossier/" in mail.text
    for body in (mail.text, mail.html):
        assert made.email not in body
        assert "Hanan" not in body
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert mail_editors(timezone.now())
    assert "(ingediend, 1 dag)" in to_editors().first().text


def test_no_mail_goes_when_nothing_waits_or_nobody_reads_it(to_editors, settings):
    dossier(State.CONCEPT)
    dossier(State.PUBLISHED)
    assert not mail_editors(timezone.now())
    dossier(State.SUBMITTED)
    settings.EDITORS_EMAIL = ""
    assert not mail_editors(timezone.now())
    assert not to_editors().exists()


def test_a_long_queue_is_cut_and_counted(to_editors):
    for _ in range(NAMED + 2):
        dossier(State.SUBMITTED)
    mail_editors(timezone.now())
    assert "En nog 2." in to_editors().get().text


def test_what_is_planned_does_not_wait(editor, to_editors):
    made = dossier(State.IN_REVIEW)
    made.planned_for = timezone.now() + timedelta(days=2)
    made.save(update_fields=["planned_for"])
    assert "redactie" not in read(editor, INDEX).partition('class="waiting"')[2].partition("</ul>")[0]
    assert not mail_editors(timezone.now())
