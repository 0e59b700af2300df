"""Signing in by code, by password, with a second step; and what somebody learns who guesses."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from expoo_portal.accounts.models import User
from tests.accounts.conftest import (
    PASSWORD,
    account,
    app_code,
    is_in,
    mailed_code,
    with_password,
    wrong_code,
)
from tests.factories import user

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
ASK = "/account/login/code/"
CONFIRM = "/account/login/code/confirm/"
SECOND_STEP = "/account/2fa/authenticate/"
CONFIRM_ADDRESS = "/account/confirm-email/"


def test_somebody_signs_in_with_a_code_from_their_mailbox(client, mailoutbox):
    person = user()
    answer = client.post(ASK, {"email": person.email.upper()}, follow=True)
    assert answer.redirect_chain == [(CONFIRM, 302)]
    assert [mail.to for mail in mailoutbox] == [[person.email]]
    assert mailoutbox[0].subject == "Je code om aan te melden"

    answer = client.post(CONFIRM, {"code": mailed_code(mailoutbox)})
    assert answer.url == "/"
    assert is_in(client)


def test_a_code_works_with_and_without_its_hyphen(client, mailoutbox):
    client.post(ASK, {"email": user().email})
    client.post(CONFIRM, {"code": mailed_code(mailoutbox).replace("-", " ")})

    assert is_in(client)


def test_somebody_signs_in_with_a_password(client):
    assert with_password(client, account().email).url == "/"
    assert is_in(client)


def test_a_first_password_sign_in_proves_the_address_with_a_code(client, mailoutbox):
    person = account(verified=False)
    assert with_password(client, person.email).url == CONFIRM_ADDRESS
    assert not is_in(client)

    client.post(CONFIRM_ADDRESS, {"code": mailed_code(mailoutbox)})
    assert is_in(client)
    client.logout()
    with_password(client, person.email)
    assert is_in(client)


def test_somebody_goes_on_where_they_wanted_to_be(client, mailoutbox):
    client.post(f"{ASK}?next=/account/email/", {"email": user().email, "next": "/account/email/"})
    answer = client.post(f"{CONFIRM}?next=/account/email/", {"code": mailed_code(mailoutbox)})

    assert answer.url == "/account/email/"


@pytest.mark.parametrize("elsewhere", ["https://elders.example/", "//elders.example/", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(client, elsewhere):
    assert with_password(client, account().email, next=elsewhere).url == "/"


@pytest.mark.parametrize("by_code", [True, False])
def test_somebody_with_an_app_needs_its_code_too(client, mailoutbox, by_code):
    person = account(app=True)
    if by_code:
        client.post(ASK, {"email": person.email})
        answer = client.post(CONFIRM, {"code": mailed_code(mailoutbox)})
    else:
        answer = with_password(client, person.email)
    assert answer.url == SECOND_STEP
    assert not is_in(client)

    assert "Die code klopt niet" in client.post(SECOND_STEP, {"code": wrong_code()}).content.decode()
    assert not is_in(client)
    assert client.post(SECOND_STEP, {"code": app_code()}).url == "/"
    assert is_in(client)


def test_a_code_of_the_app_works_once_even_while_clocks_may_differ(client):
    person = account(app=True)
    code = app_code(1)
    with_password(client, person.email)
    client.post(SECOND_STEP, {"code": code})
    assert is_in(client)
    client.logout()

    with time_machine.travel(timezone.now() + timedelta(seconds=40)):
        with_password(client, person.email)
        client.post(SECOND_STEP, {"code": code})
        assert not is_in(client)


def test_three_wrong_codes_end_the_attempt(client, mailoutbox):
    client.post(ASK, {"email": user().email})
    for _ in range(3):
        client.post(CONFIRM, {"code": "0000-0000"})
    answer = client.post(CONFIRM, {"code": mailed_code(mailoutbox)})

    assert answer.url == ASK
    assert not is_in(client)


def test_a_code_is_good_for_ten_minutes(client, mailoutbox):
    client.post(ASK, {"email": user().email})
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        client.post(CONFIRM, {"code": mailed_code(mailoutbox)})
        assert not is_in(client)


def test_a_new_code_can_be_asked_twice_and_the_old_one_stops(client, mailoutbox):
    client.post(ASK, {"email": user().email})
    first = mailed_code(mailoutbox)
    for _ in range(3):
        client.post(CONFIRM, {"action": "resend"})
    assert len(mailoutbox) == 3
    client.post(CONFIRM, {"code": first})
    assert not is_in(client)

    client.post(CONFIRM, {"code": mailed_code(mailoutbox)})
    assert is_in(client)


def test_an_account_that_was_closed_gets_no_code(client, mailoutbox):
    person = user(is_active=False)
    client.post(ASK, {"email": person.email})

    assert mailoutbox[0].subject == "Er is geen account met dit adres"


def test_an_account_that_was_closed_says_so_to_who_knows_its_password(client):
    person = account(is_active=False)

    assert "horen niet bij elkaar" in with_password(client, person.email, "fout").content.decode()
    assert with_password(client, person.email).url == "/account/inactive/"
    assert not is_in(client)


def seen(answer, email):
    """A page as a person sees it: without the address they typed and without tokens."""
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode())
    return answer.status_code, answer.get("Location"), text.replace(email, "")


@pytest.mark.parametrize("step", ["code", "password", "reset"])
def test_known_and_unknown_addresses_look_the_same(client, mailoutbox, step):
    pages = []
    known = account()
    for email in (known.email, "niemand@example.org"):
        client.logout()
        mailoutbox.clear()
        if step == "password":
            answers = [with_password(client, email, "fout-wachtwoord")]
        else:
            first, second = {
                "code": (ASK, CONFIRM),
                "reset": ("/account/password/reset/", "/account/password/reset/confirm/"),
            }[step]
            answers = [client.post(first, {"email": email}), client.get(second)]
            answers += [client.post(second, {"code": "0000-0000"}) for _ in range(4)]
        pages.append([seen(answer, email) for answer in answers] + [len(mailoutbox)])

    assert pages[0] == pages[1]


@pytest.mark.parametrize("path", [ASK, "/account/password/reset/"])
def test_an_unknown_address_takes_the_same_work(client, settings, path):
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    counts = []
    for email in (account().email, user().email, "niemand@example.org"):
        with CaptureQueriesContext(connection) as queries:
            client.post(path, {"email": email})
        counts.append(len(queries))
        client.logout()

    assert counts[0] == counts[1] == counts[2]


def test_a_password_is_hashed_for_an_unknown_address_too(client, hash_counter):
    with hash_counter as hashed:
        with_password(client, "niemand@example.org", "fout")
    assert len(hashed) == 1


@pytest.fixture
def hash_counter(monkeypatch):
    """Counts password hashing, which takes the time that would tell a known address from an unknown one."""
    from contextlib import contextmanager

    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    original = MD5PasswordHasher.encode

    def encode(self, password, salt):
        hashed.append(salt)
        return original(self, password, salt)

    @contextmanager
    def counting():
        monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
        yield hashed

    return counting()


def test_nobody_makes_an_account_alone(client):
    assert "Je kunt zelf geen account maken" in client.get("/account/signup/").content.decode()
    client.post("/account/signup/", {"email": "ik@example.org", "password1": PASSWORD})

    assert not User.objects.filter(email="ik@example.org").exists()


def test_a_forgotten_password_is_replaced_with_a_code(client, mailoutbox):
    person = account()
    client.post("/account/password/reset/", {"email": person.email})
    answer = client.post("/account/password/reset/confirm/", {"code": mailed_code(mailoutbox)}, follow=True)
    assert "Kies een nieuw wachtwoord" in answer.content.decode()
    new = "acht-blauwe-ballonnen"
    answer = client.post("/account/password/reset/complete/", {"password1": new, "password2": "anders"})
    assert "niet gelijk" in answer.content.decode()
    client.post("/account/password/reset/complete/", {"password1": new, "password2": new})

    assert not is_in(client)
    with_password(client, person.email)
    assert not is_in(client)
    with_password(client, person.email, new)
    assert is_in(client)
    assert mailoutbox[-1].subject == "Je wachtwoord is veranderd"


def test_somebody_changes_their_address_with_a_code_to_the_new_one(client, mailoutbox):
    person = account()
    old = person.email
    with_password(client, old)
    client.post("/account/email/", {"action_add": "1", "email": "nieuw@example.org"})
    assert mailoutbox[-1].to == ["nieuw@example.org"]
    person.refresh_from_db()
    assert person.email == old

    client.post(CONFIRM_ADDRESS, {"code": mailed_code(mailoutbox)})
    person.refresh_from_db()
    assert person.email == "nieuw@example.org"
    assert any(mail.to == [old] and "veranderd" in mail.subject for mail in mailoutbox)


def test_a_hijacked_session_of_long_ago_cannot_change_the_address(client):
    person = account()
    with_password(client, person.email)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = client.post("/account/email/", {"action_add": "1", "email": "nieuw@example.org"})

    assert answer.url.startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize(
    "email", ["a" * 300 + "@example.org", "geen adres", "", "an@example.org\x00", '"a b"@example.org']
)
@pytest.mark.parametrize("path", [ASK, LOGIN, "/account/password/reset/"])
def test_a_strange_address_is_no_error(client, email, path, settings):
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    answer = client.post(path, {"email": email, "login": email, "password": "x"})

    assert answer.status_code in (200, 302)
