"""The Atom feed, of everything or of a choice."""

from datetime import date, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db
FEED = "/praktijken/feed/"
ATOM = {"atom": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def limburg(db: None) -> None:
    """Two practices in Limburg, one elsewhere, one that stopped and one for members."""
    facet = factories.facet(slug="provincie", label="Provincie")
    here = factories.facet_value(facet=facet, slug="limburg", label="Limburg")
    now = timezone.now()
    for hours, (slug, values, fields) in enumerate(
        (
            ("nieuw", [here], {"summary": "Met koffie & <taart>."}),
            ("ouder", [here], {}),
            ("elders", [], {}),
            ("gestopt", [here], {"archived_on": date(2024, 1, 1)}),
            ("leden", [here], {"audience": "members"}),
        ),
        1,
    ):
        factories.practice(slug=slug, values=values, publish_at=now - timedelta(hours=hours), **fields)


def read(client: Client, query: str = ""):
    response = client.get(f"{FEED}{query}")
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own answer


def entries(feed) -> list[str]:
    links = feed.findall("atom:entry/atom:link", ATOM)
    return [urlsplit(link.get("href")).path.split("/")[2] for link in links]


def test_a_reader_follows_everything_that_is_new(client: Client, limburg: None) -> None:
    feed = read(client)
    assert entries(feed) == ["nieuw", "ouder", "elders"]
    assert feed.findtext("atom:title", namespaces=ATOM) == "Inspirerende praktijken – EXPOO"
    assert feed.findtext("atom:entry/atom:summary", namespaces=ATOM) == "Met koffie &amp; &lt;taart&gt;."


def test_a_reader_follows_a_choice_that_the_title_names(client: Client, limburg: None, settings) -> None:
    feed = read(client, "?kleur=rood&provincie=limburg&q=koffie&sorteer=gemeente&pagina=9")
    assert entries(feed) == ["nieuw", "ouder"]
    assert (
        feed.findtext("atom:title", namespaces=ATOM) == "Inspirerende praktijken – EXPOO: “koffie”, Limburg"
    )
    links = {link.get("rel"): link.get("href") for link in feed.findall("atom:link", ATOM)}
    assert links["self"] == f"{settings.SITE_URL}{FEED}?q=koffie&provincie=limburg"
    assert links["alternate"] == f"{settings.SITE_URL}/praktijken/?q=koffie&provincie=limburg"


def test_members_follow_what_everybody_follows(member: Client, limburg: None) -> None:
    assert entries(read(member)) == ["nieuw", "ouder", "elders"]


@pytest.mark.parametrize("query", ["?provincie=maan", "?onzin=1", "?provincie=&q=", "?q=%00"])
def test_what_the_feed_does_not_know_it_leaves_out(client: Client, limburg: None, query: str) -> None:
    assert entries(read(client, query)) == ["nieuw", "ouder", "elders"]


def test_a_choice_without_results_is_an_empty_feed(client: Client, limburg: None) -> None:
    assert entries(read(client, "?q=onvindbaar")) == []


def test_the_list_leads_to_the_feed_of_its_choice(client: Client, limburg: None) -> None:
    html = client.get("/praktijken/?provincie=limburg&sorteer=gemeente").content.decode()
    assert html.count(f'href="{FEED}?provincie=limburg"') == 2
    assert 'title="Nieuwe praktijken: Limburg"' in html
    assert client.get("/praktijken/").content.decode().count(f'href="{FEED}"') == 2
