"""The editors' guide: each of its pictures shows a page that is there, and is made here.

EXPOO_PICTURES=docs/editors python3 start.py test tests/browser/test_editors_guide.py
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from expoo_portal.themes.models import Chapter, Document, Theme, Tip
from practices.models import ExperienceState, FacetValue, ImportRun, Practice
from practices.workflow import State, Verb
from tests import factories
from tests.browser import signing_in
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.lively_group import LEADER, lively_group
from tests.browser.places import FACILITATORS
from tests.browser.test_admin import rich
from tests.dossiers import amended, content, dossier
from tests.practices.editing.desk import QUEUE, page
from tests.practices.exchange.files import NEW, as_csv, checked
from tests.roles import Role, person

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "editors.md"
PICTURES = os.environ.get("EXPOO_PICTURES")


def named() -> list[str]:
    """The pictures that the guide shows, in order."""
    return re.findall(r"\(editors/([a-z-]+)\.png\)", GUIDE.read_text(encoding="utf-8"))


def desk_pages() -> dict[str, str]:
    """Name of each picture -> the address of its page, on content made for it."""
    dossier(State.SUBMITTED, content=content(name="Wandelen met de buggy"), email="onthaal@example.org")
    dossier(State.SUBMITTED, content=content(name="Babycafé in de bib"), email="bib@example.org")
    reviewed = dossier(State.IN_REVIEW, email="buurthuis@example.org")
    changed = amended(special="Ook in de winter: de tafel verhuist onder het afdak.")
    run = checked(
        as_csv(
            [
                NEW,
                NEW | {"nummer": "P901", "naam": "Wipplank", "gemeente": ""},
                NEW | {"nummer": "P902", "naam": "Speelbrug", "peiljaar": "99999"},
            ]
        ),
        "zomer.csv",
    )
    value = FacetValue.objects.get(facet__slug="vorm", slug="oudergroep")
    practice = Practice.objects.public().get(slug="baboes")
    factories.experience(
        practice=practice,
        place="Consultatiebureau",
        state=ExperienceState.SUBMITTED,
        email="team@example.org",
    )
    return {
        "startpagina": "/beheer/",
        "wachtrij": QUEUE,
        "inzending": page(reviewed),
        "aanvulling": page(reviewed, Verb.ASK.value),
        "voorbeeld": page(reviewed, "preview"),
        "vergelijken": page(changed, "compare"),
        "publiceren": page(reviewed, Verb.PUBLISH.value),
        "praktijk": f"/beheer/practices/practice/{practice.pk}/change/",
        "bevestigen": f"/beheer/practices/practice/{practice.pk}/bevestiging-vragen/",
        "ervaringen": "/beheer/practices/experience/",
        "invoer": f"/beheer/practices/{ImportRun._meta.model_name}/{run.pk}/change/",
        "samenvoegen": f"/beheer/practices/facetvalue/{value.pk}/samenvoegen/",
        "synoniemen": "/beheer/portal/synonymgroup/",
        **theme_pages(),
    }


def theme_pages() -> dict[str, str]:
    """The same for themes and search, on the starter content."""
    theme = Theme.objects.public().get(slug="ontmoeting")
    form = f"/beheer/themes/theme/{theme.pk}/change/"
    chapter = Chapter.objects.public().select_related("broadcast").order_by("start", "pk")[1]
    document = Document.objects.public().filter(is_reference=True)[0]
    for version in ("2019", "2026"):
        factories.document_file(
            document=document, name=f"praktijkbeschrijving-{version}.txt", version=version
        )
    tip = Tip.objects.public().filter(theme=theme)[0]
    for days, (query, results) in enumerate((("grootouders", 0), ("ruilwinkel", 7), ("vaders", 3))):
        day = date.today() - timedelta(days=days)
        factories.search_count(day=day, query=query, results=results, searchers=3 + days)
    return {
        "onderdelen": f"{form}#sections-group",
        "tip": f"/beheer/themes/tip/{tip.pk}/change/",
        "document": f"/beheer/themes/document/{document.pk}/change/#files-group",
        "uitzending": f"/beheer/themes/broadcast/{chapter.broadcast_id}/change/#recordings-group",
        "uitgeschreven": f"/beheer/themes/broadcast/{chapter.broadcast_id}/hoofdstuk/{chapter.pk}/",
        "waarschuwing": form,
        "nagekeken": "/beheer/nagekeken/",
        "zoekvragen": "/beheer/portal/searchcount/",
    }


def be_warned(open_page: Page) -> None:
    """Save what reads badly, and read the warning."""
    box = rich(open_page, "Inleiding")
    box.click()
    open_page.keyboard.press("Control+A")
    open_page.keyboard.type("LEES DIT EERST. " + "Wie binnenkomt, ziet meteen waar er nog plaats is en " * 3)
    open_page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(open_page.locator(".conflict")).to_contain_text("Deze zin telt")


# What an editor does before the picture is taken.
FIRST_DO: dict[str, Callable[[Page], None]] = {"waarschuwing": be_warned}

# What a facilitator sees in the group itself.
GROUP_PICTURES = ("begeleiding", "aanvraag", "meldingen")


@pytest.fixture
def editor(visitor: NewVisitor, portal: str) -> Visitor:
    """An editor at a desk."""
    made = visitor(1280)
    user = person(Role.EDITOR, factories.group())
    user.name = "Redactie"
    user.save()
    signing_in.at_once(made.context, portal, user)
    return made


def take(open_page: Page, name: str) -> None:
    """Keep a picture of what an editor sees first, when pictures were asked for."""
    if PICTURES:
        folder = ROOT / PICTURES
        folder.mkdir(parents=True, exist_ok=True)
        taken = Image.open(io.BytesIO(open_page.screenshot())).convert("RGB")
        # A page has few colours: a table of them makes the file three times as small.
        taken.quantize(128, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)


def test_each_picture_of_the_guide_shows_a_page_that_is_there(editor: Visitor) -> None:
    pages = desk_pages()
    assert named() == [*pages, *GROUP_PICTURES]
    for name, address in pages.items():
        open_page = editor.go(address)
        expect(open_page.get_by_role("heading", level=1)).to_be_visible()
        assert open_page.url.endswith(address), (name, open_page.url)
        FIRST_DO.get(name, lambda _: None)(open_page)
        take(open_page, name)


def test_each_picture_of_a_group_shows_a_page_that_is_there(visitor: NewVisitor, portal: str) -> None:
    group, facilitator = lively_group(), visitor(1280)
    signing_in.at_once(facilitator.context, portal, group.people[LEADER])
    for name in GROUP_PICTURES:
        address = FACILITATORS[name].format(**group.keys)
        open_page = facilitator.go(address)
        expect(open_page.get_by_role("heading", level=1)).to_be_visible()
        assert open_page.url.endswith(address), (name, open_page.url)
        take(open_page, name)


def test_each_picture_of_the_guide_is_there() -> None:
    assert named()
    assert [name for name in named() if not (ROOT / "docs" / "editors" / f"{name}.png").is_file()] == []
