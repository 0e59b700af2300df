"""A collection of practices is its address."""

import re
from html import unescape

import pytest
from django.http import QueryDict

from expoo_portal.visibility import Audience, PublicationState
from practices.collection import Collection, notices
from tests import factories


def parse(query):
    return Collection.parse(QueryDict(query))


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ()),
        ("p=", ()),
        ("p=a,b", ("a", "b")),
        ("p=a&p=b", ("a", "b")),
        ("p=b,a&p=a,c", ("b", "a", "c")),
        ("p=,a,,%20b%20,", ("a", "b")),
    ],
)
def test_an_address_lists_practices_once_each_in_order(query, slugs):
    assert parse(query) == Collection(slugs)


def test_what_cannot_be_a_practice_is_unknown():
    assert parse("p=a,%3Cscript%3E,%00,é,b/c") == Collection(("a",), unknown=4)
    assert parse(f"p={'x' * 111}").unknown == 1


def test_a_made_up_address_is_read_as_far_as_it_makes_sense():
    found = parse("p=" + ",".join(f"s{number}" for number in range(5_000)))
    assert len(found) == 200


def test_a_collection_writes_itself_as_an_address():
    assert Collection(("a", "b")).href() == "?p=a,b"
    assert Collection(("a", "b")).href("/x/", zoek="koffie & thee") == "/x/?p=a,b&zoek=koffie+%26+thee"
    assert Collection().href() == "./"
    assert Collection().href("/x/") == "/x/"
    assert parse(Collection(("a", "b")).query()) == Collection(("a", "b"))


def test_a_collection_grows_shrinks_and_changes_order():
    own = Collection(("a", "b", "c"))
    assert own.plus("d").slugs == ("a", "b", "c", "d")
    assert own.plus("b") == own
    assert own.minus("b").slugs == ("a", "c")
    assert own.moved("c", -1).slugs == ("a", "c", "b")
    assert own.moved("a", 1).slugs == ("b", "a", "c")
    assert own.moved("a", -1) == own.moved("c", 1) == own
    full = Collection(tuple(f"s{number}" for number in range(Collection.MOST)))
    assert full.plus("z") == full


def test_former_addresses_lead_to_todays_and_count_once():
    found = Collection(("oud", "nieuw", "weg")).known({"oud": "nieuw", "nieuw": "nieuw"})
    assert found == Collection(("nieuw",), unknown=1)


def test_what_is_too_much_is_dropped_and_said():
    names = {f"s{number}": f"s{number}" for number in range(Collection.MOST + 2)}
    found = Collection(tuple(names)).known(names)
    assert (len(found), found.dropped) == (Collection.MOST, 2)
    assert notices(found) == [
        f"Er passen hoogstens {Collection.MOST} praktijken op deze pagina. Je ziet de eerste {Collection.MOST}."
    ]
    assert notices(Collection()) == []
    assert "Eén praktijk staat niet (meer) in de catalogus" in notices(Collection(unknown=1))[0]
    assert "2 praktijken staan niet (meer)" in notices(Collection(unknown=2))[0]


def page(client, query, path=""):
    response = client.get(f"/praktijken/waaier/{path}?{query}")
    assert response.status_code == 200
    return response.content.decode()


def slugs(html):
    return re.findall(r'data-slug="([^"]+)"', html)


def links(html, text):
    """Addresses of the links that begin with this text."""
    return [unescape(href) for href in re.findall(rf'<a [^>]*href="([^"]+)"[^>]*>{text}', html)]


@pytest.fixture
def three(db):
    """Practices a, b and c."""
    return [factories.practice(slug=slug, name=f"Speelplek {slug.upper()}") for slug in "abc"]


