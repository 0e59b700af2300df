"""The search box: with the keyboard, on a phone, and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from expoo_portal.search.words import rebuild_words
from tests.browser.conftest import NewVisitor

SEARCH = "/zoeken/"


@pytest.mark.parametrize("width", [360, 1280])
def test_somebody_completes_a_word_with_the_keyboard(visitor: NewVisitor, width: int) -> None:
    rebuild_words()
    page = visitor(width).go(SEARCH)
    box = page.get_by_role("combobox", name="Zoek in alles")
    box.press_sequentially("speel")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    assert all(re.search(r"\d+ resulta", text) for text in options.all_inner_texts())

    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    box.press("ArrowUp")
    expect(box).to_have_value("speel")
    box.press("Escape")
    expect(options.first).to_be_hidden()

    box.press_sequentially("g")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    said = int(re.search(r"(\d+) resulta", options.first.inner_text()).group(1))  # type: ignore[union-attr]
    box.press("Enter")
    expect(page.locator("#zoekresultaten")).to_have_attribute("data-total", str(said))


def test_a_click_on_a_suggestion_searches(visitor: NewVisitor) -> None:
    page = visitor(1280).go("/over/")
    box = page.get_by_role("combobox", name="Zoek in alles")
    box.press_sequentially("koala")
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile(r"/zoeken/\?q="))
    expect(page.locator(".search-hit mark").first).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_without_scripts_the_box_searches_and_the_kinds_lead_on(visitor: NewVisitor, width: int) -> None:
    page = visitor(width, java_script_enabled=False).go(SEARCH)
    page.get_by_label("Zoek in alles").fill("spelen")
    page.keyboard.press("Enter")
    expect(page.locator(".search-hit mark").first).to_be_visible()
    page.get_by_role("navigation", name="Soorten").get_by_role("link", name="Praktijken").click()
    expect(page).to_have_url(re.compile("soort=praktijken"))
    expect(page.locator(".search-hit").nth(5)).to_be_visible()
