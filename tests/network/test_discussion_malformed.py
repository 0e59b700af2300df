"""Whatever is sent to the pages of discussions, nothing breaks."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests import factories
from tests.guards.discussions import discussion_routes
from tests.guards.routes import address, body

from .discussing import Room, posts_of

pytestmark = pytest.mark.django_db

FIELDS = (
    *(
        "pagina",
        "toon",
        "soort",
        "onderwerp",
        "q",
        "key",
        "kind",
        "title",
        "body",
        "topics",
        "gesprek",
        "alt",
    ),
    *("alt-1", "weg", "volgen", "keuze", "aan", "doe", "groep", "tot", "reason", "wie-bo", "vorm", "bestand"),
)
NASTY = (
    "",
    "\x00",
    "koffie\x00thee",
    "-1",
    "0",
    "9" * 40,
    "1" * 6,
    "²",
    "٣",
    "\u202e@Bo",
    "@" * 300,
    "@" + "a " * 300,
    "<p>" + "<ul><li>" * 300,
    "%00%s{0}'\"--",
    "0001-01-01T00:00:00+23:59",
    "2026-11-23T10:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "thanks-aan",
)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_breaks(nasty: str) -> None:
    room = Room()
    room.member("Bo Claes")
    facilitator = room.facilitator()
    member = room.client()
    table = discussion_routes(room.group)
    thread = room.thread(author=room.member())
    post = posts_of(thread)[0]
    factories.post_file(post=post)
    everything = dict.fromkeys(FIELDS, nasty)
    for client in (member, facilitator):
        for name, row in table.items():
            paths = [address(name, row)]
            if "post" in row.kwargs:
                paths.append(room.address(name, post.pk))
            for path in paths:
                for form in (everything, everything | {"gesprek": thread.pk, "body": "Dag", "title": "Dag"}):
                    for response in (client.get(path, form), client.post(path, form)):
                        body(response)
                        assert response.status_code < 500, (name, form)


def test_numbers_that_are_too_large_are_not_there() -> None:
    room = Room()
    client = room.client()
    for path in (
        "gesprekken/{}/",
        "gesprekken/{}/antwoord/",
        "berichten/{}/versies/",
        "berichten/{}/melden/",
    ):
        for number in (0, 2**31, 2**63, 10**30):
            assert (
                client.get(room.address("threads").replace("gesprekken/", path.format(number))).status_code
                == 404
            )
