"""Answers that editors pin to a search: which searches they catch, and who sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from expoo_portal import content_version
from expoo_portal.search.pins import PinnedAnswer, pinned_to
from expoo_portal.visibility import Audience, PublicationState
from tests import factories

pytestmark = pytest.mark.django_db


def titles(words: str) -> list[str]:
    return [found.title for found in pinned_to(words, AnonymousUser())]


@pytest.mark.parametrize(
    ("words", "is_caught"),
    [
        ("ruilwinkel", True),
        ("Ruilwinkels!", True),
        ("een ruilwinkel", True),
        ("starten ruilwinkel", True),
        ("een ruilwinkel starten", True),
        ("ruilwinkel gent", False),
        ("starten", False),
        ("de", False),
        ("", False),
    ],
)
def test_a_search_is_caught_by_its_words_in_any_order_and_form(words: str, is_caught: bool) -> None:
    factories.pinned_answer(searches="ruilwinkel\nruilwinkel starten", title="Zo begin je")
    assert titles(words) == (["Zo begin je"] if is_caught else [])


@pytest.mark.parametrize(
    "fields",
    [
        {"state": PublicationState.DRAFT},
        {"publish_at": timezone.now() + timedelta(hours=1)},
        {"publish_at": timezone.now() - timedelta(days=2), "expires_at": timezone.now() - timedelta(days=1)},
        {"audience": Audience.STAFF},
    ],
)
def test_a_visitor_gets_no_answer_that_is_not_for_them_now(fields: dict[str, object]) -> None:
    factories.pinned_answer(searches="soep", **fields)
    assert titles("soep") == []


def test_a_change_counts_at_once() -> None:
    answer = factories.pinned_answer(searches="soep", title="Soep")
    before = content_version.current()
    answer.searches = "brood"
    answer.save()
    assert content_version.current() != before
    assert (titles("soep"), titles("brood")) == ([], ["Soep"])


def test_one_query_finds_them(django_assert_num_queries) -> None:
    for number in range(3):
        factories.pinned_answer(searches=f"soep\nwoord{number}")
    with django_assert_num_queries(1):
        assert len(titles("soep")) == 3
    with django_assert_num_queries(0):
        assert titles("de het") == []


@pytest.mark.parametrize("url", ["/themas/ontmoeting/", "/praktijken/?q=a%20b", "https://example.org/x"])
def test_an_answer_leads_to_a_page_here_or_elsewhere(url: str) -> None:
    factories.pinned_answer(url=url)


@pytest.mark.parametrize(
    "url",
    [
        "//example.org",
        "/\\example.org",
        "http://example.org",
        "javascript:alert(1)",
        "praktijken",
        "/a b",
        "/\n",
    ],
)
def test_an_answer_leads_nowhere_else(url: str) -> None:
    with pytest.raises(ValidationError):
        factories.pinned_answer(url=url)


@pytest.mark.parametrize(
    "searches", ["de", "!", "soep\n??", "a" * 61, "\n".join(f"w{n}x" for n in range(31))]
)
def test_an_editor_is_told_what_nobody_can_search_for(searches: str) -> None:
    with pytest.raises(ValidationError):
        factories.pinned_answer(searches=searches)


def test_an_editor_pins_an_answer_and_sees_what_it_catches(editor: Client) -> None:
    factories.search_count(query="ruilwinkels")
    factories.search_count(query="soep")
    factories.search_count(query="de ruilwinkel", searchers=2)
    form = editor.get("/beheer/portal/pinnedanswer/add/?searches=ruilwinkel").content.decode()
    assert ">\nruilwinkel</textarea>" in form
    moment = timezone.localtime()
    response = editor.post(
        "/beheer/portal/pinnedanswer/add/",
        {
            "searches": "ruilwinkel",
            "title": "Zo begin je",
            "text": "",
            "url": "/praktijken/",
            "state": "published",
            "audience": "public",
            "publish_at_0": f"{moment:%d-%m-%Y}",
            "publish_at_1": f"{moment - timedelta(minutes=1):%H:%M:%S}",
            "_save": "1",
        },
    )
    assert response.status_code == 302, response.context["errors"]
    assert titles("ruilwinkels") == ["Zo begin je"]
    page = editor.get(f"/beheer/portal/pinnedanswer/{PinnedAnswer.objects.public().get().pk}/change/")
    html = page.content.decode()
    assert 'href="/zoeken/?q=ruilwinkels"' in html
    assert "q=soep" not in html
    assert "de+ruilwinkel" not in html


def test_a_visitor_reads_the_pinned_answer_above_the_results(client: Client) -> None:
    factories.pinned_answer(searches="trommel", title="Zo begin je", url="/praktijken/")
    factories.practice(name="Trommelclub")
    html = client.get("/zoeken/?q=trommels").content.decode()
    assert html.index("Aanbevolen") < html.index("Zo begin je") < html.index("soort-praktijken")
    assert "Aanbevolen" not in client.get("/zoeken/?q=club").content.decode()
