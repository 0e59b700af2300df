"""Guessing and pestering are slowed down, by address and by network, over all processes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.test import Client
from django.utils import timezone

from tests.accounts.conftest import account, app_code, is_in, with_password, wrong_code
from tests.factories import user

pytestmark = pytest.mark.django_db

ASK = "/account/login/code/"
SECOND_STEP = "/account/2fa/authenticate/"


def test_attempts_are_counted_where_each_process_sees_them():
    assert isinstance(cache._connections[cache._alias], DatabaseCache)


def test_five_wrong_passwords_close_an_address_for_five_minutes():
    person = account()
    for network in range(5):
        with_password(Client(REMOTE_ADDR=f"192.0.2.{network}"), person.email, "fout")
    client = Client(REMOTE_ADDR="192.0.2.99")

    assert "Te veel pogingen" in with_password(client, person.email).content.decode()
    assert not is_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        with_password(client, person.email)
        assert is_in(client)


def test_ten_wrong_passwords_a_minute_close_a_network():
    for number in range(10):
        with_password(Client(), f"iemand.{number}@example.org", "fout")

    assert "Te veel pogingen" in with_password(Client(), account().email).content.decode()


def test_an_address_gets_five_codes_in_a_quarter_of_an_hour(mailoutbox):
    person = user()
    for network in range(8):
        answer = Client(REMOTE_ADDR=f"192.0.2.{network}").post(ASK, {"email": person.email})

    assert len(mailoutbox) == 5
    assert "Te veel pogingen" in answer.content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        Client().post(ASK, {"email": person.email})
    assert len(mailoutbox) == 6


def test_an_unknown_address_is_limited_in_the_same_way(mailoutbox):
    for _ in range(8):
        answer = Client().post(ASK, {"email": "niemand@example.org"})

    assert len(mailoutbox) == 5
    assert "Te veel pogingen" in answer.content.decode()


def test_a_network_gets_twenty_codes_a_minute(mailoutbox):
    for number in range(25):
        Client().post(ASK, {"email": f"iemand.{number}@example.org"})

    assert len(mailoutbox) == 20


def test_an_address_gets_five_reset_codes_in_a_quarter_of_an_hour(mailoutbox):
    for network in range(8):
        answer = Client(REMOTE_ADDR=f"192.0.2.{network}").post(
            "/account/password/reset/", {"email": "niemand@example.org"}
        )

    assert len(mailoutbox) == 5
    assert answer.status_code == 429
    assert "Even wachten" in answer.content.decode()


def test_thirty_tries_with_a_password_a_minute_are_enough_for_a_network():
    answers = [with_password(Client(), f"iemand.{number}@example.org", "fout") for number in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]


def test_five_wrong_codes_of_the_app_close_the_second_step(client):
    person = account(app=True)
    with_password(client, person.email)
    for _ in range(5):
        client.post(SECOND_STEP, {"code": wrong_code()})

    assert "Te veel pogingen" in client.post(SECOND_STEP, {"code": app_code()}).content.decode()
    assert not is_in(client)


def test_another_browser_does_not_give_the_second_step_new_tries():
    person = account(app=True)
    for network in range(5):
        client = Client(REMOTE_ADDR=f"192.0.2.{network}")
        with_password(client, person.email)
        client.post(SECOND_STEP, {"code": wrong_code()})
    client = Client(REMOTE_ADDR="192.0.2.99")
    with_password(client, person.email)
    client.post(SECOND_STEP, {"code": app_code()})

    assert not is_in(client)


def test_passkey_sign_in_is_limited_by_network(client):
    answers = [
        client.post("/account/2fa/webauthn/login/", {"credential": "{}"}).status_code for _ in range(11)
    ]

    assert answers == [302] * 10 + [429]
