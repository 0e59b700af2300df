"""Whatever changes what visitors see, and however: the next visitor sees it, though the page was kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from expoo_portal import content_version, page_cache
from expoo_portal.pages import Page
from expoo_portal.themes.models import Theme
from expoo_portal.visibility import Audience, PublicationState
from practices.models import Facet, FacetValue, Practice, PracticeFile, PracticeSource
from tests import factories
from tests.guards.world import World, make_world

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIST, DETAIL, HOME, FEED, SITEMAP = (
    "/praktijken/",
    "/praktijken/speelbos/",
    "/",
    "/praktijken/feed/",
    "/sitemap.xml",
)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def text_of(path: str) -> str:
    """What a visitor reads; nothing when there is no such page."""
    response = Client().get(path)
    return response.content.decode() if response.status_code == 200 else ""


def number() -> int:
    """The version's number as it is stored."""
    return content_version.ContentVersion.objects.values_list("number", flat=True).get()


def rename(world: World) -> None:
    world.practice.name = "Speelbos aan de Leie"
    world.practice.save()


def rename_in_bulk(world: World) -> None:
    Practice.objects.unrestricted().filter(pk=world.practice.pk).update(name="Speelbos aan de Leie")


def rename_with_sql(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE practices_practice SET name = 'Speelbos aan de Leie' WHERE slug = 'speelbos'")


def rename_with_bulk_update(world: World) -> None:
    world.practice.name = "Speelbos aan de Leie"
    Practice.objects.unrestricted().bulk_update([world.practice], ["name"])


RENAMES = (rename, rename_in_bulk, rename_with_sql, rename_with_bulk_update)


@pytest.mark.parametrize("path", [LIST, DETAIL, HOME, FEED, "/praktijken/speelbos/afdrukken/"])
@pytest.mark.parametrize("change", RENAMES, ids=lambda change: change.__name__)
def test_a_visitor_reads_the_new_name_at_once(
    world: World, change: Callable[[World], None], path: str
) -> None:
    assert "aan de Leie" not in text_of(path)
    change(world)
    assert "Speelbos aan de Leie" in text_of(path)


Change = Callable[[World], Any]

# What is changed, where it is read, and the words that come or (with a minus) go.
CHANGES: dict[str, tuple[Change, str, str]] = {
    "a practice is added": (lambda world: factories.practice(name="Nieuwe plek"), LIST, "Nieuwe plek"),
    "a practice is deleted": (lambda world: world.practice.delete(), LIST, "-Speelbos"),
    "a practice is withdrawn": (
        lambda world: (
            Practice.objects.public().filter(pk=world.practice.pk).update(state=PublicationState.DRAFT)
        ),
        HOME,
        "-Speelbos",
    ),
    "a practice is for members from now on": (
        lambda world: (
            Practice.objects.public().filter(pk=world.practice.pk).update(audience=Audience.MEMBERS)
        ),
        SITEMAP,
        "-speelbos",
    ),
    "a value is given": (
        lambda world: world.practice.values.add(factories.facet_value(slug="nieuw", label="Nieuwe waarde")),
        DETAIL,
        "Nieuwe waarde",
    ),
    "values are taken away": (lambda world: world.practice.values.clear(), DETAIL, "-?ruimte=buiten"),
    "a value gets another label": (
        lambda world: FacetValue.objects.filter(slug="buiten").update(label="In het groen"),
        LIST,
        "In het groen",
    ),
    "a facet gets another label": (lambda world: Facet.objects.update(label="Waar?"), LIST, "Waar?"),
    "a facet is deleted": (lambda world: Facet.objects.all().delete(), LIST, '-data-facet="ruimte"'),
    "a source is added": (
        lambda world: factories.practice_source(practice=world.practice, description="Krant van gisteren"),
        DETAIL,
        "Krant van gisteren",
    ),
    "a source is deleted": (
        lambda world: PracticeSource.objects.unrestricted().delete(),
        DETAIL,
        "-bron.example.org",
    ),
    "a file is added": (
        lambda world: factories.practice_file(practice=world.practice, name="liedjes.txt"),
        DETAIL,
        "liedjes.txt",
    ),
    "a file is renamed": (
        lambda world: PracticeFile.objects.unrestricted().update(name="gids.txt"),
        DETAIL,
        "gids.txt",
    ),
    "a picture is added": (
        lambda world: factories.practice_image(practice=world.practice, alt="Kinderen op een heuvel"),
        DETAIL,
        "Kinderen op een heuvel",
    ),
    "a link is added": (
        lambda world: factories.practice_link(practice=world.practice, title="Filmpje"),
        DETAIL,
        "Filmpje",
    ),
    "a topic gets another label": (
        lambda world: type(world.theme.topics.get()).objects.update(label="Vaders"),
        DETAIL,
        "Vaders",
    ),
    "a theme is added": (
        lambda world: factories.theme(title="Spelen in de buurt"),
        HOME,
        "Spelen in de buurt",
    ),
    "a theme is changed": (
        lambda world: Theme.objects.public().update(title="Samen buiten"),
        HOME,
        "Samen buiten",
    ),
    "a page is changed": (
        lambda world: Page.objects.public().filter(slug="over").update(title="Wie we zijn"),
        "/over/",
        "Wie we zijn",
    ),
    "a page is deleted": (
        lambda world: Page.objects.public().filter(slug="over").delete(),
        SITEMAP,
        "-/over/",
    ),
    "everything is emptied": (lambda world: truncate(), LIST, "-Speelbos"),
}


def truncate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE practices_practice CASCADE")


@pytest.mark.parametrize("name", CHANGES)
def test_a_visitor_reads_what_was_changed_at_once(world: World, name: str) -> None:
    change, path, words = CHANGES[name]
    comes, words = not words.startswith("-"), words.removeprefix("-")
    assert (words in text_of(path)) is not comes
    change(world)
    assert (words in text_of(path)) is comes


@pytest.mark.django_db
@pytest.mark.parametrize("path", [LIST, HOME, FEED, SITEMAP, "/praktijken/straks/"])
def test_a_planned_practice_comes_and_goes_at_its_moments(path: str) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        make_world()
        factories.practice(slug="straks", name="Straks", publish_at=NOW + HOUR, expires_at=NOW + 2 * HOUR)
        for moment, is_shown in (
            (NOW, False),
            (NOW + HOUR - timedelta(milliseconds=1), False),
            (NOW + HOUR, True),
            (NOW + 2 * HOUR - timedelta(milliseconds=1), True),
            (NOW + 2 * HOUR, False),
        ):
            clock.move_to(moment, tick=False)
            assert ("straks" in text_of(path)) is is_shown, moment


@pytest.mark.django_db
def test_a_planned_page_and_theme_come_and_go_at_their_moments() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        make_world()
        factories.page(slug="straks", title="Straks", publish_at=NOW + HOUR)
        factories.theme(title="Vroeger", publish_at=NOW - HOUR, expires_at=NOW + HOUR)
        assert (text_of("/straks/"), "Vroeger" in text_of(HOME)) == ("", True)
        clock.move_to(NOW + HOUR, tick=False)
        assert ("Straks" in text_of("/straks/"), "Vroeger" in text_of(HOME)) == (True, False)


def test_an_unchanged_page_is_made_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Client().get(LIST)
    with monkeypatch.context() as patch:
        patch.setattr("practices.views.results_for", None)
        again = Client().get(LIST)
    assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])


