"""The events of a theme: what comes, what was, the calendar file, the feed, and what machines read."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from expoo_portal.themes.models import DatePrecision, Theme
from expoo_portal.visibility import Audience, PublicationState
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/themas/ontmoeting/agenda/"
NASTY = "</script><script>alert(\"1\")</script> & 'ja' \\ \u2028"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2027-04-20T10:00:00+02:00", tick=False):
        yield


@pytest.fixture
def theme() -> Theme:
    return factories.theme(slug="ontmoeting", title="Ontmoeting")


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def linked_data(client: Client, address: str) -> dict[str, Any]:
    html = client.get(address).content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(text)


def test_a_visitor_sees_what_comes_soonest_first_and_then_what_was(theme: Theme, anonymous: Client) -> None:
    for title, day in (
        ("Congres", date(2027, 11, 3)),
        ("Vandaag nog", date(2027, 4, 20)),
        ("Gisteren", date(2027, 4, 19)),
        ("Lang geleden", date(2016, 12, 15)),
    ):
        factories.event(theme=theme, title=title, starts_on=day)
    text = text_of(anonymous.get(LIST))
    titles = ("Vandaag nog", "Congres", ">Terugblik<", "Gisteren", "Lang geleden")
    order = [text.index(title) for title in titles]
    assert order == sorted(order)
    assert "15 december 2016" in text


def test_an_event_is_past_from_midnight_on(theme: Theme, anonymous: Client) -> None:
    factories.event(theme=theme, title="De dag", starts_on=date(2027, 4, 20))
    text = text_of(anonymous.get(LIST))
    assert "Terugblik</h2>" not in text
    with time_machine.travel("2027-04-21T00:00:30+02:00", tick=False):
        text = text_of(anonymous.get(LIST))
    assert text.index("Terugblik</h2>") < text.index("De dag")


def test_an_event_of_this_month_or_year_is_still_coming(theme: Theme, anonymous: Client) -> None:
    first = date(2027, 1, 1)
    factories.event(theme=theme, title="Ooit dit jaar", starts_on=first, precision=DatePrecision.YEAR)
    factories.event(
        theme=theme, title="Deze maand", starts_on=date(2027, 4, 1), precision=DatePrecision.MONTH
    )
    factories.event(theme=theme, title="In maart", starts_on=date(2027, 3, 1), precision=DatePrecision.MONTH)
    text = text_of(anonymous.get(LIST))
    past = text.index("Terugblik</h2>")
    assert text.index("Ooit dit jaar") < past
    assert text.index("Deze maand") < past < text.index("In maart")
    assert "april 2027" in text


def test_a_long_past_comes_in_pages(theme: Theme, anonymous: Client) -> None:
    for day in range(1, 26):
        factories.event(theme=theme, title=f"Dag {day:02}", starts_on=date(2019, 5, day))
    factories.event(theme=theme, title="Straks", starts_on=date(2027, 6, 1))
    first, second = text_of(anonymous.get(LIST)), text_of(anonymous.get(f"{LIST}?pagina=2"))
    assert "Dag 25" in first
    assert "Dag 05" not in first
    assert "Dag 05" in second
    assert "Straks" not in second
    for odd in ("0", "-1", "x", "999999", "9" * 30, "²", ""):
        assert anonymous.get(LIST, {"pagina": odd}).status_code == 200


def test_a_theme_without_events_says_so(theme: Theme, anonymous: Client) -> None:
    assert "niets gepland" in text_of(anonymous.get(LIST))


def test_a_visitor_reads_the_report_with_its_files_pictures_and_links(
    theme: Theme, anonymous: Client
) -> None:
    event = factories.event(
        theme=theme,
        starts_on=date(2027, 3, 3),
        ends_on=date(2027, 3, 5),
        body="<p>Er was soep.</p>",
        to_confirm="Zaal: intern nagaan.",
    )
    file = factories.event_file(event=event, name="presentatie.txt")
    image = factories.event_image(event=event, alt="Ronde tafels met kommen")
    link = factories.event_link(event=event)
    text = text_of(anonymous.get(event.get_absolute_url()))
    for shown in ("3 tot 5 maart 2027", "Er was soep.", "Verslag", event.place, event.hours, link.url):
        assert shown in text
    assert file.get_absolute_url() in text
    assert image.card_url in text
    assert 'alt="Ronde tafels met kommen"' in text
    assert "te bevestigen" in text
    assert "intern nagaan" not in text
    assert "agenda.ics" not in text  # it is over


def test_a_visitor_takes_a_coming_event_to_the_own_calendar(
    theme: Theme, anonymous: Client, settings: Any
) -> None:
    event = factories.event(
        theme=theme,
        slug="dag",
        title="Soep, brood; thee",
        starts_on=date(2027, 5, 3),
        hours="9.30 tot 12 uur",
    )
    address = f"{LIST}dag/agenda.ics"
    assert address in text_of(anonymous.get(event.get_absolute_url()))
    answer = anonymous.get(address)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="dag.ics"' in answer.headers["Content-Disposition"]
    text = answer.content.decode().replace("\r\n ", "")
    assert "SUMMARY:Soep\\, brood\\; thee\r\n" in text
    assert "DTSTART:20270503T073000Z" in text
    assert f"URL:{settings.SITE_URL}{event.get_absolute_url()}\r\n" in text
    (uid,) = re.findall(r"UID:(\S+)", text)
    event.slug, event.title = "nieuw-adres", "Anders"
    event.save()
    assert f"UID:{uid}\r\n" in anonymous.get(f"{LIST}nieuw-adres/agenda.ics").content.decode()


def test_there_is_no_calendar_file_of_what_is_over_vague_or_hidden(theme: Theme, anonymous: Client) -> None:
    coming = {"theme": theme, "starts_on": date(2027, 6, 1)}
    for event in (
        factories.event(theme=theme, starts_on=date(2027, 4, 19)),
        factories.event(**coming, precision=DatePrecision.MONTH),
        factories.event(**coming, audience=Audience.MEMBERS),
        factories.event(**coming, state=PublicationState.DRAFT),
    ):
        assert anonymous.get(f"{event.get_absolute_url()}agenda.ics").status_code == 404


def test_a_search_engine_reads_when_and_where_no_more_exact_than_known(
    theme: Theme, anonymous: Client, settings: Any
) -> None:
    event = factories.event(
        theme=theme, title="Congres", starts_on=date(2017, 12, 1), precision=DatePrecision.MONTH, place="Gent"
    )
    image = factories.event_image(event=event)
    found = linked_data(anonymous, event.get_absolute_url())
    assert (found["@type"], found["name"], found["startDate"]) == ("Event", "Congres", "2017-12")
    assert found["location"]["name"] == "Gent"
    assert found["image"] == f"{settings.SITE_URL}{image.page_url}"
    assert "endDate" not in found
    range_ = factories.event(theme=theme, starts_on=date(2027, 5, 3), ends_on=date(2027, 5, 5), place="")
    found = linked_data(anonymous, range_.get_absolute_url())
    assert (found["startDate"], found["endDate"]) == ("2027-05-03", "2027-05-05")
    assert "location" not in found


def test_no_text_gets_out_of_its_place(theme: Theme, anonymous: Client) -> None:
    event = factories.event(theme=theme, title=NASTY, summary=NASTY, place=NASTY)
    found = linked_data(anonymous, event.get_absolute_url())
    assert found["name"] == found["description"] == found["location"]["name"] == NASTY
    assert "<script>alert" not in anonymous.get(event.get_absolute_url()).content.decode()


def test_a_hidden_event_is_like_none(theme: Theme, anonymous: Client) -> None:
    event = factories.event(theme=theme, title="Geheime dag", audience=Audience.STAFF)
    nothing = anonymous.get(f"{LIST}bestaat-niet/")
    answer = anonymous.get(event.get_absolute_url())
    assert (answer.status_code, answer.content) == (404, nothing.content)
    assert "Geheime dag" not in text_of(anonymous.get(LIST))


def test_an_event_stands_under_its_own_theme_only(theme: Theme, anonymous: Client) -> None:
    event = factories.event(starts_on=date(2027, 6, 1))
    for end in ("", "agenda.ics"):
        assert anonymous.get(f"{LIST}{event.slug}/{end}").status_code == 404
    assert event.title not in text_of(anonymous.get(LIST))


# The feed ----------------------------------------------------------------------------------------------------

FEED = "/themas/ontmoeting/feed/"


def test_a_reader_follows_what_is_new(theme: Theme, anonymous: Client, settings: Any) -> None:
    made = [
        factories.document(theme=theme, title="Nieuw boek & meer", publish_at="2027-04-01T00:00Z"),
        factories.event(theme=theme, title="Nieuwe dag", publish_at="2027-04-03T00:00Z"),
        factories.broadcast(theme=theme, title="Nieuwe uitzending", publish_at="2027-04-02T00:00Z"),
    ]
    elsewhere = factories.document(title="Bij een ander thema")
    answer = anonymous.get(FEED)
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    text = text_of(answer)
    order = [text.index(title) for title in ("Nieuwe dag", "Nieuwe uitzending", "Nieuw boek & meer")]
    assert order == sorted(order)
    for item in made:
        assert f"{settings.SITE_URL}{item.get_absolute_url()}" in text
    assert elsewhere.title not in text


def test_the_feed_is_public_even_for_staff(theme: Theme, editor: Client) -> None:
    factories.document(theme=theme, title="Voor leden", audience=Audience.MEMBERS)
    factories.event(theme=theme, title="Concept", state=PublicationState.DRAFT)
    text = text_of(editor.get(FEED))
    assert "Voor leden" not in text
    assert "Concept" not in text
    factories.theme(slug="intern", audience=Audience.STAFF)
    assert editor.get("/themas/intern/feed/").status_code == 404
