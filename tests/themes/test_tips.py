"""The tips of a theme, the action list that a reader makes of them, and the talk sheet."""

import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from expoo_portal.themes.models import TipFor
from expoo_portal.themes.tips import ActionList
from expoo_portal.visibility import PublicationState
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme():
    return factories.theme(slug="ontmoeting")


@pytest.fixture
def tips(theme):
    """Three tips: two about the room, one of them for partners too, and one about welcoming."""
    room, welcome = factories.topic(slug="ruimte", label="Ruimte"), factories.topic(slug="onthaal")
    return [
        factories.tip(
            theme=theme, code="T01", topic=room, title="Schuif de stoelen", question="Waar zit je?"
        ),
        factories.tip(theme=theme, code="T02", topic=welcome, title="Ga in de deur staan"),
        factories.tip(
            theme=theme, code="T03", topic=welcome, also=[room], used=TipFor.PARTNERS, title="Deel de sleutel"
        ),
    ]


@pytest.fixture
def read(client, tips):
    def page(query="", name="theme_tips"):
        response = client.get(f"{reverse(name, args=['ontmoeting'])}{query}")
        assert response.status_code == 200
        return response.content.decode()

    return page


def order(page, titles):
    """These titles in the order in which the action list names them."""
    listed = page[page.index('id="actielijst"') : page.index("</ol>", page.index('id="actielijst"'))]
    return sorted((title for title in titles if f">{title}</a>" in listed), key=listed.index)


TITLES = ["Schuif de stoelen", "Ga in de deur staan", "Deel de sleutel"]


def test_visitor_reads_the_tips_in_two_groups_with_their_question(read):
    page = read()
    assert page.index("In je eigen werking") < page.index(TITLES[0]) < page.index("Met partners")
    assert page.index("Met partners") < page.index(TITLES[2])
    assert "Waar zit je?" in page
    assert "Mijn actielijst (" not in page


def test_visitor_filters_by_topic(read):
    page = read("?onderwerp=ruimte")
    assert [title in page for title in TITLES] == [True, False, True]
    assert "Ruimte (2)" in page
    page = read("?onderwerp=weg")
    assert all(title in page for title in TITLES)
    assert "Over dit onderwerp staan hier geen tips" in page


def test_visitor_makes_an_action_list_that_is_its_address(read, client, tips):
    page = read("?tips=T03,T01")
    assert order(page, TITLES) == ["Deel de sleutel", "Schuif de stoelen"]
    assert "/themas/ontmoeting/visie/?tips=T03,T01" in page
    assert 'href="/themas/ontmoeting/visie/?tips=T01,T03">Hoger' in page
    assert 'href="/themas/ontmoeting/visie/?tips=T01">Haal weg' in page
    assert not client.cookies


def test_a_form_without_scripts_leads_to_the_short_address(client, tips):
    response = client.get("/themas/ontmoeting/visie/?volgorde=&tips=T01&tips=T03")
    assert response.url == "/themas/ontmoeting/visie/?tips=T01,T03"
    # The order of before stays, what was unticked is gone and what is new comes last.
    response = client.get("/themas/ontmoeting/visie/?volgorde=T03,T02,T01&tips=T01&tips=T03&onderwerp=ruimte")
    assert response.url == "/themas/ontmoeting/visie/?tips=T03,T01&onderwerp=ruimte"


def test_a_filter_does_not_lose_what_was_ticked(read):
    assert '<input type="hidden" name="tips" value="T02">' in read("?onderwerp=ruimte&tips=T02")


def test_unknown_and_hidden_tips_are_left_out_and_said(read, theme):
    factories.tip(theme=theme, code="T09", state=PublicationState.DRAFT, title="Nog niet klaar")
    factories.tip(code="T10", title="Van een ander thema")
    page = read("?tips=T01,T09,T10,%3Cb%3E")
    assert order(page, TITLES) == ["Schuif de stoelen"]
    assert "3 tips uit dit adres staan hier niet (meer)" in page
    assert "Nog niet klaar" not in page
    assert "Van een ander thema" not in page


