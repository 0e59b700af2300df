"""The form of a theme in a browser: its sections with their texts, in the order that editors drag."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from expoo_portal.themes.models import Theme, ThemeSection
from expoo_portal.visibility import PublicationState
from tests import factories
from tests.browser import measuring
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.test_admin import enter, rich, save
from tests.roles import Role


@pytest.fixture
def editor(visitor: NewVisitor, portal: str) -> Visitor:
    """An editor's browser."""
    made = visitor(1280)
    enter(made, portal, Role.EDITOR)
    return made


@pytest.fixture
def theme(content: None) -> Theme:
    """A draft with two sections."""
    theme = factories.theme(state=PublicationState.DRAFT)
    for order, title in enumerate(("Waarom?", "Voor wie?"), 1):
        factories.theme_section(theme=theme, title=title, slug=f"deel-{order}", order=order)
    return theme


def check(browser: Visitor) -> None:
    """Nothing went wrong on this page, and it is accessible. What axe itself then tries is no problem of the page."""
    assert not browser.watch.problems
    assert not measuring.accessibility(browser.page), browser.page.url
    browser.watch.problems.clear()


def form_of(theme: Theme) -> str:
    return reverse("admin:themes_theme_change", args=[theme.pk])


def test_an_editor_writes_a_new_section_and_puts_it_first(editor: Visitor, theme: Theme):
    page = editor.go(form_of(theme))
    sections = page.locator("#sections-group .inline-related:not(.empty-form)")
    page.locator("#sections-group .add-row a").click()
    expect(sections).to_have_count(3)
    new = sections.nth(2)
    new.get_by_label("Titel").fill("Nieuw deel")
    new.get_by_label("Anker").fill("nieuw")
    new.get_by_role("textbox", name="Tekst").click()
    page.keyboard.type("Hier staat wat nieuw is.")
    save(page)
    page.goto(form_of(theme))
    sections.nth(2).get_by_role("button", name=re.compile("Eerst zetten")).focus()
    page.keyboard.press("Enter")
    expect(sections.nth(0).get_by_label("Titel")).to_have_value("Nieuw deel")
    save(page)
    stored = ThemeSection.objects.unrestricted().filter(theme=theme)
    assert [section.title for section in stored] == ["Nieuw deel", "Waarom?", "Voor wie?"]
    assert stored[0].body == "<p>Hier staat wat nieuw is.</p>"


def test_an_editor_reads_the_warning_and_saves_all_the_same(editor: Visitor, theme: Theme):
    page = editor.go(form_of(theme))
    box = rich(page, "Inleiding")
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("LEES DIT EERST nu")
    page.get_by_role("button", name="Bewaren", exact=True).click()
    warning = page.locator(".conflict")
    expect(warning).to_contain_text("“LEES DIT EERST” staat in hoofdletters")
    expect(rich(page, "Inleiding")).to_have_text("LEES DIT EERST nu")
    check(editor)
    page.get_by_label("Toch bewaren").check()
    save(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_form_of_a_theme_is_for_everybody(visitor: NewVisitor, portal: str, theme: Theme, width: int):
    browser = visitor(width)
    enter(browser, portal, Role.EDITOR)
    page = browser.go(form_of(theme))
    text = page.locator("#sections-group").get_by_role("textbox", name="Tekst").first
    expect(text).to_be_hidden()
    check(browser)
    page.locator("#sections-group summary").first.focus()
    page.keyboard.press("Enter")
    expect(text).to_be_visible()
    check(browser)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_list_of_what_ages_and_a_transcript_are_for_everybody(
    visitor: NewVisitor, portal: str, theme: Theme, width: int
):
    browser = visitor(width)
    enter(browser, portal, Role.EDITOR)
    chapter = factories.chapter(broadcast=factories.broadcast(theme=theme))
    places = (
        reverse("admin:ageing"),
        reverse("admin:themes_broadcast_transcript", args=[chapter.broadcast_id, chapter.pk]),
        reverse("admin:themes_broadcast_change", args=[chapter.broadcast_id]),
    )
    for place in places:
        page = browser.go(place)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
        check(browser)
