"""Editors see what nobody looked at for long, and say with one press that it is still right."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from expoo_portal.admin.ageing import year_ago
from expoo_portal.pages import Page
from expoo_portal.themes.models import Theme, Tip
from expoo_portal.visibility import PublicationState
from tests import factories
from tests.admin.screen import listing
from tests.roles import client_of

pytestmark = pytest.mark.django_db

LIST = "/beheer/nagekeken/"


def days_ago(number: int) -> date:
    return timezone.localdate() - timedelta(days=number)


def titles(response) -> list[str]:
    return [str(row.obj) for row in response.context["rows"]]


@pytest.fixture
def aged():
    """A theme with content of several ages."""
    theme = factories.theme(title="Vers", reviewed_on=days_ago(1))
    return {
        "vers": theme,
        "nooit": factories.tip(title="Nooit", theme=theme),
        "oud": factories.page(title="Oud", reviewed_on=days_ago(800)),
        "rijp": factories.document(title="Rijp", theme=theme, reviewed_on=days_ago(400)),
        "praktijk": factories.practice(name="Praktijk", reviewed_on=days_ago(30)),
    }


def test_an_editor_reads_all_kinds_with_the_longest_waiting_first(editor, aged):
    assert titles(editor.get(LIST)) == ["Nooit", "Oud", "Rijp", "Praktijk", "Vers"]


def test_what_is_not_on_the_site_is_left_out(editor):
    factories.page(title="Concept", state=PublicationState.DRAFT)
    factories.page(
        title="Verlopen",
        publish_at=timezone.now() - timedelta(days=9),
        expires_at=timezone.now() - timedelta(days=1),
    )
    factories.page(title="Gepland", publish_at=timezone.now() + timedelta(days=1))
    assert titles(editor.get(LIST)) == ["Gepland"]


def test_an_editor_says_that_a_text_is_still_right(editor, aged):
    tip = aged["nooit"]
    row = editor.get(LIST).context["rows"][0]
    response = editor.post(row.review_url, follow=True)
    assert "“Nooit” is vandaag nagekeken." in response.content.decode()
    assert titles(response)[0] == "Oud"
    assert Tip.objects.public().get(pk=tip.pk).reviewed_on == timezone.localdate()
    newest = tip.history.first()
    assert newest.history_change_reason == "Vandaag nagekeken"
    assert newest.history_user.is_staff


@pytest.mark.parametrize(
    ("kind", "key"), [("themes.tip", "999"), ("themes.tip", "x"), ("themes.topic", "1"), ("niets", "1")]
)
def test_what_is_not_there_is_not_found(editor, kind, key):
    assert editor.post(f"{LIST}{kind}/{key}/").status_code == 404


def test_looking_at_a_page_changes_nothing(editor, aged):
    row = editor.get(LIST).context["rows"][0]
    assert editor.get(row.review_url).status_code == 405
    assert editor.post(LIST).status_code == 405


def test_staff_see_only_what_they_may_edit(aged):
    user = factories.user(is_staff=True)
    client = client_of(user)
    address = reverse("admin:mark_reviewed", args=["themes.tip", aged["nooit"].pk])
    assert client.get(LIST).status_code in (302, 403)
    assert client.post(address).status_code in (302, 403, 404)
    assert Tip.objects.public().get(pk=aged["nooit"].pk).reviewed_on is None


def test_the_first_page_of_the_admin_leads_to_the_list(editor, aged):
    text = editor.get("/beheer/").content.decode()
    assert f'<a href="{LIST}">3 teksten zijn lang niet nagekeken</a>' in text


@pytest.mark.parametrize(
    ("model", "make"), [(Theme, factories.theme), (Page, factories.page), (Tip, factories.tip)]
)
def test_an_editor_filters_a_list_by_when_it_was_looked_at(editor, model, make):
    never, long_ago, lately = (
        make(title=title, reviewed_on=when)
        for title, when in (("Nooit", None), ("Lang", days_ago(500)), ("Pas", days_ago(5)))
    )

    def listed(choice):
        response = editor.get(listing(model), {"nagekeken": choice})
        return {obj.pk for obj in response.context["cl"].result_list} & {never.pk, long_ago.pk, lately.pk}

    assert listed("nooit") == {never.pk}
    assert listed("lang-geleden") == {long_ago.pk}
    assert listed("onzin") == {never.pk, long_ago.pk, lately.pk}


def test_a_year_ago_exists_in_a_leap_year():
    assert year_ago(date(2028, 2, 29)) == date(2027, 2, 28)
    assert year_ago(date(2026, 11, 23)) == date(2025, 11, 23)


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_asks_no_more_when_there_is_more(editor, aged):
    few = queries_of(editor, LIST)
    for _ in range(20):
        factories.tip(theme=aged["vers"])
        factories.page()
    assert queries_of(editor, LIST) == few
