"""Beginning to share a practice, and getting lost links back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from practices.models import Dossier
from practices.workflow import State
from tests.dossiers import dossier

from .sender import START, Sender, fields, links_in_mail, text

LOST = f"{START}link-kwijt/"


def count() -> int:
    return Dossier.objects.unrestricted().count()


def test_a_visitor_reads_what_sharing_is_before_giving_anything(client: Client):
    page = client.get(START)
    said = text(page)
    for words in ("20 minuten", "account is niet nodig", "dagen, geen maanden", "Wie ziet wat?", "wissen we"):
        assert words in said
    assert not page.cookies


def test_a_visitor_begins_and_gets_a_mail_with_both_links():
    sender = Sender()
    response = sender.begin(email="An@Example.org", sender_name="An")

    assert response.headers["Location"] == sender.address("stap/1/?gedaan=begonnen")
    assert not response.cookies
    assert (sender.dossier.email, sender.dossier.sender_name) == ("an@example.org", "An")
    assert sender.dossier.email_confirmed_at is None
    (letter,) = mail.outbox
    assert letter.to == ["an@example.org"]
    assert letter.subject == "Je begon met ‘Soep op de stoep’: bewaar deze mail"
    assert "Dag An," in letter.body
    private, confirm = links_in_mail()
    assert private == sender.address()
    assert sender.client.get(private).status_code == sender.client.get(confirm).status_code == 200
    assert "een mail met de link" in text(sender.client.get(response.headers["Location"]))


def test_the_mail_with_a_private_link_is_wiped_after_it_left(settings: Any):
    from expoo_portal.outbox import OutgoingMail

    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    Sender().begin()
    (letter,) = OutgoingMail.objects.all()
    assert letter.is_secret
    assert f'href="{settings.SITE_URL}{START}' in letter.html


def test_a_double_click_begins_one_dossier():
    sender = Sender()
    page = fields(sender.client.get(START), "") | {"email": "an@example.org", "name": "Soep"}
    answers = [sender.client.post(START, page) for _ in range(3)]

    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert count() == 1
    assert len(mail.outbox) == 1


def test_going_back_to_put_the_address_right_changes_the_draft_and_kills_the_wrong_link():
    sender = Sender()
    page = fields(sender.client.get(START), "") | {"name": "Soep"}
    sender.client.post(START, page | {"email": "an@exmaple.org"})
    wrong = links_in_mail()[0]
    sender.client.post(START, page | {"email": "an@example.org"})

    assert count() == 1
    assert mail.outbox[-1].to == ["an@example.org"]
    assert sender.client.get(wrong).status_code == 404
    assert sender.client.get(links_in_mail()[0]).status_code == 200


def test_a_name_of_several_lines_adds_nothing_to_the_mail():
    Sender().begin(name="Soep\r\n\r\nspam", sender_name="An\n\nDag")
    assert mail.outbox[0].subject == "Je begon met ‘Soep spam’: bewaar deze mail"
    assert "Dag An Dag,\n" in mail.outbox[0].body


def test_a_form_without_a_key_begins_too():
    response = Client().post(START, {"email": "an@example.org", "name": "Soep", "start_key": ""})
    assert response.status_code == 302
    response = Client().post(START, {"email": "an@example.org", "name": "Soep", "start_key": "onzin"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"email": ""}, "Vul je e-mailadres in."),
        ({"email": "an@"}, "Dit e-mailadres klopt niet."),
        ({"name": " "}, "Geef je praktijk een naam."),
        ({"name": "x" * 101}, "100"),
        ({"name": "Win een fiets op https://spam.example"}, "geen webadres"),
        ({"sender_name": "WWW.spam.example"}, "geen webadres"),
        ({"name": "So\x00ep"}, "null"),
        ({"email": "an@example.org\nbcc: x@example.org"}, "Dit e-mailadres klopt niet."),
    ],
)
def test_a_mistake_is_said_and_costs_nothing(typed: dict[str, str], says: str):
    given = {"email": "an@example.org", "sender_name": "An Peeters", "name": "Soep"} | typed
    response = Sender().begin(**given)
    assert response.status_code == 200
    assert says.lower() in text(response).lower()
    assert fields(response, "")["sender_name"] == [given["sender_name"]]
    assert count() == 0
    assert not mail.outbox


def test_a_program_that_fills_in_everything_begins_nothing_and_a_person_loses_nothing():
    sender = Sender()
    response = sender.begin(website="https://spam.example")

    assert (response.status_code, count(), mail.outbox) == (200, 0, [])
    again = fields(response, "")
    assert (again["email"], again["website"]) == (["an@example.org"], [""])
    assert sender.client.post(START, again).status_code == 302


def test_the_field_for_programs_is_out_of_reach_of_people(client: Client):
    html = client.get(START).content.decode()
    assert 'class="visually-hidden" aria-hidden="true"' in html
    assert 'name="website" tabindex="-1" autocomplete="off"' in html


def test_an_organisation_behind_one_address_can_begin_sixty_an_hour_and_keeps_what_was_typed_after():
    for number in range(60):
        assert Sender().begin(email=f"an{number}@example.org").status_code == 302
    refused = Sender().begin(email="te.veel@example.org")

    assert refused.status_code == 429
    assert "Wacht een kwartier" in text(refused)
    assert fields(refused, "")["email"] == ["te.veel@example.org"]
    assert count() == 60
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert Sender().begin(email="te.veel@example.org").status_code == 302


def test_one_address_gets_ten_begin_mails_an_hour_wherever_they_come_from():
    for number in range(12):
        sender = Sender(client=Client(REMOTE_ADDR=f"192.0.2.{number}"))
        sender.begin(email="AN@example.org" if number % 2 else "an@example.org")
    assert len(mail.outbox) == 10


def test_too_much_to_read_is_said_in_dutch(client: Client):
    response = client.post(START, {"email": "an@example.org", "name": "x" * 2_600_000})
    assert response.status_code == 413
    assert "Ga terug met de knop van je browser" in text(response)


# Lost links ---------------------------------------------------------------------------------------------------


def test_somebody_who_lost_the_link_gets_all_of_theirs(client: Client):
    ours = [dossier(State.CONCEPT, email="an@example.org"), dossier(State.PUBLISHED, email="An@example.org")]
    other = dossier(State.CONCEPT)
    mail.outbox.clear()
    response = client.post(LOST, {"email": "an@example.org"})

    assert "onderweg" in text(response)
    (letter,) = mail.outbox
    assert letter.to == ["an@example.org"]
    assert len(links_in_mail()) == 2
    assert {client.get(link).status_code for link in links_in_mail()} == {200}
    assert other.uuid.hex not in letter.body
    assert {one.uuid.hex for one in ours} == {link.split("/")[3][:32] for link in links_in_mail()}


def test_an_unknown_address_hears_the_same_and_gets_nothing(client: Client):
    dossier(State.CONCEPT, email="an@example.org")
    known = client.post(LOST, {"email": "an@example.org"}).content.decode()
    unknown = client.post(LOST, {"email": "jo@example.org"}).content.decode()

    assert len(mail.outbox) == 1
    assert known.replace("an@example.org", "jo@example.org") == unknown


def test_asking_for_links_is_limited_per_address(client: Client):
    dossier(State.CONCEPT, email="an@example.org")
    answers = [client.post(LOST, {"email": "an@example.org"}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert len(mail.outbox) == 5
    assert fields(answers[-1], "")["email"] == ["an@example.org"]


def test_the_start_key_of_somebody_else_changes_no_dossier_that_was_sent_in(client: Client):
    submitted = dossier(State.SUBMITTED, start_key=uuid.uuid4())
    data = {"email": "dief@example.org", "name": "x", "start_key": str(submitted.start_key)}
    client.post(START, data)
    submitted.refresh_from_db()
    assert submitted.email != "dief@example.org"
