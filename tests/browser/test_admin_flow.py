"""From signing in to what a visitor sees: the whole way of an editor with a practice."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from expoo_portal.visibility import PublicationState
from tests import factories
from tests.accounts.conftest import app_code
from tests.browser import measuring, signing_in
from tests.browser.conftest import NewVisitor
from tests.browser.places import CATALOGUE
from tests.roles import Role, person

# A published change is visible on every process within this time (issue 2).
VISIBLE_WITHIN_SECONDS = 2


@pytest.mark.parametrize("width", [360, 1280])
def test_an_editor_edits_and_publishes_a_practice(visitor: NewVisitor, settings, width: int):
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    settings.CONTENT_VERSION_SECONDS = 1.0
    name = f"Babbelbank {width}"
    draft = factories.practice(name=name, special="Begin", state=PublicationState.DRAFT)
    editor = person(Role.EDITOR, factories.group())
    reader = visitor(width)
    reader.go(CATALOGUE)
    reader.watch.expected_statuses = {404}
    assert reader.page.goto(draft.get_absolute_url()).status == 404

    page = visitor(width).page
    signing_in.by_code(page, editor.email, start="/beheer/")
    page.get_by_label("Code").fill(app_code())
    page.get_by_role("button", name="Meld je aan").click()
    page.locator("#content-main .model-practice").get_by_role("link", name="Praktijken").click()
    page.locator("#searchbar").fill(name)
    page.keyboard.press("Enter")
    page.locator("#result_list").get_by_role("link", name=name).click()

    page.get_by_label("Wat is er bijzonder aan").fill("Een bank onder de boom, elke dag om vier uur")
    page.get_by_role("checkbox", name="Buiten of openbare ruimte").check()
    page.get_by_role("button", name="Bewaren en voorbeeld bekijken").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator(".preview-banner")).to_contain_text("nog niet gepubliceerd")
    expect(page.locator(".site-menu")).to_contain_text("Aanmelden")
    findings = measuring.accessibility(page) + measuring.overflow(page)
    assert not findings, "\n".join(findings)
    page.go_back()

    page.get_by_role("button", name="Bewaren en publiceren").first.click()
    expect(page.locator(".messagelist .success").last).to_contain_text("is bewaard")
    time.sleep(VISIBLE_WITHIN_SECONDS)
    assert reader.page.goto(draft.get_absolute_url()).status == 200
    expect(reader.page.get_by_text("Een bank onder de boom").first).to_be_visible()
    reader.go(f"{CATALOGUE}?q=babbelbank&ruimte=buiten")
    expect(reader.page.locator(f'[data-slug="{draft.slug}"]')).to_be_visible()

    page.goto(f"/beheer/practices/practice/{draft.pk}/change/")
    page.get_by_role("link", name="Geschiedenis").click()
    page.locator("#change-history tbody tr").last.get_by_role("link", name="Bekijk").click()
    page.get_by_role("link", name="Deze versie terugzetten").click()
    page.get_by_role("button", name="Ja, zet deze versie terug").click()
    expect(page.locator(".messagelist")).to_contain_text("is teruggezet")
    time.sleep(VISIBLE_WITHIN_SECONDS)
    reader.go(draft.get_absolute_url())
    expect(reader.page.locator(".hero__lead")).to_have_text("Begin")
