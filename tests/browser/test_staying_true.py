"""Confirming a practice and telling what was tried, as a contact and a colleague do it: on a phone, from their mail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group as StaffGroup
from playwright.sync_api import Page, expect

from expoo_portal.outbox import OutgoingMail
from practices import confirming
from practices.models import Experience, ExperienceState
from practices.workflow import State
from tests import factories
from tests.browser import measuring
from tests.browser.conftest import NewVisitor
from tests.browser.places import EXAMPLE
from tests.browser.signing_in import at_once
from tests.dossiers import dossier
from tests.roles import EDITORS, Role, person

PHONE, DESK = 360, 1280
_LINK = re.compile(r"https?://[^/\s]+(/praktijken/\S+/)")


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"


def mailed_link() -> str:
    """The address in the last mail."""
    return _LINK.findall(OutgoingMail.objects.latest("pk").text)[0]


def check(page: Page, name: str) -> None:
    """This page is sound at this width and when it is narrower."""
    findings = measuring.accessibility(page) + measuring.small_targets(page) + measuring.frame(page)
    width = page.viewport_size["width"]  # type: ignore[index]
    measuring.at_width(page, 320)
    findings += measuring.overflow(page)
    measuring.at_width(page, width)
    assert not findings, "\n".join([name, *findings])


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("script", [True, False])
def test_a_contact_answers_from_the_mail_without_an_account(
    visitor: NewVisitor, width: int, script: bool
) -> None:
    confirming.ask(dossier(State.DUE))
    someone = visitor(width, java_script_enabled=script)
    page = someone.go(mailed_link())
    expect(page.get_by_role("heading", level=1)).to_have_text("Klopt ‘Soep op de stoep’ nog?")
    if script:
        check(page, "question")
    page.get_by_label("Sinds wanneer").fill("Gestopt in juni.")
    page.get_by_role("button", name="Ja, bestaat niet meer").click()
    expect(page.get_by_text("bestaat niet meer")).to_be_visible()
    if script:
        check(page, "answered")
    assert not someone.context.cookies()


def test_a_link_that_was_answered_expired_or_replaced_says_so(visitor: NewVisitor) -> None:
    confirming.ask(dossier(State.DUE))
    page = visitor(PHONE).go(mailed_link())
    page.get_by_role("button", name="Ja, klopt nog").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bedankt voor je antwoord")
    asked = confirming.ask(dossier(State.DUE))
    link = mailed_link()
    asked.sent_at -= timedelta(days=100)
    asked.expires_at -= timedelta(days=100)
    asked.save()
    page = visitor(PHONE).go(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Deze link is verlopen")
    check(page, "expired")
    page.get_by_role("button", name="Mail me een nieuwe link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Er is een nieuwere mail")
    check(page, "replaced")
    page.goto(mailed_link())
    expect(page.get_by_role("button", name="Ja, klopt nog")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_editor_finds_a_note_on_the_first_page_and_takes_it_up(
    visitor: NewVisitor, portal: str, width: int
) -> None:
    StaffGroup.objects.get_or_create(name=EDITORS)
    someone = visitor(width)
    at_once(someone.context, portal, person(Role.SUPERUSER, factories.group()))
    Experience.objects.unrestricted().delete()
    note = factories.experience(state=ExperienceState.SUBMITTED)
    page = someone.go("/beheer/")
    page.get_by_role("link", name="1 ervaring wacht op de redactie").click()
    page.get_by_role("link", name=note.practice.name).first.click()
    page.get_by_role("button", name="Bewaren", exact=True).wait_for()
    page.wait_for_load_state()
    address = page.url
    findings = measuring.accessibility(page)
    assert not findings, "\n".join(findings)
    # The measuring tool copies style sheets with an @import into the page; the policy refuses that.
    someone.watch.problems.clear()
    page = someone.go(address)
    page.get_by_label("Zet op de site en mail de inzender").check()
    page.get_by_role("button", name="Bewaren", exact=True).click()
    page.get_by_role("link", name=note.practice.name).first.wait_for()
    note.refresh_from_db()
    assert note.state == ExperienceState.APPROVED


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_colleague_tells_what_was_tried_and_finds_it_on_the_page(visitor: NewVisitor, width: int) -> None:
    someone = visitor(width)
    someone.watch.expected_statuses = {422}
    page = someone.go(EXAMPLE)
    page.get_by_role("link", name="Vertel wat jullie probeerden").click()
    check(page, "form")
    page.get_by_label("In welke situatie?").fill(
        "Elke woensdag zitten er een achttal gezinnen in de wachtruimte."
    )
    page.get_by_label("Wat hebben jullie anders gedaan?").fill("Te kort.")
    page.get_by_label("Je e-mailadres").fill("probeerder@example.org")
    page.get_by_role("button", name="Verstuur").click()
    expect(page.get_by_role("alert")).to_contain_text("minstens 50 tekens")
    check(page, "form with faults")
    expect(page.get_by_label("In welke situatie?")).to_have_value(re.compile("achttal"))
    page.get_by_label("Wat hebben jullie anders gedaan?").fill(
        "We schonken thee in plaats van soep, bij de weegschaal."
    )
    page.get_by_label("Wat lukte niet").fill(
        "Wie gehaast was ging niet zitten, tot een ouder zelf ging schenken."
    )
    page.get_by_label("Waar").fill("Consultatiebureau in Ronse")
    page.get_by_role("button", name="Verstuur").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mailbox")
    check(page, "sent")
    page.goto(mailed_link())
    check(page, "own words")
    page.get_by_role("button", name="Ja, dit is mijn verhaal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bedankt voor je verhaal")
    check(page, "confirmed")
    assert not someone.context.cookies()

    note = Experience.objects.unrestricted().latest("pk")
    assert note.state == ExperienceState.SUBMITTED
    first, *_, last = [f"Plek {number} op {width}" for number in range(4)]
    for number in range(4):
        factories.experience(practice=note.practice, place=f"Plek {number} op {width}")
    page = visitor(width).go(EXAMPLE)
    expect(page.get_by_role("heading", name=last)).to_be_visible()
    expect(page.get_by_role("heading", name=first)).to_be_hidden()
    page.get_by_text(re.compile(r"Toon alle \d+ verhalen")).click()
    expect(page.get_by_role("heading", name=first)).to_be_visible()
    check(page, "practice with notes")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Wij probeerden dit")).to_be_hidden()
