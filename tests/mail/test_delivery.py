"""A mail server that is down, refuses, or takes its time; two workers; a killed worker."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage, send_mail
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from expoo_portal import jobs, mail
from expoo_portal.outbox import MailState, OutgoingMail
from tests.jobs import run_worker


class FakeMailServer(socketserver.ThreadingTCPServer):
    """A mail server that answers RCPT with `answer` and counts what it takes; slow when `pause` is set."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), FakeMailSession)
        self.answer = "250 ok"
        self.says_goodbye = True
        self.taken: list[str] = []
        self.entered = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()


class FakeMailSession(socketserver.StreamRequestHandler):
    server: FakeMailServer

    def handle(self) -> None:
        self.say("220 klaar")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                self.take()
            elif verb == "QUIT" and not self.server.says_goodbye:
                return
            else:
                self.say({"RCPT": self.server.answer, "QUIT": "221 dag"}.get(verb, "250 ok"))

    def take(self) -> None:
        self.say("354 ga je gang")
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        self.server.entered.set()
        self.server.go_on.wait(10)
        self.server.taken.append("".join(lines))
        self.say("250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def mail_server(settings) -> Iterator[FakeMailServer]:
    """A mail server on this machine, and the portal set to use it."""
    with FakeMailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        settings.MAIL_TRANSPORT = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": server.server_address[1],
        }
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def no_mail_server(settings, unused_port) -> None:
    """The portal set to use a mail server that is not there."""
    settings.MAIL_TRANSPORT = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": unused_port,
    }


@pytest.fixture
def unused_port() -> int:
    """A port on which nothing listens."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        return server.server_address[1]


def mail_job() -> ProcrastinateJob:
    """The job that sends the one mail; a worker adds its periodic ones."""
    return ProcrastinateJob.objects.get(task_name=mail.SEND_TASK)


@pytest.mark.django_db(transaction=True)
def test_a_worker_hands_a_mail_to_the_mail_server(mail_server):
    send_mail("Dag", "Tot straks", None, ["an@example.org"])
    run_worker()

    assert len(mail_server.taken) == 1
    assert OutgoingMail.objects.get().state == MailState.SENT
    assert mail_job().status == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_tried_again_later_when_the_mail_server_is_down(no_mail_server):
    send_mail("Dag", "Tot straks", None, ["an@example.org"])
    run_worker()

    waiting = OutgoingMail.objects.get()
    assert (waiting.state, waiting.attempts) == (MailState.QUEUED, 1)
    assert "ConnectionRefusedError" in waiting.last_error
    job = mail_job()
    assert job.status == "todo"
    assert timedelta(seconds=50) < job.scheduled_at - timezone.now() < timedelta(seconds=70)


@pytest.mark.django_db
def test_a_mail_is_given_up_after_eight_tries_in_a_day(no_mail_server):
    send_mail("Dag", "Tot straks", None, ["an@example.org"])
    row = OutgoingMail.objects.get()
    waits = []
    for _ in range(7):
        with pytest.raises(mail.MailNotSent) as failure:
            mail.deliver(row.pk)
        waits.append(failure.value.retry_in)
    mail.deliver(row.pk)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.FAILED, 8)
    assert waits == sorted(waits)
    assert timedelta(hours=20) < timedelta(seconds=sum(waits)) < timedelta(hours=26)


@pytest.mark.django_db
def test_a_recipient_that_is_refused_for_good_is_not_tried_again(mail_server):
    mail_server.answer = "550 onbekend"
    send_mail("Dag", "Tot straks", None, ["weg@example.org"])
    row = OutgoingMail.objects.get()
    mail.deliver(row.pk)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.FAILED, 1)
    assert "550" in row.last_error


@pytest.mark.django_db
def test_a_code_that_could_not_leave_is_there_for_the_next_try(mail_server):
    mail_server.answer = "450 straks"
    send_mail("Dag", "code 1234", None, ["an@example.org"])
    OutgoingMail.objects.update(is_secret=True)
    pk = OutgoingMail.objects.get().pk
    with pytest.raises(mail.MailNotSent):
        mail.deliver(pk)
    waiting = OutgoingMail.objects.get()
    assert (waiting.text, waiting.wiped, waiting.attempts) == ("code 1234", False, 1)

    mail_server.answer = "250 ok"
    mail.deliver(pk)
    assert "code 1234" in mail_server.taken[0]
    assert OutgoingMail.objects.get().wiped


@pytest.mark.django_db
def test_a_mail_server_that_leaves_without_a_word_has_the_mail_all_the_same(mail_server):
    mail_server.says_goodbye = False
    send_mail("Dag", "Tot straks", None, ["an@example.org"])
    mail.deliver(OutgoingMail.objects.get().pk)

    assert OutgoingMail.objects.get().state == MailState.SENT
    assert len(mail_server.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_a_code_leaves_before_the_mails_that_waited_longer(mail_server):
    for reader in range(3):
        send_mail("Overzicht", "Tot straks", None, [f"lid.{reader}@example.org"])
    EmailMessage("Code", "1234", None, ["an@example.org"], headers={mail.SECRET_HEADER: "1"}).send()
    run_worker()

    assert ["Subject: Code" in taken for taken in mail_server.taken] == [True, False, False, False]


@pytest.mark.django_db
def test_a_recipient_that_is_refused_for_now_is_tried_again(mail_server):
    mail_server.answer = "450 straks"
    send_mail("Dag", "Tot straks", None, ["vol@example.org"])
    with pytest.raises(mail.MailNotSent):
        mail.deliver(OutgoingMail.objects.get().pk)

    assert OutgoingMail.objects.get().state == MailState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_mail_once(mail_server):
    mail_server.go_on.clear()
    send_mail("Dag", "Tot straks", None, ["an@example.org"])
    pk = OutgoingMail.objects.get().pk

    def deliver() -> None:
        mail.deliver(pk)
        connections.close_all()

    first = threading.Thread(target=deliver)
    first.start()
    assert mail_server.entered.wait(10)
    mail.deliver(pk)  # the second worker passes by while the first one is sending
    mail_server.go_on.set()
    first.join()
    mail.deliver(pk)

    assert len(mail_server.taken) == 1
    assert OutgoingMail.objects.get().state == MailState.SENT


@pytest.mark.django_db(transaction=True)
def test_jobs_of_a_killed_worker_run_again(mail_server):
    send_mail("Dag", "Tot straks", None, ["an@example.org"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    jobs.retry_stalled_jobs.defer(timestamp=0)
    run_worker()
    run_worker()

    assert len(mail_server.taken) == 1


@pytest.mark.django_db
def test_the_health_page_learns_how_long_the_oldest_mail_waits():
    assert jobs.state() == {"waiting": 0, "oldest_seconds": 0, "worker_seen_seconds": None}
    send_mail("Dag", "Tot straks", None, ["an@example.org"])

    state = jobs.state()
    assert state["waiting"] == 1
    assert state["oldest_seconds"] < 60


@pytest.mark.django_db
def test_expired_cache_rows_are_cleared():
    from django.core.cache import cache

    with time_machine.travel(timezone.now() - timedelta(days=1)):
        cache.set("oud", 1, timeout=60)
    cache.set("nieuw", 1, timeout=60)
    jobs.clear_cache_table(0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM portal_cache")
        assert [key for (key,) in cursor.fetchall()] == [":1:nieuw"]
