"""Editors see a text as visitors will, in a frame that nobody else can make, and what it changes on the site."""

from __future__ import annotations

import io
import re

import pytest

from practices.dossiers import advance
from practices.models import DossierImage
from practices.workflow import Actor, State, Verb
from tests import factories
from tests.dossiers import amended, content, dossier
from tests.practices.editing.desk import EVERY_POINT, page, read, stored, take
from tests.test_route_matrix import policy

pytestmark = pytest.mark.django_db


def pieces(text: str) -> list[str]:
    """The tags and words of the page itself, without addresses."""
    body = text.split('id="inhoud"')[1].split("</main>")[0]
    return re.findall(r"<[^>]+>|[^<>]+", " ".join(re.sub(r'href="[^"]*"', "", body).split()))


def test_the_preview_is_the_page_that_visitors_get(editor, anonymous):
    made = dossier(State.IN_REVIEW, content=content(tips="<p>Vroeger beginnen.</p>"))
    before = read(editor, page(made, "page"))
    assert "Vroeger beginnen." in before
    take(editor, made, Verb.PUBLISH, when="nu", ticked=EVERY_POINT)
    after = pieces(read(anonymous, stored(made).practice.get_absolute_url()))
    without_banner = re.sub(r'<div class="preview-banner".*?</div>', "", before, flags=re.DOTALL)
    # The site adds buttons to take it home; all else stands there, in this order.
    rest = iter(after)
    assert not [piece for piece in pieces(without_banner) if piece.strip() and piece not in rest]


def test_the_preview_shows_no_account_and_no_contact(editor):
    made = dossier(State.IN_REVIEW)
    text = read(editor, page(made, "page"))
    assert "Aanmelden" in text
    assert "onthaal@example.org" not in text
    assert made.email not in text


def test_only_the_admin_may_frame_the_preview_and_nothing_else(editor):
    made = dossier(State.IN_REVIEW)
    outer, inner = editor.get(page(made, "preview")), editor.get(page(made, "page"))
    assert policy(outer.headers["Content-Security-Policy"])["frame-src"] == {"'self'"}
    assert policy(outer.headers["Content-Security-Policy"])["frame-ancestors"] == {"'none'"}
    assert outer.headers["X-Frame-Options"] == "DENY"
    assert policy(inner.headers["Content-Security-Policy"])["frame-ancestors"] == {"'self'"}
    assert policy(inner.headers["Content-Security-Policy"])["frame-src"] == {"'none'"}
    assert inner.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "private, no-store" in inner.headers["Cache-Control"]
    assert inner.headers["X-Robots-Tag"] == "noindex"
    assert page(made, "page") in outer.content.decode()
    assert 'width="360"' not in outer.content.decode()
    assert 'width="360"' in read(editor, f"{page(made, 'preview')}?breedte=telefoon")


def test_the_preview_changes_nothing(editor):
    made = dossier(State.IN_REVIEW)
    before = stored(made).updated
    for name in ("preview", "page"):
        read(editor, page(made, name))
        assert editor.post(page(made, name)).status_code == 405
    assert stored(made).updated == before


def test_added_pictures_are_in_the_preview_and_can_be_opened(editor, anonymous):
    made = dossier(State.IN_REVIEW)
    image = DossierImage(dossier=made, alt="Een bank onder de boom", consent=True)
    image.file.save("bank.png", io.BytesIO(factories.picture()), save=True)
    assert "Een bank onder de boom" in read(editor, page(made, "page"))
    assert editor.get(image.staff_url).status_code == 200
    assert anonymous.get(image.staff_url).status_code == 302
    assert anonymous.get(image.get_absolute_url()).status_code == 404


def test_an_editor_compares_with_the_site_field_by_field(editor):
    facet = factories.facet(slug="ruimte", label="Ruimte")
    for slug in ("buiten", "binnen"):
        factories.facet_value(facet=facet, slug=slug, label=slug.capitalize())
    made = amended(
        special="De tafel staat binnen: niemand moet een drempel over.",
        approach="<p>Om elf uur zetten we <b>samen</b> de tafels buiten.</p>",
        strengths="<p>Wie voorbijkomt, <em>blijft staan</em>.</p>",
        facets={"ruimte": ["binnen"]},
        links=[{"title": "Draaiboek", "url": "https://example.org/x"}],
        reference_year=2025,
        contact={"role": "Onthaal buurthuis", "email": "nieuw@example.org", "phone": ""},
    )
    text = read(editor, page(made, "compare"))
    for part in (
        "<del>buiten:</del>",
        "<ins>binnen:</ins>",
        "<ins>samen</ins>",
        "enkel de opmaak",
        "<ins>Binnen</ins>",
        "<ins>Draaiboek (https://example.org/x)</ins>",
        "<del>2026</del>",
        "<ins>2025</ins>",
        "<ins>e-mail: nieuw@example.org</ins>",
    ):
        assert part in text, part
    assert "Voorbeeldgem" not in text


def test_a_comparison_escapes_what_was_typed(editor):
    made = amended(special="<script>alert(1)</script>")
    response = editor.get(page(made, "compare"))
    assert "<script>alert(1)</script>" not in response.content.decode()
    assert "&lt;script&gt;" in response.content.decode()


def test_pictures_that_come_and_go_are_told(editor):
    def add_bench(made):
        factories.practice_image(practice=made.practice, alt="Oude bank")

    made = amended(State.CONCEPT, before=add_bench, kept_images=[])
    image = DossierImage(dossier=made, alt="Nieuwe bank", consent=True)
    image.file.save("bank.png", io.BytesIO(factories.picture()), save=True)
    made = advance(made, Verb.SUBMIT, Actor.SENDER)
    text = read(editor, page(made, "compare"))
    assert "<del>Oude bank</del>" in text
    assert "<ins>Nieuwe bank</ins>" in text


def test_a_new_practice_has_nothing_to_compare_with(editor):
    made = dossier(State.IN_REVIEW)
    assert editor.get(page(made, "compare")).status_code == 404
    assert page(made, "compare") not in read(editor, page(made))


def test_a_change_without_a_difference_says_so(editor):
    assert "geen verschil" in read(editor, page(amended(), "compare"))


def test_an_editor_is_told_when_the_site_was_edited_since_the_change_began(editor):
    made = amended(special="Andere zin.")
    assert "nog gewijzigd nadat deze wijziging begon" not in read(editor, page(made))
    practice = made.practice
    practice.tips = "<p>Intussen in het beheer toegevoegd.</p>"
    practice.save()
    for name in ("change", "publiceren"):
        assert "nog gewijzigd nadat deze wijziging begon" in read(editor, page(made, name))
    assert "<del>Intussen in het beheer toegevoegd.</del>" in read(editor, page(made, "compare"))
