"""From a phone to the catalogue: somebody shares a practice, is asked for more, and sees it published."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from expoo_portal.outbox import OutgoingMail
from practices.models import Dossier
from tests import factories
from tests.browser import measuring, signing_in
from tests.browser.conftest import NewVisitor, Visitor
from tests.roles import Role, person

ADDRESS = "hanan@example.org"
NAME = "Soep op de stoep"
SUMMARY = (
    "Op de eerste woensdag van de maand staat er soep op de stoep van het buurthuis. Ouders en kinderen uit de straat "
    "eten mee, helpen mee en leren elkaar zo kennen, ook wie nog nooit binnen was."
)


def last_mail(subject: str) -> OutgoingMail:
    """The newest mail to the sender; it is readable both as text and as HTML, where a link says where it leads."""
    mail = OutgoingMail.objects.filter(to=[ADDRESS]).latest("pk")
    assert subject in mail.subject
    assert mail.text.startswith("Dag")
    assert not re.search(r"[{}<>]|None|http://testserver", mail.text)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", mail.html.partition("<body")[2].partition(">")[2]))
    assert "://" not in words
    for line in filter(None, (line.strip("- ") for line in mail.text.splitlines())):
        if line.startswith("http"):
            assert f'<a href="{line}"><b>' in mail.html, line
        else:
            assert re.sub(r"&#x27;|&#39;", "'", words).find(re.sub(r"\s+", " ", line)) >= 0, line
    return mail


def links(mail: OutgoingMail) -> list[str]:
    """The addresses in a mail, without the host: the test's portal has another one."""
    return re.findall(r"https?://[^/\s]+(/\S+)", mail.text)


def forward(page: Page) -> None:
    page.get_by_role("button", name="Bewaar en ga verder").click()


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def no_findings(visitor: Visitor) -> None:
    """Nothing too wide, nothing cut off, nothing inaccessible on the page that is open."""
    before = list(visitor.watch.problems)
    assert not [*measuring.overflow(visitor.page), *measuring.accessibility(visitor.page)]
    # The measuring tool copies style sheets into the page; the policy refuses some of that.
    visitor.watch.problems[:] = before


