"""Practices that stopped stay, say so, and come below those that go on; and what a page says of its own truth."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from expoo_portal import content_version
from practices import textsearch
from practices.catalogue import catalogue_for
from practices.models import Practice
from practices.status import UNCONFIRMED, is_due, months_before
from tests import factories

pytestmark = pytest.mark.django_db
STOPPED = date(2024, 5, 3)
LABEL = "Archief – bestaat niet meer sinds 3 mei 2024"


def slugs(client: Client, address: str) -> list[str]:
    return re.findall(r'data-slug="([^"]+)"', client.get(address).content.decode())


@pytest.fixture
def four(db: None) -> None:
    """Two that go on and two that stopped, whose names, places and dates would put the stopped ones first."""
    now = timezone.now()
    for number, (slug, archived_on) in enumerate(
        (("arend", STOPPED), ("bever", STOPPED), ("das", None), ("egel", None))
    ):
        factories.practice(
            slug=slug,
            name=f"{slug.capitalize()} bakfiets" if archived_on else slug.capitalize(),
            municipality=f"{'ABDE'[number]}alter",
            summary="Samen op pad met de bakfiets.",
            publish_at=now - timedelta(hours=number + 1),
            archived_on=archived_on,
        )


@pytest.mark.parametrize(
    "query", ["", "?sorteer=naam", "?sorteer=nieuwste", "?sorteer=gemeente", "?weergave=lijst"]
)
def test_a_visitor_finds_what_stopped_below_what_goes_on(client: Client, four: None, query: str) -> None:
    assert slugs(client, f"/praktijken/{query}") == ["das", "egel", "arend", "bever"]


@pytest.mark.parametrize("most_ranked", [textsearch.MAX_RANKED, 1])
def test_a_search_puts_a_better_match_that_stopped_below_too(
    client: Client, four: None, monkeypatch: pytest.MonkeyPatch, most_ranked: int
) -> None:
    monkeypatch.setattr(textsearch, "MAX_RANKED", most_ranked)
    assert slugs(client, "/praktijken/?q=bakfiets") == ["das", "egel", "arend", "bever"]


def test_a_visitor_reads_that_a_practice_stopped(client: Client, four: None) -> None:
    for address in ("/praktijken/", "/praktijken/arend/", "/praktijken/arend/afdrukken/"):
        assert LABEL in client.get(address).content.decode(), address
    assert "Archief" not in client.get("/praktijken/das/afdrukken/").content.decode()
    assert "waarvan 2 in archief" in client.get("/praktijken/").content.decode()
    assert "in archief" not in client.get("/praktijken/?q=egel").content.decode()


def test_home_and_surprise_show_what_goes_on_only(client: Client, four: None) -> None:
    assert set(slugs(client, "/")) == {"das", "egel"}
    for _ in range(8):
        location = client.get("/praktijken/verras-me/?q=bakfiets").headers["Location"]
        assert location in ("/praktijken/das/", "/praktijken/egel/")
    assert client.get("/praktijken/verras-me/?q=bever").headers["Location"] == "/praktijken/"


def test_related_practices_go_on_as_long_as_there_are_any(client: Client, four: None) -> None:
    das = Practice.objects.public().get(slug="das")
    names = {practice.pk: practice.slug for practice in Practice.objects.public()}
    related = [names[found.id] for found in catalogue_for(None).related(das.pk)]
    assert related == ["egel", "arend", "bever"]
    for _ in range(3):
        factories.practice()
    content_version.forget()
    assert not {"arend", "bever"} & {
        names.get(found.id, "new") for found in catalogue_for(None).related(das.pk)
    }


def test_an_editor_cannot_archive_in_the_future_nor_in_a_strange_year() -> None:
    practice = factories.practice()
    practice.archived_on = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="pas in het archief"):
        practice.full_clean()
    practice.archived_on = date(1900, 1, 1)
    with pytest.raises(ValidationError, match="tussen 1950 en 2100"):
        practice.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Practice.objects.unrestricted().filter(pk=practice.pk).update(archived_on=date(2101, 1, 1))


def test_an_editor_filters_the_list_by_archive(editor: Client, four: None) -> None:
    for chosen, shown, hidden in (("ja", "Arend", "Egel"), ("nee", "Egel", "Arend")):
        text = editor.get(f"/beheer/practices/practice/?archief={chosen}").content.decode()
        assert shown in text
        assert hidden not in text


def test_a_page_says_as_of_when_and_who_confirmed_it(client: Client) -> None:
    today = timezone.localdate()
    texts = {
        "nooit": ({}, UNCONFIRMED),
        "onlangs": ({"confirmed_on": today}, "Laatst bevestigd door de werking op"),
        "lang-geleden": ({"confirmed_on": today - timedelta(days=700)}, "opnieuw te bevestigen"),
    }
    for slug, (fields, text) in texts.items():
        factories.practice(slug=slug, reference_year=2019, **fields)
        for address in (f"/praktijken/{slug}/", f"/praktijken/{slug}/afdrukken/"):
            html = client.get(address).content.decode()
            assert text in html, address
            assert "Peildatum: 2019." in html
    assert "te bevestigen" not in client.get("/praktijken/onlangs/").content.decode()


def test_an_invented_example_asks_nobody_to_confirm_it(client: Client) -> None:
    factories.practice(slug="verzonnen", kind="voorbeeld", based_on="voorbeeld", reference_year=None)
    for address in ("/praktijken/verzonnen/", "/praktijken/verzonnen/afdrukken/"):
        html = client.get(address).content.decode()
        assert "te bevestigen" not in html
        assert "Peildatum" not in html


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 23), 18, date(2025, 5, 23)),
        (date(2026, 8, 31), 18, date(2025, 2, 28)),
        (date(2025, 8, 31), 18, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_months_are_counted_back_to_a_day_that_exists(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected
    assert is_due(expected, day, months)
    assert not is_due(expected + timedelta(days=1), day, months)
    assert is_due(None, day, months)
