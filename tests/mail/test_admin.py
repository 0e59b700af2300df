"""The outbox in the admin."""

from __future__ import annotations

import pytest
from django.utils import timezone

from expoo_portal.outbox import MailState
from tests.factories import outgoing_mail
from tests.jobs import due_jobs
from tests.roles import Role, make_clients

pytestmark = pytest.mark.django_db

OUTBOX = "/beheer/portal/outgoingmail/"


def failed(**fields):
    return outgoing_mail(state=MailState.FAILED, finished_at=timezone.now(), attempts=8, **fields)


def test_a_beheerder_sees_what_became_of_a_mail_and_not_its_text():
    mail = failed(text="geheime inhoud", html="<p>geheime opmaak</p>")
    browser = make_clients()[Role.SUPERUSER]
    for page in (OUTBOX, f"{OUTBOX}?q={mail.to[0]}", f"{OUTBOX}{mail.pk}/change/"):
        shown = browser.get(page).content.decode()
        assert mail.subject in shown
        assert "geheime" not in shown


def test_an_editor_does_not_see_the_outbox():
    assert make_clients()[Role.EDITOR].get(OUTBOX).status_code == 403


def test_a_beheerder_tries_failed_mails_again_while_their_text_is_there():
    again, gone, waiting = failed(), failed(wiped=True, text=""), outgoing_mail()
    ids = [again.pk, gone.pk, waiting.pk]
    browser = make_clients()[Role.SUPERUSER]
    answer = browser.post(OUTBOX, {"action": "try_again", "_selected_action": ids}, follow=True)

    again.refresh_from_db()
    gone.refresh_from_db()
    assert (again.state, again.attempts, again.finished_at) == (MailState.QUEUED, 0, None)
    assert gone.state == MailState.FAILED
    assert [job.args for job in due_jobs()] == [{"mail_id": again.pk}]
    assert "1 mail(s) worden opnieuw geprobeerd" in answer.content.decode()
    assert "2 mail(s) niet" in answer.content.decode()
