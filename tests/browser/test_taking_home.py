"""What a visitor takes home: the collection with and without scripts, the comparison, and all of it on paper."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from practices.models import Practice
from tests.browser import measuring
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.long_practice import long_practice
from tests.browser.places import CATALOGUE, COLLECTION, COMPARISON, EXAMPLE, REAL
from tests.browser.test_print import expect_only_content, sheets

EMPTY = f"{CATALOGUE}waaier/"


def slugs(page: Page) -> list[str]:
    """The practices that the page shows as cards."""
    return page.locator("[data-slug]").evaluate_all("(cards) => cards.map((card) => card.dataset.slug)")


def kept(page: Page) -> list[str]:
    """What this browser remembers as its own collection."""
    return page.evaluate("JSON.parse(localStorage.getItem('waaier') ?? '[]')")


@pytest.fixture(scope="module")
def longest(content: None) -> Practice:
    """A practice as long as can be."""
    return long_practice()


@pytest.fixture(params=(360, 1280))
def somebody(request: pytest.FixtureRequest, visitor: NewVisitor) -> Visitor:
    """A visitor without JavaScript, on a phone and at a desk."""
    return visitor(request.param, java_script_enabled=False)


def test_a_visitor_without_scripts_collects_orders_compares_and_prints(somebody: Visitor):
    page = somebody.go(REAL)
    page.get_by_role("link", name="Zet in mijn waaier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn waaier")
    page.get_by_label("Zoek op een woord").fill("babybib")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Voeg toe Babybib Oostende").click()
    expect(page.locator("[data-slug]")).to_have_count(2)
    page.get_by_role("link", name="Naar voor Babybib Oostende").click()
    expect(page.locator("[data-slug]").first).to_have_attribute("data-slug", "babybib-oostende")
    expect(page.get_by_label("Adres van deze waaier")).to_have_value(
        re.compile(r"/praktijken/waaier/\?p=babybib-oostende,koala-kessel-lo$")
    )
    expect(page.get_by_role("button", name="Kopieer")).to_have_count(0)

    page.get_by_role("checkbox", name="Vergelijk Babybib").check()
    page.get_by_role("checkbox", name="Vergelijk KOALA").check()
    page.get_by_role("button", name="Vergelijk wat je aanvinkt").click()
    expect(page.get_by_role("row", name=re.compile("^Gemeente verschilt"))).to_be_visible()
    page.get_by_role("link", name="Toon alleen de verschillen").click()
    expect(page.get_by_role("link", name="Toon ook wat gelijk is")).to_be_visible()
    page.get_by_role("navigation", name="Kruimelpad").get_by_role("link", name="Mijn waaier").click()
    page.get_by_role("link", name="Haal weg KOALA Kessel-Lo").click()
    page.get_by_role("link", name="Druk de waaier af").click()
    expect(page.get_by_role("heading", name="Babybib Oostende")).to_be_visible()


def test_a_visitor_collects_from_the_catalogue_and_finds_it_back(visitor: NewVisitor):
    someone = visitor(360)
    page = someone.go(CATALOGUE)
    page.get_by_role("button", name="Baboes in mijn waaier", exact=True).click()
    expect(page.get_by_role("link", name="Mijn waaier (1)")).to_be_visible()
    page.get_by_label("Zoek op een woord").fill("babybib")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Babybib Oostende in mijn waaier")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    findings = measuring.accessibility(page) + measuring.small_targets(page) + measuring.overflow(page)
    assert not findings, "\n".join(findings)

    page.get_by_role("link", name="Mijn waaier (2)").click()
    expect(page).to_have_url(f"{EMPTY}?p=baboes,babybib-oostende")
    page.get_by_role("link", name="Naar achter Baboes").click()
    expect(page).to_have_url(f"{EMPTY}?p=babybib-oostende,baboes")
    assert kept(page) == ["babybib-oostende", "baboes"]
    page = someone.go(f"{CATALOGUE}baboes/")
    page.get_by_role("button", name="✓ In mijn waaier").click()
    expect(page.get_by_role("button", name="Zet in mijn waaier")).to_be_visible()
    page = someone.go(EMPTY)
    expect(page).to_have_url(f"{EMPTY}?p=babybib-oostende")
    assert not someone.context.cookies()


def test_somebody_elses_collection_leaves_ones_own_alone(visitor: NewVisitor):
    someone = visitor(1280)
    page = someone.go(f"{CATALOGUE}baboes/")
    page.get_by_role("button", name="Zet in mijn waaier").click()
    page = someone.go(COLLECTION)
    page.get_by_role("link", name="Haal weg Baboes").click()
    expect(page.locator("[data-slug]")).to_have_count(3)
    assert kept(page) == ["baboes"]
    expect(page.get_by_role("link", name="Mijn waaier (1)")).to_be_visible()
    page.get_by_role("button", name="Bewaar deze in plaats van mijn waaier").click()
    assert kept(page) == slugs(page)


def test_a_browser_that_keeps_nothing_shows_everything_all_the_same(visitor: NewVisitor):
    someone = visitor(1280)
    someone.context.add_init_script(
        "Storage.prototype.getItem = Storage.prototype.setItem = () => { throw 1; };"
    )
    page = someone.go(COLLECTION)
    page.get_by_role("link", name="Haal weg Baboes").click()
    expect(page.locator("[data-slug]")).to_have_count(3)


def test_the_address_is_copied(visitor: NewVisitor):
    someone = visitor(1280, permissions=["clipboard-read", "clipboard-write"])
    page = someone.go(COLLECTION)
    page.get_by_role("button", name="Kopieer").click()
    expect(page.get_by_text("Het adres is gekopieerd.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith(COLLECTION)


def test_a_comparison_on_a_phone_names_the_practice_in_each_cell(visitor: NewVisitor):
    page = visitor(360).go(COMPARISON)
    cell = page.locator(".compare td").first
    expect(cell.locator(".compare__name")).to_be_visible()
    assert page.evaluate("document.querySelector('.compare td').offsetWidth") > 250
    expect(page.get_by_role("columnheader")).to_have_count(4)
    expect(page.get_by_role("rowheader", name=re.compile("^Gemeente"))).to_be_visible()


def test_the_collection_prints_a_cover_and_an_a4_each(visitor: NewVisitor):
    page = visitor().go(COLLECTION.replace("waaier/", "waaier/afdrukken/"))
    expect_only_content(page)
    assert sheets(page) == 5


@pytest.mark.parametrize("kind", ["afdrukken", "teamblad"])
def test_each_practice_of_the_catalogue_prints_on_one_a4(visitor: NewVisitor, kind: str):
    page = visitor().page
    examples = Practice.objects.public().filter(kind="voorbeeld")
    addresses = [REAL, *(practice.get_absolute_url() for practice in examples)]
    assert len(addresses) > 5
    for address in addresses:
        page.goto(f"{address}{kind}/")
        assert sheets(page) == 1, address


def test_the_team_sheet_of_the_longest_practice_is_one_a4(visitor: NewVisitor, longest: Practice):
    page = visitor().go(reverse("practice_team_sheet", args=[longest.slug]))
    expect_only_content(page)
    expect(page.get_by_role("heading", name="Onze notities")).to_be_visible()
    assert sheets(page) == 1


@pytest.mark.parametrize("place", ["waaier/", "waaier/afdrukken/", "vergelijk/"])
def test_the_longest_practice_stays_within_the_narrowest_window(
    visitor: NewVisitor, longest: Practice, place: str
):
    page = visitor(320).go(f"{CATALOGUE}{place}?p={longest.slug},baboes&zoek=ouder")
    assert not measuring.overflow(page)
    measuring.at_width(page, 800)
    assert not measuring.overflow(page)


def test_the_comparison_prints_on_landscape(visitor: NewVisitor):
    page = visitor().go(COMPARISON)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", page.pdf(prefer_css_page_size=True))
    assert boxes
    assert all(float(width) > float(height) for width, height in boxes)


def test_the_team_sheet_is_reached_from_the_practice(visitor: NewVisitor):
    page = visitor(360).go(EXAMPLE)
    page.get_by_role("link", name="Teamblad voor overleg").click()
    expect(page).to_have_url(f"{EXAMPLE}teamblad/")
