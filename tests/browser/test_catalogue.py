"""The catalogue in a browser with JavaScript: it updates in place, and its address holds all that was chosen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import NewVisitor
from tests.browser.places import CATALOGUE

ALL = 42
PAGE_SIZE = 24


@pytest.fixture(params=(360, 768, 1280))
def width(request: pytest.FixtureRequest) -> int:
    """A phone, a tablet and a desk."""
    return request.param


def slugs(page: Page) -> list[str]:
    """The practices on the page, in order."""
    return page.locator("#resultaten [data-slug]").evaluate_all(
        "cards => cards.map(card => card.dataset.slug)"
    )


def expect_total(page: Page, number: int) -> None:
    expect(page.locator("#resultaten")).to_have_attribute("data-total", str(number))


def expect_address(page: Page, query: str) -> None:
    expect(page).to_have_url(re.compile(f"{CATALOGUE}{re.escape(query)}$"))


def value(page: Page, facet: str, slug: str) -> Locator:
    """The row of a facet's value."""
    return page.locator(f'[data-facet="{facet}"][data-value="{slug}"]')


def count(page: Page, facet: str, slug: str) -> int:
    return int(value(page, facet, slug).get_attribute("data-count") or "")


def group(page: Page, facet: str) -> Locator:
    """The foldable group of a facet."""
    return page.locator(f'details.facet:has([data-facet="{facet}"])')


def open_filters(page: Page) -> None:
    """On a small screen the filters are folded away."""
    summary = page.locator(".filters > summary")
    if summary.is_visible():
        summary.click()


def wait_for_htmx(page: Page) -> None:
    """Until what came when somebody reached for the form is ready (Playwright's own waiting needs eval)."""
    page.evaluate(
        "new Promise(go => { const look = () => window.htmx ? go() : setTimeout(look, 10); look(); })"
    )


def stay(page: Page) -> None:
    """Mark this document, so that `expect_same_document` can tell whether it was replaced."""
    page.evaluate("window.isTheSame = true")


def expect_same_document(page: Page) -> None:
    assert page.evaluate("window.isTheSame === true"), "the page was loaded again"


def test_a_visitor_filters_in_place_and_goes_back(visitor: NewVisitor, width: int):
    page = visitor(width).go(CATALOGUE)
    expect_total(page, ALL)
    stay(page)
    open_filters(page)
    group(page, "vorm").locator("> summary").click()
    expected = count(page, "vorm", "vrije-inloop")
    parents = count(page, "doelgroepen", "ouders")

    value(page, "vorm", "vrije-inloop").click()
    expect_address(page, "?vorm=vrije-inloop")
    expect_total(page, expected)
    expect(page.locator("#resultaten-titel")).to_have_text(f"{expected} praktijken")
    expect(page.locator("#catalogus-status")).to_have_text(f"{expected} praktijken")
    expect(page.locator("#f-vorm-vrije-inloop")).to_be_focused()
    expect(page.locator(".filters > summary")).to_contain_text("1 gekozen")
    expect(page.locator(".chip")).to_have_text(["Verwijder filter Vorm van het aanbod: Vrije inloop"])
    narrowed = count(page, "doelgroepen", "ouders")
    assert narrowed < parents

    group(page, "doelgroepen").locator("> summary").click()
    value(page, "doelgroepen", "ouders").click()
    expect_address(page, "?doelgroepen=ouders&vorm=vrije-inloop")
    expect_total(page, narrowed)
    expect(group(page, "vorm")).to_have_attribute("open", "")
    found = slugs(page)

    page.go_back()
    expect_address(page, "?vorm=vrije-inloop")
    expect_total(page, expected)
    expect(page.locator("#f-doelgroepen-ouders")).not_to_be_checked()
    expect(page.locator("#f-vorm-vrije-inloop")).to_be_checked()
    expect(group(page, "doelgroepen")).to_have_attribute("open", "")
    page.go_back()
    expect_address(page, "")
    expect_total(page, ALL)
    expect(page.locator(".facet input:checked")).to_have_count(0)
    page.go_forward()
    expect_total(page, expected)
    page.go_forward()
    expect_total(page, narrowed)
    expect(page.locator(".facet input:checked")).to_have_count(2)
    assert slugs(page) == found
    expect_same_document(page)


