"""The tips and the agreement sheet of a theme in a real browser: on a phone, without scripts, and on paper."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import measuring
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.places import AGREEMENTS, PUBLIC, TIPS
from tests.browser.test_keyboard import walk
from tests.browser.test_print import expect_only_content, sheets

GOAL = "De activiteit is een aanleiding"


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def somebody(request: pytest.FixtureRequest, visitor: NewVisitor) -> Visitor:
    """A visitor on a phone, with JavaScript and without."""
    return visitor(360, java_script_enabled=request.param)


def check(page: Page) -> None:
    """Whether the page is sound as it stands. axe is a script that waits for timers: without scripts it never ends."""
    findings = measuring.small_targets(page) + measuring.overflow(page)
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        findings += measuring.accessibility(page)
    assert not findings, "\n".join(findings)


def test_a_reader_ticks_tips_into_an_action_list_and_prints_it(somebody: Visitor):
    page = somebody.go(TIPS)
    page.get_by_role("checkbox", name=re.compile("Tien minuten nabespreken")).check()
    page.get_by_role("checkbox", name=re.compile("Twee vragen om mee te beginnen")).check()
    page.get_by_role("button", name="Maak mijn actielijst").click()
    expect(page).to_have_url(re.compile(r"/visie/\?tips=T01,T09$"))
    check(page)
    page.get_by_role("link", name="Hoger Tien minuten nabespreken").click()
    expect(page).to_have_url(re.compile(r"/visie/\?tips=T09,T01$"))
    page.get_by_text("Kies een onderwerp").click()
    page.get_by_role("link", name=re.compile(r"^Evaluatie \(")).click()
    expect(page.get_by_role("heading", name="Mijn actielijst (2)")).to_be_visible()
    page.get_by_role("link", name="Haal weg Twee vragen om mee te beginnen").click()
    expect(page.get_by_label("Deel deze lijst")).to_have_value(re.compile(r"/visie/\?tips=T09$"))
    page.locator("#actielijst ~ p").get_by_role("link", name="Druk af als gespreksblad").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(["Tien minuten nabespreken"])
    assert not somebody.context.cookies()


def test_partners_put_their_agreements_together(somebody: Visitor):
    page = somebody.go(AGREEMENTS)
    page.get_by_label("Organisatie").first.fill("Huis A")
    line = page.get_by_role("group", name="Doel").get_by_role("listitem").filter(has_text=GOAL)
    line.get_by_role("checkbox").check()
    line.get_by_role("textbox").fill("De activiteit is een aanleiding voor [naam].")
    page.get_by_role("textbox", name="Doel, eigen regel").first.fill("We beginnen klein.")
    page.get_by_role("button", name="Bekijk en druk af").click()
    sheet = page.get_by_role("article", name="Afspraken tussen partners")
    expect(sheet.get_by_role("listitem").filter(has_text="[naam]")).to_be_visible()
    expect(sheet.get_by_text("We beginnen klein.")).to_be_visible()
    assert sheets(page) == 1
    with page.expect_download() as download:
        page.get_by_role("button", name="Download voor Word").click()
    body = Path(download.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert "We beginnen klein." in archive.read("word/document.xml").decode()
    page.get_by_role("button", name="Terug om te wijzigen").click()
    expect(page.get_by_label("Organisatie").first).to_have_value("Huis A")
    expect(page.get_by_role("textbox", name="Doel, eigen regel").first).to_have_value("We beginnen klein.")
    assert not somebody.context.cookies()


def test_the_browser_keeps_the_agreements_until_they_are_thrown_away(visitor: NewVisitor):
    someone = visitor(360)
    page = someone.go(AGREEMENTS)
    group = page.get_by_role("group", name="Doel")
    own = group.get_by_role("textbox", name="Doel, eigen regel")
    group.get_by_role("button", name="Meer eigen regels").click()
    expect(own.nth(2)).to_be_focused()
    page.keyboard.type("We beginnen klein.")
    line = group.get_by_role("listitem").filter(has_text=GOAL)
    line.get_by_role("textbox").fill("Samen met [naam].")
    expect(group.get_by_text("In te vullen: [naam]")).to_be_visible()
    check(page)
    page = someone.go(AGREEMENTS)
    expect(own.first).to_have_value("We beginnen klein.")
    expect(group.get_by_role("checkbox", checked=True)).to_have_count(1)
    group.get_by_role("button", name="Verwijder deze regel").first.click()
    expect(own).to_have_count(1)
    expect(own).to_have_value("")
    page.get_by_role("button", name="Zet terug").click()
    expect(own.first).to_have_value("We beginnen klein.")
    page = someone.go(AGREEMENTS)
    expect(own.first).to_have_value("We beginnen klein.")


def test_who_begins_anew_says_so_twice_and_may_come_back_once(visitor: NewVisitor):
    someone = visitor(360)
    page = someone.go(AGREEMENTS)
    ticked = page.get_by_role("checkbox", checked=True)
    page.get_by_label("Organisatie").first.fill("Huis A")
    page.get_by_text("Meer partners").click()
    page.get_by_label("Organisatie").nth(2).fill("Huis C")
    page.get_by_role("checkbox").first.check()
    anew = page.get_by_role("button", name="Begin opnieuw")
    page.once("dialog", lambda dialog: dialog.dismiss())
    anew.click()
    expect(page.get_by_label("Organisatie").first).to_have_value("Huis A")
    page.once("dialog", lambda dialog: dialog.accept())
    anew.click()
    expect(page.get_by_text("Wat hier stond, is weg.")).to_be_visible()
    expect(page.get_by_label("Organisatie").first).to_have_value("")
    expect(ticked).to_have_count(0)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.get_by_role("button", name="Zet terug").click()
    expect(page.get_by_label("Organisatie").first).to_have_value("Huis A")
    expect(page.get_by_label("Organisatie").nth(2)).to_be_visible()
    expect(page.get_by_label("Organisatie").nth(2)).to_have_value("Huis C")
    expect(ticked).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.accept())
    anew.click()
    expect(ticked).to_have_count(0)
    someone.go(AGREEMENTS)
    expect(page.get_by_role("button", name="Zet terug")).to_have_count(0)
    expect(ticked).to_have_count(0)


def test_what_is_kept_and_makes_no_sense_is_left_alone(visitor: NewVisitor):
    page = visitor().go(AGREEMENTS)
    for kept in ("{", "5", '[["kies-doel"], 3, ["datum", {}], ["__proto__", "x"], ["eigen-weg", "x"]]'):
        page.evaluate("(kept) => localStorage.setItem('afspraken:ontmoeting', kept)", kept)
        page.reload()
        expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
        expect(page.get_by_role("button", name="Begin opnieuw")).to_be_visible()


def test_the_agreements_need_only_a_keyboard(visitor: NewVisitor):
    page = visitor().go(AGREEMENTS)
    page.get_by_label("Organisatie").first.focus()
    for typed in ("Huis A", "Tab", "An", "Tab", "Huis B", "Tab", "Tab"):
        page.keyboard.press("Tab") if typed == "Tab" else page.keyboard.type(typed)
    expect(page.get_by_text("Meer partners")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("group", name="Partner 3").get_by_label("Organisatie")).to_be_focused()
    tick = page.get_by_role("checkbox").first
    tab_to(page, tick)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("Samen met [naam].")
    expect(tick).to_be_checked()
    tab_to(page, page.get_by_role("textbox", name="Doel, eigen regel").first)
    page.keyboard.type("We beginnen klein.")
    tab_to(page, page.get_by_role("button", name="Bekijk en druk af"))
    page.keyboard.press("Enter")
    sheet = page.get_by_role("article", name="Afspraken tussen partners")
    for line in ("Samen met [naam].", "We beginnen klein."):
        expect(sheet.get_by_role("listitem").filter(has_text=line)).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Terug om te wijzigen"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Organisatie").nth(1)).to_have_value("Huis B")


def test_the_action_list_needs_only_a_keyboard(visitor: NewVisitor):
    page = visitor(360).go(TIPS)
    tab_to(page, page.get_by_text("Kies een onderwerp"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name=re.compile(r"^Ruimte \(")))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Onderwerp: Ruimte")).to_be_visible()
    tab_to(page, page.get_by_role("checkbox").first)
    page.keyboard.press("Space")
    # Enter in a form sends it.
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mijn actielijst (1)")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Druk af als gespreksblad"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("article", name="Werken aan visie")).to_be_visible()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"no Tab leads to {wanted}")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["tips-actielijst", "tips-gespreksblad", "afspraken"])
def test_the_focus_is_seen_all_the_way(visitor: NewVisitor, name: str, width: int):
    page = visitor(width).go(PUBLIC[name])
    if name == "afspraken":
        page.get_by_role("textbox", name="Doel, eigen regel").first.fill("We beginnen klein.")
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.locator("body").click(position={"x": 1, "y": 1})
    stops = walk(page)
    assert not [finding for stop in stops for finding in stop["wrong"]]
    places = [stop["place"] for stop in stops]
    assert places == sorted(places)


# Whether the numbers of a list stand between its edge and its text, and how much of a table sticks out.
_CUT_ON_PAPER = """
() => {
  const wrong = [];
  for (const list of document.querySelectorAll(".sheet ol")) {
    const probe = list.appendChild(document.createElement("li"));
    probe.innerHTML = "<span>00.&nbsp;&nbsp;</span>";
    const room = parseFloat(getComputedStyle(list).paddingInlineStart);
    const width = probe.firstChild.getBoundingClientRect().width;
    if (width > room) wrong.push(`a number takes ${width} of ${room}`);
    probe.remove();
  }
  for (const table of document.querySelectorAll(".sheet table")) {
    const sheet = table.closest(".sheet").getBoundingClientRect();
    const { left, right } = table.getBoundingClientRect();
    if (left - 1 < sheet.left || right + 1 > sheet.right) wrong.push(`${left} to ${right} in ${sheet.right}`);
  }
  return wrong;
}
"""


def test_all_agreements_print_with_the_signatures_on_one_page(visitor: NewVisitor):
    page = visitor().go(AGREEMENTS)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Bekijk en druk af").click()
    expect_only_content(page)
    expect(page.get_by_role("columnheader", name="Handtekening")).to_be_visible()
    assert not page.evaluate(_CUT_ON_PAPER)
    assert sheets(page) == 2


def test_what_is_long_and_strange_prints_within_the_paper(visitor: NewVisitor):
    page = visitor(360).go(AGREEMENTS)
    strange = [
        "a" * 600,
        "\u05e9\u05dc\u05d5\u05dd [\u05e9\u05dd] en \u0645\u0631\u062d\u0628\u0627",
        "\U0001f9d1\u200d\U0001f37c " * 60,
    ]
    page.get_by_label("Organisatie").first.fill("B" * 200)
    group = page.get_by_role("group", name="Doel")
    for text in strange:
        group.get_by_role("button", name="Meer eigen regels").click()
        group.get_by_role("textbox", name="Doel, eigen regel").last.fill(text)
    check(page)
    page.get_by_role("button", name="Bekijk en druk af").click()
    check(page)
    expect_only_content(page)
    assert not page.evaluate(_CUT_ON_PAPER)
    assert sheets(page) <= 2


def test_two_tips_print_on_one_a4_with_room_to_write(visitor: NewVisitor):
    page = visitor().go(f"{TIPS}gespreksblad/?tips=T01,T02")
    expect_only_content(page)
    assert sheets(page) == 1
    for notes in page.locator(".talk__notes").all():
        # In millimetres, at 96 CSS px per inch.
        assert notes.bounding_box()["height"] / 96 * 25.4 > 40
        for line in notes.locator("span").all():
            expect(line).to_have_css("border-bottom-style", "solid")


def test_an_action_list_prints_by_itself(visitor: NewVisitor):
    page = visitor().go(f"{TIPS}?tips=T01,T02")
    expect_only_content(page)
    expect(page.get_by_role("listitem")).to_have_count(2)
    expect(page.locator(".actions__address")).to_have_text(re.compile(r"\?tips=T01,T02$"))
    assert sheets(page) == 1


def test_all_tips_print_without_their_buttons(visitor: NewVisitor):
    page = visitor().go(TIPS)
    expect_only_content(page)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    assert sheets(page) <= 7
