"""The editors' guide: each of its pictures shows a page that is there, and is made here.

EXPOO_PICTURES=docs/editors python3 start.py test tests/browser/test_editors_guide.py
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from practices.models import ExperienceState, FacetValue, ImportRun, Practice
from practices.workflow import State, Verb
from tests import factories
from tests.browser import signing_in
from tests.browser.conftest import NewVisitor, Visitor
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
    }


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
        open_page.screenshot(path=folder / f"{name}.png")


def test_each_picture_of_the_guide_shows_a_page_that_is_there(editor: Visitor) -> None:
    pages = desk_pages()
    assert named() == list(pages)
    for name, address in pages.items():
        open_page = editor.go(address)
        expect(open_page.get_by_role("heading", level=1)).to_be_visible()
        assert open_page.url.endswith(address), (name, open_page.url)
        take(open_page, name)


def test_each_picture_of_the_guide_is_there() -> None:
    assert named()
    assert [name for name in named() if not (ROOT / "docs" / "editors" / f"{name}.png").is_file()] == []
