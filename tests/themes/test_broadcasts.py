"""Herbeluister: who hears what, the moments to jump to, and the text to read along."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product

import pytest
from django.test import Client

from expoo_portal.themes.models import Broadcast, BroadcastAudio
from expoo_portal.themes.moments import clock, length
from expoo_portal.visibility import Audience, PublicationState
from tests import factories
from tests.roles import MEMBERS, STAFF, Role

pytestmark = pytest.mark.django_db

RANGE = {"Range": "bytes=96-195"}


def page_of(client: Client, broadcast: Broadcast) -> str:
    """The page of a broadcast, on one line."""
    response = client.get(broadcast.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def list_of(client: Client, broadcast: Broadcast) -> str:
    response = client.get(f"/themas/{broadcast.theme.slug}/herbeluister/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def broadcast(db: None) -> Broadcast:
    """A broadcast with a recording, and two chapters with sentences that were typed in any order."""
    made = factories.broadcast(title="Radio thee", summary="Een gesprek aan tafel.")
    factories.broadcast_audio(broadcast=made, name="thee.mp3", seconds=3_720)
    second = factories.chapter(
        broadcast=made, title="De deur", start=3_605, speaker="Noor", role="vrijwilliger"
    )
    first = factories.chapter(broadcast=made, title="De tafel", start=0, speaker="Sam", role="")
    for chapter, start, text in (
        (second, "3610.50", "En dan ga je zitten."),
        (second, "3605.00", "Je komt binnen."),
        (first, "0.40", "Welkom."),
    ):
        factories.transcript_line(chapter=chapter, start=Decimal(start), text=text)
    return made


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (Decimal("59.99"), "0:59"), (754, "12:34"), (3_600, "1:00:00"), (36_061, "10:01:01")],
)
def test_a_moment_reads_as_on_a_player(seconds: Decimal | int, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "1 minuut"), (160, "3 minuten"), (3_600, "1 uur"), (3_720, "1 uur en 2 minuten")],
)
def test_a_length_reads_in_words(seconds: int, words: str) -> None:
    assert length(seconds) == words


def test_a_visitor_sees_the_chapters_in_the_order_of_the_sound(
    anonymous: Client, broadcast: Broadcast
) -> None:
    page = page_of(anonymous, broadcast)
    address = broadcast.recordings.public().get().get_absolute_url()
    assert re.findall(r'href="([^"]+#t=\d+)"', page) == [f"{address}#t=0", f"{address}#t=3605"]
    assert page.index("De tafel") < page.index("De deur")
    assert "1:00:05" in page
    assert "Noor, vrijwilliger" in page
    assert "<p>Sam</p>" in page


def test_a_visitor_reads_the_sentences_in_the_order_in_which_they_are_said(
    anonymous: Client, broadcast: Broadcast
) -> None:
    page = page_of(anonymous, broadcast)
    assert re.findall(r'data-start="([\d.]+)"', page) == ["0.40", "3605.00", "3610.50"]
    places = [page.index(text) for text in ("Welkom.", "Je komt binnen.", "En dan ga je zitten.")]
    assert places == sorted(places)
    assert 'href="#hoofdstuk-2"' in page
    assert 'id="hoofdstuk-2"' in page


def test_a_visitor_downloads_the_recording_knowing_its_type_and_size(
    anonymous: Client, broadcast: Broadcast
) -> None:
    page = page_of(anonymous, broadcast)
    assert 'download="thee.mp3"' in page
    assert "MP3-geluid" in page
    assert "duurt 1 uur en 2 minuten" in page


def test_a_visitor_hears_the_newest_recording(anonymous: Client, broadcast: Broadcast) -> None:
    newest = factories.broadcast_audio(broadcast=broadcast, name="thee-opnieuw.mp3")
    page = page_of(anonymous, broadcast)
    assert f'src="{newest.get_absolute_url()}"' in page
    assert "thee.mp3" not in page


def test_a_broadcast_without_a_recording_says_what_was_broadcast(anonymous: Client) -> None:
    made = factories.broadcast()
    chapter = factories.chapter(broadcast=made, title="De gasten")
    factories.transcript_line(chapter=chapter, text="Drie mensen vertelden.")
    page = page_of(anonymous, made)
    assert "De opname volgt" in page
    assert "Wat werd uitgezonden" in page
    assert "De gasten" in page
    assert "Drie mensen vertelden." in page
    assert "<audio" not in page
    assert "#t=" not in page
    assert "De opname volgt" in list_of(anonymous, made)


@pytest.mark.parametrize("is_example", [True, False])
def test_an_example_says_that_it_is_one(anonymous: Client, is_example: bool) -> None:
    made = factories.broadcast(is_example=is_example)
    assert ("zelf gemaakt" in page_of(anonymous, made)) == is_example
    assert ("badge-example" in list_of(anonymous, made)) == is_example


def test_a_chapter_leads_to_the_practices_that_are_heard(anonymous: Client, broadcast: Broadcast) -> None:
    heard = factories.practice(name="Soep op de stoep")
    former = factories.former_slug(practice=factories.practice(name="Het bankje"))
    hidden = factories.practice(name="Nog niet af", state=PublicationState.DRAFT)
    slugs = f"{heard.slug}, {hidden.slug},{former.slug} , bestaat-niet"
    factories.chapter(broadcast=broadcast, start=60, practice_slugs=slugs)
    page = page_of(anonymous, broadcast)
    assert "Praktijken in deze uitzending" in page
    assert page.count('href="/praktijken/' + heard.slug) == 2
    assert page.count("Het bankje") == 2
    assert "Nog niet af" not in page
    assert "bestaat-niet" not in page


def test_the_list_shows_the_newest_broadcast_first(anonymous: Client) -> None:
    theme = factories.theme()
    factories.broadcast(theme=theme, title="Vroeger", aired_on="2019-01-01")
    factories.broadcast(theme=theme, title="Later", aired_on="2021-01-01")
    other = factories.broadcast(title="Van een ander thema")
    page = list_of(anonymous, theme.broadcast_set.public().first())
    assert page.index("Later") < page.index("Vroeger")
    assert other.title not in page


def test_a_theme_without_broadcasts_says_so(anonymous: Client) -> None:
    page = anonymous.get(f"/themas/{factories.theme().slug}/herbeluister/").content.decode()
    assert "Er is nog geen uitzending" in page


def test_a_broadcast_has_one_address(anonymous: Client, broadcast: Broadcast) -> None:
    elsewhere = f"/themas/{factories.theme().slug}/herbeluister/{broadcast.slug}/"
    assert anonymous.get(elsewhere).status_code == 404


def test_the_sound_of_a_hidden_theme_is_hidden_too(anonymous: Client) -> None:
    theme = factories.theme(state=PublicationState.DRAFT)
    audio = factories.broadcast_audio(broadcast=factories.broadcast(theme=theme))
    for address in (audio.get_absolute_url(), audio.broadcast.get_absolute_url()):
        assert anonymous.get(address, headers=RANGE).status_code == 404


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("audience", "hearing"),
    [(Audience.PUBLIC, frozenset(Role)), (Audience.MEMBERS, MEMBERS | STAFF), (Audience.STAFF, STAFF)],
)
def test_a_recording_is_heard_by_whom_it_is_for(
    clients: dict[Role, Client], role: Role, audience: Audience, hearing: frozenset[Role]
) -> None:
    audio: BroadcastAudio = factories.broadcast_audio(broadcast=factories.broadcast(audience=audience))
    page, sound = audio.broadcast.get_absolute_url(), audio.get_absolute_url()
    may = role in hearing
    client = clients[role]
    assert client.get(page).status_code == (200 if may else 404)
    assert client.get(sound).status_code == (200 if may else 404)
    ranged = client.get(sound, headers=RANGE)
    assert ranged.status_code == (206 if may else 404)
    assert ("Content-Range" in ranged) == may
    if may:
        assert ranged.content == factories.sound()[96:196]
        assert ranged["Content-Range"] == f"bytes 96-195/{audio.size}"
        assert ranged["Cache-Control"].startswith("public" if audience == Audience.PUBLIC else "private")
    else:
        nothing = client.get(sound.replace(str(audio.uuid), "0" * 8 + str(audio.uuid)[8:]), headers=RANGE)
        assert ranged.content == nothing.content
        assert ranged.headers == nothing.headers


RANGES = [
    ("bytes=0-", 206, "bytes 0-{last}/{size}"),
    ("bytes=-10", 206, "bytes {tail}-{last}/{size}"),
    ("bytes={size}-", 416, "bytes */{size}"),
    ("bytes=5-2", 200, None),
    ("bytes=x", 200, None),
    ("", 200, None),
]


@pytest.mark.parametrize("role", Role)
def test_a_range_of_a_members_recording_is_for_members(clients: dict[Role, Client], role: Role) -> None:
    audio: BroadcastAudio = factories.broadcast_audio(
        broadcast=factories.broadcast(audience=Audience.MEMBERS)
    )
    address = audio.get_absolute_url()
    numbers = {"size": audio.size, "last": audio.size - 1, "tail": audio.size - 10}
    for (asked, status, said), ask in product(RANGES, (clients[role].get, clients[role].head)):
        headers = {"Range": asked.format(**numbers)} if asked else {}
        answer = ask(address, headers=headers)
        if role in MEMBERS | STAFF:
            assert answer.status_code == status, asked
            assert answer.headers.get("Content-Range") == (said and said.format(**numbers)), asked
            assert answer.headers["Cache-Control"] == "private, no-store"
        else:
            assert answer.status_code == 404, asked
            nothing = ask(address.replace(str(audio.uuid), "0" * 8 + str(audio.uuid)[8:]), headers=headers)
            assert answer.content == nothing.content
            assert answer.headers == nothing.headers
            assert "Content-Range" not in answer.headers


def test_a_recording_opened_by_itself_may_play_and_do_nothing_else(
    anonymous: Client, broadcast: Broadcast
) -> None:
    answer = anonymous.get(broadcast.recordings.public().get().get_absolute_url())
    policy = answer["Content-Security-Policy"]
    assert policy == "sandbox allow-same-origin; default-src 'none'; media-src 'self'"
    assert answer["X-Content-Type-Options"] == "nosniff"
