"""How often each page asks the database: the same with ten practices as with three hundred, and never many times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from expoo_portal import content_version, page_cache
from expoo_portal.themes.models import Broadcast, Document, Event, SectionKind, Theme, Topic
from network.management.inventing import Amounts, invent
from network.models import Group, HouseRules, Membership, ReadMark
from practices.models import FacetValue, Practice
from tests import factories
from tests.roles import client_of

FEW, MANY = 10, 300
PAGES = {
    "home": "/",
    "catalogue": "/praktijken/",
    "search with facets": "/praktijken/?q=bakfiets&ruimte=buiten&vorm=inloop",
    "search by date": "/praktijken/?q=bakfiets&sorteer=nieuwste",
    "nothing found": "/praktijken/?q=bakvists",
    "last page": "/praktijken/?pagina=9999999",
    "map": "/praktijken/?weergave=kaart",
    "detail": "/praktijken/de-rijkste/",
    "print sheet": "/praktijken/de-rijkste/afdrukken/",
    "picture": "/praktijken/de-rijkste/beeld.png",
    "collection": "/praktijken/waaier/?p=de-rijkste,de-tweede,weg",
    "collection on paper": "/praktijken/waaier/afdrukken/?p=de-rijkste,de-tweede",
    "comparison": "/praktijken/vergelijk/?p=de-rijkste,de-tweede",
    "team sheet": "/praktijken/de-rijkste/teamblad/",
    "challenges": "/praktijken/uitdagingen/",
    "search start": "/zoeken/",
    "site search": "/zoeken/?q=ontmoeten",
    "site search, one kind": "/zoeken/?q=ontmoeten&soort=documenten",
    "nothing found on the site": "/zoeken/?q=bakvists",
    "nothing found with several words": "/zoeken/?q=bakvists+ontmoeten+knorrepot",
    "suggestions": "/zoeken/aanvullen/?q=ont",
    "challenge search": "/praktijken/uitdagingen/?q=bakfiets",
    "page": "/colofon/",
    "sitemap": "/sitemap.xml",
    "feed": "/praktijken/feed/",
    "feed of a choice": "/praktijken/feed/?ruimte=buiten&q=bakfiets",
    "open data": "/praktijken/open-data/",
    "broadcasts": "/themas/telthema/herbeluister/",
    "broadcast": "/themas/telthema/herbeluister/tel-uitzending/",
    "tips": "/themas/telthema/visie/?tips=T-TEL",
    "talk sheet": "/themas/telthema/visie/gespreksblad/?tips=T-TEL",
    "agreements": "/themas/telthema/afspraken/",
    "themes": "/themas/",
    "theme": "/themas/telthema/",
    "documents": "/themas/telthema/documenten/",
    "document": "/themas/telthema/documenten/tel-document/",
    "events": "/themas/telthema/agenda/",
    "event": "/themas/telthema/agenda/tel-activiteit/",
    "theme feed": "/themas/telthema/feed/",
    "contact": "/themas/telthema/contact/",
    "groups": "/netwerk/",
    "group": "/netwerk/telgroep/",
    "asking to join": "/netwerk/telgroep/aanvragen/",
}
MOST = 8
# A member's search looks in their groups too: one query more. When it finds nothing, that is asked once more, for
# the searches that are near: both then stand beside the seven of any visitor who is signed in.
MOST_OF_A_MEMBER = {"nothing found on the site": 9, "nothing found with several words": 9}


@pytest.fixture
def values(db: None) -> list[FacetValue]:
    """Two facets with two values each, one of them tied to a topic."""
    facets = [factories.facet(slug=slug) for slug in ("ruimte", "vorm")]
    topic: Topic = factories.topic()
    return [
        factories.facet_value(facet=facet, slug=slug, topic=topic)
        for facet, slugs in zip(facets, (("buiten", "binnen"), ("inloop", "groep")), strict=True)
        for slug in slugs
    ]


@pytest.fixture
def richest(values: list[FacetValue]) -> Practice:
    """The practice whose page is asked for, and a page and a theme to go with it."""
    factories.page(slug="colofon")
    theme = factories.theme(slug="telthema")
    factories.broadcast(slug="tel-uitzending", theme=theme)
    factories.tip(code="T-TEL", theme=theme)
    factories.document(slug="tel-document", theme=theme)
    factories.event(slug="tel-activiteit", theme=theme)
    factories.group(slug="telgroep", theme=theme)
    add_theme_parts(theme)
    factories.practice(slug="de-tweede", values=values)
    return factories.practice(slug="de-rijkste", values=values)


def add_practices(number: int, values: list[FacetValue]) -> None:
    for place in range(number):
        practice = factories.practice(
            values=values[place % 2 :: 2],
            strengths="<p>De bakfiets rijdt goed.</p>",
            challenges="<p>De bakfiets staat lek.</p>",
        )
        if place % 10 == 0:
            factories.practice_image(practice=practice)


def add_parts(practice: Practice) -> None:
    """One more of everything a practice can have several of."""
    factories.practice_source(practice=practice)
    factories.practice_link(practice=practice)
    factories.practice_file(practice=practice)
    factories.practice_image(practice=practice)
    factories.experience(practice=practice)


def add_theme_parts(theme: Theme) -> None:
    """One more of everything a theme, a document and an event can have several of."""
    heard = Broadcast.objects.public().get(slug="tel-uitzending")
    for broadcast in (heard, factories.broadcast(theme=theme)):
        factories.broadcast_audio(broadcast=broadcast)
        chapter = factories.chapter(broadcast=broadcast, practice_slugs="de-rijkste, weg")
        factories.transcript_line(chapter=chapter)
    topics = [factories.topic()]
    for kind in SectionKind.values:
        section = factories.theme_section(theme=theme, kind=kind)
        factories.section_link(section=section)
    factories.tip(theme=theme, also=topics)
    factories.agreement_line(group=factories.agreement_group(theme=theme))
    coming = timezone.localdate() + timedelta(days=30)
    asked = Document.objects.public().get(slug="tel-document")
    for document in (asked, factories.document(theme=theme, topics=topics)):
        factories.document_file(document=document)
    was = Event.objects.public().get(slug="tel-activiteit")
    for event in (was, factories.event(theme=theme, topics=topics, starts_on=coming)):
        factories.event_file(event=event)
        factories.event_image(event=event)
        factories.event_link(event=event)
    factories.contact_address(person=factories.contact_person(theme=theme))
    counted = Group.objects.public().get(slug="telgroep")
    for group in (counted, factories.group(theme=theme)):
        rules = HouseRules.objects.public().filter(group=group).count()
        factories.house_rules(group=group, version=rules + 1)
        factories.member_profile(user=factories.membership(group=group).user)


def queries_of(client: Client) -> Mapping[str, int]:
    """How often each page asks the database in a process that is warm, its answer not kept."""
    counts = {}
    for name, address in PAGES.items():
        client.get(address)
        page_cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = client.get(address)
        assert response.status_code == 200, name
        counts[name] = len(captured)
    return counts


@pytest.mark.parametrize("who", ["anonymous", "signed_in", "member", "editor"])
def test_visitor_costs_the_same_few_queries_whatever_the_content(
    who: str, request: pytest.FixtureRequest, settings, values: list[FacetValue], richest: Practice
) -> None:
    client = request.getfixturevalue(who)
    settings.CONTENT_VERSION_SECONDS = 1_000.0
    # Counted searches are written every few seconds, by whichever page comes next.
    settings.SEARCH_INSIGHT_SECONDS = 1_000.0
    add_practices(FEW - 1, values)
    few = queries_of(client)
    add_practices(MANY - FEW, values)
    for _ in range(3):
        add_parts(richest)
        add_theme_parts(Theme.objects.public().get(slug="telthema"))
    content_version.forget()
    many = queries_of(client)
    assert many == few
    most = MOST_OF_A_MEMBER if who == "member" else {}
    assert not {name: count for name, count in many.items() if count > most.get(name, MOST)}


GROUP_PAGES = {
    "threads": "gesprekken/",
    "late threads": "gesprekken/?pagina=999",
    "unread threads": "gesprekken/?toon=ongelezen",
    "questions": "gesprekken/?soort=question",
    "missed": "gemist/",
    "members": "leden/",
    "members by word": "leden/?q=proef",
    "members of a province": "leden/?provincie=gent&helpt=praten",
}
MOST_IN_A_GROUP = 12


def lively_group(amounts: Amounts) -> tuple[Client, Group]:
    """A group in which so much was said, and a member who read nothing of it."""
    group = factories.group()
    reader = invent(group, amounts)[1]
    Membership.objects.unrestricted().filter(pk=reader.pk).update(
        caught_up_at=None, since=timezone.now() - timedelta(days=900)
    )
    ReadMark.objects.unrestricted().filter(user=reader.user).delete()
    return client_of(reader.user), group


def test_a_member_costs_the_same_few_queries_however_much_is_said(settings, values: list[FacetValue]) -> None:
    settings.CONTENT_VERSION_SECONDS = 1_000.0
    counts = []
    for amounts in (Amounts(12, 10, 60), Amounts(90, 120, 1_500)):
        client, group = lively_group(amounts)
        content_version.forget()
        found = {}
        for name, address in GROUP_PAGES.items():
            client.get(f"/netwerk/{group.slug}/{address}")
            with CaptureQueriesContext(connection) as captured:
                response = client.get(f"/netwerk/{group.slug}/{address}")
            assert response.status_code == 200, name
            found[name] = len(captured)
        counts.append(found)
    few, many = counts
    assert many == few
    assert max(many.values()) <= MOST_IN_A_GROUP, many
