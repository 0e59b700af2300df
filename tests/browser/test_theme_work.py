"""The tips and the agreement sheet of a theme in a real browser: on a phone, without scripts, and on paper."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import measuring
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.places import AGREEMENTS, TIPS
from tests.browser.test_print import expect_only_content, sheets

GOAL = "De activiteit is een aanleiding"


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def somebody(request: pytest.FixtureRequest, visitor: NewVisitor) -> Visitor:
    """A visitor on a phone, with JavaScript and without."""
    return visitor(360, java_script_enabled=request.param)


def check(page: Page) -> None:
    findings = measuring.accessibility(page) + measuring.small_targets(page) + measuring.overflow(page)
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
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Begin opnieuw").click()
    expect(group.get_by_role("checkbox", checked=True)).to_have_count(0)
    assert page.evaluate("localStorage.length") == 0


def test_all_agreements_print_with_the_signatures_on_one_page(visitor: NewVisitor):
    page = visitor().go(AGREEMENTS)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Bekijk en druk af").click()
    expect_only_content(page)
    expect(page.get_by_role("columnheader", name="Handtekening")).to_be_visible()
    assert 2 <= sheets(page) <= 3


def test_two_tips_print_on_one_a4(visitor: NewVisitor):
    page = visitor().go(f"{TIPS}gespreksblad/?tips=T01,T02")
    expect_only_content(page)
    assert sheets(page) == 1
