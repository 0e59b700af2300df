"""The page of a theme in a real browser: found at a glance on a phone, folded texts that open, and paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import measuring
from tests.browser.conftest import NewVisitor
from tests.browser.places import THEME
from tests.browser.test_print import expect_only_content, sheets

# CSS px. All texts open it is about twice as long.
LONGEST_ON_A_PHONE = 8000
FOLDED = "waarom-ontmoeten-telt"
IN_THE_FOLD = "Er zit een spanning in."


def test_a_phone_shows_a_theme_in_a_few_screens(visitor: NewVisitor):
    page = visitor(360).go(THEME)
    assert page.evaluate("document.documentElement.scrollHeight") < LONGEST_ON_A_PHONE
    findings = measuring.accessibility(page) + measuring.small_targets(page) + measuring.overflow(page)
    assert not findings, "\n".join(findings)


def test_each_way_in_leads_somewhere(visitor: NewVisitor):
    page = visitor(360).go(THEME)
    links = page.get_by_role("navigation", name="Begin hier").get_by_role("link").all()
    addresses = [link.get_attribute("href") for link in links]
    assert len(addresses) == 8
    for address in addresses:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if "#" in address:
            expect(page.locator(f"#{address.partition('#')[2]}")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_reader_opens_the_rest_of_a_text_with_the_keyboard(visitor: NewVisitor, scripts: bool):
    page = visitor(360, java_script_enabled=scripts).go(THEME)
    rest = page.get_by_text(IN_THE_FOLD)
    expect(rest).not_to_be_visible()
    page.get_by_text("Lees verder: Waarom ontmoeten telt").focus()
    page.keyboard.press("Enter")
    expect(rest).to_be_visible()
    assert not measuring.overflow(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_address_into_a_folded_text_opens_it(visitor: NewVisitor, scripts: bool):
    page = visitor(360, java_script_enabled=scripts).go(f"{THEME}#{FOLDED}.verder")
    expect(page.get_by_text(IN_THE_FOLD)).to_be_visible()
    expect(page.locator(f"[id='{FOLDED}.verder']")).to_be_in_viewport()


def test_a_wide_screen_keeps_the_way_around_beside_the_text(visitor: NewVisitor):
    page = visitor(1280).go(THEME)
    around = page.get_by_role("navigation", name="Op deze pagina")
    around.get_by_role("link", name="Documenten").click()
    expect(page.locator("#documenten")).to_be_in_viewport()
    expect(around.get_by_role("link", name="Documenten")).to_be_in_viewport()
    nav = around.bounding_box()
    text = page.locator(".theme__parts").bounding_box()
    assert nav is not None
    assert text is not None
    assert nav["x"] + nav["width"] <= text["x"]
    assert nav["y"] + nav["height"] <= page.viewport_size["height"]


def test_a_phone_unfolds_the_way_around(visitor: NewVisitor):
    page = visitor(360).go(THEME)
    around = page.get_by_role("navigation", name="Op deze pagina")
    link = around.get_by_role("link", name="Wil je iemand spreken?")
    expect(link).not_to_be_visible()
    around.get_by_text("Op deze pagina").click()
    link.click()
    expect(page.locator("#contact")).to_be_in_viewport()


def test_a_phone_unfolds_the_ways_into_the_catalogue(visitor: NewVisitor):
    page = visitor(360).go(THEME)
    page.get_by_role("heading", name="Ruimte").click()
    page.get_by_role("link", name="In een multifunctionele ruimte").click()
    expect(page).to_have_url("/praktijken/?ruimte=multifunctionele-ruimte")


def test_on_paper_a_theme_is_all_there(visitor: NewVisitor):
    page = visitor().go(THEME)
    expect_only_content(page)
    for words in (IN_THE_FOLD, "Ontmoeten als hoofdopdracht", "Wat vaak terugkomt"):
        expect(page.get_by_text(words)).to_be_visible()
    assert sheets(page) <= 8