def test_a_tip_leads_to_the_practices_about_its_topic(read, tips):
    value = factories.facet_value(facet=factories.facet(slug="thema"), slug="de-ruimte", topic=tips[0].topic)
    factories.practice(values=[value])
    page = read("?onderwerp=ruimte")
    assert '<a href="/praktijken/?thema=de-ruimte">1 praktijk over ruimte</a>' in page
    assert page.count("/praktijken/?thema=") == 1


def test_a_tip_leads_to_the_documents_about_its_topic(read, theme, tips):
    room = tips[0].topic
    for document in (
        factories.document(theme=theme),
        factories.document(theme=theme, state=PublicationState.DRAFT),
        factories.document(),
    ):
        document.topics.add(room)
    page = read()
    link = (
        '<a href="/themas/ontmoeting/documenten/?onderwerp=ruimte">1 document<span class="visually-hidden">'
    )
    assert page.count(link) == 1
    assert page.count("documenten/?onderwerp=") == 1


def test_a_tip_that_is_named_twice_counts_once(read):
    page = read("?tips=T01,T03,T01&tips=T03,%20T01")
    assert order(page, TITLES) == ["Schuif de stoelen", "Deel de sleutel"]
    assert "Mijn actielijst (2)" in page
    assert "/themas/ontmoeting/visie/?tips=T01,T03" in page
    assert "staan hier niet" not in page


def test_more_tips_than_fit_are_left_out_and_said(read, theme, tips):
    codes = [f"X{number:02}" for number in range(ActionList.MOST + 2)]
    for code in codes:
        factories.tip(theme=theme, code=code, topic=tips[0].topic)
    page = read(f"?tips={','.join(codes)}")
    assert f"Mijn actielijst ({ActionList.MOST})" in page
    assert f"In een actielijst passen {ActionList.MOST} tips" in page
    assert codes[-1] not in page[page.index('id="actielijst"') : page.index("Deel deze lijst")]


@pytest.mark.parametrize("name", ["theme_tips", "theme_tips_print"])
@pytest.mark.parametrize(
    "query",
    ["?tips=", "?tips=,,,", f"?tips={'x' * 5_000}", "?tips=%00", "?tips=T01%0d%0aX: y", "?tips=../T01"],
)
def test_an_address_without_a_known_tip_has_no_list(read, name, query):
    page = read(query, name)
    assert "Mijn actielijst (" not in page
    assert "<h2>Schuif de stoelen" not in page


def test_the_talk_sheet_says_what_it_left_out(read):
    assert "Eén tip uit dit adres staat hier niet (meer)." in read("?tips=T01,weg", "theme_tips_print")


def test_the_talk_sheet_holds_the_chosen_questions_in_order(read):
    page = read("?tips=T03,T01", "theme_tips_print")
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Deel de sleutel", "Schuif de stoelen"]
    assert "Waar zit je?" in page
    assert page.count("Wanneer?") == 2
    assert "Kies eerst een of meer tips" in read("", "theme_tips_print")


@pytest.mark.parametrize("name", ["theme_tips", "theme_tips_print"])
def test_the_tips_of_a_hidden_theme_are_not_there(client, name):
    hidden = factories.theme(state=PublicationState.DRAFT)
    factories.tip(theme=hidden)
    assert client.get(reverse(name, args=[hidden.slug])).content == client.get("/bestaat-niet/").content


def test_a_theme_without_tips_says_so(client, theme):
    assert "Er staan nog geen tips" in client.get("/themas/ontmoeting/visie/").content.decode()


def test_a_form_keeps_the_order_of_before():
    chosen, before = (ActionList.parse(QueryDict(f"tips={codes}")) for codes in ("a,b,c", "c,x,a"))
    assert chosen.in_order_of(before).slugs == ("c", "a", "b")
