"""Signing in as somebody does it at the pages, and the short way for tests of what lies behind."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from expoo_portal.outbox import OutgoingMail
from tests import roles
from tests.browser.places import SIGN_IN


def mailed_code(address: str) -> str:
    """The code in the newest mail to this address."""
    mail = OutgoingMail.objects.filter(to=[address]).first()
    assert mail is not None, f"no mail to {address}"
    found = re.search(r"\b\d{4}-\d{4}\b", mail.text)
    assert found, mail.text
    return found[0]


def by_code(page: Page, address: str, start: str = SIGN_IN) -> None:
    """From the sign-in page, or an address that leads there, to where the mailed code leads."""
    page.goto(start)
    page.get_by_label("E-mailadres").first.fill(address)
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_label("Code").wait_for()
    page.get_by_label("Code").fill(mailed_code(address))
    page.get_by_role("button", name="Meld je aan").click()


def at_once(context: BrowserContext, portal: str, user: Any) -> None:
    """Give this browser the session of this user, second factor included."""
    client = roles.sign_in(Client(), user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": portal}])
