"""Each kind of public page: accessible, light, within its window, without cookies, and silent in the console."""

from __future__ import annotations

import pytest

from tests.browser import measuring
from tests.browser.conftest import NewVisitor
from tests.browser.places import PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_is_sound(visitor: NewVisitor, name: str):
    someone = visitor(1280)
    someone.watch.expected_statuses = {404}
    page = someone.go(PUBLIC[name])
    findings = measuring.weight(someone.watch.requests)
    if not PUBLIC[name].startswith("/account/"):
        findings += [f"cookie {cookie['name']}" for cookie in someone.context.cookies()]

    findings += measuring.frame(page) + measuring.small_targets(page)
    findings += [f"at 1280: {found}" for found in measuring.accessibility(page)]
    measuring.unfold(page)
    measuring.at_width(page, 360)
    findings += [f"at 360: {found}" for found in measuring.accessibility(page)]
    findings += measuring.small_targets(page)
    # 1280 at 200 % zoom, and the narrowest that WCAG asks.
    for width in (640, 320):
        measuring.at_width(page, width)
        findings += [f"at {width}: {found}" for found in measuring.overflow(page)]
    assert not findings, "\n".join(findings)


def test_the_menu_of_a_phone_is_accessible(visitor: NewVisitor):
    page = visitor(360).go("/over/")
    page.get_by_role("button", name="Menu").click()
    findings = measuring.accessibility(page) + measuring.small_targets(page) + measuring.overflow(page)
    assert not findings, "\n".join(findings)
