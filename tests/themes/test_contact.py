"""Writing to the people of a theme: the letter that reaches them, and the address that nobody sees."""

from __future__ import annotations

import re
import threading
import uuid
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from expoo_portal.outbox import MailState, OutgoingMail
from expoo_portal.themes.models import ContactPerson, Theme
from expoo_portal.visibility import Audience, PublicationState
from tests import factories
from tests.jobs import _nothing_left_behind  # noqa: F401 - one test queues mails for real

pytestmark = pytest.mark.django_db
PAGE = "/themas/ontmoeting/contact/"
ADDRESS = "geheim.postvak@example.org"


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    settings.CONTACT_EMAIL = "EXPOO <team@example.org>"


@pytest.fixture(autouse=True)
def _no_limits_of_before(db: None) -> None:
    cache.clear()


@pytest.fixture
def theme() -> Theme:
    return factories.theme(slug="ontmoeting", title="Ontmoeting")


@pytest.fixture
def person(theme: Theme) -> ContactPerson:
    found = factories.contact_person(theme=theme, name="Ans Peeters", role="volgt het thema op")
    factories.contact_address(person=found, email=ADDRESS)
    return found


def typed(**more: Any) -> dict[str, str]:
    """A form filled in well."""
    values = {
        "start_key": uuid.uuid4(),
        "to": "team",
        "name": "Kim Janssens",
        "email": "kim@example.org",
        "message": "Wie kent een plek met een moestuin?\n\nWij zoeken er een.",
        "website": "",
    }
    return {name: str(value) for name, value in (values | more).items()}


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def test_a_visitor_writes_to_a_person_and_the_letter_can_be_answered(
    person: ContactPerson, anonymous: Client
) -> None:
    page = text_of(anonymous.get(PAGE))
    assert "Ans Peeters" in page
    assert "volgt het thema op" in page
    sent = anonymous.post(PAGE, typed(to=person.pk))
    assert sent.status_code == 200
    assert "Ans Peeters krijgt je bericht" in text_of(sent)
    (mail,) = OutgoingMail.objects.all()
    assert mail.to == [ADDRESS]
    assert mail.headers["Reply-To"] == "kim@example.org"
    assert "Ontmoeting" in mail.subject
    assert "Wie kent een plek met een moestuin?\n\nWij zoeken er een." in mail.text
    assert "Kim Janssens (kim@example.org)" in mail.text


def test_the_team_gets_what_is_for_nobody_in_particular(person: ContactPerson, anonymous: Client) -> None:
    anonymous.post(PAGE, typed())
    assert OutgoingMail.objects.get().to == ["team@example.org"]


def test_who_has_no_address_is_reached_through_the_team(theme: Theme, anonymous: Client) -> None:
    person = factories.contact_person(theme=theme)
    anonymous.post(PAGE, typed(to=person.pk))
    assert OutgoingMail.objects.get().to == ["team@example.org"]


def test_nobody_sees_an_address_in_the_page_or_its_source(
    person: ContactPerson, anonymous: Client, editor: Client
) -> None:
    for client in (anonymous, editor):
        answers = [
            client.get(PAGE),
            client.get("/themas/ontmoeting/"),
            client.post(PAGE, typed(to=person.pk)),
            client.post(PAGE, typed(to=person.pk, message="")),
        ]
        for answer in answers:
            for hidden in (ADDRESS, "geheim.postvak", "team@example.org", "mailto:"):
                assert hidden not in text_of(answer)


def test_what_was_written_is_wiped_once_it_left(person: ContactPerson, anonymous: Client) -> None:
    anonymous.post(PAGE, typed())
    mail = OutgoingMail.objects.get()
    assert mail.is_secret
    mail.finish(MailState.SENT)
    mail.save()
    kept = str(OutgoingMail.objects.values().get())
    for word in ("moestuin", "Kim", "kim@example.org"):
        assert word not in kept


