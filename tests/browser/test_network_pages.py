"""Each page inside a group: accessible, within its window, usable with a keyboard and light."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page

from tests.browser import measuring, signing_in
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.lively_group import LEADER, ME, LivelyGroup, lively_group
from tests.browser.places import FACILITATORS, MEMBERS
from tests.browser.test_keyboard import walk

ALL = MEMBERS | FACILITATORS
# Somebody writes rich text here, with an editor that is heavier than a whole page.
WITH_EDITOR = {"gesprek", "gesprek-nieuw", "bericht-wijzigen"}


@pytest.fixture(scope="module")
def group(content: None) -> LivelyGroup:
    """The group, made once for all these pages."""
    return lively_group()


@pytest.fixture
def somebody(visitor: NewVisitor, portal: str, group: LivelyGroup, name: str) -> Visitor:
    """Whoever may see the page of this name: a member, or a facilitator with a second factor."""
    made = visitor(1280)
    user = group.people[LEADER if name in FACILITATORS else ME]
    signing_in.at_once(made.context, portal, user)
    return made


def picture(page: Page, name: str) -> None:
    """Keep a picture, for whoever wants to look: SHOTS=/tmp/pictures."""
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


@pytest.mark.parametrize("name", ALL)
def test_a_page_inside_is_sound(somebody: Visitor, group: LivelyGroup, name: str) -> None:
    address = ALL[name].format(**group.keys)
    page = somebody.go(address)
    assert page.url.endswith(address)
    findings = [] if name in WITH_EDITOR else measuring.weight(somebody.watch.requests)
    picture(page, f"{name}-1280")
    findings += measuring.frame(page) + measuring.small_targets(page)
    findings += [f"at 1280: {found}" for found in measuring.accessibility(page)]
    measuring.at_width(page, 360)
    picture(page, f"{name}-360")
    measuring.unfold(page)
    findings += [f"at 360: {found}" for found in measuring.accessibility(page)]
    findings += measuring.small_targets(page)
    for width in (640, 320):
        measuring.at_width(page, width)
        findings += [f"at {width}: {found}" for found in measuring.overflow(page)]
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize("name", ["gesprekken", "gemist", "leden", "lidmaatschap", "begeleiding"])
def test_the_focus_goes_through_a_page_inside(somebody: Visitor, group: LivelyGroup, name: str) -> None:
    page = somebody.go(ALL[name].format(**group.keys))
    measuring.at_width(page, 360)
    stops = walk(page)
    findings = [finding for stop in stops for finding in stop["wrong"]]
    places = [stop["place"] for stop in stops]
    assert not findings, "\n".join(findings)
    assert places == sorted(places)
