"""The site search finds discussions, for the active members of their group alone, and tells nobody else of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from expoo_portal import content_version, site_search
from expoo_portal.search.rows import SearchRow
from expoo_portal.search.words import SearchWord, rebuild_words
from network import leaving, managing
from network.models import MembershipRole, Post, PostEntry, Thread, ThreadEntry
from network.paging import address_of
from network.search_entries import write_all
from tests import factories
from tests.roles import INSIDERS, Role, make_clients
from tests.search.test_site_search import page, suggested, total

from .discussing import Room, posts_of, reply_form, thread_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_of_now(settings: Any) -> None:
    settings.CONTENT_VERSION_SECONDS = 0


@pytest.fixture
def room() -> Room:
    return Room()


def hits(html: str) -> list[str]:
    """Where the discussions on a page of results lead, in their order."""
    _, _, found = html.partition('id="soort-gesprekken"')
    return re.findall(r'href="(/netwerk/[^"]*)"', found.partition("</ul>")[0])


def entries() -> dict[str, Any]:
    """All that discussions are found by."""
    return {
        "threads": dict(ThreadEntry.objects.unrestricted().values_list("pk", "full")),
        "posts": dict(PostEntry.objects.unrestricted().values_list("pk", "full")),
    }


def check_true() -> None:
    """What was written along with each change is what would be written now."""
    kept = entries()
    ThreadEntry.objects.unrestricted().delete()
    PostEntry.objects.unrestricted().delete()
    write_all()
    assert entries() == kept


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("where", ["title", "body"])
def test_only_active_members_of_the_group_find_a_discussion(room: Room, role: Role, where: str) -> None:
    client = make_clients(room.group)[role]
    asked = [
        *(
            ("/zoeken/", {"q": text, "soort": kind})
            for text in ("kwibus", "kwibux")
            for kind in ("", "gesprekken")
        ),
        ("/zoeken/aanvullen/", {"q": "kwib"}),
        ("/praktijken/", {"q": "kwibus"}),
    ]
    before = [client.get(path, query).content for path, query in asked]
    texts = {"title": "Wie kent een kwibus?", "body": "<p>Waar vind je een kwibus?</p>"}
    thread = room.thread(**{where: texts[where]})
    rebuild_words()
    if role in INSIDERS:
        assert hits(page(client, "kwibus")) == [address_of(room.group, thread.pk)]
        assert total(page(client, "kwibus", soort="gesprekken")) == 1
        assert suggested(client, "kwib") == ({"Wie kent een kwibus?": 1} if where == "title" else {})
    else:
        after = [client.get(path, query).content for path, query in asked]
        unkept = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
        assert [unkept.sub(b"", text) for text in after] == [unkept.sub(b"", text) for text in before]


def test_a_thread_is_one_hit_that_leads_to_the_post_that_says_most(room: Room) -> None:
    thread = room.thread(title="De winter", body="<p>Iets met vuur?</p>")
    for number in range(2, 56):
        body = "<p>Een warme vuurkorf met soep.</p>" if number == 55 else "<p>Soep.</p>"
        factories.post(thread=thread, author=thread.author, body=body)
    html = page(room.client(), "soep vuurkorf")
    assert hits(html) == [f"{address_of(room.group, thread.pk)}?pagina=3#bericht-55"]
    assert "Een warme <mark>vuurkorf</mark> met <mark>soep</mark>." in html
    assert f"Vraag in {room.group.title}" in html
    assert hits(page(room.client(), "winter")) == [address_of(room.group, thread.pk)]


def test_the_words_may_stand_in_several_posts_and_a_phrase_in_one(room: Room) -> None:
    thread = room.thread(title="De winter", body="<p>Wij koken soep.</p>")
    factories.post(thread=thread, body="<p>Bij ons brandt een vuurkorf.</p>")
    client = room.client()
    assert total(page(client, "soep vuurkorf winter")) == 1
    assert total(page(client, '"koken soep"')) == 1
    assert total(page(client, '"soep vuurkorf"')) == 0
    assert total(page(client, "soep -vuurkorf")) == 0
    assert total(page(client, "soep -zomer")) == 1
    assert total(page(client, "-zomer")) == 0


def test_what_has_the_word_in_its_title_comes_first_and_then_the_latest(room: Room) -> None:
    old, titled, new = (room.thread(body="<p>Soep!</p>", title=title) for title in ("Een", "Soep", "Drie"))
    for thread, day in ((titled, 1), (old, 2), (new, 3)):
        Thread.objects.unrestricted().filter(pk=thread.pk).update(last_post_at=f"2026-01-0{day}T10:00Z")
    found = [address_of(room.group, thread.pk) for thread in (titled, new, old)]
    assert hits(page(room.client(), "soep")) == found


def test_what_members_do_with_a_discussion_is_found_at_once(room: Room) -> None:
    client = room.client()
    client.post(room.address("thread_new"), thread_form(title="Kwibus gezocht", body="Een knorrepot hielp."))
    (thread,) = Thread.objects.unrestricted()
    client.post(room.address("post_reply", thread.pk), reply_form(body="Met een sjoelbak."))
    for word in ("kwibus", "knorrepot", "sjoelbak"):
        assert total(page(client, word)) == 1, word
    first, reply = posts_of(thread)
    client.post(room.address("post_edit", reply.pk), {"body": "Met een toverfee."})
    assert (total(page(client, "sjoelbak")), total(page(client, "toverfee"))) == (0, 1)
    check_true()
    client.post(room.address("post_delete", reply.pk))
    assert total(page(client, "toverfee")) == 0
    assert not PostEntry.objects.unrestricted().filter(post=reply).exists()
    check_true()
    client.post(room.address("post_delete", first.pk))
    assert [total(page(client, word)) for word in ("kwibus", "knorrepot")] == [0, 0]
    check_true()


def test_a_merged_discussion_is_found_where_its_posts_went_and_a_moved_one_by_the_members_there(
    room: Room,
) -> None:
    room.member("Wies", MembershipRole.FACILITATOR)
    elsewhere = Room()
    factories.membership(group=elsewhere.group, user=room.member("Wies"), role=MembershipRole.FACILITATOR)
    target, source = room.thread(title="Blijft"), room.thread(title="Verdwijnt", body="<p>Kwibus.</p>")
    managing.merge(room.viewer("Wies"), room.group, source.pk, target.pk)
    assert hits(page(room.client(), "kwibus")) == [f"{address_of(room.group, target.pk)}#bericht-2"]
    assert total(page(room.client(), "verdwijnt")) == 0
    check_true()
    managing.move(room.viewer("Wies"), room.group, target.pk, elsewhere.group)
    assert total(page(room.client(), "kwibus")) == 0
    assert total(page(elsewhere.client(), "kwibus")) == 1
    check_true()


def test_who_takes_everything_away_is_found_no_more(room: Room) -> None:
    thread = room.thread(author=room.member("Lien"), title="Kwibus gezocht", body="<p>Knorrepot.</p>")
    factories.post(thread=thread, author=room.member(), body="<p>Een sjoelbak.</p>")
    answered = room.thread(author=room.member(), body="<p>Wat nu?</p>")
    factories.post(thread=answered, author=room.member("Lien"), body="<p>Een toverfee.</p>")
    leaving.end_membership(room.membership("Lien"), remove_contributions=True)
    client = room.client()
    found = {word: total(page(client, word)) for word in ("kwibus", "knorrepot", "toverfee", "sjoelbak")}
    assert found == {"kwibus": 0, "knorrepot": 0, "toverfee": 0, "sjoelbak": 1}
    assert "kwibus" not in str(entries())
    check_true()


def test_who_leaves_finds_nothing_with_the_next_request(room: Room) -> None:
    room.thread(title="Kwibus gezocht")
    client = room.client()
    assert total(page(client, "kwibus")) == 1
    leaving.end_membership(room.membership())
    assert total(page(client, "kwibus")) == 0
    assert suggested(client, "kwib") == {}


def test_nobody_is_found_by_where_others_called_upon_them(room: Room) -> None:
    room.member("Zoë Zomerland")
    thread = room.thread()
    client = room.client()
    body = "Vraag het @Zoë Zomerland, van de kwibus."
    client.post(room.address("post_reply", thread.pk), reply_form(body=body))
    assert total(page(client, "zomerland")) == 0
    assert "@Zoë Zomerland" in page(client, "kwibus")
    leaving.end_membership(room.membership("Zoë Zomerland"))
    html = page(client, "kwibus")
    assert "@oud-lid" in html
    assert "Zomerland" not in html


def test_suggestions_count_for_a_member_what_that_member_finds(room: Room, client: Client) -> None:
    factories.practice(name="Kwibus op wielen")
    room.thread(title="Kwibus gezocht", body="<p>Een kwibus op wielen?</p>")
    rebuild_words()
    assert suggested(client, "kwib") == {"kwibus": 1, "Kwibus op wielen": 1}
    assert suggested(room.client(), "kwib") == {"kwibus": 2, "Kwibus op wielen": 2, "Kwibus gezocht": 1}
    assert suggested(room.client(), "gezoc") == {"Kwibus gezocht": 1}
    assert suggested(client, "gezoc") == {}


def test_what_is_said_changes_no_version_no_shared_row_and_no_word(room: Room) -> None:
    rebuild_words()
    before = (
        content_version.current(),
        SearchRow.objects.count(),
        set(SearchWord.objects.values_list("word")),
    )
    thread = room.thread(title="Kwibus gezocht")
    client = room.client()
    client.post(room.address("post_reply", thread.pk), reply_form(body="Met een sjoelbak."))
    assert content_version.current() == before[0]
    rebuild_words()
    assert SearchRow.objects.count() == before[1]
    assert set(SearchWord.objects.values_list("word")) == before[2]


def test_whoever_reads_how_searches_went_does_not_learn_what_is_inside(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    monkeypatch.setattr(
        site_search, "count_search", lambda request, response, results: counted.append(results)
    )
    factories.practice(name="Knorrepot")
    room.thread(title="Kwibus en knorrepot")
    client = room.client()
    assert [total(page(client, word)) for word in ("kwibus", "knorrepot")] == [1, 2]
    assert counted == [0, 1]


def test_no_cache_keeps_what_a_member_found(room: Room) -> None:
    room.thread(title="Kwibus gezocht")
    for address in ("/zoeken/?q=kwibus", "/zoeken/aanvullen/?q=kwib"):
        assert "no-store" in room.client().get(address).headers["Cache-Control"]


def test_the_command_writes_what_was_there_before(room: Room) -> None:
    room.thread(title="Kwibus gezocht", body="<p>Een knorrepot.</p>")
    PostEntry.objects.unrestricted().delete()
    ThreadEntry.objects.unrestricted().delete()
    gone = room.thread(title="Weg")
    Post.objects.unrestricted().filter(thread=gone).update(
        body="", author=None, deleted_at="2026-01-01T10:00Z"
    )
    call_command("index_search", verbosity=0)
    assert [total(page(room.client(), word)) for word in ("kwibus", "knorrepot")] == [1, 1]
    assert not PostEntry.objects.unrestricted().filter(post__thread=gone).exists()


def test_searching_costs_the_same_few_queries_however_much_was_said(room: Room, settings: Any) -> None:
    client = room.client()
    settings.CONTENT_VERSION_SECONDS = 1_000.0

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = ("/zoeken/?q=kwibus", "/zoeken/?q=kwibus&soort=gesprekken", "/zoeken/aanvullen/?q=kwib")
    room.thread(title="Kwibus een", body="<p>Kwibus, @iemand.</p>")
    few = [queries(address) for address in addresses]
    for number in range(30):
        thread = room.thread(title=f"Kwibus {number}", author=room.member())
        factories.post(thread=thread, author=room.member(), body="<p>Een kwibus.</p>")
    assert [queries(address) for address in addresses] == few
    assert max(few) <= 25
