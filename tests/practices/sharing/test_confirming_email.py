"""The e-mail address is confirmed before the editors see anything; a GET never does it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from practices.models import DossierStep
from practices.workflow import State
from tests.dossiers import content, dossier

from .sender import Sender, fields, links_in_mail, text


@pytest.fixture
def unconfirmed() -> Sender:
    """A complete draft of somebody who did not open the mail yet."""
    sender = Sender()
    sender.begin()
    stored = sender.dossier
    stored.content = content()
    stored.save(update_fields=["content"])
    return sender


def confirm_link() -> str:
    return next(link for link in links_in_mail() if "/bevestig/" in link)


def test_the_mailed_link_shows_a_button_and_the_button_confirms(unconfirmed: Sender):
    link = confirm_link()
    for _ in range(2):
        page = unconfirmed.client.get(link)
        assert "Ja, dit is mijn e-mailadres" in text(page)
    assert "an@example.org" not in page.content.decode()
    assert "a***@example.org" in text(page)
    assert unconfirmed.dossier.email_confirmed_at is None

    response = unconfirmed.client.post(link)
    assert "je e-mailadres is bevestigd" in text(unconfirmed.client.get(response.headers["Location"]))
    first = unconfirmed.dossier.email_confirmed_at
    assert first is not None
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        unconfirmed.client.post(link)
    assert unconfirmed.dossier.email_confirmed_at == first
    assert "al bevestigd" in text(unconfirmed.client.get(link))
    assert unconfirmed.dossier.state == State.CONCEPT


def test_sending_in_before_confirming_waits_for_it_and_goes_by_itself_then(unconfirmed: Sender):
    response = unconfirmed.post("doe/indienen/", fields(unconfirmed.get("stap/8/"), ""))
    page = unconfirmed.client.get(response.headers["Location"])
    assert "Nog één stap: bevestig je e-mailadres" in text(page)
    assert "Dien in" not in text(page)
    assert unconfirmed.dossier.state == State.CONCEPT
    assert not DossierStep.objects.unrestricted().exists()

    assert "gaat dan meteen naar de redactie" in text(unconfirmed.client.get(confirm_link()))
    response = unconfirmed.client.post(confirm_link())
    assert unconfirmed.dossier.state == State.SUBMITTED
    assert "en je praktijk is ingediend" in text(unconfirmed.client.get(response.headers["Location"]))
    assert mail.outbox[-1].subject == "We kregen ‘Soep op de stoep’ goed aan"
    unconfirmed.client.post(confirm_link_of(unconfirmed))
    assert DossierStep.objects.unrestricted().count() == 1


def confirm_link_of(sender: Sender) -> str:
    """The link of the first mail, as a mail program still has it."""
    return next(link for link in links_in_mail(0) if "/bevestig/" in link)


def test_confirming_sends_nothing_in_that_became_incomplete(unconfirmed: Sender):
    unconfirmed.post("doe/indienen/")
    unconfirmed.fill(5, challenges="")
    response = unconfirmed.client.post(confirm_link_of(unconfirmed))
    page = unconfirmed.client.get(response.headers["Location"])
    assert "er ontbreekt iets" in text(page)
    assert unconfirmed.dossier.state == State.CONCEPT
    assert unconfirmed.dossier.email_confirmed_at is not None


def test_a_new_mail_holds_a_link_that_works_and_is_limited(unconfirmed: Sender):
    mail.outbox.clear()
    answers = [unconfirmed.post("nieuwe-mail/") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Wacht een uur" in text(answers[-1])
    assert len(mail.outbox) == 5
    unconfirmed.client.post(confirm_link())
    assert unconfirmed.dossier.email_confirmed_at is not None
    unconfirmed.post("nieuwe-mail/")
    assert len(mail.outbox) == 5


def test_another_address_gets_its_own_mail_and_the_old_links_are_dead(unconfirmed: Sender):
    old_private, old_confirm = links_in_mail()
    page = fields(unconfirmed.get("e-mailadres/"), "")
    response = unconfirmed.post("e-mailadres/", page | {"email": "Jo@example.org"})
    private, confirm = links_in_mail()

    assert mail.outbox[-1].to == ["jo@example.org"]
    assert response.headers["Location"].startswith(private)
    assert unconfirmed.client.get(old_private).status_code == 404
    assert unconfirmed.client.get(old_confirm).status_code == 404
    assert unconfirmed.client.post(old_confirm).status_code == 404
    assert unconfirmed.client.get(private).status_code == 200
    unconfirmed.client.post(confirm)
    unconfirmed.token = private.split("/")[3]
    assert unconfirmed.dossier.email_confirmed_at is not None


def test_who_confirmed_before_keeps_the_link_but_confirms_the_new_address(sender: Sender):
    sender.post("e-mailadres/", {"email": "jo@example.org"})
    assert sender.dossier.email == "jo@example.org"
    assert sender.dossier.email_confirmed_at is None
    assert sender.get().status_code == 200


def test_a_signature_for_another_address_or_of_another_dossier_confirms_nothing(unconfirmed: Sender):
    old = confirm_link()
    other = dossier(State.CONCEPT, email_confirmed_at=None)
    stolen = old.replace(unconfirmed.token, Sender(other).token)
    for link in (
        stolen,
        old[:-2] + "x/",
        unconfirmed.address("bevestig/x/"),
        unconfirmed.address("bevestig/%00/"),
    ):
        assert unconfirmed.client.get(link).status_code == 404
        assert unconfirmed.client.post(link).status_code == 404
    other.refresh_from_db()
    assert other.email_confirmed_at is None
    assert unconfirmed.dossier.email_confirmed_at is None


@pytest.mark.parametrize("state", [state for state in State if state is not State.CONCEPT])
def test_the_address_of_what_was_sent_in_stays(state: State):
    sender = Sender(dossier(state))
    before = sender.dossier.email
    for answer in (sender.get("e-mailadres/"), sender.post("e-mailadres/", {"email": "jo@example.org"})):
        assert answer.headers["Location"] == sender.address()
    assert sender.dossier.email == before


def test_changing_the_address_is_limited(sender: Sender):
    answers: list[Any] = []
    for number in range(6):
        answers.append(sender.post("e-mailadres/", {"email": f"jo{number}@example.org"}))
        sender = Sender(sender.dossier)
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
