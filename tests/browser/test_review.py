"""An editor's review in a browser: from what waits on the first page of the admin to a published practice."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from expoo_portal.outbox import OutgoingMail
from practices.dossiers import advance
from practices.models import Dossier
from practices.workflow import Actor, State, Verb
from tests import factories
from tests.browser import measuring, signing_in
from tests.browser.conftest import NewVisitor, Visitor
from tests.dossiers import amended, content, dossier
from tests.practices.editing.desk import QUEUE, page, stored
from tests.roles import Role, person

NewEditor = Callable[..., Visitor]


@pytest.fixture
def editor(visitor: NewVisitor, portal: str, settings) -> NewEditor:
    """Makes a browser in which an editor is signed in."""
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"

    def make(width: int = 1280) -> Visitor:
        made = visitor(width)
        signing_in.at_once(made.context, portal, person(Role.EDITOR, factories.group()))
        return made

    return make


def told(open_page: Page, words: str) -> None:
    expect(open_page.locator(".messagelist")).to_contain_text(words)


def test_an_editor_reviews_asks_and_publishes(editor: NewEditor):
    made = dossier(
        State.SUBMITTED, sender_name="Hanan", content=content(name="Soep in de Dorpsstraat", special="")
    )
    browser = editor()
    open_page = browser.go("/beheer/")
    open_page.locator(".waiting").get_by_role("link", name="wacht op de redactie").click()
    open_page.get_by_role("link", name="Soep in de Dorpsstraat").click()
    open_page.get_by_role("button", name="Neem in behandeling").click()
    told(open_page, "Je hebt ‘Soep in de Dorpsstraat’ in behandeling.")

    open_page.get_by_label("Wat is er bijzonder aan").fill("Iedereen roert in de pot")
    open_page.get_by_role("textbox", name="Wat zou je anders doen?").click()
    open_page.keyboard.type("Vroeger in het jaar beginnen.")
    open_page.get_by_label("1. Gaat het over ontmoeting").check()
    open_page.get_by_role("button", name="Bewaren en voorbeeld bekijken").click()
    told(open_page, "is bewaard")
    frame = open_page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Soep in de Dorpsstraat")
    expect(frame.get_by_text("Vroeger in het jaar beginnen.")).to_be_visible()
    open_page.get_by_role("link", name="Telefoon (360 pixels)").click()
    expect(frame.get_by_text("Iedereen roert in de pot")).to_be_visible()
    width = open_page.frames[1].evaluate("innerWidth")
    assert width == 360
    assert open_page.frames[1].evaluate("document.documentElement.scrollWidth") <= 360

    open_page.get_by_role("link", name="Terug naar de inzending").click()
    open_page.get_by_role("button", name="Bewaren en aanvulling vragen …").click()
    open_page.get_by_label("Eigen woorden bij punt 2", exact=True).fill("Wie kookt de soep?")
    open_page.get_by_role("button", name="Lees eerst de mail").click()
    expect(open_page.locator(".letter")).to_contain_text("Wie kookt de soep?")
    expect(open_page.locator(".draft-offer")).to_have_count(0)
    open_page.get_by_role("button", name="Verstuur deze mail").click()
    told(open_page, "De vraag om aanvulling")
    assert "Wie kookt de soep?" in OutgoingMail.objects.filter(to=[made.email])[0].text
    assert "Wie kookt" not in open_page.evaluate("JSON.stringify(localStorage)")

    advance(stored(made), Verb.SUBMIT, Actor.SENDER)
    browser.go(page(made))
    open_page.get_by_role("button", name="Neem in behandeling").click()
    expect(open_page.locator(".standing")).to_contain_text("2. Wie kookt de soep?")
    open_page.get_by_role("button", name="Bewaren en publiceren …").click()
    for box in open_page.get_by_role("group", name="Nagekeken").get_by_role("checkbox").all():
        box.check()
    open_page.get_by_role("button", name="Publiceer", exact=True).click()
    told(open_page, "is gepubliceerd")
    open_page.get_by_role("link", name="Bekijk op de site").click()
    expect(open_page.get_by_role("heading", level=1)).to_have_text("Soep in de Dorpsstraat")


def test_typed_words_of_a_question_survive_an_expired_session(editor: NewEditor):
    made = dossier(State.IN_REVIEW)
    browser = editor()
    open_page = browser.go(page(made, Verb.ASK.value))
    cookies = browser.context.cookies()
    open_page.get_by_label("Eigen woorden bij punt 5", exact=True).fill("Mag de foto van de jongen weg?")
    browser.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    open_page.get_by_role("button", name="Lees eerst de mail").click()
    expect(open_page).to_have_url(re.compile("/account/login/"))
    browser.context.add_cookies(cookies)
    browser.go(page(made, Verb.ASK.value))
    open_page.get_by_role("button", name="Zet mijn tekst terug").click()
    expect(open_page.get_by_label("Eigen woorden bij punt 5", exact=True)).to_have_value(
        "Mag de foto van de jongen weg?"
    )


def places() -> list[str]:
    """The pages of a review, each with something on it."""
    waiting = dossier(State.SUBMITTED)
    changing = amended(special="Een andere zin voor wie dit leest")
    asked = dossier(State.SUPPLEMENT)
    published = dossier(State.PUBLISHED)
    names = ("change", "preview", "page", "compare", "publiceren", "aanvulling-vragen", "behouden")
    names += ("notitie", "e-mailadres", "links", "overnemen", "planning", "history", "delete")
    return [
        "/beheer/",
        QUEUE,
        page(waiting),
        *(page(changing, name) for name in names),
        page(asked),
        page(published),
        page(dossier(State.IN_REVIEW), "niet-opnemen"),
        f"/beheer/practices/practice/{factories.practice().pk}/bevestiging-vragen/",
        f"/beheer/practices/practice/{published.practice_id}/change/",
    ]


def test_the_pages_of_a_review_are_accessible(editor: NewEditor):
    browser = editor()
    findings = []
    for place in places():
        browser.go(place)
        findings += [f"{place}: {found}" for found in measuring.accessibility(browser.page)]
    assert not findings, "\n".join(findings)
    # The measuring tool copies style sheets with an @import into the page; the policy refuses that.
    browser.watch.problems.clear()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_a_review_fit_the_screen_and_keep_to_the_policy(editor: NewEditor, width: int):
    browser = editor(width)
    for place in places():
        browser.go(place)
        too_wide = browser.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, place


def test_a_dossier_is_reviewed_without_scripts(visitor: NewVisitor, portal: str, settings):
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    made: Dossier = dossier(State.SUBMITTED)
    browser = visitor(1280, java_script_enabled=False)
    signing_in.at_once(browser.context, portal, person(Role.EDITOR, factories.group()))
    open_page = browser.page
    open_page.goto(page(made))
    open_page.get_by_role("button", name="Neem in behandeling").click()
    open_page.get_by_label("Wat is er bijzonder aan").fill("Zonder scripts")
    open_page.get_by_role("button", name="Bewaren", exact=True).click()
    told(open_page, "is bewaard")
    assert stored(made).content["special"] == "Zonder scripts"
    assert stored(made).content["approach"] == made.content["approach"]
