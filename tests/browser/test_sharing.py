"""Sharing a practice on a phone between two visits: with and without JavaScript, with and without a connection."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from practices.content import REQUIRED_FACETS
from practices.dossiers import advance
from practices.models import Dossier
from practices.private_links import token_of
from practices.workflow import Actor, State, Verb
from tests import factories
from tests.browser import measuring
from tests.browser.conftest import NewVisitor, Visitor
from tests.dossiers import content, dossier, editor_user

START = "/praktijken/delen/"
SUMMARY = (
    "Op woensdag staat er soep op de stoep van het buurthuis. Ouders en kinderen uit de straat eten mee, helpen mee "
    "en leren elkaar zo kennen, ook wie nog nooit binnen was."
)
GO_ON = "Bewaar en ga verder"
DISCONNECTED = "ERR_INTERNET_DISCONNECTED"


def mailed(pattern: str) -> str:
    """The path of a link in the newest mail."""
    return next(
        link
        for link in re.findall(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
        if re.search(pattern, link)
    )


def stored(page: Page) -> Dossier:
    """The dossier of the page that is open."""
    token = page.url.split(START)[1].split("/")[0]
    return Dossier.objects.unrestricted().get(uuid=token[:32])


def begin(someone: Visitor, email: str) -> Page:
    """Fill in the start page."""
    page = someone.go(START)
    page.get_by_label("Je e-mailadres").fill(email)
    page.get_by_label("Naam van de praktijk").fill("Soep op de stoep")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Naam en plaats")).to_be_visible()
    return page


def go_on(page: Page) -> None:
    page.get_by_role("button", name=GO_ON).last.click()


def answer_facets(page: Page) -> None:
    """ "Weet ik niet" for every facet of the step that has no answer."""
    for box in page.get_by_label("Weet ik niet").all():
        box.check()
    for choice in page.locator("select").all():
        choice.select_option("weet-ik-niet")


@pytest.mark.parametrize("has_scripts", [False, True])
def test_a_practitioner_shares_a_practice_leaves_half_way_and_goes_on_by_the_mailed_link(
    visitor: NewVisitor, has_scripts: bool
):
    email = f"an.{int(has_scripts)}@example.org"
    page = begin(visitor(360, java_script_enabled=has_scripts), email)
    page.get_by_label("Organisatie", exact=True).fill("Buurthuis Voorbeeld")
    page.get_by_label("Gemeente").fill("Voorbeeldgem")
    answer_facets(page)
    go_on(page)
    page.get_by_label("In het kort").fill("Op woensdag is er soep")
    page.get_by_role("button", name="Later verdergaan").click()
    expect(page.get_by_text("Alles is bewaard")).to_be_visible()

    page = visitor(360, java_script_enabled=has_scripts).go(mailed(f"{START}[^/]+/$"))
    page.get_by_role("link", name="Ga verder").click()
    expect(page.get_by_label("In het kort")).to_have_value("Op woensdag is er soep")
    page.get_by_label("In het kort").fill(SUMMARY)
    answer_facets(page)
    go_on(page)
    answer_facets(page)
    page.get_by_label("Vrije inloop").check()
    go_on(page)
    page.get_by_label("Hoe werkt het?").fill("We zetten de tafels buiten.\n\n- soep\n- brood")
    go_on(page)
    page.get_by_label("Sterktes").fill("Wie voorbijkomt, blijft staan.")
    page.get_by_label("Uitdagingen").fill("Bij regen komt niemand.")
    go_on(page)

    page.get_by_label("Foto of tekening").set_input_files(
        {"name": "soep.png", "mimeType": "image/png", "buffer": factories.picture(size=(640, 480))}
    )
    page.get_by_label("Wat is er te zien?").fill("Een tafel met soep")
    page.get_by_role("button", name="Voeg dit beeld toe").click()
    expect(page.get_by_text("Zonder toestemming kunnen we")).not_to_have_count(0)
    page.get_by_label("Foto of tekening").set_input_files(
        {"name": "soep.png", "mimeType": "image/png", "buffer": factories.picture(size=(640, 480))}
    )
    expect(page.get_by_label("Wat is er te zien?")).to_have_value("Een tafel met soep")
    page.get_by_label("Wie herkenbaar in beeld is").check()
    page.get_by_role("button", name="Voeg dit beeld toe").click()
    expect(page.get_by_role("img", name="Een tafel met soep")).to_be_visible()
    page.get_by_role("button", name="Haal weg (Een tafel met soep)").click()
    page.get_by_role("link", name="Laat staan").click()
    go_on(page)
    page.get_by_label("Eigen ervaring van de werking").check()
    page.get_by_label("Peiljaar").fill("2026")
    go_on(page)

    expect(page.get_by_text("Alles staat erin.")).to_be_visible()
    page.get_by_role("link", name="Bekijk hoe het wordt").click()
    expect(page.get_by_role("img", name="Een tafel met soep")).to_be_visible()
    expect(page.get_by_text("Bij regen komt niemand.")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Dien in").click()
    expect(page.get_by_text("Nog één stap: bevestig je e-mailadres").first).to_be_visible()
    page.goto(mailed("/bevestig/"))
    page.get_by_role("button", name="Ja, dit is mijn e-mailadres").click()
    expect(page.get_by_text("je praktijk is ingediend")).to_be_visible()
    assert stored(page).state == State.SUBMITTED
    assert stored(page).email == email
    assert not page.context.cookies()

    answered = stored(page).content
    assert set(REQUIRED_FACETS) <= {
        *answered["unknown"],
        *(slug for slug, values in answered["facets"].items() if values),
    }


def test_what_is_typed_is_kept_while_typing(visitor: NewVisitor):
    page = begin(visitor(360), "jo@example.org")
    page.get_by_label("Organisatie", exact=True).press_sequentially("Buurthuis")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"Bewaard om \d\d:\d\d"))
    assert stored(page).content["organisation"] == "Buurthuis"
    page.get_by_label("Gemeente").fill("Gent")
    page.get_by_role("link", name="EXPOO Inspiratie").click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.go_back()
    expect(page.get_by_label("Gemeente")).to_have_value("Gent")


def test_without_a_connection_the_text_stays_on_the_phone_and_goes_when_there_is_one(visitor: NewVisitor):
    someone = visitor(360)
    someone.watch.expected_statuses = {DISCONNECTED}
    page = begin(someone, "zo@example.org")
    said = page.locator("[data-saved]")
    someone.context.set_offline(True)
    page.get_by_label("Organisatie", exact=True).fill("In de tunnel")
    expect(said).to_have_text(re.compile("Geen verbinding"))
    page.get_by_label("Gemeente").fill("Gent")
    someone.context.set_offline(False)
    expect(said).to_have_text(re.compile(r"Bewaard om"))
    kept = stored(page).content
    assert (kept["organisation"], kept["municipality"]) == ("In de tunnel", "Gent")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_tab_that_was_closed_without_a_connection_finds_its_text_back(visitor: NewVisitor):
    someone = visitor(360)
    someone.watch.expected_statuses = {DISCONNECTED}
    page = begin(someone, "bo@example.org")
    page.wait_for_load_state()
    address = page.url.partition("?")[0]
    someone.context.set_offline(True)
    page.get_by_label("Organisatie", exact=True).fill("In de tunnel")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("Geen verbinding"))
    page.close()
    someone.context.set_offline(False)

    page = someone.context.new_page()
    page.goto(address)
    expect(page.get_by_label("Organisatie", exact=True)).to_have_value("In de tunnel")
    # This page sends it, unless the closing one still got it through: then there is nothing left to send or to say.
    for _ in range(80):
        if stored(page).content.get("organisation") == "In de tunnel":
            break
        page.wait_for_timeout(250)
    assert stored(page).content["organisation"] == "In de tunnel"


def test_a_button_pressed_without_a_connection_loses_nothing(visitor: NewVisitor):
    someone = visitor(360)
    someone.watch.expected_statuses = {DISCONNECTED}
    page = begin(someone, "mo@example.org")
    page.wait_for_load_state()
    address = page.url.partition("?")[0]
    page.get_by_label("Organisatie", exact=True).fill("In de tunnel")
    someone.context.set_offline(True)
    go_on(page)
    page.wait_for_timeout(500)
    someone.context.set_offline(False)
    page.goto(address)
    expect(page.get_by_label("Organisatie", exact=True)).to_have_value("In de tunnel")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("Bewaard om"))


def test_text_that_arrived_does_not_come_back_over_what_a_colleague_wrote_since(visitor: NewVisitor):
    page = begin(visitor(360), "li@example.org")
    address = page.url.partition("?")[0]
    page.get_by_label("Organisatie", exact=True).fill("Van de telefoon")
    go_on(page)
    expect(page.get_by_role("heading", name="In het kort")).to_be_visible()

    desk = visitor(1280).go(address)
    desk.get_by_label("Organisatie", exact=True).fill("Van het bureau")
    go_on(desk)
    expect(desk.get_by_role("heading", name="In het kort")).to_be_visible()
    page.goto(address)
    expect(page.get_by_label("Organisatie", exact=True)).to_have_value("Van het bureau")


def test_text_that_arrived_does_not_stay_on_the_device(visitor: NewVisitor):
    page = begin(visitor(360), "os@example.org")
    page.get_by_label("Organisatie", exact=True).fill("Buurthuis")
    page.get_by_role("button", name="Later verdergaan").click()
    expect(page.get_by_text("Alles is bewaard")).to_be_visible()
    page.wait_for_function("Object.keys(localStorage).length === 0")


def test_two_devices_that_type_in_one_field_are_told(visitor: NewVisitor):
    phone = visitor(360)
    phone.watch.expected_statuses = {409}
    page = begin(phone, "nu@example.org")
    address = page.url.partition("?")[0]
    desk = visitor(1280).go(address)
    desk.get_by_label("Organisatie", exact=True).fill("Van het bureau")
    expect(desk.locator("[data-saved]")).to_have_text(re.compile("Bewaard om"))
    page.get_by_label("Organisatie", exact=True).fill("Van de telefoon")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("ook op een andere plaats gewijzigd"))
    go_on(page)
    expect(page.get_by_role("heading", name="Dit werd intussen ook elders gewijzigd")).to_be_visible()
    expect(page.get_by_text("Van het bureau")).to_be_visible()
    go_on(page)
    expect(page.get_by_role("heading", name="In het kort")).to_be_visible()
    assert stored(page).content["organisation"] == "Van de telefoon"


def test_a_counter_says_how_much_is_asked_and_a_large_file_is_refused_before_it_is_sent(visitor: NewVisitor):
    page = begin(visitor(360), "ab@example.org")
    go_on(page)
    page.get_by_label("In het kort").fill("Tien teken")
    expect(page.get_by_text("10 tekens, nog minstens 140.")).to_be_visible()
    page.get_by_label("In het kort").fill("x" * 605)
    expect(page.get_by_text("605 tekens: 5 te veel.")).to_be_visible()
    page.goto(page.url.partition("stap/")[0] + "stap/6/")
    page.evaluate("document.querySelector('#id_bestand-file').dataset.mostBytes = 10")
    page.get_by_label("Document").set_input_files(
        {"name": "groot.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + b"x" * 20}
    )
    expect(page.get_by_text("Kies een kleiner bestand.")).to_be_visible()


def addresses() -> dict[str, str]:
    """Each kind of private page, by name."""
    editor = editor_user()
    draft = dossier(State.CONCEPT, email_confirmed_at=None)
    draft.content["links"] = [{"title": "Jullie pagina", "url": "https://voorbeeld.example"}]
    draft.save(update_fields=["content"])
    empty = dossier(State.CONCEPT, content={"name": "Soep"})
    asked = advance(
        dossier(State.IN_REVIEW, editor=editor),
        Verb.ASK,
        Actor.EDITOR,
        user=editor,
        points={"3": "Wat blijft moeilijk?", "6": "Van wanneer is dit?"},
        note="We kijken ernaar uit.",
    )
    due = dossier(State.DUE, content=content(name="Een heel lange naam " * 4))
    base, supplement, due_base = (f"{START}{token_of(one)}/" for one in (draft, asked, due))
    return {
        "begin": START,
        "link kwijt": f"{START}link-kwijt/",
        "concept": base,
        **{f"stap {number}": f"{base}stap/{number}/" for number in range(1, 9)},
        "leeg nakijken": f"{START}{token_of(empty)}/stap/1/?nakijken",
        "leeg overzicht": f"{START}{token_of(empty)}/stap/8/",
        "aanvulling": supplement,
        "stap met vraag": f"{supplement}stap/5/",
        "te bevestigen": due_base,
        "zeker": f"{due_base}doe/stoppen/",
        "e-mailadres": f"{base}e-mailadres/",
        "weggooien": f"{base}weggooien/",
        "voorbeeld": f"{base}zo-wordt-het/",
    }


def test_the_pages_of_sharing_are_sound(visitor: NewVisitor):
    findings = []
    for name, address in addresses().items():
        someone = visitor(1280)
        page = someone.go(address)
        found = measuring.weight(someone.watch.requests)
        found += [f"cookie {cookie['name']}" for cookie in someone.context.cookies()]
        found += measuring.frame(page) + measuring.small_targets(page) + measuring.accessibility(page)
        measuring.unfold(page)
        measuring.at_width(page, 360)
        found += measuring.accessibility(page) + measuring.small_targets(page)
        for width in (640, 320):
            measuring.at_width(page, width)
            found += [f"at {width}: {one}" for one in measuring.overflow(page)]
        findings += [f"{name}: {one}" for one in found]
        someone.context.close()
    assert not findings, "\n".join(findings)
