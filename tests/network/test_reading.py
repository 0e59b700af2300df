"""What was read and what was missed, without a write per page view."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import Follow, Mention, ReadMark
from tests import factories

from .discussing import Room, posts_of, reply_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    room = Room()
    own = room.membership()
    own.since = timezone.now() - timedelta(days=30)
    own.save()
    return room


def writes(room: Room, client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [
        query["sql"]
        for query in captured
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) and "session" not in query["sql"]
    ]


def test_reading_writes_a_mark_once_and_again_when_something_came(room: Room) -> None:
    thread = room.thread()
    client, address = room.client(), room.address("thread", thread.pk)
    client.head(address)
    assert not ReadMark.objects.unrestricted().exists()
    assert len(writes(room, client, address)) == 1
    assert writes(room, client, address) == []
    factories.post(thread=thread)
    assert len(writes(room, client, address)) == 1
    assert writes(room, client, address) == []
    assert ReadMark.objects.unrestricted().get().number == 2


def test_an_earlier_page_read_later_takes_nothing_back(room: Room) -> None:
    thread = room.thread()
    mark = ReadMark.objects.create(user=room.member(), thread=thread, number=80)
    room.client().get(room.address("thread", thread.pk))
    mark.refresh_from_db()
    assert mark.number == 80


def test_the_list_shows_what_is_new_and_leads_to_it(room: Room) -> None:
    thread = room.thread()
    client = room.client()
    assert client.get(room.address("threads")).content.decode().count(">Nieuw<") == 1
    client.get(room.address("thread", thread.pk))
    assert ">Nieuw<" not in client.get(room.address("threads")).content.decode()
    factories.post(thread=thread)
    page = client.get(f"{room.address('threads')}?toon=ongelezen").content.decode()
    assert f'href="{room.address("thread", thread.pk)}#bericht-2"' in page


def test_what_was_said_before_somebody_came_is_no_arrears(room: Room) -> None:
    room.thread(created=timezone.now() - timedelta(days=60))
    newcomer = room.client()
    assert ">Nieuw<" not in newcomer.get(room.address("threads")).content.decode()
    assert "Je bent helemaal bij" in newcomer.get(room.address("missed")).content.decode()


def test_ones_own_posts_are_not_new(room: Room) -> None:
    room.thread(author=room.member())
    client = room.client()
    assert ">Nieuw<" not in client.get(room.address("threads")).content.decode()
    assert "Je bent helemaal bij" in client.get(room.address("missed")).content.decode()


def test_what_was_missed_is_grouped_and_shows_two_lines(room: Room) -> None:
    client = room.client()
    followed = room.thread(title="Wat ik volg", body="<p>Oud nieuws.</p>")
    client.get(room.address("thread", followed.pk))
    Follow.objects.create(user=room.member(), thread=followed, state="following")
    factories.post(
        thread=followed, author=room.member("Bo Claes"), body=f"<p>Nieuw: {'woord ' * 90}einde</p>"
    )
    factories.post(thread=followed, body="<p>En nog iets.</p>")
    other = room.thread(title="Iets anders")
    muted = room.thread(title="Gedempt gesprek")
    Follow.objects.create(user=room.member(), thread=muted, state="muted")
    calling = room.thread(title="Voor jou")
    Mention.objects.create(post=posts_of(calling)[0], user=room.member())
    page = client.get(room.address("missed")).content.decode()
    places = [page.index(word) for word in ("Iemand vermeldde je", "Voor jou", "Wat je volgt", "Wat ik volg")]
    assert places == sorted(places)
    assert page.index("Verder in de groep") < page.index(other.title)
    assert "2 nieuw" in page
    assert "Nieuw: woord" in page
    assert "einde" not in page
    assert "Oud nieuws" not in page
    assert "Gedempt gesprek" not in page
    assert "#bericht-2" in page


def test_all_read_counts_from_the_moment_the_list_was_made(room: Room) -> None:
    thread = room.thread()
    client, address = room.client(), room.address("missed")
    up_to = client.get(address).content.decode().split('name="tot" value="')[1].split('"')[0]
    factories.post(thread=thread, body="<p>Net te laat gelezen.</p>")
    for _ in range(3):
        assert client.post(address, {"tot": up_to}).status_code == 302
    page = client.get(address).content.decode()
    assert "Net te laat gelezen." in page
    assert "1 nieuw" in page
    for odd in ("", "gisteren", "2999-01-01T00:00:00+00:00", "9999999", "2026-13-45T00:00:00Z"):
        assert client.post(address, {"tot": odd}).status_code == 302
    assert room.membership().caught_up_at <= timezone.now()
    assert "Je bent helemaal bij" in client.get(address).content.decode()


def test_nobody_else_sees_what_somebody_read(room: Room) -> None:
    thread = room.thread()
    room.client().get(room.address("thread", thread.pk))
    facilitator = room.facilitator()
    page = facilitator.get(room.address("thread", thread.pk)).content.decode()
    assert "An Peeters" not in page


def test_following_muting_and_neither(room: Room) -> None:
    thread = room.thread()
    client, address = room.client(), room.address("thread_follow", thread.pk)
    for state, words in (
        ("following", "Volg niet meer"),
        ("muted", "Demp niet meer"),
        ("", "Volg dit gesprek"),
    ):
        for _ in range(2):
            client.post(address, {"volgen": state})
        assert words in client.get(room.address("thread", thread.pk)).content.decode()
    client.post(room.address("post_reply", thread.pk), reply_form())
    assert Follow.objects.unrestricted().get(user=room.member(), thread=thread).state == "following"


def test_an_answer_does_not_undo_a_mute(room: Room) -> None:
    thread = room.thread()
    client = room.client()
    client.post(room.address("thread_follow", thread.pk), {"volgen": "muted"})
    client.post(room.address("post_reply", thread.pk), reply_form())
    assert Follow.objects.unrestricted().get(user=room.member(), thread=thread).state == "muted"
