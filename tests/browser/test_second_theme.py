"""A second theme, made in the admin by clicking alone: it stands everywhere it should and nowhere else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from expoo_portal.outbox import OutgoingMail
from expoo_portal.themes.models import SectionKind
from tests import factories
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.test_admin import enter, rich
from tests.roles import Role

# In the title of all that is made here, and in nothing else on the site.
WORD = "zandkasteel"
FIRST, SECOND = "/themas/ontmoeting/", "/themas/samen-buiten-spelen/"
SECTIONS = {
    "Waarom een zandkasteel?": SectionKind.TEXT,
    "Praktijken van buiten": SectionKind.PRACTICES,
    "Tips voor buiten": SectionKind.TIPS,
    "Wat spreken we af?": SectionKind.AGREEMENTS,
    "Luister naar buiten": SectionKind.BROADCASTS,
    "Lees over buiten": SectionKind.DOCUMENTS,
    "Buiten te doen": SectionKind.EVENTS,
    "Zelf iets delen": SectionKind.JOIN,
    "Vragen over buiten": SectionKind.CONTACT,
}
DRAGGED = "Lees over buiten"
SUB_PAGES = ("", "visie/", "afspraken/", "herbeluister/", "documenten/", "agenda/", "contact/", "feed/")


class Editing:
    """An editor at work, who gets everywhere by a click."""

    def __init__(self, browser: Visitor) -> None:
        self.browser = browser
        self.page: Page = browser.page
        self.form = ""

    def new(self, kind: str) -> None:
        """From the theme to a new thing under it."""
        self.browser.go(self.form)
        # The sections of a theme are folded.
        section = self.page.locator(
            "#sections-group .inline-related", has=self.page.get_by_text(f"{kind} toevoegen")
        )
        section.locator("summary").click()
        section.get_by_role("link", name=f"{kind} toevoegen").click()
        expect(self.page.locator("#id_theme option:checked")).to_have_text("Samen buiten spelen")

    def fill(self, **typed: str) -> None:
        """Type into the fields with these names."""
        for name, text in typed.items():
            self.page.locator(f"#id_{name}").press_sequentially(text)

    def row(self, group: str) -> Locator:
        """A new row of this group, at its end."""
        box = self.page.locator(f"#{group}-group")
        rows = box.locator(".inline-related:not(.empty-form, .tabular), tr.form-row:not(.empty-form)")
        count = rows.count()
        box.locator(".add-row a").click()
        expect(rows).to_have_count(count + 1)
        return rows.nth(count)

    def press(self, button: str, *told: str) -> None:
        """Press this button; the page that follows says that it is kept, and these words."""
        self.page.get_by_role("button", name=button, exact=True).click()
        messages = self.page.locator(".messagelist")
        for words in (re.compile("is (bewaard|toegevoegd)"), *told):
            expect(messages).to_contain_text(words)

    def publish(self) -> None:
        """Publish, and see that it is on the site."""
        self.press("Bewaren en publiceren", "Bekijk op de site")


def make_theme(editing: Editing) -> None:
    page = editing.page
    editing.browser.go("/beheer/")
    page.locator("#content-main .model-theme .addlink").click()
    editing.fill(title="Samen buiten spelen", intro=f"Met een {WORD} begint een gesprek.")
    page.get_by_role("checkbox", name="Ruimte", exact=True).check()
    for title, kind in SECTIONS.items():
        row = editing.row("sections")
        row.get_by_label("Titel").press_sequentially(title)
        row.get_by_label("Soort").select_option(kind)
    rich(page, "Tekst").first.click()
    page.keyboard.type("Wie samen graaft, praat.")
    editing.press("Bewaren en verder werken")
    editing.form = page.url


def drag_a_section_to_the_top(editing: Editing) -> None:
    page = editing.page
    heads = page.locator("#sections-group .has_original > h3")
    page.locator("#sections-heading").evaluate("heading => heading.scrollIntoView()")
    # Beside the words and the buttons of the heading.
    grip = {"x": 550, "y": 12}
    heads.nth(list(SECTIONS).index(DRAGGED)).drag_to(heads.nth(0), source_position=grip, target_position=grip)
    expect(heads.nth(0)).to_contain_text(DRAGGED)
    editing.press("Bewaren en publiceren", "Bekijk op de site")


def link_to_the_catalogue(editing: Editing, visitor: Visitor) -> None:
    address = visitor.go("/praktijken/?ruimte=buiten").url
    page = editing.page
    editing.browser.go(editing.form)
    section = page.locator("#sections-group .inline-related", has_text="Waarom een zandkasteel?")
    section.locator("summary").click()
    section.get_by_role("link", name="links naar de catalogus (0)").click()
    row = editing.row("links")
    row.get_by_label("Tekst").fill("Praktijken in de zandbak")
    row.get_by_label("Keuze in de catalogus").fill(address)
    editing.press("Bewaren")


def make_items(editing: Editing) -> None:
    page = editing.page
    editing.new("tip")
    editing.fill(title=f"Bouw samen een {WORD}", text="Leg emmers klaar.", question="Wie graaft mee?")
    page.locator("#id_topic").select_option(label="Ruimte")
    editing.publish()

    editing.new("document")
    editing.fill(title=f"Gids voor het {WORD}", what="Een gids over zand.")
    editing.row("files").locator("input[type=file]").set_input_files(
        {"name": "zand.txt", "mimeType": "text/plain", "buffer": b"Het zand is nat."}
    )
    editing.publish()

    editing.new("activiteit")
    editing.fill(title=f"Dag van het {WORD}", summary="Een dag met zand.", starts_on="14-05-2027")
    editing.publish()

    editing.new("uitzending")
    editing.fill(title=f"Radio {WORD}", summary="Kinderen vertellen over zand.")
    recording = editing.row("recordings")
    recording.locator("input[type=file]").set_input_files(
        {"name": "zand.mp3", "mimeType": "audio/mpeg", "buffer": factories.sound()}
    )
    for start, title in (("00:00", f"Begin van het {WORD}"), ("00:30", "Einde")):
        chapter = editing.row("chapters")
        chapter.get_by_label("Titel").fill(title)
        chapter.get_by_label("Begint op").fill(start)
    editing.publish()

    editing.new("contactpersoon")
    editing.fill(name="Zoë Vanzand", role=f"weet alles van een {WORD}")
    page.locator("[name$='-0-email']").fill("zoe@example.org")
    editing.publish()

    editing.new("groep afspraken")
    editing.fill(label="Emmers en schoppen")
    editing.row("lines").get_by_label("Afspraak").fill(f"[naam] brengt een emmer voor het {WORD} mee.")
    editing.press("Bewaren")


def text_at(visitor: Visitor, address: str, status: int = 200) -> str:
    """What stands at this address for somebody who is not signed in."""
    response = visitor.context.request.get(address)
    assert response.status == status, (address, response.status)
    return response.text()


def check_theme_page(visitor: Visitor) -> None:
    page = visitor.go("/")
    expect(page.get_by_role("main").locator(f'a[href^="{SECOND}"]').first).to_be_visible()
    page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Thema's").click()
    page.get_by_role("main").get_by_role("link", name=re.compile("Samen buiten spelen")).first.click()
    expect(page).to_have_url(re.compile(f"{SECOND}$"))
    titles = page.get_by_role("main").get_by_role("heading", level=2)
    shown = [title for title in titles.all_text_contents() if title in SECTIONS]
    assert shown == [DRAGGED, *(title for title in SECTIONS if title != DRAGGED)]
    expect(page.get_by_text("Wie samen graaft, praat.")).to_be_visible()
    page.get_by_role("link", name="Praktijken in de zandbak").click()
    expect(page).to_have_url(re.compile(r"/praktijken/\?ruimte=buiten"))


def check_everywhere(visitor: Visitor) -> None:
    own = {
        f"{SECOND}visie/": f"Bouw samen een {WORD}",
        f"{SECOND}afspraken/": f"emmer voor het {WORD}",
        f"{SECOND}herbeluister/": f"Radio {WORD}",
        f"{SECOND}herbeluister/radio-zandkasteel/": f"Begin van het {WORD}",
        f"{SECOND}documenten/": f"Gids voor het {WORD}",
        f"{SECOND}documenten/gids-voor-het-zandkasteel/": "zand.txt",
        f"{SECOND}agenda/": f"Dag van het {WORD}",
        f"{SECOND}agenda/dag-van-het-zandkasteel/": "14 mei 2027",
        f"{SECOND}contact/": "Zoë Vanzand",
        f"{SECOND}feed/": f"Gids voor het {WORD}",
        "/zoeken/aanvullen/?q=zandk": WORD,
    }
    for address, words in own.items():
        assert words in text_at(visitor, address), address
    found = text_at(visitor, f"/zoeken/?q={WORD}")
    places = [f"{SECOND}visie/#tip-", f"{SECOND}#waarom-een-zandkasteel", f'href="{SECOND}"']
    places += [address for address in own if address.count("/") == 5]
    assert [place for place in places if place not in found] == []
    sitemap = text_at(visitor, "/sitemap.xml")
    for address in (SECOND, *(address for address in own if address.count("/") == 5)):
        assert f"{address}<" in sitemap, address
    document = text_at(visitor, f"{SECOND}documenten/gids-voor-het-zandkasteel/")
    file = re.search(r'href="(/bestanden/document/[^"]+)"', document)
    assert file
    assert text_at(visitor, file[1]) == "Het zand is nat."


def check_nowhere_else(visitor: Visitor) -> None:
    for address in (*(f"{FIRST}{part}" for part in SUB_PAGES), "/praktijken/", "/praktijken/feed/", "/over/"):
        assert WORD not in text_at(visitor, address).lower(), address
    for address in ("documenten/gids-voor-het-zandkasteel/", "agenda/dag-van-het-zandkasteel/"):
        text_at(visitor, f"{FIRST}{address}", 404)
    # A tip of the one theme is no tip in the lists and on the paper of the other.
    own = re.search(r'id="tip-([^"]+)"', text_at(visitor, f"{SECOND}visie/"))
    other = re.search(r'id="tip-([^"]+)"', text_at(visitor, f"{FIRST}visie/"))
    assert own
    assert other
    for address in (f"{FIRST}visie/", f"{FIRST}visie/gespreksblad/"):
        assert WORD not in text_at(visitor, f"{address}?tips={own[1]}").lower()
    assert f'"#tip-{other[1]}"' not in text_at(visitor, f"{SECOND}visie/?tips={other[1]}")
    assert "Kirsten" not in text_at(visitor, f"{SECOND}contact/")


def write_to_the_contact_person(visitor: Visitor) -> None:
    page = visitor.go(f"{SECOND}contact/")
    page.get_by_role("radio", name=re.compile("Zoë Vanzand")).check()
    page.get_by_label("Je naam").fill("Toon")
    page.get_by_label("Je e-mailadres").fill("toon@example.org")
    page.get_by_label("Je bericht").fill("Waar vind ik zand?")
    page.get_by_role("button", name="Verstuur").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("Je bericht is verstuurd"))
    assert OutgoingMail.objects.get().to == ["zoe@example.org"]


@pytest.mark.usefixtures("content")
def test_a_second_theme_made_by_clicking_stands_where_it_should(
    visitor: NewVisitor, portal: str, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    editing = Editing(visitor(1280))
    enter(editing.browser, portal, Role.EDITOR)
    anybody = visitor(1280)
    make_theme(editing)
    text_at(anybody, SECOND, 404)
    drag_a_section_to_the_top(editing)
    link_to_the_catalogue(editing, anybody)
    make_items(editing)
    check_theme_page(anybody)
    check_everywhere(anybody)
    check_nowhere_else(anybody)
    write_to_the_contact_person(anybody)
