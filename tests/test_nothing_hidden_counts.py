"""What somebody may not see changes not one byte of what they read: no count, no suggestion, no order, no link.

Everything is read, then hidden things are added that look just like what is shown, in the same theme and in themes
that are hidden themselves, and everything is read again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone

from expoo_portal.search.words import rebuild_words
from expoo_portal.themes.models import SectionKind, Theme, Topic
from tests import factories
from tests.guards.canary import publication
from tests.guards.routes import ask, body
from tests.guards.world import World, make_world
from tests.roles import Role, client_of, person

# Who stands for everybody of their level, and the states that they may not see.
HIDDEN_FROM = {
    Role.ANONYMOUS: ("draft", "scheduled", "expired", "members", "staff"),
    Role.SIGNED_IN: ("draft", "scheduled", "expired", "members", "staff"),
    Role.MEMBER: ("draft", "scheduled", "expired", "staff"),
    Role.EDITOR: ("draft", "scheduled", "expired"),
}
# Words that stand in what is shown and in what is hidden, that stand only in what is hidden, and typing errors.
SEARCHES = (
    "koffie",
    "keukentafel",
    "koffie -thee",
    '"kopje koffie"',
    "verborgen",
    "geheimtaal",
    "geheimtaak",
    "kofie",
)
BEGINNINGS = ("ko", "koff", "keuk", "ver", "geh", "geheimt", "kopje koffie bij v")
# A hidden practice that something shown names by its address.
NAMED = "verborgen-plek"

# What differs in each answer, whatever was added.
_OF_ITS_OWN = re.compile(
    rb'name="(?:csrfmiddlewaretoken|start_key)" value="[^"]*"'
    rb'|value="[0-9a-f-]{36}"|"generated": "[^"]*"'
)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def fill(theme: Theme, topic: Topic, words: str, **fields: Any) -> dict[str, str]:
    """Everything that can hang under a theme, with these words in it; returns addresses of it."""
    soon = timezone.localdate() + timedelta(days=30)
    for kind in SectionKind:
        text = f"<p>Een kopje {words}.</p>"
        section = factories.theme_section(theme=theme, kind=kind, title=f"{words} {kind}", body=text)
        factories.section_link(section=section, group="Plek", text=words, query="ruimte=buiten")
    tip = factories.tip(theme=theme, topic=topic, text=f"Een kopje {words}.", **fields)
    group = factories.agreement_group(theme=theme)
    factories.agreement_line(group=group, text=f"[naam] zorgt voor {words}.")
    made = factories.broadcast(theme=theme, summary=f"Een kopje {words}.", **fields)
    factories.broadcast_audio(broadcast=made, seconds=130)
    chapter = factories.chapter(broadcast=made, title=f"{words} erbij", practice_slugs=f"speelbos, {NAMED}")
    factories.transcript_line(chapter=chapter, text=f"Een kopje {words} aan de keukentafel.")
    document = factories.document(theme=theme, topics=[topic], what=f"Een kopje {words}.", **fields)
    factories.document_file(document=document)
    event = factories.event(
        theme=theme, topics=[topic], starts_on=soon, summary=f"Een kopje {words}.", **fields
    )
    factories.event_file(event=event)
    factories.event_image(event=event)
    factories.event_link(event=event)
    factories.event(theme=theme, topics=[topic], summary=f"Een kopje {words} van toen.", **fields)
    factories.contact_person(theme=theme, role=words, **fields)
    return {
        "tip": tip.code,
        "broadcast": made.get_absolute_url(),
        "document": document.get_absolute_url(),
        "event": event.get_absolute_url(),
    }


def add(world: World, state: str, number: int) -> None:
    """Things in this state that look like what is shown, in the theme of the world and in one of this state."""
    fields = publication(state)
    words = "koffie verborgen geheimtaal"
    topic = world.theme.topics.get()
    # Parts of a theme have no state of their own, so here only what does.
    factories.tip(theme=world.theme, topic=topic, text=words, **fields)
    made = factories.broadcast(theme=world.theme, summary=words, **fields)
    factories.broadcast_audio(broadcast=made)
    factories.transcript_line(chapter=factories.chapter(broadcast=made, title=words), text=words)
    document = factories.document(theme=world.theme, topics=[topic], what=words, is_reference=True, **fields)
    factories.document_file(document=document)
    for days in (2, 40, -4000):
        day = timezone.localdate() + timedelta(days=days)
        event = factories.event(theme=world.theme, topics=[topic], starts_on=day, summary=words, **fields)
        factories.event_image(event=event)
    factories.contact_person(theme=world.theme, name="Verborgen Persoon", order=0, **fields)
    hidden = factories.theme(topics=[topic], title=f"Koffie {state}", intro=words, order=0, **fields)
    fill(hidden, topic, words)
    factories.page(title=words, **fields)
    factories.pinned_answer(searches="koffie\nverborgen\ngeheimtaal", title="Aaa eerst", **fields)
    practice = factories.practice(
        slug=NAMED if not number else f"verborgen-{number}",
        name=f"Koffie {state}",
        summary=words,
        values=[*world.practice.values.all()],
        **fields,
    )
    factories.practice_image(practice=practice)
    factories.experience(practice=practice)


def world_with_topic() -> World:
    """A world whose practices can be found by the topic of its theme."""
    made = make_world()
    facet = factories.facet(slug="thema", label="Thema")
    topic = made.theme.topics.get()
    factories.facet_value(facet=facet, slug="onthaal", label=topic.label, topic=topic)
    made.practice.values.add(facet.values.get())
    return made


@pytest.fixture
def world(db: None) -> World:
    return world_with_topic()


def addresses(world: World, shown: dict[str, str]) -> list[str]:
    """Everything that tells of themes, and what gathers from all."""
    theme = world.theme.get_absolute_url()
    topic = world.theme.topics.get().slug
    pages = (
        "",
        "visie/",
        "visie/gespreksblad/",
        "afspraken/",
        "herbeluister/",
        "documenten/",
        "agenda/",
        "contact/",
    )
    return [
        *(
            "/",
            "/themas/",
            "/over/",
            "/sitemap.xml",
            f"{theme}feed/",
            "/bestaat-niet/",
            f"/themas/{NAMED}/visie/",
        ),
        *(f"{theme}{page}" for page in pages),
        f"{theme}visie/?onderwerp={topic}",
        f"{theme}visie/?tips={shown['tip']},T999",
        f"{theme}documenten/?onderwerp={topic}",
        f"{theme}agenda/?pagina=2",
        *(shown["broadcast"], shown["document"], shown["event"], f"{shown['event']}agenda.ics"),
        "/zoeken/",
        *(f"/zoeken/?q={words}" for words in SEARCHES),
        *(
            f"/zoeken/?q=koffie&soort={kind}"
            for kind in ("praktijken", "tips", "fragmenten", "onderdelen", "paginas")
        ),
        *(f"/zoeken/aanvullen/?q={start}" for start in BEGINNINGS),
        *("/praktijken/", "/praktijken/?q=koffie", "/praktijken/feed/", "/praktijken/export.json"),
        "/praktijken/export.csv",
    ]


def read(client: Client, places: list[str], theme: Theme) -> dict[str, tuple[int, bytes]]:
    """Status and text of each answer, and of the forms of the theme when they are sent."""
    found = {}
    for place in places:
        response = ask(client, "GET", place)
        found[place] = (response.status_code, _OF_ITS_OWN.sub(b"", body(response)))
    agreements, contact = f"{theme.get_absolute_url()}afspraken/", f"{theme.get_absolute_url()}contact/"
    sheet = {"organisatie-1": "Huis van het Kind", "datum": "2027-01-02"}
    for form in ("druk", "docx", "wijzig"):
        response = client.post(agreements, sheet | {"vorm": form})
        text = response.content
        if form == "docx":
            text = ZipFile(BytesIO(text)).read("word/document.xml")
        found[f"POST {agreements} {form}"] = (response.status_code, _OF_ITS_OWN.sub(b"", text))
    response = client.post(
        contact, {"to": "999999", "name": "An", "email": "an@example.org", "message": "Dag"}
    )
    found[f"POST {contact}"] = (response.status_code, _OF_ITS_OWN.sub(b"", response.content))
    return found


def check_nothing_changes(world: World, role: Role, states: Iterable[str]) -> None:
    """Adding things in these states changes nothing of what this role reads."""
    places = addresses(world, fill(world.theme, world.theme.topics.get(), "koffie"))
    rebuild_words()
    client = client_of(person(role, world.group))
    before = read(client, places, world.theme)
    for number, state in enumerate(states):
        add(world, state, number)
    rebuild_words()
    after = read(client, places, world.theme)
    changed = [place for place in before if after[place] != before[place]]
    assert not changed, "\n".join([f"{role} reads something else at:", *changed])


@pytest.mark.parametrize("role", HIDDEN_FROM)
def test_hidden_things_change_nothing_that_somebody_reads(world: World, role: Role) -> None:
    check_nothing_changes(world, role, HIDDEN_FROM[role])


def test_the_same_things_change_nearly_everything_when_they_are_public(world: World) -> None:
    places = addresses(world, fill(world.theme, world.theme.topics.get(), "koffie"))
    rebuild_words()
    before = read(Client(), places, world.theme)
    add(world, "public", 0)
    rebuild_words()
    after = read(Client(), places, world.theme)
    theme = world.theme.get_absolute_url()
    same = {place for place in before if after[place] == before[place]}
    calendar = next(place for place in places if place.endswith(".ics"))
    nothing = {"/bestaat-niet/", f"/themas/{NAMED}/visie/", f"/zoeken/aanvullen/?q={BEGINNINGS[-1]}"}
    # What is about one thing, or holds only parts of a theme, of which none were added.
    assert same == {*nothing, calendar, f"POST {theme}afspraken/ docx"}