def test_nothing_typed_is_lost_on_an_error(person: ContactPerson, anonymous: Client) -> None:
    given = typed(to=person.pk, email="geen adres")
    answer = anonymous.post(PAGE, given)
    page = text_of(answer)
    assert answer.status_code == 422
    for name in ("start_key", "name", "email"):
        assert given[name] in page, name
    # As a browser reads the field: a line break is kept.
    assert given["message"] in page.replace("\r\n", "\n")
    assert re.search(rf'value="{person.pk}"[^>]*checked', page)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("to", "999999"),
        ("to", ""),
        ("to", "team\r\nBcc: x@example.org"),
        ("name", ""),
        ("name", "x" * 121),
        ("email", ""),
        ("email", "a@b"),
        ("email", "kim@example.org\r\nBcc: slachtoffer@example.org"),
        ("email", "kim@example.org, slachtoffer@example.org"),
        ("message", ""),
        ("message", "x" * 4001),
        ("message", "a\x00b"),
        ("website", "https://spam.example.org"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_message(
    theme: Theme, anonymous: Client, name: str, value: str
) -> None:
    answer = anonymous.post(PAGE, typed(**{name: value}))
    assert answer.status_code == 422
    assert "error-summary" in text_of(answer)
    assert not OutgoingMail.objects.exists()


def test_a_message_of_just_4000_characters_in_many_lines_goes(theme: Theme, anonymous: Client) -> None:
    message = "\r\n".join(["x" * 9] * 400) + "x"
    assert anonymous.post(PAGE, typed(message=message)).status_code == 200


@pytest.mark.parametrize(
    "name", ["Kim\r\nBcc: slachtoffer@example.org", "Kim\n\nDag, klik hier", "\u2028Kim"]
)
def test_nobody_adds_a_header_or_a_subject(theme: Theme, anonymous: Client, name: str) -> None:
    anonymous.post(PAGE, typed(name=name))
    for mail in OutgoingMail.objects.all():
        assert mail.subject == "Bericht over ‘Ontmoeting’"
        assert mail.to == ["team@example.org"]
        assert set(mail.headers) == {"Reply-To", "Message-ID"}


def test_what_is_typed_stays_text_in_the_letter_and_on_the_page(theme: Theme, anonymous: Client) -> None:
    nasty = '<img src=x onerror="alert(1)"> & {{ settings }}'
    answer = anonymous.post(PAGE, typed(name=nasty, message=nasty, email="geen"))
    assert "<img src=x" not in answer.content.decode()
    anonymous.post(PAGE, typed(name=nasty, message=nasty))
    mail = OutgoingMail.objects.get()
    assert nasty in mail.text
    assert "<img" not in mail.html
    assert "&lt;img" in mail.html


def test_a_double_click_is_one_letter_and_a_changed_message_another(theme: Theme, anonymous: Client) -> None:
    given = typed()
    for _ in range(2):
        assert "Het team krijgt je bericht" in text_of(anonymous.post(PAGE, given))
    assert OutgoingMail.objects.count() == 1
    anonymous.post(PAGE, given | {"message": "Nog iets anders."})
    anonymous.post(PAGE, typed())
    assert OutgoingMail.objects.count() == 3


@pytest.mark.parametrize("key", ["", "x", "\x00"])
def test_a_form_without_a_readable_key_is_shown_again_or_sent(
    theme: Theme, anonymous: Client, key: str
) -> None:
    answer = anonymous.post(PAGE, typed(start_key=key))
    assert answer.status_code in (200, 422)
    assert OutgoingMail.objects.count() == (answer.status_code == 200)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one_letter(theme: Theme) -> None:
    given = typed()
    statuses = []

    def click() -> None:
        statuses.append(Client().post(PAGE, given).status_code)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 4
    assert OutgoingMail.objects.count() == 1


def test_somebody_who_writes_too_often_keeps_the_text(theme: Theme, anonymous: Client) -> None:
    statuses = [anonymous.post(PAGE, typed(message=f"Bericht {number}")) for number in range(11)]
    assert [answer.status_code for answer in statuses] == [200] * 10 + [429]
    assert "Bericht 10" in text_of(statuses[-1])
    assert OutgoingMail.objects.count() == 10


@pytest.mark.parametrize(
    "hidden",
    [{"audience": Audience.MEMBERS}, {"audience": Audience.STAFF}, {"state": PublicationState.DRAFT}],
)
def test_nobody_sees_or_reaches_a_hidden_person(
    theme: Theme, anonymous: Client, hidden: dict[str, Any]
) -> None:
    person = factories.contact_person(theme=theme, name="Verborgen Naam", **hidden)
    factories.contact_address(person=person, email=ADDRESS)
    assert "Verborgen Naam" not in text_of(anonymous.get(PAGE))
    answer = anonymous.post(PAGE, typed(to=person.pk))
    assert answer.status_code == 422
    assert "Kies iemand anders" in text_of(answer)
    assert not OutgoingMail.objects.exists()


def test_nobody_reaches_the_people_of_another_theme(theme: Theme, anonymous: Client) -> None:
    other = factories.contact_person(name="Elders")
    assert "Elders" not in text_of(anonymous.get(PAGE))
    assert anonymous.post(PAGE, typed(to=other.pk)).status_code == 422


def test_a_hidden_theme_has_no_form(anonymous: Client) -> None:
    factories.theme(slug="intern", audience=Audience.STAFF)
    address = "/themas/intern/contact/"
    assert anonymous.get(address).status_code == anonymous.post(address, typed()).status_code == 404
    assert not OutgoingMail.objects.exists()


def test_a_visitor_gets_no_cookie_and_no_cache_keeps_the_form(theme: Theme) -> None:
    client = Client(enforce_csrf_checks=True)
    shown, sent = client.get(PAGE), client.post(PAGE, typed())
    assert sent.status_code == 200
    for answer in (shown, sent):
        assert not answer.cookies
        assert "no-store" in answer.headers["Cache-Control"]