def test_a_visitor_corrects_a_typing_error_and_shares_what_they_found(visitor: NewVisitor, width: int):
    page = visitor(width).go(CATALOGUE)
    stay(page)
    page.locator("#zoek").fill("ruilwinkle")
    wait_for_htmx(page)
    page.keyboard.press("Enter")
    expect_address(page, "?q=ruilwinkle")
    expect_total(page, 0)
    expect(page.locator("#zoek")).to_be_focused()
    expect_same_document(page)
    assert page.evaluate("history.length") == 3  # about:blank, the catalogue, these words

    page.locator(".did-you-mean a").click()
    expect_address(page, "?q=ruilwinkel")
    expect(page.locator("#resultaten mark").first).to_be_visible()
    expect(page.locator("#sorteer option:checked")).to_have_text("Relevantie")
    expect(page).to_have_title(re.compile("^“ruilwinkel”"))
    open_filters(page)
    value(page, "provincie", "antwerpen").locator("input").evaluate("box => box.click()")
    expect_address(page, "?q=ruilwinkel&provincie=antwerpen")
    found = slugs(page)
    assert found

    colleague = visitor(width).go(page.url)
    assert slugs(colleague) == found
    expect(colleague.locator("#zoek")).to_have_value("ruilwinkel")
    open_filters(colleague)
    expect(colleague.locator("#f-provincie-antwerpen")).to_be_checked()


def test_a_visitor_sorts(visitor: NewVisitor, width: int):
    page = visitor(width).go(CATALOGUE)
    by_name = slugs(page)
    page.locator("#sorteer").focus()
    page.locator("#sorteer").select_option(label="Gemeente")
    expect_address(page, "?sorteer=gemeente")
    expect(page.locator("#sorteer")).to_be_focused()
    assert slugs(page) != by_name
    page.locator("#sorteer").select_option(label="Naam")
    expect_address(page, "")
    assert slugs(page) == by_name


def test_a_visitor_looks_in_three_ways(visitor: NewVisitor, width: int):
    page = visitor(width).go(CATALOGUE)
    views = page.get_by_role("navigation", name="Weergave")
    views.get_by_text("Lijst").click()
    expect_address(page, "?weergave=lijst")
    expect(views.locator("[aria-current]")).to_have_text("Lijst")
    assert len(slugs(page)) == PAGE_SIZE
    open_filters(page)
    value(page, "type-organisatie", "huis-van-het-kind").click()
    expect_address(page, "?type-organisatie=huis-van-het-kind&weergave=lijst")
    expect(page.locator("#resultaten .list-rows")).to_be_visible()

    views.get_by_text("Kaart", exact=True).click()
    expect(page.locator(".province-map svg")).to_be_visible()
    chosen = page.locator(".province-map li", has_text="Limburg")
    number = int(chosen.locator(".count").inner_text())
    chosen.get_by_role("link").click()
    expect_address(page, "?type-organisatie=huis-van-het-kind&provincie=limburg")
    expect_total(page, number)


def test_a_visitor_turns_pages(visitor: NewVisitor, width: int):
    page = visitor(width).go(CATALOGUE)
    first = slugs(page)
    pages = page.get_by_role("navigation", name="Pagina's")
    pages.get_by_role("link", name="Volgende").click()
    expect_address(page, "?pagina=2")
    expect(pages.locator("[aria-current=page]")).to_have_text("Pagina 2")
    assert len(slugs(page)) == ALL - PAGE_SIZE
    assert not set(slugs(page)) & set(first)
    page.go_back()
    expect_address(page, "")
    pages.get_by_role("link", name="Pagina 2").click()
    open_filters(page)
    value(page, "ruimte", "buiten").click()
    expect_address(page, "?ruimte=buiten")


