"""Practices in by file, in a browser: with and without script, on a phone and on a desk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from practices.exchange import runs
from practices.models import ImportRun, Practice, RunState
from tests import factories
from tests.browser import measuring, signing_in
from tests.browser.conftest import NewVisitor, Visitor
from tests.practices.exchange.files import NEW, as_csv
from tests.roles import Role, person

ADD = "/beheer/practices/importrun/add/"


@pytest.fixture
def editor(visitor: NewVisitor, portal: str) -> Callable[..., Visitor]:
    """Makes a browser in which an editor is signed in."""

    def make(width: int = 1280, **options: object) -> Visitor:
        made = visitor(width, **options)
        signing_in.at_once(made.context, portal, person(Role.SUPERUSER, factories.group()))
        return made

    return make


def look(browser: Visitor, name: str, *, is_list: bool = False) -> None:
    """Measure the page, and keep a picture when somebody asked for pictures. A list may scroll sideways."""
    page, before = browser.page, len(browser.watch.problems)
    findings = measuring.accessibility(page)
    # The measuring tool copies style sheets with an @import into the page; the policy refuses that.
    del browser.watch.problems[before:]
    assert not findings + ([] if is_list else measuring.overflow(page))
    if place := os.environ.get("PICTURES"):
        page.screenshot(path=Path(place) / f"{name}-{page.viewport_size['width']}.png")


def lay_down(page: Page, content: bytes) -> ImportRun:
    page.goto(ADD)
    page.get_by_label("Bestand").set_input_files(
        {"name": "lijst van de provincie.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Opladen en nakijken").click()
    expect(page.get_by_role("heading", name="lijst van de provincie.csv")).to_be_visible()
    return runs.all_runs().latest("pk")


@pytest.mark.parametrize("width", [360, 1280])
def test_editor_brings_practices_in_and_the_page_follows_by_itself(editor, width: int):
    number = f"W{width}"
    factories.practice(identifier=f"{number}A", municipality="Geel")
    rows = [
        NEW | {"nummer": number, "naam": f"Speelbos {width}", "sterktes": "Warm onthaal"},
        NEW | {"nummer": f"{number}A", "naam": f"Babycafé {width}", "peiljaar": ""},
        NEW | {"nummer": f"{number}B", "naam": f"Wandelclub {width}", "peiljaar": "99999", "soort": "oei"},
    ]
    browser = editor(width)
    page = browser.page
    page.goto("/beheer/practices/practice/")
    look(browser, "list", is_list=True)
    page.get_by_role("link", name="Invoeren uit een bestand").click()
    expect(page.get_by_role("heading", name="Praktijken invoeren uit een bestand")).to_be_visible()
    look(browser, "upload")
    run = lay_down(page, as_csv(rows))
    expect(page.get_by_role("status")).to_contain_text("We beginnen zo dadelijk")
    ImportRun.objects.unrestricted().filter(pk=run.pk).update(state=RunState.CHECKING, total=5000, done=3200)
    expect(page.get_by_role("status")).to_contain_text("3.200 van de 5.000 rijen nagekeken")
    look(browser, "progress")
    runs.check(run.pk)
    expect(page.get_by_role("heading", name="Er is nog niets ingevoerd")).to_be_visible()
    look(browser, "faults")
    page.get_by_role("link", name="1 gewijzigd").click()
    expect(page.get_by_text("1 veld gewijzigd").or_(page.get_by_text("velden gewijzigd"))).to_be_visible()
    look(browser, "changed")
    page.get_by_role("link", name="1 nieuw").click()
    expect(page.get_by_text("velden ingevuld")).to_be_visible()
    look(browser, "new")
    page.get_by_role("button", name="Voer enkel de juiste rijen in (2)").click()
    expect(page.get_by_role("status")).to_contain_text("alles, of niets")
    runs.write(run.pk)
    expect(page.get_by_role("heading", name="Ingevoerd")).to_be_visible()
    look(browser, "done")
    assert Practice.objects.unrestricted().get(identifier=number).name == f"Speelbos {width}"
    page.goto("/beheer/practices/importrun/")
    look(browser, "runs", is_list=True)


def test_editor_without_script_sees_the_page_renew_itself(editor):
    browser = editor(java_script_enabled=False)
    run = lay_down(browser.page, as_csv([NEW | {"nummer": "Z1", "naam": "Zonder script"}]))
    runs.check(run.pk)
    button = browser.page.get_by_role("button", name="Voer alles in (1)")
    expect(button).to_be_visible()
    button.click()
    runs.write(run.pk)
    expect(browser.page.get_by_role("heading", name="Ingevoerd")).to_be_visible()


def test_editor_reads_what_is_wrong_with_a_file(editor):
    browser = editor()
    run = lay_down(browser.page, b"nummer;gemeenten\r\nP1;Gent\r\n")
    runs.check(run.pk)
    expect(browser.page.get_by_text("bedoel je ‘gemeente’?")).to_be_visible()
    look(browser, "problem")