def test_somebody_shares_a_practice_from_a_phone(
    visitor: NewVisitor, portal: str, settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    settings.SITE_URL = portal
    phone = visitor(360)
    page = phone.go("/praktijken/delen/")
    no_findings(phone)
    page.get_by_label("Je e-mailadres").fill(ADDRESS)
    page.get_by_label("Je naam").fill("Hanan")
    page.get_by_label("Naam van de praktijk").fill(NAME)
    page.get_by_role("button", name="Begin").click()

    heading(page, "Naam en plaats")
    no_findings(phone)
    page.get_by_label("Organisatie", exact=True).fill("Buurthuis Voorbeeld")
    page.get_by_label("Gemeente").fill("Voorbeeldgem")
    page.get_by_label("Oost-Vlaanderen").check()
    page.get_by_label("Type organisatie").select_option(label="Huis van het Kind")
    page.get_by_label("Nevenactiviteit").check()
    forward(page)
    heading(page, "In het kort")
    page.get_by_label("In het kort").fill(SUMMARY[:78])
    page.get_by_role("button", name="Later verdergaan").click()
    heading(page, NAME)
    assert phone.context.cookies() == []

    # Elsewhere, later: the link from the mail leads on, on another device, without scripts.
    private, confirm = links(last_mail(f"Je begon met ‘{NAME}’"))
    desk = visitor(360, java_script_enabled=False)
    page = desk.page
    page.goto(private)
    heading(page, NAME)
    page.get_by_role("link", name=re.compile("In het kort")).first.click()
    expect(page.get_by_label("In het kort")).to_have_value(SUMMARY[:78])
    page.get_by_label("In het kort").fill(SUMMARY)
    for answer in ("Alle gezinnen", "Ouders", "Peuter (1-2,5 jaar)"):
        page.get_by_label(answer, exact=True).check()
    forward(page)
    heading(page, "Praktisch")
    for answer in ("Vrije inloop", "Buiten of openbare ruimte", "Vrijwilligers"):
        page.get_by_label(answer, exact=True).check()
    forward(page)
    page.get_by_label("Hoe werkt het?").fill("Om elf uur zetten we de tafels buiten.\n\n- soep\n- brood")
    forward(page)
    page.get_by_label("Sterktes").fill("Wie voorbijkomt, blijft staan.")
    page.get_by_label("Uitdagingen").fill("Bij regen komt er bijna niemand.")
    forward(page)
    drawing = tmp_path / "tafel.png"
    drawing.write_bytes(factories.picture(size=(640, 320)))
    page.get_by_label("Foto of tekening").set_input_files(drawing)
    page.get_by_label("Wat is er te zien?").fill("Een tafel op de stoep")
    page.get_by_label(re.compile("Wie herkenbaar in beeld is")).check()
    page.get_by_role("button", name="Voeg dit beeld toe").click()
    expect(page.get_by_alt_text("Een tafel op de stoep")).to_be_visible()
    forward(page)
    page.get_by_label("Functie of dienst").fill("Onthaal")
    page.get_by_label("Eigen ervaring van de werking").check()
    page.get_by_label("Peiljaar").fill("2026")
    forward(page)
    page.get_by_role("button", name="Dien in").click()
    expect(page.get_by_text("Nog één stap").first).to_be_visible()
    assert Dossier.objects.unrestricted().get(email=ADDRESS).state == "concept"
    page.goto(confirm)
    page.get_by_role("button", name="Ja, dit is mijn e-mailadres").click()
    expect(page.get_by_text("je praktijk is ingediend").first).to_be_visible()
    last_mail("We kregen")

    # An editor asks for more.
    editor = visitor(1280)
    signing_in.at_once(editor.context, portal, person(Role.EDITOR, factories.group()))
    office = editor.go("/beheer/")
    office.locator(".waiting").get_by_role("link", name="wacht op de redactie").click()
    office.get_by_role("link", name=NAME).click()
    office.get_by_role("button", name="Neem in behandeling").click()
    office.get_by_role("button", name="Bewaren en aanvulling vragen …").click()
    office.get_by_label("Eigen woorden bij punt 2", exact=True).fill("Wie kookt de soep, en waar?")
    office.get_by_role("button", name="Lees eerst de mail").click()
    office.get_by_role("button", name="Verstuur deze mail").click()

    # The sender reads the question, answers and sends it in again.
    asked = last_mail("We hebben nog een vraag")
    assert "- Wie kookt de soep, en waar?" in asked.text
    page = phone.go(links(asked)[0])
    expect(page.get_by_text("Wie kookt de soep, en waar?").first).to_be_visible()
    no_findings(phone)
    page.get_by_role("link", name=re.compile("Hoe werkt het")).first.click()
    field = page.get_by_label("Hoe werkt het?")
    expect(field).to_have_value("Om elf uur zetten we de tafels buiten.\n\n- soep\n- brood")
    field.fill("Twee buren koken in de keuken van het buurthuis.\n\n- soep\n- brood")
    page.get_by_role("button", name="Later verdergaan").click()
    page.get_by_role("button", name=re.compile("Dien .*in")).click()
    expect(page.get_by_text("ingediend").first).to_be_visible()

    # It is published, and everybody reads it.
    office.goto("/beheer/practices/dossier/")
    office.get_by_role("link", name=NAME).click()
    office.get_by_role("button", name="Neem in behandeling").click()
    office.get_by_role("button", name="Bewaren en publiceren …").click()
    for box in office.get_by_role("group", name="Nagekeken").get_by_role("checkbox").all():
        box.check()
    office.get_by_role("button", name="Publiceer", exact=True).click()
    expect(office.locator(".messagelist")).to_contain_text("is gepubliceerd")
    address, private = links(last_mail("staat in de catalogus"))
    stranger = visitor(360)
    page = stranger.go(address)
    heading(page, NAME)
    expect(page.get_by_text("Twee buren koken in de keuken van het buurthuis.")).to_be_visible()
    expect(page.get_by_alt_text("Een tafel op de stoep")).to_be_visible()
    expect(page.get_by_text(re.compile("bevestigd door de werking", re.IGNORECASE)).first).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(ADDRESS)
    expect(page.locator("body")).not_to_contain_text("Onthaal")
    no_findings(stranger)
    page = phone.go(private)
    expect(page.get_by_text("Gepubliceerd").first).to_be_visible()