def test_a_visitor_is_surprised_within_their_choice(visitor: NewVisitor):
    page = visitor().go(f"{CATALOGUE}?type-organisatie=ruilwinkel")
    found = slugs(page)
    page.get_by_role("link", name="Verras me").click()
    expect(page.locator("h1")).to_be_visible()
    assert page.url.rstrip("/").rsplit("/", 1)[1] in found


def test_a_visitor_takes_choices_away_again(visitor: NewVisitor):
    page = visitor().go(f"{CATALOGUE}?type-organisatie=ruilwinkel&type-organisatie=school&q=ouders")
    page.locator(".chip", has_text="School").click()
    expect_address(page, "?q=ouders&type-organisatie=ruilwinkel")
    page.get_by_role("link", name="Wis alles").click()
    expect_address(page, "")
    expect(page.locator("#zoek")).to_have_value("")


def test_what_a_visitor_folds_and_unfolds_stays_so(visitor: NewVisitor):
    page = visitor().go(CATALOGUE)
    group(page, "opdracht").locator("> summary").click()
    group(page, "type-organisatie").get_by_text("Toon alle").click()
    value(page, "type-organisatie", "bibliotheek").click()
    expect_total(page, 1)
    expect(group(page, "opdracht")).not_to_have_attribute("open", "")
    expect(page.locator("#f-type-organisatie-bibliotheek")).to_be_focused()
    expect(page.locator("#f-type-organisatie-oudervereniging")).to_be_visible()

    # The keyboard may already be elsewhere when the answer comes.
    summary = group(page, "thema").locator("> summary")
    page.locator("#f-type-organisatie-bibliotheek").evaluate("box => box.click()")
    summary.focus()
    expect_total(page, ALL)
    expect(group(page, "thema").locator("> summary")).to_be_focused()


def test_values_without_results_are_shown_but_cannot_be_chosen(visitor: NewVisitor):
    page = visitor().go(f"{CATALOGUE}?type-organisatie=school")
    assert count(page, "ruimte", "online") == 0
    expect(page.locator("#f-ruimte-online")).to_be_disabled()


def test_a_choice_made_before_the_script_is_there_is_carried_out(visitor: NewVisitor):
    someone = visitor()
    waiting: list[Route] = []
    someone.page.route("**/htmx.min.js*", lambda route: waiting.append(route))
    page = someone.go(CATALOGUE)
    stay(page)
    value(page, "ruimte", "online").click()
    page.wait_for_timeout(100)
    expect_total(page, ALL)
    waiting[0].continue_()
    expect_address(page, "?ruimte=online")
    expect_total(page, 1)
    expect_same_document(page)


def test_going_back_works_after_a_reload(visitor: NewVisitor):
    page = visitor().go(CATALOGUE)
    value(page, "ruimte", "online").click()
    expect_total(page, 1)
    page.reload()
    page.go_back()
    expect_address(page, "")
    expect_total(page, ALL)
    expect(page.locator("#f-ruimte-online")).not_to_be_checked()


def test_trouble_with_an_update_is_shown_as_a_page(visitor: NewVisitor):
    someone = visitor()
    someone.watch.expected_statuses = {503}
    page = someone.go(CATALOGUE)
    busy = "<!doctype html><title>Even offline</title><h1>Even offline</h1>"
    page.route(
        f"**{CATALOGUE}?*",
        lambda route: route.fulfill(status=503, content_type="text/html", body=busy),
    )
    value(page, "ruimte", "online").click()
    expect(page.locator("h1")).to_have_text("Even offline")


def test_show_results_leads_to_the_results(visitor: NewVisitor):
    page = visitor(360).go(CATALOGUE)
    open_filters(page)
    value(page, "ruimte", "online").click()
    expect_total(page, 1)
    page.get_by_role("button", name="Toon resultaten").click()
    expect(page.locator("#resultaten-titel")).to_be_focused()
    expect(page.locator("#resultaten-titel")).to_be_in_viewport()
    expect(page.locator(".filters > div")).not_to_be_visible()
