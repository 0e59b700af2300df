"""The page of a theme: what it shows, in which order, for whom and when."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from expoo_portal.themes.models import Event, SectionKind, Theme
from expoo_portal.visibility import Audience, PublicationState
from tests import factories
from tests.admin.screen import address

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(milliseconds=1)


def get(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def section(theme: Theme, kind: str, **fields: Any) -> Any:
    return factories.theme_section(theme=theme, kind=kind, slug=kind, **fields)


def content(html: str) -> str:
    """What the page of a theme says, without the frame of every page."""
    return html.partition('<div class="theme"')[2]


def ways(html: str) -> list[tuple[str, str, str]]:
    """The tiles of the ways in: address, title and line."""
    nav = html.partition('aria-label="Begin hier"')[2].partition("</nav>")[0]
    tiles = [tile.partition("</li>")[0] for tile in nav.split('<li class="way">')[1:]]
    found = []
    for tile in tiles:
        link = re.search(r'<a href="([^"]+)">([^<]*)</a>', tile)
        line = re.search(r"<p>([^<]*)</p>", tile)
        assert link
        found.append((link[1], link[2], unescape(line[1]) if line else ""))
    return found


def headings(html: str) -> list[str]:
    """The headings of the sections, in order."""
    return re.findall(r'<h2 id="[^"]*">([^<]*)</h2>', html)


def anchors(html: str) -> list[str]:
    """Where the navigation of the page leads, and the places that there are."""
    nav = html.partition('<nav aria-label="Op deze pagina">')[2].partition("</nav>")[0]
    return re.findall(r'href="#([^"]+)"', nav)


def one_of_each(theme: Theme) -> None:
    """Something for each kind of section to show."""
    factories.tip(theme=theme, title="Zet de stoelen in een kring")
    factories.agreement_line(group=factories.agreement_group(theme=theme, label="Sleutels"))
    factories.broadcast(theme=theme, title="Radio vanop de stoep")
    factories.document(theme=theme, title="Gids voor de wachtkamer")
    factories.event(theme=theme, title="Congres in de zaal")
    factories.contact_person(theme=theme, name="Toon Vermeersch")
    for topic in theme.topics.all():
        facet = factories.facet(slug="thema")
        factories.practice(name="Babycafé", values=[factories.facet_value(facet=facet, topic=topic)])


SHOWN = {
    SectionKind.PRACTICES: "Babycafé",
    SectionKind.TIPS: "Zet de stoelen in een kring",
    SectionKind.AGREEMENTS: "Sleutels",
    SectionKind.BROADCASTS: "Radio vanop de stoep",
    SectionKind.DOCUMENTS: "Gids voor de wachtkamer",
    SectionKind.EVENTS: "Congres in de zaal",
    SectionKind.JOIN: "Deel een praktijk",
    SectionKind.CONTACT: "Toon Vermeersch",
}


@pytest.mark.parametrize("kind", SHOWN)
def test_a_visitor_sees_what_a_section_is_about(client: Client, kind: SectionKind) -> None:
    theme = factories.theme(slug="spelen", topics=[factories.topic()])
    one_of_each(theme)
    assert SHOWN[kind] not in content(get(client, "/themas/spelen/"))
    section(theme, kind, title="Kijk eens")
    html = content(get(client, "/themas/spelen/"))
    assert SHOWN[kind] in html
    assert headings(html) == ["Kijk eens"]


def test_a_visitor_reads_the_sections_in_the_order_of_the_staff(client: Client) -> None:
    theme = factories.theme(slug="spelen")
    for order, title in ((3, "Derde"), (1, "Eerste"), (2, "Tweede")):
        factories.theme_section(theme=theme, order=order, title=title, slug=title.lower())
    html = get(client, "/themas/spelen/")
    assert headings(html) == ["Eerste", "Tweede", "Derde"]
    assert anchors(html) == ["eerste", "tweede", "derde"]


WAYS = {
    SectionKind.PRACTICES: ("/praktijken/?thema=", "1 praktijk van collega's"),
    SectionKind.TIPS: ("/themas/spelen/visie/", "1 tip met een vraag"),
    SectionKind.AGREEMENTS: ("/themas/spelen/afspraken/", "Kies, pas aan en druk af"),
    SectionKind.BROADCASTS: ("/themas/spelen/herbeluister/", "1 uitzending"),
    SectionKind.DOCUMENTS: ("/themas/spelen/documenten/", "1 document"),
    SectionKind.EVENTS: ("/themas/spelen/agenda/", "Eerstvolgend: 5 mei 2026"),
    SectionKind.JOIN: ("/themas/spelen/#doe-mee", "Deel een praktijk of schrijf ons"),
    SectionKind.CONTACT: ("/themas/spelen/contact/", "Stuur Toon Vermeersch een bericht"),
}


@pytest.mark.parametrize("kind", WAYS)
def test_a_visitor_finds_the_way_in_at_the_top(client: Client, kind: SectionKind) -> None:
    with time_machine.travel(NOW, tick=False):
        theme = factories.theme(slug="spelen", topics=[factories.topic()])
        one_of_each(theme)
        Event.objects.unrestricted().update(starts_on=datetime(2026, 5, 5).date(), ends_on=None)
        section(theme, SectionKind.TEXT, title="Wat is spelen?", order=1)
        section(theme, kind, title="Hierlangs", order=2)
        [(address, title, line)] = ways(get(client, "/themas/spelen/"))
    assert address.startswith(WAYS[kind][0])
    assert (title, line) == ("Hierlangs", WAYS[kind][1])
    get(client, address)


def test_the_ways_in_stand_in_the_order_of_the_staff(client: Client) -> None:
    theme = factories.theme(slug="spelen")
    section(theme, SectionKind.CONTACT, title="Iemand spreken", order=1)
    section(theme, SectionKind.JOIN, title="Meedoen", order=2)
    for page in ("/themas/spelen/", "/themas/", "/"):
        html = get(client, page)
        assert html.index("Iemand spreken</a>") < html.index("Meedoen</a>"), page


def test_nothing_to_do_leaves_no_ways_in(client: Client) -> None:
    section(factories.theme(slug="spelen"), SectionKind.TEXT)
    assert "Begin hier" not in get(client, "/themas/spelen/")


LONG = "<p>" + "Kom binnen, de koffie staat klaar. " * 12 + "</p>"


def test_a_long_text_folds_and_a_short_one_does_not(client: Client) -> None:
    theme = factories.theme(slug="spelen", body=LONG + LONG)
    factories.theme_section(theme=theme, slug="lang", title="Lang", body=LONG + "<h3>En dan</h3>" + LONG)
    factories.theme_section(theme=theme, slug="kort", title="Kort", body="<p>Kom binnen.</p><p>Welkom.</p>")
    html = get(client, "/themas/spelen/")
    assert re.findall(r'id="([^"]+)\.verder"', html) == ["over.thema", "lang"]
    seen, _, folded = html.partition('id="lang.verder"')
    assert "En dan" in folded
    assert "En dan" not in seen
    assert seen.count("de koffie staat klaar") == 12 * 3


def test_a_theme_tells_programs_of_its_feed(client: Client) -> None:
    factories.theme(slug="spelen")
    html = get(client, "/themas/spelen/")
    [address] = re.findall(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', html)
    assert f'<a href="{address}">' in content(html)
    get(client, address)


def test_a_theme_for_members_offers_no_feed_that_nobody_can_read(member: Client) -> None:
    factories.theme(slug="spelen", audience=Audience.MEMBERS)
    assert "feed" not in get(member, "/themas/spelen/")


def test_an_anchor_that_the_page_itself_has_is_refused(client: Client) -> None:
    part = factories.theme_section(theme=factories.theme(slug="spelen"), slug="welkom")
    taken = set(re.findall(r' id="([^"]+)"', get(client, "/themas/spelen/"))) - {"welkom"}
    assert {"inhoud", "menu"} <= taken
    for anchor in {*taken, "zoek-kop-lijst", "zoek-kop-lijst-0"}:
        part.slug = anchor
        with pytest.raises(ValidationError) as refused:
            part.full_clean()
        assert refused.value.message_dict["slug"][0].startswith(f"‘{anchor}’ gebruikt de pagina zelf al.")
    part.slug = "menu-van-de-dag"
    part.full_clean()


EMPTY = sorted(set(SectionKind) - {SectionKind.JOIN, SectionKind.CONTACT})


@pytest.mark.parametrize("kind", EMPTY)
def test_a_section_with_nothing_to_show_leaves_no_heading(client: Client, kind: SectionKind) -> None:
    theme = factories.theme(slug="spelen", topics=[factories.topic()])
    body = "" if kind == SectionKind.TEXT else "<p>Wat je hier vindt.</p>"
    section(theme, kind, title="Niets te zien", body=body)
    assert "Niets te zien" not in get(client, "/themas/spelen/")


def test_a_link_says_to_how_many_practices_it_leads(client: Client) -> None:
    facet = factories.facet(slug="ruimte")
    outside = factories.facet_value(facet=facet, slug="buiten")
    factories.facet_value(facet=facet, slug="binnen")
    for _ in range(2):
        factories.practice(values=[outside])
    factories.practice(values=[outside], state=PublicationState.DRAFT)
    part = factories.theme_section(theme=factories.theme(slug="spelen"))
    for text, query in (
        ("In de tuin", "ruimte=buiten"),
        ("Aan tafel", "ruimte=binnen"),
        ("Op zee", "ruimte=zee"),
        ("In de catalogus", "kleur=rood"),
    ):
        factories.section_link(section=part, text=text, query=query)
    html = get(client, "/themas/spelen/")
    link = re.search(r'<a class="tile" href="([^"]+)">In de tuin <span[^>]*>2<', html)
    assert link
    assert 'data-total="2"' in get(client, link[1])
    for text in ("Aan tafel", "Op zee", "In de catalogus"):
        assert text not in html


def test_links_of_a_group_stand_under_its_name(client: Client) -> None:
    factories.practice(values=[factories.facet_value(facet=factories.facet(slug="ruimte"), slug="buiten")])
    part = factories.theme_section(theme=factories.theme(slug="spelen"))
    for group, text in (("Ruimte", "In de tuin"), ("Begeleiding", "Met ouders"), ("Ruimte", "Op straat")):
        factories.section_link(section=part, group=group, text=text)
    html = get(client, "/themas/spelen/")
    places = [html.index(words) for words in ("Ruimte</h3>", "In de tuin", "Op straat", "Begeleiding</h3>")]
    assert places == sorted(places)
    assert html.count("Ruimte</h3>") == 1


def test_a_theme_shows_only_what_is_its_own(client: Client) -> None:
    mine = factories.topic()
    one, other = factories.theme(slug="spelen", topics=[mine]), factories.theme(slug="taal")
    one_of_each(one)
    for theme in (one, other):
        for kind in SectionKind:
            section(theme, kind)
    first, second = get(client, "/themas/spelen/"), get(client, "/themas/taal/")
    for kind, words in SHOWN.items():
        assert words in first
        assert (words in second) is (kind == SectionKind.JOIN)


@pytest.mark.parametrize(
    ("fields", "seen_by"),
    [
        ({}, {"anonymous", "signed_in", "member", "editor"}),
        ({"audience": Audience.MEMBERS}, {"member", "editor"}),
        ({"audience": Audience.STAFF}, {"editor"}),
        ({"state": PublicationState.DRAFT}, set()),
    ],
)
@pytest.mark.parametrize("who", ["anonymous", "signed_in", "member", "editor"])
def test_a_theme_is_seen_by_whom_it_is_for(
    who: str, fields: dict[str, Any], seen_by: set[str], request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(who)
    factories.theme(slug="open", title="Open voor iedereen")
    factories.theme(slug="spelen", title="Spelen in de regen", **fields)
    is_seen = who in seen_by
    get(client, "/themas/spelen/", 200 if is_seen else 404)
    for page in ("/", "/themas/"):
        assert ("Spelen in de regen" in get(client, page)) is is_seen
    assert ("/themas/spelen/" in get(client, "/sitemap.xml")) is (not fields)


def test_a_theme_that_is_hidden_looks_like_one_that_does_not_exist(client: Client) -> None:
    factories.theme(slug="spelen", state=PublicationState.DRAFT)
    assert get(client, "/themas/spelen/", 404) == get(client, "/themas/bestaat-niet/", 404)


def menu(html: str) -> str:
    return html.partition('<nav aria-label="Hoofdmenu">')[2].partition("</nav>")[0]


def test_the_menu_leads_to_the_theme_or_to_all_of_them(client: Client) -> None:
    assert "themas" not in menu(get(client, "/themas/"))
    factories.theme(slug="spelen", title="Spelen")
    assert 'href="/themas/spelen/"' in menu(get(client, "/"))
    assert ">Spelen</a>" in menu(get(client, "/"))
    factories.theme(slug="taal", title="Taal")
    assert 'href="/themas/"' in menu(get(client, "/"))
    assert "Spelen" not in menu(get(client, "/"))


def test_the_home_page_leads_to_what_can_be_done(client: Client) -> None:
    theme = factories.theme(slug="spelen")
    section(theme, SectionKind.TEXT, title="Wat is spelen?")
    section(theme, SectionKind.CONTACT, title="Iemand spreken")
    html = get(client, "/")
    assert 'href="/themas/spelen/contact/">Iemand spreken' in html
    assert "Wat is spelen?" not in html


def test_an_editor_previews_a_theme_as_visitors_will_see_it(editor: Client, client: Client) -> None:
    theme = factories.theme(slug="spelen", state=PublicationState.DRAFT, topics=[factories.topic()])
    one_of_each(theme)
    for kind in SectionKind:
        section(theme, kind, title=f"Over {kind.label}", body=LONG + LONG)
    preview = get(editor, address(theme, "preview"))
    assert "Voorbeeld – nog niet gepubliceerd" in preview
    assert "komen erbij zodra het thema zelf te zien is" in preview
    assert "Over Tekst</h2>" in preview
    assert 'name="robots" content="noindex"' in preview
    assert "Babycafé" in preview
    Theme.objects.unrestricted().update(state=PublicationState.PUBLISHED)
    preview, page = get(editor, address(theme, "preview")), get(client, "/themas/spelen/")
    assert "komen erbij" not in preview
    assert headings(preview) == headings(page)
    assert ways(preview) == ways(page)
    assert "Voorbeeld" not in page.partition("<main")[2].partition('<div class="theme"')[0]


MOMENTS = (
    (NOW, False),
    (NOW + HOUR - INSTANT, False),
    (NOW + HOUR, True),
    (NOW + 2 * HOUR - INSTANT, True),
    (NOW + 2 * HOUR, False),
)
PLANNED = {"publish_at": NOW + HOUR, "expires_at": NOW + 2 * HOUR}
ITEMS = {
    SectionKind.TIPS: factories.tip,
    SectionKind.BROADCASTS: factories.broadcast,
    SectionKind.DOCUMENTS: factories.document,
    SectionKind.EVENTS: factories.event,
}


@pytest.mark.parametrize("kind", ITEMS)
def test_a_planned_item_comes_and_goes_at_its_moments(client: Client, kind: SectionKind) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        theme = factories.theme(slug="spelen")
        section(theme, kind)
        item = ITEMS[kind](theme=theme, title="Straks te zien", **PLANNED)
        for moment, is_shown in MOMENTS:
            clock.move_to(moment)
            assert ("Straks te zien" in get(client, "/themas/spelen/")) is is_shown, moment
            if kind != SectionKind.TIPS:
                assert (item.get_absolute_url() in get(client, "/sitemap.xml")) is is_shown, moment


def test_a_planned_theme_takes_all_that_is_under_it_along(client: Client) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        theme = factories.theme(slug="spelen", title="Spelen in de regen", **PLANNED)
        document = factories.document(theme=theme, slug="gids")
        section(theme, SectionKind.DOCUMENTS)
        for moment, is_shown in MOMENTS:
            clock.move_to(moment)
            get(client, "/themas/spelen/", 200 if is_shown else 404)
            get(client, document.get_absolute_url(), 200 if is_shown else 404)
            for page in ("/", "/themas/"):
                assert ("Spelen in de regen" in get(client, page)) is is_shown
            assert ("/themas/spelen/" in get(client, "/sitemap.xml")) is is_shown


def test_what_was_coming_is_past_the_day_after(client: Client) -> None:
    with time_machine.travel(datetime(2026, 5, 3, 21, 30, tzinfo=UTC), tick=False) as clock:
        theme = factories.theme(slug="spelen")
        section(theme, SectionKind.EVENTS)
        factories.event(theme=theme, starts_on=datetime(2026, 5, 3).date())
        assert "Binnenkort</h3>" in get(client, "/themas/spelen/")
        clock.shift(HOUR)  # past midnight in Brussels
        html = get(client, "/themas/spelen/")
        assert "Binnenkort</h3>" not in html
        assert "Terugblik</h3>" in html
