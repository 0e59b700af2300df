"""What comes out of the printer."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from practices.models import Practice
from tests.browser import measuring
from tests.browser.conftest import NewVisitor
from tests.browser.long_practice import long_practice
from tests.browser.places import CHALLENGES, EXAMPLE, REAL

A4 = (595, 842)  # points
# What is between the margins of @page, in CSS px.
WIDTH_ON_PAPER = 680


@pytest.fixture(scope="module")
def practice(content: None) -> Practice:
    """One as long as can be."""
    return long_practice()


def sheets(page: Page) -> int:
    """How many sheets the page takes; each must be an A4."""
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert {(int(float(width)), int(float(height))) for width, height in boxes} <= {A4, (594, 841)}
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def expect_only_content(page: Page) -> None:
    """On paper: no navigation, no buttons, nothing that sticks out."""
    page.emulate_media(media="print")
    measuring.at_width(page, WIDTH_ON_PAPER)
    for chrome in (".site-header", ".site-footer", ".skip-link", "nav", "button", ".btn", ".no-print"):
        for part in page.locator(chrome).all():
            expect(part).not_to_be_visible()
    assert not measuring.overflow(page)


@pytest.mark.parametrize("address", [REAL, EXAMPLE])
def test_the_sheet_of_a_practice_is_one_a4(visitor: NewVisitor, address: str):
    page = visitor().go(f"{address}afdrukken/")
    expect_only_content(page)
    expect(page.get_by_role("heading", name="Onze notities")).to_be_visible()
    assert sheets(page) == 1


def test_the_page_of_a_practice_prints_without_navigation(visitor: NewVisitor):
    page = visitor().go(REAL)
    expect_only_content(page)
    assert sheets(page) <= 2


def test_a_long_practice_takes_a_reasonable_number_of_sheets(visitor: NewVisitor, practice: Practice):
    page = visitor().go(reverse("practice_print", args=[practice.slug]))
    expect_only_content(page)
    assert sheets(page) <= 6


def test_the_sheet_is_reached_from_the_practice(visitor: NewVisitor):
    page = visitor(360).go(REAL)
    page.get_by_role("link", name="Afdrukken op A4").click()
    expect(page).to_have_url(f"{REAL}afdrukken/")


@pytest.mark.parametrize("query", ["", "?onderwerp=vaders"])
def test_a_visitor_takes_the_answers_to_a_challenge_along_on_paper(visitor: NewVisitor, query: str):
    page = visitor().go(f"{CHALLENGES}{query}")
    expect_only_content(page)
    assert not measuring.overflow(page)
    assert sheets(page) <= 4
