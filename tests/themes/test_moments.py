"""What is planned appears at its minute and leaves at its expiry: on every page, in search, feed and sitemap alike.

Nothing is written in between, and visitors get kept pages: only the clock moves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from expoo_portal.themes.models import SectionKind, Theme
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MINUTE, INSTANT = timedelta(minutes=1), timedelta(milliseconds=1)
COMES, GOES = NOW + MINUTE, NOW + 2 * MINUTE
PLANNED = {"publish_at": COMES, "expires_at": GOES}
MOMENTS = (
    (NOW, False),
    (COMES - INSTANT, False),
    (COMES, True),
    (GOES - INSTANT, True),
    (GOES, False),
    (GOES + timedelta(days=400), False),
)

# In the title of whatever is planned, and nowhere else.
WORD = "Zandkasteel"
THEME = "/themas/spelen/"
SEARCH = {"/zoeken/?q=zandkasteel": WORD, "/zoeken/aanvullen/?q=zandkas": "andkasteel"}
FILE = UUID(int=7)
SITEMAP, FEED = "/sitemap.xml", f"{THEME}feed/"


class Planned(NamedTuple):
    """What an editor planned: `make` puts it at this theme, and each address of `places` then says these words."""

    make: Callable[[Theme], Any]
    places: Mapping[str, str]


def document(theme: Theme) -> None:
    planned = factories.document(theme=theme, slug="gids", title=f"Gids {WORD}", **PLANNED)
    factories.document_file(document=planned, uuid=FILE, name="zand.txt", content=b"Het zand is nat.")


def event(theme: Theme) -> None:
    factories.event(
        theme=theme, slug="dag", title=f"Dag {WORD}", starts_on=datetime(2026, 5, 3).date(), **PLANNED
    )


def broadcast(theme: Theme) -> None:
    planned = factories.broadcast(theme=theme, slug="radio", title=f"Radio {WORD}", **PLANNED)
    chapter = factories.chapter(broadcast=planned, title="Schelpen")
    factories.transcript_line(chapter=chapter, text="Wij zochten zeewier.")


ITEMS: dict[str, Planned] = {
    "tip": Planned(
        lambda theme: factories.tip(theme=theme, code="Z1", title=f"Bouw {WORD}", **PLANNED),
        {
            THEME: WORD,
            f"{THEME}visie/": WORD,
            f"{THEME}visie/?tips=Z1": f'href="#tip-Z1">Bouw {WORD}',
            f"{THEME}visie/gespreksblad/?tips=Z1": WORD,
            **SEARCH,
        },
    ),
    "document": Planned(
        document,
        {
            THEME: WORD,
            f"{THEME}documenten/": WORD,
            f"{THEME}documenten/gids/": "zand.txt",
            f"/bestanden/document/{FILE}/zand.txt": "Het zand is nat.",
            SITEMAP: "/documenten/gids/",
            FEED: WORD,
            **SEARCH,
        },
    ),
    "event": Planned(
        event,
        {
            THEME: WORD,
            f"{THEME}agenda/": WORD,
            f"{THEME}agenda/dag/": WORD,
            f"{THEME}agenda/dag/agenda.ics": WORD,
            SITEMAP: "/agenda/dag/",
            FEED: WORD,
            **SEARCH,
        },
    ),
    "broadcast": Planned(
        broadcast,
        {
            THEME: WORD,
            f"{THEME}herbeluister/": WORD,
            f"{THEME}herbeluister/radio/": "zeewier",
            "/zoeken/?q=zeewier": "Schelpen",
            SITEMAP: "/herbeluister/radio/",
            FEED: WORD,
            **SEARCH,
        },
    ),
    "contact person": Planned(
        lambda theme: factories.contact_person(theme=theme, name=f"Zoë {WORD}", **PLANNED),
        {THEME: WORD, f"{THEME}contact/": WORD},
    ),
    "recommended answer": Planned(
        lambda theme: factories.pinned_answer(searches="schelp", title=f"Lees {WORD}", **PLANNED),
        {"/zoeken/?q=schelp": WORD},
    ),
}


def says(client: Client, address: str, words: str) -> bool:
    """Whether a visitor reads these words there; a page that is not there says nothing."""
    response = client.get(address)
    assert response.status_code in (200, 404), address
    return response.status_code == 200 and words in b"".join(response).decode()


def check(client: Client, clock: Any, places: Mapping[str, str]) -> None:
    """Each of these addresses says its words from the one moment to the other."""
    for moment, is_shown in MOMENTS:
        clock.move_to(moment)
        wrong = [place for place, words in places.items() if says(client, place, words) is not is_shown]
        assert not wrong, (moment, is_shown)


@pytest.mark.parametrize("name", ITEMS)
def test_what_is_planned_comes_and_goes_everywhere_at_once(client: Client, name: str) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        theme = factories.theme(slug="spelen")
        for kind in SectionKind:
            factories.theme_section(theme=theme, kind=kind, slug=f"deel-{kind}", title=kind.label)
        ITEMS[name].make(theme)
        check(client, clock, ITEMS[name].places)


def test_a_planned_theme_comes_and_goes_with_all_that_is_under_it(client: Client) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        theme = factories.theme(slug="spelen", title=f"{WORD} bouwen", **PLANNED)
        factories.theme_section(theme=theme, slug="emmer", title="Emmer en schop")
        factories.tip(theme=theme, title="Neem een gieter mee")
        factories.document(theme=theme, slug="gids", title="Gids voor golven")
        factories.agreement_line(group=factories.agreement_group(theme=theme, label="Wie brengt de parasol?"))
        check(
            client,
            clock,
            {
                "/": f'href="{THEME}"',
                "/praktijken/": f'href="{THEME}"',  # the menu of any page
                "/themas/": WORD,
                THEME: "Emmer en schop",
                f"{THEME}visie/": "gieter",
                f"{THEME}afspraken/": "parasol",
                f"{THEME}documenten/gids/": "golven",
                f"{THEME}contact/": "Je bericht",
                FEED: "golven",
                SITEMAP: f"{THEME}<",
                "/zoeken/?q=schop": f"{THEME}#emmer",
                "/zoeken/?q=gieter": "Neem een",
                "/zoeken/?q=golven": "/documenten/gids/",
                "/zoeken/aanvullen/?q=golv": "golven",
                **SEARCH,
            },
        )
