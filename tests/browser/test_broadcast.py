"""Listening again in a real browser: play, jump, read along, search the text, open and share a moment."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from expoo_portal.themes.models import Broadcast
from tests import factories
from tests.browser import measuring
from tests.browser.conftest import NewVisitor
from tests.browser.test_keyboard import walk
from tests.browser.test_print import expect_only_content, sheets

# 24 ms each: two minutes of silence.
FRAMES = 5_000
SENTENCES = {
    "Aan de deur": {0: "Welkom bij de koffie.", 4: "Kom maar binnen.", 9: "Er is nog een stoel vrij."},
    "Aan de tafel": {30: "Hier staat een café op wieltjes.", 33: "De koffie is op.", 36: "Dan maar thee."},
    "In de tuin": {80: "De kinderen zijn al buiten.", 90: "Tot zover."},
}


@pytest.fixture(scope="module")
def address(content: None) -> str:
    """The page of a broadcast with three chapters, in which practices are heard."""
    made: Broadcast = factories.broadcast(is_example=True)
    factories.broadcast_audio(broadcast=made, content=factories.sound(FRAMES), name="stilte.mp3", seconds=120)
    for title, lines in SENTENCES.items():
        chapter = factories.chapter(
            broadcast=made, title=title, start=min(lines), practice_slugs="baboes,koala-kessel-lo"
        )
        for start, text in lines.items():
            factories.transcript_line(chapter=chapter, start=Decimal(start), text=text)
    return made.get_absolute_url()


def time_of(page: Page) -> float:
    """Where the player is, in seconds."""
    return page.locator("audio").evaluate("(audio) => audio.currentTime")


def is_playing(page: Page) -> bool:
    return page.locator("audio").evaluate("(audio) => !audio.paused && audio.readyState > 2")


def expect_playing_from(page: Page, seconds: float) -> None:
    """The player plays, and not long since this moment."""
    page.wait_for_function(
        "() => { const a = document.querySelector('audio'); return !a.paused && !a.seeking; }"
    )
    page.wait_for_function("(from) => document.querySelector('audio').currentTime > from", arg=seconds)
    assert time_of(page) < seconds + 3


def said(page: Page) -> Locator:
    """The sentence that is marked."""
    return page.locator(".transcript [aria-current=true]")


def test_a_visitor_plays_and_the_text_follows_the_sound(visitor: NewVisitor, address: str):
    someone = visitor()
    page = someone.go(address)
    expect(said(page)).to_have_count(0)
    page.locator("audio").evaluate("(audio) => audio.play()")
    expect(said(page)).to_contain_text("Welkom bij de koffie.")
    expect(page.get_by_text("Nu: Aan de deur")).to_be_visible()
    expect(said(page)).to_contain_text("Kom maar binnen.")
    assert time_of(page) >= 3.9
    statuses = {one.response().status for one in someone.watch.requests if "/bestanden/" in one.url}
    assert statuses == {206}


def test_a_chapter_link_jumps_and_plays(visitor: NewVisitor, address: str):
    page = visitor().go(address)
    page.get_by_role("link", name="0:30 Aan de tafel").click()
    expect_playing_from(page, 30)
    expect(said(page)).to_contain_text("café op wieltjes")
    expect(page.get_by_text("Nu: Aan de tafel")).to_be_visible()
    expect(page).to_have_url(re.compile("#t=0:30$"))
    page.get_by_role("link", name="1:20 In de tuin").press("Enter")
    expect_playing_from(page, 80)
    expect(said(page)).to_contain_text("De kinderen zijn al buiten.")


def test_a_sentence_jumps_by_mouse_and_by_keyboard(visitor: NewVisitor, address: str):
    page = visitor().go(address)
    page.get_by_text("Er is nog een stoel vrij.").click()
    expect_playing_from(page, 9)
    link = page.get_by_role("link", name="Luister vanaf 0:36")
    link.press("Enter")
    expect_playing_from(page, 36)
    expect(link).to_be_focused()
    expect(said(page)).to_contain_text("Dan maar thee.")


def test_who_selects_words_goes_nowhere(visitor: NewVisitor, address: str):
    page = visitor().go(address)
    page.get_by_text("Er is nog een stoel vrij.").dblclick(position={"x": 40, "y": 10})
    assert page.evaluate("getSelection().toString().trim()")
    before = time_of(page)
    page.get_by_text("Er is nog een stoel vrij.").click(modifiers=["Control"])
    assert time_of(page) < before + 5


@pytest.mark.parametrize(
    ("fragment", "seconds", "sentence"),
    [("#t=0:33", 33, "De koffie is op."), ("#t=90", 90, "Tot zover."), ("#t=0:01:20.5", 80.5, "De kinderen")],
)
def test_an_address_with_a_moment_opens_there(
    visitor: NewVisitor, address: str, fragment: str, seconds: float, sentence: str
):
    page = visitor(360).go(f"{address}{fragment}")
    expect(said(page)).to_contain_text(sentence)
    expect(said(page)).to_be_in_viewport()
    page.wait_for_function("() => document.querySelector('audio').readyState > 0")
    assert time_of(page) == seconds
    assert not is_playing(page)
    page.locator("audio").evaluate("(audio) => audio.play()")
    expect_playing_from(page, seconds)


@pytest.mark.parametrize("fragment", ["#t=abc", "#t=", "#t=1:2:3:4", "#t=-5", "#hoofdstuk-2"])
def test_an_address_without_a_moment_opens_at_the_start(visitor: NewVisitor, address: str, fragment: str):
    page = visitor().go(f"{address}{fragment}")
    assert time_of(page) == 0
    expect(said(page)).to_have_count(0)


def test_a_moment_is_shared(visitor: NewVisitor, address: str):
    someone = visitor(permissions=["clipboard-read", "clipboard-write"])
    page = someone.go(address)
    page.locator("audio").evaluate("(audio) => { audio.currentTime = 33; }")
    page.get_by_role("button", name="Deel dit moment").click()
    expect(page.get_by_text("De link naar 0:33 is gekopieerd.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"{address}#t=0:33")
    expect(said(visitor().go(copied))).to_contain_text("De koffie is op.")


def test_a_browser_without_clipboard_shows_the_address(visitor: NewVisitor, address: str):
    someone = visitor()
    someone.context.add_init_script("navigator.clipboard.writeText = () => Promise.reject();")
    page = someone.go(address)
    page.get_by_role("button", name="Deel dit moment").click()
    expect(page.get_by_text(f"{address}#t=0:00")).to_be_visible()


def test_the_text_scrolls_along_only_when_asked(visitor: NewVisitor, address: str):
    page = visitor(360).go(address)
    page.locator("audio").evaluate("(audio) => { audio.currentTime = 90; }")
    expect(said(page)).to_contain_text("Tot zover.")
    assert page.evaluate("scrollY") == 0
    page.get_by_label("Laat de tekst meelopen").check()
    expect(said(page)).to_be_in_viewport()
    page.locator("audio").evaluate("(audio) => { audio.currentTime = 0; }")
    expect(said(page)).to_contain_text("Welkom")
    expect(said(page)).to_be_in_viewport()


def test_a_visitor_searches_the_text(visitor: NewVisitor, address: str):
    page = visitor(360).go(address)
    field = page.get_by_label("Zoek in de tekst")
    field.fill("KOFFIE")
    expect(page.get_by_text("2 zinnen met “KOFFIE”.")).to_be_visible()
    expect(page.locator("mark")).to_have_text(["koffie", "koffie"])
    expect(page.get_by_role("heading", name="In de tuin")).not_to_be_visible()
    field.fill("cafe")
    expect(page.get_by_text("1 zin met “cafe”.")).to_be_visible()
    expect(page.locator("mark")).to_have_text(["café"])
    page.get_by_text("café op wieltjes").click()
    expect_playing_from(page, 30)
    field.fill("olifant")
    expect(page.get_by_text("Geen zinnen met “olifant”.")).to_be_visible()
    field.fill("")
    expect(page.get_by_role("heading", name="In de tuin")).to_be_visible()
    expect(page.locator("mark")).to_have_count(0)


def test_a_visitor_listens_slower(visitor: NewVisitor, address: str):
    page = visitor().go(address)
    page.get_by_label("Snelheid").select_option(label="Trager")
    assert page.locator("audio").evaluate("(audio) => audio.playbackRate") == 0.75


def test_a_moment_beyond_the_end_opens_at_the_end(visitor: NewVisitor, address: str):
    page = visitor().go(f"{address}#t=99:00")
    page.wait_for_function("() => document.querySelector('audio').readyState > 0")
    page.wait_for_function(
        "() => { const a = document.querySelector('audio'); return a.currentTime <= a.duration; }"
    )
    assert time_of(page) > 119
    expect(said(page)).to_contain_text("Tot zover.")


def test_the_player_plays_pauses_and_seeks_with_the_keyboard(visitor: NewVisitor, address: str):
    page = visitor().go(address)
    page.wait_for_function("() => document.querySelector('audio').readyState > 0")
    audio = page.locator("audio")
    audio.focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => !document.querySelector('audio').paused")
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('audio').paused")
    before = time_of(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(from) => document.querySelector('audio').currentTime > from", arg=before)
    expect(said(page)).to_have_count(1)


def test_the_arrows_go_from_sentence_to_sentence(visitor: NewVisitor, address: str):
    page = visitor(360).go(address)

    def link(clock: str) -> Locator:
        return page.get_by_role("link", name=f"Luister vanaf {clock}", exact=True)

    link("0:00").focus()
    page.keyboard.press("ArrowDown")
    expect(link("0:04")).to_be_focused()
    page.keyboard.press("Enter")
    expect_playing_from(page, 4)
    page.locator("audio").evaluate("(audio) => audio.pause()")
    for key, clock in (("ArrowUp", "0:00"), ("ArrowUp", "0:00"), ("End", "1:30"), ("ArrowDown", "1:30")):
        page.keyboard.press(key)
        expect(link(clock)).to_be_focused()
        expect(link(clock)).to_be_in_viewport()
    # Each chapter is one stop: back from the garden to the table, and from there to where the visitor was.
    page.keyboard.press("Shift+Tab")
    expect(link("0:30")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(link("0:00")).to_be_focused()
    # What the search leaves can be reached, and nothing else.
    page.get_by_label("Zoek in de tekst").fill("dan maar thee")
    page.get_by_label("Zoek in de tekst").press("Tab")
    page.keyboard.press("Tab")
    expect(link("0:36")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(link("0:36")).to_be_focused()


SENTENCES_OF_AN_HOUR = 700
CHAPTERS_OF_AN_HOUR = 20


@pytest.fixture(scope="module")
def long_address(content: None) -> str:
    """The page of an hour of radio."""
    made: Broadcast = factories.broadcast(title="Een uur radio")
    factories.broadcast_audio(broadcast=made, content=factories.sound(FRAMES), name="uur.mp3", seconds=3_600)
    for number in range(CHAPTERS_OF_AN_HOUR):
        chapter = factories.chapter(broadcast=made, title=f"Gesprek {number + 1}", start=number * 180)
        for place in range(SENTENCES_OF_AN_HOUR // CHAPTERS_OF_AN_HOUR):
            factories.transcript_line(
                chapter=chapter,
                start=Decimal(number * 180 + place * 5),
                text=f"Dit is zin {place} van gesprek {number + 1}, en die is zo lang als mensen spreken aan tafel.",
            )
    return made.get_absolute_url()


def test_an_hour_of_radio_is_passed_with_few_tabs(visitor: NewVisitor, long_address: str):
    someone = visitor(360)
    page = someone.go(long_address)
    expect(page.locator(".transcript [data-moment]")).to_have_count(SENTENCES_OF_AN_HOUR)
    stops = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input, select, audio, summary')]"
        ".filter((each) => each.tabIndex >= 0 && each.checkVisibility()).length"
    )
    # Of each chapter: jump, read, and its first sentence; and what every page has.
    assert stops <= 3 * CHAPTERS_OF_AN_HOUR + 25
    findings = (
        measuring.weight(someone.watch.requests) + measuring.accessibility(page) + measuring.overflow(page)
    )
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_focus_is_seen_all_the_way(visitor: NewVisitor, address: str, width: int):
    page = visitor(width).go(address)
    stops = walk(page)
    assert not [finding for stop in stops for finding in stop["wrong"]]
    places = [stop["place"] for stop in stops]
    assert places == sorted(places)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_visitor_without_scripts_reads_and_opens_a_chapter(visitor: NewVisitor, address: str, width: int):
    page = visitor(width, java_script_enabled=False).go(address)
    expect(page.get_by_text("De kinderen zijn al buiten.")).to_be_visible()
    expect(page.get_by_role("button", name="Deel dit moment")).to_have_count(0)
    expect(page.get_by_label("Zoek in de tekst")).not_to_be_visible()
    page.get_by_role("link", name="Lees dit hoofdstuk In de tuin").click()
    expect(page.get_by_role("heading", name="In de tuin")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Download de opname")).to_be_visible()
    assert page.locator("audio").evaluate(
        "(audio) => audio.controls && audio.currentSrc.endsWith('stilte.mp3')"
    )
    assert (
        page.get_by_role("link", name="0:30 Aan de tafel").get_attribute("href").endswith("stilte.mp3#t=30")
    )


def test_the_recording_by_itself_opens_at_its_moment(visitor: NewVisitor, address: str):
    someone = visitor()
    page = someone.go(address)
    page.goto(page.get_by_role("link", name="0:30 Aan de tafel").get_attribute("href"))
    page.wait_for_function("() => document.querySelector('video')?.currentTime >= 30")


def test_the_page_is_sound_while_it_plays(visitor: NewVisitor, address: str):
    page = visitor(360).go(address)
    page.get_by_role("link", name="0:30 Aan de tafel").click()
    expect_playing_from(page, 30)
    page.locator("audio").evaluate("(audio) => audio.pause()")
    page.get_by_label("Zoek in de tekst").fill("koffie")
    findings = measuring.accessibility(page) + measuring.small_targets(page) + measuring.overflow(page)
    measuring.at_width(page, 320)
    findings += measuring.overflow(page)
    assert not findings, "\n".join(findings)


def test_the_text_prints(visitor: NewVisitor, address: str):
    page = visitor().go(f"{address}#t=0:33")
    expect_only_content(page)
    expect(page.get_by_text("Dan maar thee.")).to_be_visible()
    expect(page.locator("audio")).not_to_be_visible()
    assert sheets(page) <= 2
