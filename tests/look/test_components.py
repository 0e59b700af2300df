"""Components, as the pages include them."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from practices.drawing import drawing
from tests.roles import STAFF, Role

TEMPLATES = Path(settings.BASE_DIR) / "templates"
CARD = {
    "slug": "speelbos",
    "href": "/praktijken/speelbos/",
    "title": "Speelbos & co",
    "kicker": "Spelotheek · Gent",
    "line": "Een bakfiets met koffie.",
    "example": False,
    "image": None,
    "drawing": drawing("speelbos", []),
}


@pytest.mark.parametrize(
    "path", sorted([*TEMPLATES.glob("components/*.html"), *TEMPLATES.glob("bootstrap5/**/*.html")]), ids=str
)
def test_each_component_opens_with_its_usage(path):
    assert path.read_text().startswith("{# usage: ")


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("components/*.html")), ids=lambda path: path.stem)
def test_each_component_stands_on_the_components_page(path):
    used = "".join(
        (TEMPLATES / name).read_text() for name in ("styleguide.html", "base.html", "components/fan.html")
    )
    indirect = {"htmx": "only a script", "province_map": "its tag"}
    assert path.stem in used or path.stem in indirect


def test_a_visitor_sees_a_card_with_one_link_and_its_text_escaped():
    html = render_to_string("components/practice_card.html", {"card": CARD})
    assert 'data-slug="speelbos"' in html
    assert html.count("<a ") == 1
    assert "Speelbos &amp; co" in html
    assert "Voorbeeld" not in html


def test_a_visitor_sees_that_a_practice_is_invented():
    assert "Voorbeeld" in render_to_string(
        "components/practice_card.html", {"card": CARD | {"example": True}}
    )


def test_a_visitor_cannot_choose_a_province_without_practices_but_reads_it():
    province = {"slug": "limburg", "label": "Limburg", "count": 0, "href": "", "selected": False}
    html = Template("{% load components %}{% province_map provinces %}").render(
        Context({"provinces": [province]})
    )
    assert "Limburg" in html
    assert "<a " not in html


def test_a_province_the_map_does_not_know_stays_in_the_list():
    province = {
        "slug": "elders",
        "label": "Elders",
        "count": 2,
        "href": "?provincie=elders",
        "selected": True,
    }
    html = Template("{% load components %}{% province_map provinces %}").render(
        Context({"provinces": [province]})
    )
    assert '<a href="?provincie=elders" aria-current="true">Elders</a>' in html
    assert "<path" not in html


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/praktijken/", ' aria-current="page"'), ("/praktijken/x/", ' aria-current="true"'), ("/over/", "")],
)
def test_the_menu_says_where_the_visitor_is(path, expected):
    template = Template('{% load components %}{% current "/praktijken/" %}')
    assert template.render(Context({"request": RequestFactory().get(path)})) == expected


def test_a_link_to_a_part_that_does_not_exist_is_left_out():
    template = Template('{% load components %}{% optional_link "nergens" "Nergens" %}')
    assert template.render(Context()) == ""


def test_an_editor_reads_errors_above_the_form_with_links_to_the_fields(clients):
    html = clients[Role.EDITOR].get("/stijlgids/").content.decode()
    assert 'href="#fout_email"' in html
    assert 'id="fout_email_error"' in html
    assert 'aria-describedby="fout_email_error"' in html
    # A group of checkboxes has no single field: the link leads to its first one.
    assert 'href="#fout_spaces_0"' in html
    assert 'id="fout_spaces_0"' in html


@pytest.mark.parametrize("role", Role)
def test_only_staff_see_the_components_page(clients, role):
    assert clients[role].get("/stijlgids/").status_code == (200 if role in STAFF else 404)
