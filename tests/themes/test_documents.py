"""The documents of a theme: what a visitor finds first, in which version, and what stays hidden."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client

from expoo_portal.themes.documents import by_kind, versions
from expoo_portal.themes.models import Document, DocumentFile, Theme
from expoo_portal.visibility import Audience, PublicationState
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/themas/ontmoeting/documenten/"


@pytest.fixture
def theme() -> Theme:
    return factories.theme(slug="ontmoeting", title="Ontmoeting")


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def places(text: str, *words: str) -> list[int]:
    found = [text.index(word) for word in words]
    assert -1 not in found
    return found


def test_a_visitor_reads_the_reference_first_and_then_kind_by_kind(theme: Theme, anonymous: Client) -> None:
    factories.document(theme=theme, title="Los blad", kind="", order=1)
    factories.document(theme=theme, title="Een boek", kind="boek", order=2)
    factories.document(theme=theme, title="Onderzoek naar thee", kind="onderzoek", order=3)
    factories.document(theme=theme, title="Nog een boek", kind="Boek", order=4)
    factories.document(theme=theme, title="Praktijkbeschrijving", is_reference=True, order=5)
    text = text_of(anonymous.get(LIST))
    order = places(
        text,
        *(">Om mee te beginnen</h2>", ">Praktijkbeschrijving</a>", ">Boek</h2>", ">Een boek</a>"),
        *(">Nog een boek</a>", ">Onderzoek</h2>", ">Onderzoek naar thee</a>", ">Andere documenten</h2>"),
        ">Los blad</a>",
    )
    assert order == sorted(order)


def test_nothing_is_grouped_when_there_is_nothing(theme: Theme, anonymous: Client) -> None:
    assert by_kind([]) == []
    assert "Nog geen documenten" in text_of(anonymous.get(LIST))


def test_a_visitor_narrows_the_list_to_a_topic(theme: Theme, anonymous: Client) -> None:
    topic, other = factories.topic(slug="ruimte", label="Ruimte"), factories.topic(slug="taal", label="Taal")
    factories.document(theme=theme, title="De wachtzaal", topics=[topic, other])
    factories.document(theme=theme, title="De woorden", topics=[other])
    everything = text_of(anonymous.get(LIST))
    assert f"{LIST}?onderwerp=ruimte" in everything
    chosen = text_of(anonymous.get(f"{LIST}?onderwerp=ruimte"))
    assert "De wachtzaal" in chosen
    assert "De woorden" not in chosen
    assert f'href="{LIST}"' in chosen  # the way back to all
    unknown = text_of(anonymous.get(f"{LIST}?onderwerp=bestaat-niet"))
    assert "De woorden" in unknown
    assert "geen documenten" in unknown


def test_the_topics_of_hidden_documents_are_no_choice(theme: Theme, anonymous: Client) -> None:
    hidden = factories.topic(slug="geheim", label="Geheim onderwerp")
    factories.document(theme=theme, topics=[hidden], audience=Audience.MEMBERS)
    factories.document(theme=theme)
    assert "Geheim onderwerp" not in text_of(anonymous.get(LIST))


def test_a_visitor_reads_what_a_document_is_and_where_it_is(theme: Theme, anonymous: Client) -> None:
    document = factories.document(
        theme=theme,
        title="Ontmoeten",
        authors="A. Schrijver",
        publisher="Drukkerij",
        year=2017,
        url="https://uitgever.example.org/boek",
        to_confirm="Voornaam van de schrijver: intern vermoeden.",
    )
    text = text_of(anonymous.get(document.get_absolute_url()))
    for shown in ("A. Schrijver", "Drukkerij", "2017", "uitgever.example.org/boek", document.what):
        assert shown in text
    assert document.for_whom in text
    assert "Lees het op uitgever.example.org" in text
    assert "te bevestigen" in text
    assert "intern vermoeden" not in text  # what is to be confirmed is between staff


def test_nothing_is_to_be_confirmed_of_what_is_certain(theme: Theme, anonymous: Client) -> None:
    document = factories.document(theme=theme, to_confirm="", year=None, kind="", authors="", url="")
    text = text_of(anonymous.get(document.get_absolute_url()))
    assert "te bevestigen" not in text
    assert "None" not in text
    assert "/themas/ontmoeting/contact/" in text  # no file and no link: ask for it


def test_the_version_of_today_comes_first_and_older_ones_stay(theme: Theme, anonymous: Client) -> None:
    document = factories.document(theme=theme)
    for name, version in (
        ("oud.txt", "2011"),
        ("nieuw.txt", "mei 2019"),
        ("nieuw-groot.txt", "mei 2019"),
    ):
        factories.document_file(document=document, name=name, version=version)
    text = text_of(anonymous.get(document.get_absolute_url()))
    assert text.index("nieuw-groot.txt") < text.index("Eerdere versies") < text.index("oud.txt")
    assert text.index("nieuw.txt") < text.index("Eerdere versies")
    assert "Tekstbestand" in text or "tekst" in text.lower()
    assert "bytes" in text or "kB" in text


def test_files_without_a_version_follow_one_another() -> None:
    newest, before = DocumentFile(pk=2, version=""), DocumentFile(pk=1, version="")
    assert versions([newest, before]) == ([newest], [before])
    assert versions([]) == ([], [])


def test_a_document_leads_to_practices_about_its_topics(theme: Theme, anonymous: Client) -> None:
    topic, unused = factories.topic(slug="ruimte", label="Ruimte"), factories.topic(label="Ongebruikt")
    facet = factories.facet(slug="thema")
    value = factories.facet_value(facet=facet, slug="ruimte", topic=topic)
    factories.practice(values=[value])
    document = factories.document(theme=theme, topics=[topic, unused])
    text = text_of(anonymous.get(document.get_absolute_url()))
    assert "Meer hierover" in text
    assert "/praktijken/?thema=ruimte" in text
    assert "Ongebruikt" not in text


@pytest.mark.parametrize(
    "hidden",
    [{"audience": Audience.MEMBERS}, {"audience": Audience.STAFF}, {"state": PublicationState.DRAFT}],
)
def test_a_hidden_document_is_like_none(theme: Theme, anonymous: Client, hidden: dict[str, Any]) -> None:
    document = factories.document(theme=theme, title="Verborgen blad", **hidden)
    answer = anonymous.get(document.get_absolute_url())
    nothing = anonymous.get(f"{LIST}bestaat-niet/")
    assert (answer.status_code, answer.content) == (404, nothing.content)
    assert "Verborgen blad" not in text_of(anonymous.get(LIST))


def test_a_document_stands_under_its_own_theme_only(theme: Theme, anonymous: Client) -> None:
    other = factories.theme(slug="elders")
    document: Document = factories.document(theme=other)
    assert anonymous.get(f"{LIST}{document.slug}/").status_code == 404
    assert document.title not in text_of(anonymous.get(LIST))


def test_nobody_reads_the_documents_of_a_hidden_theme(anonymous: Client) -> None:
    theme = factories.theme(slug="intern", audience=Audience.STAFF)
    document = factories.document(theme=theme)
    for address in ("/themas/intern/documenten/", document.get_absolute_url()):
        assert anonymous.get(address).status_code == 404
