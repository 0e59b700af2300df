"""Getting everywhere with a keyboard only, and seeing where one is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.measuring import COME_TO_REST
from tests.browser.places import CATALOGUE, PUBLIC, SIGN_IN

# What has the focus now: its place in the document and what is wrong with it.
_FOCUSED = (
    f"async () => {{ {COME_TO_REST}"
    + """
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const all = window.allElements ??= [...document.querySelectorAll("*")];
  const block = element.closest(".card, .way, .shown__item, .rows > li");
  const shown = [element, block].filter(Boolean).map((one) => getComputedStyle(one));
  const isOutlined = shown.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3);
  const { left, right, top, bottom, width } = element.getBoundingClientRect();
  const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const isOnTop = at && (element.contains(at) || at.contains(element) || block?.contains(at));
  const wrong = [];
  if (!isOutlined) wrong.push("has no outline of 3 px");
  if (width < 1 || bottom < 0 || top > innerHeight) wrong.push("is out of sight");
  else if (!isOnTop) wrong.push(`lies under ${at?.outerHTML.slice(0, 60)}`);
  const name = element.outerHTML.slice(0, 90);
  return { place: all.indexOf(element), wrong: wrong.map((what) => `${name} ${what}`), name };
}
"""
)
_MANY = 300


def walk(page: Page) -> list[dict]:
    """Press Tab from the top of the page to its end, and tell of each stop."""
    stops: list[dict] = []
    for _ in range(_MANY):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop is None or (stops and stop["place"] == stops[0]["place"]):
            return stops
        stops.append(stop)
    raise AssertionError(f"no end after {_MANY} stops: {stops[-1]['name']}")


@pytest.mark.parametrize("name", ["start", "praktijken-gekozen", "praktijken-kaart", "praktijk", "aanmelden"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_focus_goes_through_the_page_in_order_and_is_seen(visitor: NewVisitor, name: str, width: int):
    page = visitor(width).go(PUBLIC[name])
    stops = walk(page)
    findings = [finding for stop in stops for finding in stop["wrong"]]
    places = [stop["place"] for stop in stops]
    assert not findings, "\n".join(findings)
    assert places == sorted(places)
    assert "Toegankelijkheid" in stops[-1]["name"], "the last link of the footer is the last stop"


def test_the_skip_link_leads_to_the_content(visitor: NewVisitor):
    page = visitor().go(PUBLIC["praktijk"])
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Ga naar de inhoud")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_visitor_filters_with_the_keyboard(visitor: NewVisitor):
    page = visitor().go(CATALOGUE)
    page.locator("#zoek").focus()
    page.keyboard.press("Tab")  # the search button
    page.keyboard.press("Tab")  # the search by challenge
    page.keyboard.press("Tab")
    expect(page.locator(".facet > summary").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".facet input").first).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.locator(".facet input").first).to_be_focused()
    expect(page.locator(".facet input").first).to_be_checked()

    page.locator(".chip").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(0)
    # A folded group opens with the keyboard too.
    page.locator(".facet:not([open]) > summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#f-begeleiding-professionele-medewerkers")).to_be_focused()


def test_the_menu_of_a_phone_opens_and_closes_with_the_keyboard(visitor: NewVisitor):
    page = visitor(360).go(PUBLIC["praktijk"])
    menu = page.get_by_role("button", name="Menu")
    while not menu.evaluate("button => button === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Hoofdmenu")).not_to_be_visible()
    expect(menu).to_be_focused()


def test_somebody_asks_for_a_code_with_the_keyboard(visitor: NewVisitor):
    page = visitor().go(SIGN_IN)
    page.get_by_label("E-mailadres").first.focus()
    page.keyboard.type("niemand@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_visible()
