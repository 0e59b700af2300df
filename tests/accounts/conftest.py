"""Signing in, as somebody at a browser does it."""

from __future__ import annotations

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import user
from tests.jobs import _nothing_left_behind  # noqa: F401 - an autouse fixture

PASSWORD = "zeven-zachte-zeepbellen"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_attempts_yet(db):
    """No attempt of another test counts."""
    cache.clear()


def account(*, app: bool = False, verified: bool = True, **fields):
    """Somebody with a password and a proven address; with an authenticator app if asked."""
    made = user(password=PASSWORD, **fields)
    if verified:
        EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    if app:
        TOTP.activate(made, SECRET)
    return made


def app_code(periods: int = 0, secret: str = SECRET) -> str:
    """What the authenticator app shows, now or so many half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def wrong_code() -> str:
    """A code that the app does not show around now."""
    shown = {app_code(periods) for periods in range(-3, 4)}
    return next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
        if code not in shown
    )


def mailed_code(mailoutbox) -> str:
    """The code in the last mail."""
    return re.search(r"\b\d{4}-\d{4}\b", mailoutbox[-1].body)[0]


def with_password(client: Client, email: str, password: str = PASSWORD, **data):
    """The answer to an e-mail address and a password."""
    return client.post(reverse("account_login"), {"login": email, "password": password, **data})


def is_in(client: Client) -> bool:
    """Whether this browser is signed in: it reaches a page for people with an account."""
    return client.get(reverse("usersessions_list")).status_code == 200


def has_app(person) -> bool:
    """Whether this person has an authenticator app."""
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