def test_what_visitors_cannot_see_makes_no_page_anew(world: World) -> None:
    before = content_version.current()
    factories.user()
    factories.membership(group=world.group)
    factories.outgoing_mail()
    Client().post("/account/login/", {"login": "an@example.org", "password": "x"})
    assert content_version.current() == before


def test_the_version_never_comes_back(world: World) -> None:
    seen = {content_version.current()}
    for number in range(20):
        Page.objects.public().filter(slug="over").update(order=number)
        version = content_version.current()
        assert version not in seen
        seen.add(version)


def test_a_change_that_is_rolled_back_leaves_the_version(world: World) -> None:
    before = content_version.current()
    with transaction.atomic():
        rename_in_bulk(world)
        assert content_version.current() != before
        transaction.set_rollback(True)
    assert content_version.current() == before
    assert "aan de Leie" not in text_of(LIST)


def test_much_work_raises_the_version_once_and_at_its_end(world: World) -> None:
    before = number()
    with content_version.raised_once():
        rename_in_bulk(world)
        rename_with_sql(world)
        assert number() == before
    assert number() > before
    assert "Speelbos aan de Leie" in text_of(LIST)
    after = number()
    rename_with_sql(world)
    assert number() > after


def test_much_work_that_fails_leaves_the_version_and_the_next_change_raises_it(world: World) -> None:
    before = number()

    def fail() -> None:
        with content_version.raised_once():
            rename_in_bulk(world)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert number() == before
    rename_in_bulk(world)
    assert number() > before


@pytest.mark.django_db(transaction=True)
def test_somebody_saves_while_a_long_work_goes_on() -> None:
    theme = factories.theme()
    page = factories.page()
    errors: list[BaseException] = []

    def save_elsewhere() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            Page.objects.unrestricted().filter(pk=page.pk).update(title="Intussen")
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    with content_version.raised_once():
        Theme.objects.unrestricted().filter(pk=theme.pk).update(title="Lang werk")
        other = threading.Thread(target=save_elsewhere)
        other.start()
        other.join(timeout=10)
    assert not errors
    assert {Page.objects.public().get().title, Theme.objects.public().get().title} == {
        "Intussen",
        "Lang werk",
    }


def test_a_process_that_knew_an_old_version_keeps_nothing_under_the_new_one(world: World) -> None:
    old = content_version.current()
    text_of(DETAIL)
    rename_in_bulk(world)
    text_of(HOME)
    # An answer that was being made while the content changed.
    late = page_cache.Answer(b"oud", b"", 'W/"x"', ())
    page_cache._store.put(old, DETAIL, late)
    assert "Speelbos aan de Leie" in text_of(DETAIL)


def test_loading_the_starter_content_again_changes_no_version(starter: None) -> None:
    call_command("load_starter", verbosity=0)
    text_of(HOME)
    before = content_version.current()
    call_command("load_catalogue", verbosity=0)
    assert content_version.current() == before
