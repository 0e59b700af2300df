"""The list of threads and the page of a thread: who gets in, what stands there, and what it costs."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from expoo_portal import page_cache
from network import posting
from network.models import Draft, Post, Thread
from network.paging import address_of
from tests import factories
from tests.guards.discussions import discussion_routes
from tests.guards.routes import address, ask, body, check_statuses
from tests.roles import INSIDERS, TOTP_SECRET, Role, make_clients, sign_in

from .discussing import Room, posts_of, reply_form, thread_form, threads_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return Room()


GETS = (
    "threads",
    "thread_new",
    "thread",
    "post_reply",
    "post_versions",
    "post_report",
    "missed",
    "mention_complete",
)
POSTS = ("thread_follow", "post_react", "post_helpful", "draft_save", "draft_file")
ONE_SIDED = ("post_edit", "post_delete", "thread_manage")


def address_for(room: Room, name: str, thread: Thread) -> str:
    if name.startswith("post_") and name != "post_reply":
        return room.address(name, posts_of(thread)[0].pk)
    in_thread = name in ("thread", "post_reply", "thread_follow", "thread_manage")
    return room.address(name, thread.pk) if in_thread else room.address(name)


def test_only_active_members_come_in(room: Room) -> None:
    thread = room.thread()
    clients = make_clients(room.group)
    for name in (*GETS, *POSTS, *ONE_SIDED):
        address = address_for(room, name, thread)
        for role, client in clients.items():
            method = client.post if name in POSTS else client.get
            status = method(address).status_code
            if role is Role.ANONYMOUS:
                assert status == 302, (name, role)
            elif role in INSIDERS and name not in ONE_SIDED:
                assert status in (200, 302, 422), (name, role, status)
            elif role not in INSIDERS:
                assert status == 404, (name, role)


def test_only_facilitators_manage_and_only_writers_change(room: Room) -> None:
    thread = room.thread(author=room.member())
    other, facilitator = room.client("Bo Claes"), room.facilitator()
    statuses = {
        "thread_manage": (404, 404, 200),
        "post_edit": (200, 404, 404),
        "post_delete": (200, 404, 200),
    }
    for name, expected in statuses.items():
        address = address_for(room, name, thread)
        found = tuple(client.get(address).status_code for client in (room.client(), other, facilitator))
        assert found == expected, name


def test_a_thread_or_post_of_another_group_is_not_there(room: Room) -> None:
    elsewhere = Room()
    thread = elsewhere.thread(author=room.member())
    # Somebody who belongs to both.
    factories.membership(group=elsewhere.group, user=room.member(), role="facilitator")
    own = room.membership()
    own.role = "facilitator"
    own.save()
    TOTP.activate(room.member(), TOTP_SECRET)
    client = sign_in(Client(), room.member())
    for name in ("thread", "post_reply", "thread_manage", *ONE_SIDED, "post_versions", "post_report"):
        assert client.get(address_for(room, name, thread)).status_code == 404, name
        assert client.post(address_for(room, name, thread), reply_form()).status_code in (404, 405), name
    for name in ("thread_follow", "post_react", "post_helpful"):
        assert client.post(address_for(room, name, thread), {"aan": "1"}).status_code == 404, name
    for name in ("draft_save", "draft_file"):
        assert client.post(room.address(name), reply_form(gesprek=thread.pk)).status_code == 404, name
    assert len(posts_of(thread)) == 1


def test_the_list_puts_pinned_ones_first_and_says_who_answered_last(room: Room) -> None:
    pinned = room.thread(title="Huisregels", is_pinned=True)
    room.thread(title="Later", author=room.member())
    answered = room.thread(title="Beantwoord")
    factories.post(thread=answered, author=room.member("Bo Claes"))
    page = room.client().get(room.address("threads")).content.decode()
    assert page.index(pinned.title) < page.index("Beantwoord") < page.index("Later")
    assert "1 antwoord · laatste door Bo Claes" in " ".join(page.split())
    assert "nog geen antwoord" in page


def test_the_list_is_narrowed_down(room: Room) -> None:
    topic = factories.topic(slug="buiten", label="Buiten")
    threads = {
        "idee": room.thread(title="Een idee", kind="idea"),
        "buiten": room.thread(title="Over buiten", topics=[topic]),
        "mijn": room.thread(title="Van mij", author=room.member(), kind="experience"),
    }
    factories.post(thread=threads["idee"], author=room.member())
    client = room.client()

    def shown(query: str) -> set[str]:
        page = client.get(f"{room.address('threads')}?{query}").content.decode()
        return {name for name, thread in threads.items() if f">{thread.title}</a></h2>" in page}

    assert shown("") == {"idee", "buiten", "mijn"}
    assert shown("soort=idea") == {"idee"}
    assert shown("onderwerp=buiten") == {"buiten"}
    assert shown("toon=van-mij") == {"idee", "mijn"}
    assert shown("toon=onbeantwoord") == {"buiten"}
    assert shown("toon=onbeantwoord&soort=idea") == set()
    assert shown("soort=onzin&onderwerp=onzin&toon=onzin&pagina=x") == {"idee", "buiten", "mijn"}


def test_empty_lists_say_so(room: Room) -> None:
    client, address = room.client(), room.address("threads")
    assert "Nog geen gesprekken" in client.get(address).content.decode()
    assert "Je bent helemaal bij" in client.get(f"{address}?toon=ongelezen").content.decode()
    assert "Elke vraag kreeg een antwoord" in client.get(f"{address}?toon=onbeantwoord").content.decode()
    assert "Hier staat nog niets" in client.get(f"{address}?soort=idea").content.decode()


def test_a_long_thread_comes_in_pages_of_twenty_five(room: Room) -> None:
    thread = room.thread(author=room.member())
    Post.objects.bulk_create(
        Post(thread=thread, number=number, author=room.member(), body=f"<p>Regel {number}.</p>")
        for number in range(2, 121)
    )
    thread.last_number = thread.post_count = 120
    thread.save()
    client, address = room.client(), room.address("thread", thread.pk)
    first, last = (client.get(f"{address}{query}").content.decode() for query in ("", "?pagina=5"))
    assert 'id="bericht-25"' in first
    assert 'id="bericht-26"' not in first
    assert 'id="bericht-101"' in last
    assert 'id="bericht-120"' in client.get(f"{address}?pagina=99").content.decode()
    response = client.post(room.address("post_reply", thread.pk), reply_form())
    assert response.headers["Location"] == f"{address}?pagina=5#bericht-121"


@pytest.mark.parametrize("kind", ["thread", "threads", "missed", "thread_new"])
def test_a_page_costs_the_same_for_five_posts_as_for_fifty(room: Room, kind: str) -> None:
    topic = factories.topic()
    factories.tip(topic=topic)
    thread = room.thread(topics=[topic])

    def grow(count: int) -> None:
        for _ in range(count):
            post = factories.post(
                thread=thread, body='<p><a href="/praktijken/speelbos/">a</a> <a href="#">@b</a></p>'
            )
            factories.post_file(post=post)
            factories.reaction(post=post)
            factories.post(thread=room.thread(topics=[topic]))

    def cost() -> int:
        # Each time somebody new, who has read nothing.
        client = room.client(f"Lezer {uuid.uuid4()}")
        room.members.popitem()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address_for(room, kind, thread)).status_code == 200
        return len(captured)

    factories.practice(slug="speelbos")
    grow(5)
    cost()
    few = cost()
    grow(44)
    assert cost() == few
    assert few <= 32


# Many at once --------------------------------------------------------------------------------------------------


def at_once(count: int, work: Callable[[int], Any]) -> list[BaseException]:
    """Do this in so many threads together; what went wrong."""
    start, faults = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except BaseException as error:  # noqa: BLE001 - told by the caller
            faults.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return faults


@pytest.mark.django_db(transaction=True)
def test_twenty_sends_of_one_form_have_one_effect(room: Room) -> None:
    thread = room.thread()
    clients = [room.client() for _ in range(20)]
    answer, started = reply_form(), thread_form()
    faults = at_once(20, lambda number: clients[number].post(room.address("post_reply", thread.pk), answer))
    faults += at_once(20, lambda number: clients[number].post(room.address("thread_new"), started))
    post = posts_of(thread)[0]
    faults += at_once(
        20, lambda number: clients[number].post(room.address("post_react", post.pk), {"keuze": "thanks-aan"})
    )
    assert not faults
    thread.refresh_from_db()
    assert [each.number for each in posts_of(thread)] == [1, 2]
    assert (thread.post_count, thread.last_number) == (2, 2)
    assert [each.title for each in threads_of(room.group)].count(started["title"]) == 1
    assert post.reactions.unrestricted().count() == 1
    assert not Draft.objects.unrestricted().exists()


@pytest.mark.django_db(transaction=True)
def test_answers_at_the_same_moment_get_the_next_numbers(room: Room) -> None:
    thread = room.thread()
    viewers = [room.viewer(f"Lid {number}") for number in range(20)]

    def answer(number: int) -> None:
        posting.reply(viewers[number], room.group, thread.pk, posting.Written(uuid.uuid4(), "<p>Ik ook.</p>"))

    assert not at_once(20, answer)
    thread.refresh_from_db()
    posts = posts_of(thread)
    assert [post.number for post in posts] == list(range(1, 22))
    assert (thread.post_count, thread.last_number) == (21, 21)
    assert (thread.last_author_id, thread.last_post_at) == (posts[-1].author_id, posts[-1].created)


# What is not for somebody ---------------------------------------------------------------------------------------


def test_each_route_answers_as_its_table_says(room: Room) -> None:
    check_statuses(discussion_routes(room.group), make_clients(room.group))


def test_a_closed_group_answers_like_one_that_does_not_exist(room: Room) -> None:
    table = discussion_routes(room.group)
    for role, client in make_clients(room.group).items():
        for name, row in table.items():
            if role in INSIDERS or role is Role.ANONYMOUS:
                continue
            for method in ("GET", "HEAD", "POST"):
                path = address(name, row)
                nowhere = address(name, replace(row, kwargs={**row.kwargs, "slug": "bestaat-niet"}))
                here, there = (ask(client, method, each) for each in (path, nowhere))
                assert (here.status_code, body(here)) == (there.status_code, body(there)), (
                    name,
                    role,
                    method,
                )
                assert dict(here.items()) == dict(there.items()), (name, role, method)


def test_nothing_inside_is_kept_by_a_cache(room: Room) -> None:
    client = room.client()
    for name, row in discussion_routes(room.group).items():
        response = ask(client, "GET", address(name, row))
        assert "no-store" in response.headers["Cache-Control"], name
        assert "ETag" not in response.headers, name


def test_a_practice_shows_members_only_what_was_said_about_it(room: Room, anonymous: Client) -> None:
    practice = factories.practice(slug="speelbos")
    path = practice.get_absolute_url()
    before = anonymous.get(path).content
    thread = room.thread(title="Over het speelbos", body=f'<p><a href="{path}">dit</a></p>')
    in_words = "<p>Speelbos, zie praktijken/speelbos.</p>"
    gone = room.thread(title="Over iets dat weg is", body=in_words, author=room.member())
    link = factories.post(thread=gone, author=room.member(), body=f'<p><a href="{path}">dit</a></p>')
    posting.delete(room.viewer(), room.group, link.pk)
    room.thread(title="Over iets anders", body='<p><a href="/praktijken/speelbos-2/">dat</a></p>')
    page_cache.clear()
    assert anonymous.get(path).content == before
    clients = make_clients(room.group)
    for role, client in clients.items():
        page = client.get(path).content.decode()
        assert ("Over het speelbos" in page) is (role in INSIDERS), role
        assert "Over iets" not in page
    assert address_of(room.group, thread.pk) in clients[Role.MEMBER].get(path).content.decode()
    assert "Over het speelbos" not in anonymous.get(path).content.decode()