@pytest.mark.usefixtures("three")
class TestPage:
    def test_a_visitor_sees_the_practices_in_the_order_of_the_address(self, client):
        html = page(client, "p=c,a&p=b,a")
        assert slugs(html) == ["c", "a", "b"]
        assert "Mijn waaier (3)" in html
        assert "noindex" in html
        assert not client.cookies

    def test_a_visitor_changes_the_collection_with_plain_links(self, client):
        html = page(client, "p=a,b,c")
        assert links(html, "Haal weg") == ["?p=b,c", "?p=a,c", "?p=a,b"]
        assert links(html, "Naar voor") == ["?p=b,a,c", "?p=a,c,b"]
        assert links(html, "Naar achter") == ["?p=b,a,c", "?p=a,c,b"]
        assert slugs(page(client, links(html, "Haal weg")[0][1:])) == ["b", "c"]

    def test_a_visitor_searches_and_adds(self, client):
        html = page(client, "p=a&zoek=speelplek")
        assert sorted(links(html, "Voeg toe")) == ["?p=a,b&zoek=speelplek", "?p=a,c&zoek=speelplek"]
        assert "Zit in je waaier" in html
        assert slugs(page(client, "p=a,b&zoek=speelplek")) == ["a", "b"]

    def test_a_visitor_without_a_collection_is_told_how_to_begin(self, client):
        html = page(client, "")
        assert "Je waaier is nog leeg" in html
        assert 'name="zoek"' in html
        assert links(page(client, "zoek=speelplek"), "Voeg toe")

    def test_a_visitor_who_finds_nothing_is_told(self, client):
        html = page(client, "p=a&zoek=qqqq")
        assert "Geen praktijken gevonden voor “qqqq”" in html
        assert slugs(html) == ["a"]

    def test_a_visitor_shares_the_whole_address_by_mail_to_nobody_yet(self, client, settings):
        settings.SITE_URL = "https://portaal.example.org"
        html = page(client, "p=a,b")
        assert 'value="https://portaal.example.org/praktijken/waaier/?p=a,b" readonly' in html
        (mail,) = links(html, "Mail het adres")
        assert mail.startswith("mailto:?subject=")
        assert "waaier%2F%3Fp%3Da%2Cb" in mail

    def test_a_former_address_is_followed(self, client, three):
        factories.former_slug(practice=three[1], slug="vroeger-b")
        html = page(client, "p=vroeger-b,a,b")
        assert slugs(html) == ["b", "a"]
        assert "niet (meer)" not in html

    @pytest.mark.parametrize(
        "hidden",
        [
            {"state": PublicationState.DRAFT},
            {"audience": Audience.MEMBERS},
        ],
    )
    def test_what_a_visitor_may_not_see_is_like_what_does_not_exist(self, client, hidden):
        practice = factories.practice(slug="geheim", **hidden)
        factories.former_slug(practice=practice, slug="vroeger-geheim")
        for path in ("", "afdrukken/"):
            nothing = page(client, "p=a,bestaat-niet", path)
            assert "Eén praktijk staat niet (meer) in de catalogus" in nothing
            assert page(client, "p=a,geheim", path) == nothing
            assert page(client, "p=a,vroeger-geheim", path) == nothing

    def test_nobody_makes_the_page_too_long(self, client):
        for number in range(Collection.MOST + 2):
            factories.practice(slug=f"s{number}")
        html = page(client, "p=" + ",".join(f"s{number}" for number in range(Collection.MOST + 2)))
        assert len(slugs(html)) == Collection.MOST
        assert "Je ziet de eerste 30" in html
        assert "Je waaier is vol" in html

    def test_odd_addresses_are_read_as_far_as_they_make_sense(self, client):
        for query in (
            "p=%00",
            "p=%ff%fe",
            "p=a%00b",
            "p[]=a",
            "p=" + "x" * 5_000,
            "zoek=%00",
            "p=a&zoek=" + "z" * 500,
        ):
            page(client, query)

    def test_a_practice_leads_to_a_collection_with_itself(self, client):
        html = client.get("/praktijken/a/").content.decode()
        assert links(html, "Zet in mijn waaier") == ["/praktijken/waaier/?p=a"]

    def test_search_engines_stay_out(self, client):
        robots = client.get("/robots.txt").content.decode()
        assert "Disallow: /praktijken/waaier/" in robots
        assert "Disallow: /praktijken/vergelijk/" in robots


@pytest.mark.usefixtures("three")
class TestPrint:
    def test_the_print_has_a_cover_contents_and_a_sheet_each(self, client, time_machine):
        time_machine.move_to("2027-03-23T12:00:00+01:00")
        html = page(client, "p=b,a", "afdrukken/")
        assert "2 praktijken · 23 maart 2027" in html
        assert re.findall(r'<a href="#(blad-\d)">([^<]+)</a>', html) == [
            ("blad-1", "Speelplek B"),
            ("blad-2", "Speelplek A"),
        ]
        assert html.count('<article class="sheet"') == 2
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids))

    def test_the_print_of_tomorrow_says_tomorrow(self, client, time_machine):
        for day in ("23", "24"):
            time_machine.move_to(f"2027-03-{day}T12:00:00+01:00")
            assert f"{day} maart 2027" in page(client, "p=a", "afdrukken/")

    def test_an_empty_print_says_so(self, client):
        assert "Er valt niets af te drukken" in page(client, "", "afdrukken/")
