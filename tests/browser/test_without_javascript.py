"""Everything a visitor needs, in a browser that runs no scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.places import CATALOGUE, CHALLENGES, SIGN_IN
from tests.factories import user


@pytest.fixture(params=(360, 1280))
def somebody(request: pytest.FixtureRequest, visitor: NewVisitor) -> Visitor:
    """A visitor without JavaScript, on a phone and at a desk."""
    return visitor(request.param, java_script_enabled=False)


def test_a_visitor_searches_filters_and_reads(somebody: Visitor):
    page = somebody.go(CATALOGUE)
    results = page.locator("#resultaten")
    page.get_by_role("navigation", name="Pagina's").get_by_role("link", name="Volgende").click()
    expect(page.locator("#resultaten [data-slug]")).to_have_count(18)

    page.get_by_label("Zoek op een woord").fill("spelen")
    page.keyboard.press("Enter")
    expect(page.locator("#resultaten mark").first).to_be_visible()
    found = int(results.get_attribute("data-total") or "")
    assert 0 < found < 42
    expect(page.locator(".notice")).to_have_count(0)

    filters = page.locator(".filters > summary")
    if filters.is_visible():
        filters.click()
    box = page.get_by_label("Buiten of openbare ruimte")
    expected = page.locator('[data-facet="ruimte"][data-value="buiten"]').get_attribute("data-count")
    box.check()
    page.get_by_role("button", name="Toon resultaten").click()
    expect(results).to_have_attribute("data-total", expected)
    expect(page.locator(".chip")).to_have_count(1)

    page.get_by_label("Sorteer op").select_option(label="Gemeente")
    page.get_by_role("button", name="Zoeken").click()
    expect(page).to_have_url(f"{CATALOGUE}?q=spelen&ruimte=buiten&sorteer=gemeente")
    page.locator("#resultaten .card a").first.click()
    expect(page.get_by_role("heading", name="In het kort")).to_be_visible()


def test_a_visitor_with_a_challenge_finds_an_answer_and_companions(somebody: Visitor):
    page = somebody.go(CATALOGUE)
    page.get_by_role("link", name="Zoek op wat moeilijk is bij jullie").click()
    page.get_by_role("link", name="Gezinnen met een baby haken af zodra het vriest.").click()
    answers = page.get_by_role("region", name="misschien raad")
    expect(answers.locator("li").first).to_contain_text("Ommetje voor twee (voorbeeld)")
    expect(answers.locator("mark").first).to_have_text("baby")

    page.get_by_label("Wat is moeilijk bij jullie?").fill("vrijwilligers vinden")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{CHALLENGES}?q=vrijwilligers+vinden")
    expect(page.get_by_role("region", name="een uitdaging die erop lijkt")).to_be_visible()
    page.get_by_role("link", name="Vaders", exact=True).click()
    expect(page.get_by_role("heading", name="Vaders", exact=True)).to_be_visible()

    answers.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Sterktes")).to_be_in_viewport()
    page.get_by_text("Wie weet hier raad mee?").click()
    page.locator("details a").first.click()
    expect(page.get_by_role("heading", name="Deze uitdaging koos je")).to_be_visible()


def test_a_visitor_gets_around(somebody: Visitor):
    page = somebody.go("/")
    if page.get_by_role("button", name="Menu").is_visible():
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Praktijken").click()
    expect(page.locator("#resultaten")).to_be_visible()
    page.get_by_role("link", name="Verras me").click()
    expect(page.get_by_role("heading", name="In het kort")).to_be_visible()


def test_somebody_asks_for_a_code(somebody: Visitor):
    page = somebody.go(SIGN_IN)
    page.get_by_label("E-mailadres").first.fill(user().email)
    page.get_by_role("button", name="Stuur mij een code").click()
    expect(page.get_by_label("Code")).to_be_visible()
