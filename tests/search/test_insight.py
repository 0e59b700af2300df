"""What visitors search for is counted; who searched is not kept, and rare words are not shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from expoo_portal.jobs import close_search_days
from expoo_portal.search import insight as module
from expoo_portal.search.counting import HEADER, SearchCountMiddleware, count_search
from expoo_portal.search.insight import (
    DailySearcher,
    Search,
    SearchCount,
    SearchSalt,
    insight,
    normalised,
    recorder,
    write,
)
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/beheer/portal/searchcount/"


@pytest.fixture(autouse=True)
def _at_once(settings) -> None:
    settings.SEARCH_INSIGHT_SECONDS = 0.0


def answer(results: int, user: object = None) -> Callable[[HttpRequest], HttpResponse]:
    """A search page that finds so much."""

    def view(request: HttpRequest) -> HttpResponse:
        request.user = user or AnonymousUser()  # type: ignore[assignment]
        response = HttpResponse()
        count_search(request, response, results)
        return response

    return view


def search(
    words: str, address: str = "192.0.2.1", results: int = 1, user: object = None, **extra: str
) -> HttpResponse:
    method = extra.pop("method", "get")
    request = getattr(RequestFactory(), method)("/zoeken/", {"q": words}, REMOTE_ADDR=address, **extra)
    return SearchCountMiddleware(answer(results, user))(request)


def counted() -> dict[str, tuple[int, int]]:
    """Searches and searchers by words; "#" for words that too few people used."""
    return {
        "#" if query.startswith("#") else query: (searches, searchers)
        for query, searches, searchers in SearchCount.objects.values_list("query", "searches", "searchers")
    }


def test_a_visitor_counts_once_a_day_and_each_search_counts() -> None:
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        search("Rùilwinkel?", address)
    search("ruilwinkel", "192.0.2.1")
    assert counted() == {"#": (4, 2)}


def test_words_are_written_down_when_a_third_person_uses_them() -> None:
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.2"):
        search("Jan Janssens", address)
    rows = [*SearchCount.objects.values_list(), *DailySearcher.objects.values_list()]
    assert "jan" not in str(rows).lower()
    search("jan janssens", "192.0.2.3")
    assert counted() == {"jan janssens": (4, 3)}
    search("jan janssens", "192.0.2.3")
    search("jan janssens", "192.0.2.4")
    assert counted() == {"jan janssens": (6, 4)}


def test_words_that_three_people_use_at_once_are_written_down_at_once(settings) -> None:
    settings.SEARCH_INSIGHT_SECONDS = 60.0
    for number in range(3):
        search("soep", f"192.0.2.{number}")
    search("brood")
    recorder.write()
    assert counted() == {"soep": (3, 3), "#": (1, 1)}


def test_rare_words_of_two_days_cannot_be_tied_together() -> None:
    today = timezone.localdate()
    assert recorder._hash(today, "soep") != recorder._hash(today - timedelta(days=1), "soep")
    search("soep")
    (before,) = SearchCount.objects.values_list("query", flat=True)
    SearchSalt.objects.all().delete()
    SearchCount.objects.all().delete()
    recorder.forget()
    search("soep")
    assert SearchCount.objects.get().query != before


def test_searches_that_wait_are_written_in_one_statement(settings, django_assert_num_queries) -> None:
    settings.SEARCH_INSIGHT_SECONDS = 60.0
    for number in range(20):
        search("ruilwinkel" if number % 2 else "soep", f"192.0.2.{number}")
    assert counted() == {}
    with django_assert_num_queries(1):
        recorder.write()
    assert counted() == {"ruilwinkel": (10, 10), "soep": (10, 10)}


def test_a_visitor_of_a_kept_page_counts_and_never_sees_the_header() -> None:
    response = search("soep")
    assert HEADER not in response.headers
    assert counted() == {"#": (1, 1)}


def test_only_the_last_number_of_results_is_kept() -> None:
    today = timezone.localdate()
    write([Search(today, "soep", "#1", "a", 0), Search(today, "soep", "#1", "b", 4)])
    assert SearchCount.objects.get().results == 4
    write([Search(today, "soep", "#1", "a", 0)])
    assert SearchCount.objects.get().results == 0


@pytest.mark.parametrize(
    "words",
    [
        "an.peeters@example.org",
        "an @ example",
        "0470 12 34 56",
        "+32 (0)470/12.34.56",
        "85.07.30-033.28",
        "jan.peeters@x.be",
        "bel 0478 12 34 56 na 5",
        "een heel lange vraag van iemand die zijn hele verhaal vertelt, met alles erbij",
        "   ",
        "?!",
    ],
)
def test_what_looks_like_somebody_is_not_recorded(words: str) -> None:
    search(words)
    assert counted() == {}


def test_years_and_house_numbers_are_words() -> None:
    assert normalised("S&O-plek 2019 nummer 12") == "so soplek 2019 nummer 12" or normalised("2019") == "2019"


@pytest.mark.parametrize(
    "extra",
    [
        {"method": "head"},
        {"HTTP_SEC_PURPOSE": "prefetch"},
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Somebot/2.1)"},
    ],
)
def test_what_no_person_asked_does_not_count(extra: dict[str, str]) -> None:
    search("soep", **extra)
    assert counted() == {}


def test_staff_do_not_count() -> None:
    search("soep", user=factories.user(is_staff=True))
    search("brood", user=factories.user())
    assert counted() == {"#": (1, 1)}


def test_a_page_does_not_fail_when_counting_does(monkeypatch) -> None:
    def fail(searches: object) -> None:
        raise module.DatabaseError

    monkeypatch.setattr(module, "write", fail)
    assert search("soep").status_code == 200


def test_nothing_that_is_kept_holds_an_address_and_two_searches_of_one_person_differ() -> None:
    search("soep", "192.0.2.77")
    search("brood", "192.0.2.77")
    rows = [*SearchCount.objects.values_list(), *SearchSalt.objects.values_list()]
    keys = list(DailySearcher.objects.values_list("key", flat=True))
    assert "192.0.2.77" not in str(rows) + str(keys)
    assert len(set(keys)) == 2


def test_salt_and_hashes_are_thrown_away_when_the_day_is_over() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    search("soep")
    SearchSalt.objects.update(day=yesterday)
    DailySearcher.objects.update(day=yesterday)
    recorder.forget()
    search("soep")
    assert SearchSalt.objects.count() == DailySearcher.objects.count() == 2
    close_search_days(0)
    assert [salt.day for salt in SearchSalt.objects.all()] == [timezone.localdate()]
    assert [found.day for found in DailySearcher.objects.all()] == [timezone.localdate()]


def test_rare_words_of_a_day_that_is_over_are_forgotten_but_counted() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    factories.search_count(day=yesterday, query="jan janssens", searches=9, searchers=2)
    factories.search_count(day=yesterday, query="soep", searches=9, searchers=3)
    factories.search_count(query="vandaag", searches=1, searchers=1)
    for _ in range(2):
        close_search_days(0)
        assert counted() == {"": (9, 0), "soep": (9, 3), "vandaag": (1, 1)}
    factories.search_count(day=yesterday, query="te laat", searches=1, searchers=1)
    close_search_days(0)
    assert counted()[""] == (10, 0)


def test_numbers_go_after_thirteen_months() -> None:
    today = timezone.localdate()
    factories.search_count(day=today - timedelta(days=397), query="oud")
    factories.search_count(day=today - timedelta(days=390), query="jong")
    close_search_days(0)
    assert set(counted()) == {"jong"}


def test_words_of_fewer_than_three_searchers_are_not_shown() -> None:
    today = timezone.localdate()
    factories.search_count(query="soep", searches=7, searchers=3)
    for days in range(3):
        factories.search_count(day=today - timedelta(days=days), query="jan", searches=8, searchers=2)
    found = insight(30)
    assert [asked.query for asked in found.most] == ["soep"]
    assert (found.total, found.not_shown) == (31, 24)


def test_an_editor_reads_what_finds_nothing_and_adds_a_synonym(editor: Client) -> None:
    today = timezone.localdate()
    factories.search_count(query="trommel", searches=6, results=0)
    factories.search_count(query="soep", searches=9, results=2)
    factories.search_count(query="jan janssens", searchers=2)
    factories.search_count(day=today - timedelta(days=60), query="lang geleden")
    html = editor.get(PAGE).content.decode()
    first, second = html.split('id="meest"')
    assert "trommel" in first
    assert "soep" not in first
    assert "trommel" in second
    assert "soep" in second
    assert "jan janssens" not in html
    assert "lang geleden" not in html
    assert "lang geleden" in editor.get(f"{PAGE}?dagen=90").content.decode()
    form = editor.get("/beheer/portal/synonymgroup/add/?words=trommel%2C+").content.decode()
    assert "/beheer/portal/synonymgroup/add/?words=trommel%2C+" in html
    assert 'value="trommel, "' in form
    assert PAGE in editor.get("/beheer/").content.decode()


def test_an_editor_goes_to_the_synonyms_that_words_have(editor: Client) -> None:
    factories.search_count(query="trommels", searches=6, results=0)
    group = factories.synonym_group(words="trommel, djembé")
    html = editor.get(PAGE).content.decode()
    assert html.count(f'href="/beheer/portal/synonymgroup/{group.pk}/change/">Bekijk de synoniemen') == 2
    assert "Voeg synoniem toe" not in html


def test_an_editor_is_offered_nothing_to_try_before_there_is_something(editor: Client) -> None:
    for model in ("synonymgroup", "pinnedanswer"):
        assert "robeer het op de site" not in editor.get(f"/beheer/portal/{model}/add/").content.decode()
    answer = factories.pinned_answer(searches="trommel")
    assert (
        'href="/zoeken/?q=trommel"'
        in editor.get(f"/beheer/portal/pinnedanswer/{answer.pk}/change/").content.decode()
    )


def test_an_editor_takes_the_same_out_as_csv(editor: Client) -> None:
    factories.search_count(query="trommel", searches=6, results=0)
    factories.search_count(query="jan", searchers=1)
    response = editor.get(f"{PAGE}uitvoer.csv?dagen=7")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[1:] == ["trommel;6;3;0"]
    assert "zoekvragen-7-dagen.csv" in response.headers["Content-Disposition"]


def test_staff_without_the_right_do_not_read_it(client: Client, facilitator: Client) -> None:
    for path in (PAGE, f"{PAGE}uitvoer.csv"):
        assert facilitator.get(path).status_code in (302, 403)
        assert client.get(path).status_code == 302


def test_robots_are_kept_from_searching(client: Client) -> None:
    assert "Disallow: /zoeken/\n" in client.get("/robots.txt").content.decode()


def test_a_visitor_of_the_search_page_counts_whether_it_was_kept_or_not(client: Client) -> None:
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.2"):
        response = client.get("/zoeken/?q=trommel", REMOTE_ADDR=address)
        assert HEADER not in response.headers
    client.get("/zoeken/?q=trommel&soort=praktijken")
    client.get("/zoeken/aanvullen/?q=trommel")
    client.get("/zoeken/")
    assert counted() == {"#": (3, 2)}
