"""Mail is kept with what caused it, and leaves once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.utils import timezone

from expoo_portal import jobs, mail
from expoo_portal.outbox import MailState, OutgoingMail
from tests.factories import outgoing_mail
from tests.jobs import due_jobs, run_due_jobs

pytestmark = pytest.mark.django_db


def send(**fields):
    """Send a mail the way any view does."""
    defaults = {
        "subject": "Dag",
        "body": "Tot straks",
        "from_email": "portaal@example.org",
        "to": ["an@example.org"],
    }
    return EmailMultiAlternatives(**(defaults | fields)).send()


def test_a_mail_waits_in_the_outbox_with_a_job_and_then_arrives(mailbox):
    assert send_mail("Dag", "Tot straks", None, ["an@example.org"]) == 1

    assert [(m.to, m.state) for m in OutgoingMail.objects.all()] == [(["an@example.org"], MailState.QUEUED)]
    assert not mailbox.exists()
    assert run_due_jobs() == 1
    (arrived,) = mailbox.iterdir()
    assert "Tot straks" in arrived.read_text()
    sent = OutgoingMail.objects.get()
    assert (sent.state, sent.attempts, sent.last_error) == (MailState.SENT, 1, "")


def test_a_mail_is_undone_with_the_transaction_that_sent_it():
    with transaction.atomic():
        send()
        assert OutgoingMail.objects.exists()
        transaction.set_rollback(True)

    assert not OutgoingMail.objects.exists()
    assert due_jobs() == []


def test_text_html_reply_address_and_own_headers_arrive(mailbox):
    message = EmailMultiAlternatives(
        "Dag",
        "tekst",
        None,
        ["an@example.org"],
        reply_to=["werking@example.org"],
        headers={"List-Id": "nieuws"},
    )
    message.attach_alternative("<p>opmaak</p>", "text/html")
    message.send()
    run_due_jobs()

    (arrived,) = mailbox.iterdir()
    text = arrived.read_text()
    for part in (
        "tekst",
        "<p>opmaak</p>",
        "Reply-To: werking@example.org",
        "List-Id: nieuws",
        "Message-ID: <",
    ):
        assert part in text
    assert mail.SECRET_HEADER not in text


@pytest.mark.parametrize(
    "fields",
    [
        {"to": ["an@example.org\nBcc: all@example.org"]},
        {"to": ["An <an@example.org>, bilal@example.org"]},
        {"to": ["geen adres"]},
        {"subject": "Dag\r\nBcc: all@example.org"},
        {"from_email": "portaal@example.org\nBcc: all@example.org"},
        {"headers": {"X-Een": "een\nX-Twee: twee"}},
        {"reply_to": ["an@example.org\nBcc: all@example.org"]},
        {"cc": ["bilal@example.org"]},
        {"bcc": ["bilal@example.org"]},
        {"attachments": [("lijst.txt", "inhoud", "text/plain")]},
    ],
)
def test_a_mail_that_cannot_go_out_as_it_is_meant_is_refused(fields):
    with pytest.raises(mail.MailRefused):
        send(**fields)

    assert not OutgoingMail.objects.exists()


def test_one_refused_mail_keeps_its_companions_back():
    good = EmailMessage("Dag", "tekst", None, ["an@example.org"])
    bad = EmailMessage("Dag", "tekst", None, ["geen adres"])
    with pytest.raises(mail.MailRefused):
        mail.OutboxBackend().send_messages([good, bad])

    assert not OutgoingMail.objects.exists()


def test_a_long_subject_and_a_nul_do_not_stop_a_mail():
    send(subject="d" * 500, body="een\x00twee")

    row = OutgoingMail.objects.get()
    assert len(row.subject) == 300
    assert row.text == "eentwee"


def test_a_mail_that_is_sent_is_not_sent_again(mailbox):
    send()
    run_due_jobs()
    mail.deliver(OutgoingMail.objects.get().pk)

    assert len(list(mailbox.iterdir())) == 1


def test_a_mail_that_holds_a_code_is_wiped_as_soon_as_it_left(mailbox):
    send(body="code 1234", headers={mail.SECRET_HEADER: "1"})
    run_due_jobs()

    row = OutgoingMail.objects.get()
    assert (row.text, row.wiped) == ("", True)
    assert "code 1234" in next(mailbox.iterdir()).read_text()


def test_other_mails_are_wiped_after_a_week_and_forgotten_after_three_months():
    def finished(days):
        return outgoing_mail(state=MailState.SENT, finished_at=timezone.now() - timedelta(days=days))

    recent, week_old, old = finished(6), finished(8), finished(91)
    jobs.sweep_outbox(0)

    recent.refresh_from_db()
    week_old.refresh_from_db()
    assert (recent.wiped, week_old.wiped, week_old.text) == (False, True, "")
    assert not OutgoingMail.objects.filter(pk=old.pk).exists()


def test_a_mail_that_lost_its_job_gets_a_new_one(mailbox):
    an_hour_ago = timezone.now() - timedelta(hours=1)
    stranded = outgoing_mail(created=an_hour_ago)
    outgoing_mail()  # just written: its transaction may still be busy
    with_job = outgoing_mail(created=an_hour_ago)
    mail.queue(with_job)

    assert jobs.requeue_stranded() == 1
    assert sorted(job.args["mail_id"] for job in due_jobs()) == sorted([stranded.pk, with_job.pk])
    assert jobs.requeue_stranded() == 0
