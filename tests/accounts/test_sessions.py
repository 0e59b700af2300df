"""Seeing where one is signed in, and ending it."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from expoo_portal.accounts.jobs import clear_sessions
from expoo_portal.accounts.templatetags.second_factor import browser
from tests.accounts.conftest import PASSWORD, account, is_in, with_password

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.0 Mobile/15E148 Safari/604.1"
)


def browsers(person):
    """Two browsers in which this person is signed in."""
    first, second = Client(headers={"user-agent": FIREFOX}), Client(headers={"user-agent": SAFARI})
    with_password(first, person.email)
    with_password(second, person.email)
    return first, second


def test_somebody_sees_where_they_are_signed_in():
    first, _second = browsers(account())
    page = first.get("/account/sessions/").content.decode()

    assert page.count("Dit toestel") == 1
    assert "Firefox op Linux" in page
    assert "Safari op iPhone" in page


def test_an_ended_session_is_out_at_its_next_request():
    person = account()
    first, second = browsers(person)
    other = UserSession.objects.get(session_key=second.session.session_key)
    first.post(reverse("account_end_session", args=[other.pk]))

    assert is_in(first)
    assert not is_in(second)


def test_all_other_sessions_end_at_once():
    first, second = browsers(account())
    first.post("/account/sessions/")

    assert is_in(first)
    assert not is_in(second)


def test_nobody_ends_a_session_of_somebody_else():
    mine, _ = browsers(account())
    theirs, _ = browsers(account())
    other = UserSession.objects.get(session_key=theirs.session.session_key)

    assert mine.post(reverse("account_end_session", args=[other.pk])).status_code == 404
    assert mine.get(reverse("account_end_session", args=[other.pk])).status_code == 405
    assert is_in(theirs)


def test_a_new_password_ends_the_other_sessions():
    first, second = browsers(account())
    new = "acht-blauwe-ballonnen"
    first.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert is_in(first)
    assert not is_in(second)


def test_closing_an_account_ends_its_sessions():
    person = account()
    first, _second = browsers(person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)

    assert not is_in(first)


def test_sessions_that_no_longer_exist_leave_the_list():
    person = account()
    browsers(person)
    Session.objects.all().delete()
    clear_sessions(0)

    assert not UserSession.objects.exists()


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (FIREFOX, "Firefox op Linux"),
        (SAFARI, "Safari op iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge op Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome op Android"),
        ("curl/8.0", "Onbekende browser"),
        ("", "Onbekende browser"),
    ],
)
def test_a_browser_is_named_in_plain_words(user_agent, expected):
    assert browser(user_agent) == expected
