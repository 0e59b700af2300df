"""What the page of a practice says to search engines and to sites that share it."""

import io
import json
import re
from datetime import date

import pytest
from django.test import Client
from PIL import Image

from practices.drawing import PALETTE, drawing
from practices.picture import png, polygons
from tests import factories

pytestmark = pytest.mark.django_db
NASTY = "</script><script>alert(\"1\")</script> & 'ja' \\ \u2028"


def linked_data(client: Client, address: str) -> dict:
    html = client.get(address).content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(text)


def test_a_search_engine_reads_what_the_page_says(client: Client, settings) -> None:
    facet = factories.facet(slug="ruimte")
    values = [factories.facet_value(facet=facet, label=label) for label in ("Buiten", "Mobiel")]
    practice = factories.practice(slug="speelbos", name="Speelbos", municipality="Genk", values=values)
    factories.practice_source(practice=practice, url="https://bron.example.org/a")
    found = linked_data(client, "/praktijken/speelbos/")
    assert found["headline"] == "Speelbos"
    assert found["url"] == f"{settings.SITE_URL}/praktijken/speelbos/"
    assert found["image"] == f"{settings.SITE_URL}/praktijken/speelbos/beeld.png"
    assert found["keywords"] == ["Buiten", "Mobiel"]
    assert found["citation"] == ["https://bron.example.org/a"]
    assert found["about"]["address"]["addressLocality"] == "Genk"
    assert found["license"] == settings.OPEN_DATA_LICENCE["url"]
    assert "creativeWorkStatus" not in found


def test_no_text_gets_out_of_its_place(client: Client) -> None:
    factories.practice(
        slug="boos", name=NASTY[:100], summary=NASTY, organisation=NASTY, municipality=NASTY, special=NASTY
    )
    found = linked_data(client, "/praktijken/boos/")
    assert found["headline"] == NASTY[:100]
    assert found["description"] == found["about"]["name"] == NASTY
    assert "<script>alert" not in client.get("/praktijken/boos/").content.decode()


def test_what_stopped_or_is_invented_says_so_to_machines_too(client: Client) -> None:
    factories.practice(slug="gestopt", archived_on=date(2024, 5, 3))
    factories.practice(slug="verzonnen", kind="voorbeeld", based_on="voorbeeld")
    assert "3 mei 2024" in linked_data(client, "/praktijken/gestopt/")["creativeWorkStatus"]
    assert "verzonnen" in linked_data(client, "/praktijken/verzonnen/")["creativeWorkStatus"]


def test_a_shared_page_has_a_title_a_text_and_a_picture(client: Client, settings) -> None:
    factories.practice(slug="speelbos", name="Speelbos & co", special="Met de bakfiets.")
    html = client.get("/praktijken/speelbos/").content.decode()
    for name, content in {
        "og:title": "Speelbos &amp; co",
        "og:description": "Met de bakfiets.",
        "og:url": f"{settings.SITE_URL}/praktijken/speelbos/",
        "og:image": f"{settings.SITE_URL}/praktijken/speelbos/beeld.png",
    }.items():
        assert f'<meta property="{name}" content="{content}">' in html, name


def test_members_see_the_contact_but_machines_never_read_it(member: Client) -> None:
    practice = factories.practice(slug="speelbos")
    contact = factories.practice_contact(practice=practice)
    assert contact.email in member.get("/praktijken/speelbos/").content.decode()
    assert contact.email not in json.dumps(linked_data(member, "/praktijken/speelbos/"))


def test_an_editor_previews_a_page_that_names_no_address(editor: Client) -> None:
    practice = factories.practice(state="draft")
    html = editor.get(f"/beheer/practices/practice/{practice.pk}/voorbeeld/").content.decode()
    assert "ld+json" not in html
    assert "og:url" not in html


def test_the_picture_is_the_drawing(client: Client) -> None:
    practice = factories.practice(slug="speelbos")
    response = client.get("/praktijken/speelbos/beeld.png")
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"].startswith("public")
    assert (
        "Content-Encoding"
        not in client.get("/praktijken/speelbos/beeld.png", headers={"accept-encoding": "gzip"}).headers
    )
    image = Image.open(io.BytesIO(response.content))
    assert image.size == (1200, 630)
    assert len(response.content) < 60_000
    drawn = drawing(practice.slug, [])
    colours = {colour: count for count, colour in image.getcolors(100_000)}
    wanted = {drawn.ground, drawn.shared.fill, *(shape.fill for shape in drawn.shapes)}
    for colour in wanted:
        assert colours.get(tuple(bytes.fromhex(colour[1:])), 0) > 500, colour
    assert wanted <= PALETTE
    assert png(drawn) == response.content


def test_an_old_address_leads_to_the_picture_of_today(client: Client) -> None:
    practice = factories.practice(slug="speelbos")
    factories.former_slug(practice=practice, slug="vroeger")
    response = client.get("/praktijken/vroeger/beeld.png")
    assert (response.status_code, response.headers["Location"]) == (301, "/praktijken/speelbos/beeld.png")


def test_the_picture_of_something_hidden_is_not_there(client: Client) -> None:
    factories.practice(slug="geheim", state="draft")
    nothing = client.get("/praktijken/bestaat-niet/beeld.png")
    hidden = client.get("/praktijken/geheim/beeld.png")
    assert (hidden.status_code, hidden.content) == (nothing.status_code, nothing.content)
    assert hidden.status_code == 404


def test_every_sign_and_shape_of_the_drawings_can_be_read() -> None:
    spaces = ("mobiel", "buiten", "online", "eigen-ruimte", "multifunctionele-ruimte")
    for number in range(60):
        drawn = drawing(f"praktijk-{number}", [f"ruimte={spaces[number % 5]}"])
        for shape in (*drawn.shapes, drawn.shared):
            for polygon in polygons(shape.path):
                assert len(polygon) > 2
                assert all(-400 < x < 800 and -400 < y < 600 for x, y in polygon)
    with pytest.raises(ValueError, match="'C'"):
        polygons("M0 0C1 1 2 2 3 3")


def test_a_circle_is_round() -> None:
    (circle,) = polygons("M50 10a40 40 0 10.1 0")
    assert all(abs(((x - 50) ** 2 + (y - 50) ** 2) ** 0.5 - 40) < 0.2 for x, y in circle)
