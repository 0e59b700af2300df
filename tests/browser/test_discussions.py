"""Members discuss: on a phone with a picture, without scripts, and with a connection that goes away."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from network.models import Draft, Mention, Post
from tests import factories
from tests.browser import measuring, signing_in
from tests.browser.conftest import NewVisitor, Visitor
from tests.network.discussing import Room


@pytest.fixture
def room() -> Room:
    room = Room()
    room.member("An Peeters")
    room.member("Bo Claes")
    return room


def no_findings(visitor: Visitor) -> None:
    """Nothing too wide, nothing cut off, nothing inaccessible on the page that is open."""
    before = list(visitor.watch.problems)
    assert not [*measuring.overflow(visitor.page), *measuring.accessibility(visitor.page)]
    # The measuring tool copies style sheets into the page; the policy refuses some of that.
    visitor.watch.problems[:] = before


def editor(page: Page):
    return page.get_by_role("textbox", name="Je bericht")


def test_a_member_posts_a_picture_from_a_phone(
    visitor: NewVisitor, portal: str, room: Room, tmp_path: Path
) -> None:
    picture = tmp_path / "soep.png"
    picture.write_bytes(factories.picture(size=(640, 288)))
    phone = visitor(360)
    signing_in.at_once(phone.context, portal, room.member("An Peeters"))
    page = phone.go(room.address("threads"))
    expect(page.get_by_text("Nog geen gesprekken")).to_be_visible()
    no_findings(phone)
    page.get_by_role("link", name="Start een gesprek").first.click()
    no_findings(phone)
    page.get_by_label("Ervaring").check()
    page.get_by_label("Titel").fill("Soep op de stoep")
    editor(page).click()
    page.keyboard.type("Wie deed dit al, @Bo")
    expect(page.get_by_role("option", name="Bo Claes")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("en hoe was het?")
    page.get_by_label("Kies bestanden").set_input_files(picture)
    page.get_by_label("Wat zie je op het beeld?").fill("Een kom soep")
    page.get_by_role("button", name="Plaats je gesprek").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Soep op de stoep")
    expect(page.get_by_role("img", name="Een kom soep")).to_be_visible()
    expect(page.locator(".post").get_by_role("link", name="@Bo Claes")).to_be_visible()
    no_findings(phone)
    assert Mention.objects.unrestricted().get().user == room.member("Bo Claes")
    assert not Draft.objects.unrestricted().exists()

    page.get_by_role("button", name="Herkenbaar").click()
    expect(page.get_by_role("button", name="Herkenbaar · An Peeters")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('gesprek:')).length") == 0


def test_posts_are_read_and_written_without_scripts(visitor: NewVisitor, portal: str, room: Room) -> None:
    thread = room.thread(
        title="Een warme plek", author=room.member("Bo Claes"), body="<p>Met een vuurkorf?</p>"
    )
    somebody = visitor(360, java_script_enabled=False)
    signing_in.at_once(somebody.context, portal, room.member("An Peeters"))
    page = somebody.go(room.address("threads"))
    page.get_by_role("link", name="Een warme plek").click()
    expect(page.get_by_text("Met een vuurkorf?")).to_be_visible()
    page.get_by_label("Je bericht").fill("Eerst dit.\n\nDan dat.")
    page.get_by_role("button", name="Bewaar als concept").click()
    expect(page.get_by_label("Je bericht")).to_have_value("Eerst dit.\n\nDan dat.")
    page.get_by_role("button", name="Plaats je antwoord").click()
    expect(page.locator("#bericht-2 .post__body p")).to_have_count(2)
    page.get_by_role("link", name="Wat miste ik").click()
    expect(page.get_by_text("Je bent helemaal bij")).to_be_visible()
    assert Post.objects.unrestricted().filter(thread=thread).count() == 2


def test_a_draft_survives_a_lost_connection_and_an_ended_session(
    visitor: NewVisitor, portal: str, room: Room
) -> None:
    thread = room.thread(title="Een warme plek")
    somebody = visitor(1280)
    somebody.watch.expected_statuses |= {"ERR_INTERNET_DISCONNECTED"}
    signing_in.at_once(somebody.context, portal, room.member("An Peeters"))
    page = somebody.go(room.address("thread", thread.pk))
    line = page.locator("[data-saved]")
    editor(page).click()
    page.keyboard.type("Eerste zin.")
    expect(line).to_contain_text("Concept bewaard om")
    somebody.context.set_offline(True)
    page.keyboard.type(" Zonder verbinding.")
    expect(line).to_contain_text("Geen verbinding")
    somebody.context.set_offline(False)
    expect(line).to_contain_text("Concept bewaard om")
    assert "Zonder verbinding." in Draft.objects.unrestricted().get().body

    somebody.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.keyboard.type(" Afgemeld.")
    expect(line).to_contain_text("Je bent afgemeld")
    signing_in.at_once(somebody.context, portal, room.member("An Peeters"))
    page.reload()
    expect(editor(page)).to_contain_text("Eerste zin. Zonder verbinding. Afgemeld.")
    page.get_by_role("button", name="Plaats je antwoord").click()
    expect(page.locator("#bericht-2")).to_contain_text("Afgemeld.")
    expect(editor(page)).to_have_text("")
    page.reload()
    expect(editor(page)).to_have_text("")
    assert not Draft.objects.unrestricted().exists()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('gesprek:')).length") == 0


def test_a_change_of_a_post_survives_an_ended_session_and_is_kept_no_longer_than_needed(
    visitor: NewVisitor, portal: str, room: Room
) -> None:
    thread = room.thread(author=room.member("An Peeters"), body="<p>Eerste zin.</p>")
    post = Post.objects.unrestricted().get(thread=thread)
    somebody = visitor(360)
    signing_in.at_once(somebody.context, portal, room.member("An Peeters"))
    page = somebody.go(room.address("post_edit", post.pk))
    editor(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Beter gezegd.")
    somebody.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Bewaar").click()
    expect(page).not_to_have_url(room.address("post_edit", post.pk))
    signing_in.at_once(somebody.context, portal, room.member("An Peeters"))
    page = somebody.go(room.address("post_edit", post.pk))
    expect(editor(page)).to_contain_text("Eerste zin. Beter gezegd.")
    no_findings(somebody)
    page.get_by_role("button", name="Bewaar").click()
    expect(page.locator("#bericht-1")).to_contain_text("Beter gezegd.")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('gesprek:')).length") == 0
