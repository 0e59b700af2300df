"""A practice as long as can be fits wherever it is shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from practices.models import Practice
from tests.browser import measuring
from tests.browser.conftest import NewVisitor
from tests.browser.long_practice import SOURCES, long_practice
from tests.browser.places import CATALOGUE


@pytest.fixture(scope="module")
def practice(content: None) -> Practice:
    """The long one."""
    return long_practice()


@pytest.mark.parametrize("where", ["detail", "print", "cards", "rows", "map", "home"])
def test_a_long_practice_fits(visitor: NewVisitor, practice: Practice, where: str):
    someone = visitor(1280)
    page = someone.go(
        {
            "detail": reverse("practice_detail", args=[practice.slug]),
            "print": reverse("practice_print", args=[practice.slug]),
            "cards": f"{CATALOGUE}?q=noorderkempen",
            "rows": f"{CATALOGUE}?q=noorderkempen&weergave=lijst",
            "map": f"{CATALOGUE}?q=noorderkempen&weergave=kaart",
            "home": "/",
        }[where]
    )
    measuring.unfold(page)
    findings = measuring.accessibility(page)
    for width in (1280, 768, 640, 360, 320):
        measuring.at_width(page, width)
        findings += [f"at {width}: {found}" for found in measuring.overflow(page)]
    assert not findings, "\n".join(findings)


def test_all_that_is_filled_in_is_shown(visitor: NewVisitor, practice: Practice):
    page = visitor().go(reverse("practice_detail", args=[practice.slug]))
    assert page.locator(".sources li").count() == SOURCES
    assert page.locator("main img").count() == 4
    for picture in page.locator("main img").all():
        picture.scroll_into_view_if_needed()
        picture.evaluate("picture => picture.decode()")
