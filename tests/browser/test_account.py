"""Signing in with a passkey and one's own pages, in a browser with an authenticator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.watching import Watch
from tests.factories import user

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named_portal(portal: str) -> str:
    """The portal by a name: a passkey belongs to a name, not to a number."""
    return portal.replace("127.0.0.1", "localhost")


@pytest.fixture
def context_with_key(browser: Browser, named_portal: str, content: None) -> Iterator[BrowserContext]:
    """A browser that can make passkeys, and in which nothing goes wrong."""
    context = browser.new_context(base_url=named_portal, locale="nl-BE")
    context.set_default_timeout(8_000)
    watch = Watch(context, named_portal)
    yield context
    context.close()
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def page_with_key(context_with_key: BrowserContext) -> Page:
    """A tab of that browser."""
    page = context_with_key.new_page()
    session = context_with_key.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def sign_in_by_code(page: Page, person: Any) -> None:
    """From the sign-in page to after the code."""
    mail.outbox.clear()
    page.goto("/account/login/")
    page.get_by_label("E-mailadres").first.fill(person.email)
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_label("Code").fill(re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)[0])
    page.get_by_role("button", name="Meld je aan").click()


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.get_by_role("button", name="Meld mij af").click()


def test_staff_make_a_passkey_and_sign_in_with_it(page_with_key: Page) -> None:
    page, person = page_with_key, user(is_staff=True)
    mail.outbox = []
    sign_in_by_code(page, person)
    expect(page.get_by_text("Voor jouw account is een tweede stap verplicht")).to_be_visible()
    page.get_by_role("link", name="Maak een passkey").click()
    page.get_by_role("button", name="Maak de passkey").click()
    expect(page.get_by_role("heading", name="Je herstelcodes")).to_be_visible()
    assert Authenticator.objects.filter(user=person).count() == 2
    page.get_by_role("link", name="Naar het beheer").click()
    expect(page).to_have_url(re.compile(r"/beheer/$"))

    sign_out(page)
    page.goto("/account/login/?next=/account/2fa/webauthn/")
    page.get_by_role("button", name="Meld je aan met een passkey").click()
    expect(page.get_by_role("heading", name="Je passkeys")).to_be_visible()

    sign_out(page)
    sign_in_by_code(page, person)
    page.get_by_role("button", name="Gebruik je passkey").click()
    expect(page.get_by_text("Je bent aangemeld.")).to_be_visible()
    page.goto("/beheer/")
    expect(page).to_have_url(re.compile(r"/beheer/$"))


def test_a_passkey_that_fails_is_said_on_the_page(browser: Browser, named_portal: str, content: None) -> None:
    context = browser.new_context(base_url=named_portal)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | {"isUserVerified": False}})
    page.goto("/account/login/")
    page.get_by_role("button", name="Meld je aan met een passkey").click()

    expect(page.get_by_text("Dat lukte niet met je passkey")).to_be_visible()
    context.close()


def test_without_a_name_or_javascript_no_passkey_is_offered(
    browser: Browser, portal: str, content: None
) -> None:
    for options in ({}, {"java_script_enabled": False}):
        context = browser.new_context(base_url=portal, **options)
        page = context.new_page()
        page.goto("/account/login/")
        expect(page.get_by_role("button", name="Meld je aan met een passkey")).to_be_hidden()
        context.close()
