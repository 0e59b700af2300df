"""The admin speaks Dutch and keeps to the strict content policy."""

import re

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from expoo_portal.richtext import EDITOR_STYLE_HASH
from network.models import Group
from practices.models import Facet, Practice
from tests import factories
from tests.admin.screen import address, listing

pytestmark = pytest.mark.django_db


def policy(response):
    parts = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts}


def test_the_admin_is_ours_and_in_dutch(editor):
    text = editor.get(reverse("admin:index")).content.decode()
    assert '<html lang="nl-be"' in text
    assert "EXPOO-beheer" in text
    assert "Wat wil je beheren?" in text
    found = [app["name"] for app in editor.get(reverse("admin:index")).context["app_list"]]
    assert found[:3] == ["Praktijken", "Thema's", "Portaal"]


def test_only_pages_with_the_editor_carry_a_nonce(superuser):
    practice = factories.practice()
    with_editor = superuser.get(address(practice))
    nonce = re.search(r"'nonce-([^']+)'", policy(with_editor)["script-src"])[1]
    assert f'<script type="importmap" nonce="{nonce}">' in with_editor.content.decode()
    assert EDITOR_STYLE_HASH in policy(with_editor)["style-src"]
    assert "no-store" in with_editor.headers["Cache-Control"]
    for place in (
        listing(Practice),
        reverse("admin:index"),
        address(factories.facet()),
        address(practice, "history"),
    ):
        response = superuser.get(place)
        assert policy(response)["script-src"] == "'self'", place
        assert policy(response)["style-src"] == "'self'", place
        assert "nonce" not in response.content.decode()


def test_each_answer_has_a_nonce_of_its_own(editor):
    place = address(factories.practice())
    assert policy(editor.get(place))["script-src"] != policy(editor.get(place))["script-src"]


def test_no_public_page_ever_carries_a_nonce(anonymous, editor):
    practice = factories.practice()
    for client in (anonymous, editor):
        for place in ("/", practice.get_absolute_url(), "/praktijken/"):
            response = client.get(place)
            assert "nonce" not in response.headers["Content-Security-Policy"]
            assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "nonce" not in editor.get(address(practice, "preview")).headers["Content-Security-Policy"]


def places():
    for model in admin.site._registry:
        for page in ("changelist", "add"):
            yield pytest.param(model, page, id=f"{model.__name__}-{page}")
        for page in ("change", "history", "delete"):
            yield pytest.param(model, page, id=f"{model.__name__}-{page}")


def may_open(client, model, page):
    """Whether whoever has every right may do what this page is for; a single row is opened to change it."""
    request = client.get(reverse("admin:index")).wsgi_request
    admin_of_model = admin.site._registry[model]
    asked = {"changelist": "view", "add": "add", "delete": "delete"}.get(page, "change")
    return getattr(admin_of_model, f"has_{asked}_permission")(request)


@pytest.mark.parametrize(("model", "page"), list(places()))
def test_no_page_of_the_admin_needs_an_exception_to_the_policy(superuser, starter, model, page):
    factories.membership(group=Group.objects.unrestricted().first() or factories.group())
    obj = None if page in ("changelist", "add") else model._base_manager.first()
    if obj is None and page not in ("changelist", "add"):
        pytest.skip("no row to show")
    try:
        place = address(obj, page) if obj else listing(model, page)
    except NoReverseMatch:
        assert not may_open(superuser, model, page)
        pytest.skip("no such page, and nobody may do this")
    response = superuser.get(place)
    if response.status_code in (302, 403):
        pytest.skip("nobody may do this")
    text = response.content.decode()
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert not re.search(r"<[^>]+\sstyle=", text)
    assert not re.search(r"<[^>]+\son[a-z]+=\"", text)
    assert "<style" not in text
    for attributes in re.findall(r"<script([^>]*)>", text):
        is_data = 'type="application/json"' in attributes
        assert "src=" in attributes or is_data or "nonce=" in attributes, attributes


def test_the_admin_does_not_offer_to_change_what_is_not_there(editor):
    response = editor.get(reverse("admin:practices_practice_change", args=[999_999]), follow=True)
    assert "bestaat niet" in response.content.decode()


def test_a_list_is_called_after_what_it_lists(editor):
    assert "<h1>Praktijken</h1>" in editor.get(listing(Practice)).content.decode()
    assert "<h1>Facetten</h1>" in editor.get(listing(Facet)).content.decode()
