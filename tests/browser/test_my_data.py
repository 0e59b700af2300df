"""My data in a browser: reading, taking along and erasing, on a phone and at a desk, with and without scripts."""

from __future__ import annotations

import os
import zipfile
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from expoo_portal.accounts.models import User
from network.models import Group, Post
from tests import factories
from tests.browser import measuring, signing_in
from tests.browser.conftest import NewVisitor, Visitor

PAGE = "/account/mijn-gegevens/"


@pytest.fixture(autouse=True)
def _mail_goes_to_the_outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"


@pytest.fixture
def member(db: None) -> Any:
    """Somebody who wrote in the group that the portal starts with."""
    group = Group.objects.public().get(slug="ontmoeting")
    user = factories.membership(group=group, user=factories.user(name="Lien Weg")).user
    thread = factories.thread(group=group, author=user, title="Mijn vraag", body="<p>Mijn verhaal.</p>")
    factories.post_file(post=Post.objects.unrestricted().get(thread=thread))
    return user


def no_findings(visitor: Visitor, name: str) -> None:
    """Nothing too wide, too small or inaccessible on the page that is open."""
    page, before = visitor.page, list(visitor.watch.problems)
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)
    assert not [*measuring.overflow(page), *measuring.small_targets(page), *measuring.accessibility(page)]
    # The measuring tool copies style sheets into the page; the policy refuses some of that.
    visitor.watch.problems[:] = before


def erase(page: Page, choice: str) -> None:
    """From the page to the last button, with a mistake on the way."""
    page.get_by_role("link", name="Wis mijn account").click()
    page.get_by_label(choice).check()
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_label("Typ WISSEN").fill("ja")
    page.get_by_role("button", name="Wis alles voorgoed").click()
    expect(page.get_by_text("Typ precies dit woord")).to_be_visible()
    page.get_by_label("Typ WISSEN").fill("wissen")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_member_takes_everything_along_and_goes(visitor: NewVisitor, member: Any, width: int) -> None:
    somebody = visitor(width)
    somebody.watch.expected_statuses = {422}
    page = somebody.page
    signing_in.by_code(page, member.email, PAGE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn gegevens")
    no_findings(somebody, f"mijn-gegevens-{width}")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download mijn gegevens").click()
    with zipfile.ZipFile(started.value.path()) as found:
        assert "Mijn verhaal" in found.read("gegevens.json").decode()
        assert any(name.endswith("speeltips.txt") for name in found.namelist())

    page.get_by_role("link", name="Wis mijn account").click()
    no_findings(somebody, f"wissen-1-{width}")
    page.go_back()
    erase(page, "Het blijft staan")
    no_findings(somebody, f"wissen-2-{width}")
    page.get_by_role("button", name="Wis alles voorgoed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Je account is gewist")
    no_findings(somebody, f"gewist-{width}")
    assert not somebody.context.cookies()
    assert not User.objects.filter(pk=member.pk).exists()


def test_without_scripts_a_member_goes_with_all_they_wrote(visitor: NewVisitor, member: Any) -> None:
    somebody = visitor(360, java_script_enabled=False)
    somebody.watch.expected_statuses = {422}
    page, post = somebody.page, Post.objects.unrestricted().get(author=member)
    signing_in.by_code(page, member.email, PAGE)
    erase(page, "Het wordt verwijderd")
    page.get_by_role("button", name="Wis alles voorgoed").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Je account is gewist")
    assert not User.objects.filter(pk=member.pk).exists()
    post.refresh_from_db()
    assert post.body == ""
