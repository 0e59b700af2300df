"""Signing in by code with a second factor, and the pages of one's own account."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from playwright.sync_api import expect

from tests import factories
from tests.accounts.conftest import app_code
from tests.browser import measuring, signing_in
from tests.browser.conftest import NewVisitor
from tests.roles import Role, person


@pytest.fixture(autouse=True)
def _mail_goes_to_the_outbox(settings) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_an_editor_signs_in_by_code_and_second_factor(visitor: NewVisitor, width: int):
    editor = person(Role.EDITOR, factories.group())
    someone = visitor(width)
    signing_in.by_code(someone.page, editor.email)
    page = someone.page
    expect(page.get_by_role("heading", name="Tweede stap")).to_be_visible()
    findings = measuring.accessibility(page) + measuring.overflow(page) + measuring.small_targets(page)
    assert not findings, "\n".join(findings)

    page.get_by_label("Code").fill(app_code())
    page.get_by_role("button", name="Meld je aan").click()
    expect(page).to_have_url("/")
    if page.get_by_role("button", name="Menu").is_visible():
        page.get_by_role("button", name="Menu").click()
    page.locator(".account-menu summary").click()
    findings = measuring.accessibility(page) + measuring.overflow(page) + measuring.small_targets(page)
    assert not findings, "\n".join(findings)
    page.get_by_role("link", name="Beheer").click()
    expect(page).to_have_url(re.compile("/beheer/$"))

    page.goto("/")
    if page.get_by_role("button", name="Menu").is_visible():
        page.get_by_role("button", name="Menu").click()
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Afmelden").click()
    expect(page).to_have_url("/")
    page.goto("/beheer/")
    expect(page).to_have_url(re.compile("/account/login/"))


def test_a_member_signs_in_by_code_alone_and_sees_the_contact(visitor: NewVisitor):
    contact = factories.practice_contact()
    member = person(Role.MEMBER, factories.group())
    someone = visitor()
    signing_in.by_code(someone.page, member.email)
    expect(someone.page).to_have_url("/")
    page = someone.go(contact.practice.get_absolute_url())
    expect(page.get_by_role("link", name=contact.email)).to_be_visible()
    findings = measuring.accessibility(page) + measuring.overflow(page)
    assert not findings, "\n".join(findings)


def test_a_wrong_code_is_said_and_can_be_tried_again(visitor: NewVisitor):
    member = person(Role.MEMBER, factories.group())
    someone = visitor(360)
    page = someone.go("/account/login/")
    page.get_by_label("E-mailadres").first.fill(member.email)
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_label("Code").fill("0000-0000")
    page.get_by_role("button", name="Meld je aan").click()
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    findings = measuring.accessibility(page) + measuring.overflow(page) + measuring.small_targets(page)
    assert not findings, "\n".join(findings)
    page.get_by_label("Code").fill(signing_in.mailed_code(member.email))
    page.get_by_role("button", name="Meld je aan").click()
    expect(page).to_have_url("/")


# With a second factor; the last one shows each component of the site, to staff.
OWN_PAGES = (
    "/account/email/",
    "/account/password/change/",
    "/account/password/set/",
    "/account/sessions/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/totp/deactivate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/2fa/recovery-codes/",
    "/account/2fa/recovery-codes/generate/",
    "/account/reauthenticate/",
    "/account/logout/",
    "/stijlgids/",
)


def test_the_pages_of_an_account_are_sound(visitor: NewVisitor, portal: str):
    someone = visitor(1280)
    editor = person(Role.EDITOR, factories.group())
    RecoveryCodes.activate(editor)
    signing_in.at_once(someone.context, portal, editor)
    findings = []
    for address in OWN_PAGES:
        page = someone.go(address)
        measuring.at_width(page, 1280)
        found = measuring.frame(page) + measuring.accessibility(page)
        for width in (640, 320):
            measuring.at_width(page, width)
            found += measuring.overflow(page)
        findings += [f"{address} ({page.url}): {one}" for one in found]
    assert not findings, "\n".join(findings)
