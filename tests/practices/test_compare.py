"""Two or three practices side by side."""

import re
from html import unescape

import pytest

from practices.compare import rows
from tests import factories


def test_rows_keep_the_order_of_the_labels_and_leave_out_what_nobody_says():
    found = rows(["Plaats", "Prijs", "Ritme"], [("A", {"Ritme": ["x"], "Plaats": ["y"]}), ("B", {})])
    assert [row.label for row in found] == ["Plaats", "Ritme"]
    assert [[value.text for value in cell.values] for cell in found[0].cells] == [["y"], []]


def test_a_value_stands_out_beside_others_that_all_have():
    (row,) = rows(["Ruimte"], [("A", {"Ruimte": ["Buiten", "Online"]}), ("B", {"Ruimte": ["Buiten"]})])
    assert [[value.stands_out for value in cell.values] for cell in row.cells] == [[False, True], [False]]
    (row,) = rows(["Prijs"], [("A", {"Prijs": ["Gratis"]}), ("B", {"Prijs": ["Lidgeld"]})])
    assert not any(value.stands_out for cell in row.cells for value in cell.values)


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (["Gratis"], ["Gratis"], False),
        (["Gratis"], ["Lidgeld"], True),
        (["Gratis"], [], True),
        (["a", "b"], ["b", "a"], False),
        ([{"text": "a", "href": "/1"}], [{"text": "a", "href": "/2"}], False),
        ([{"text": "a", "href": "/1"}], [{"text": "b", "href": "/1"}], True),
    ],
)
def test_a_row_differs_when_its_texts_do(one, other, differs):
    (row,) = rows(["Prijs"], [("A", {"Prijs": one}), ("B", {"Prijs": other})])
    assert row.differs is differs


@pytest.fixture
def pair(db):
    """Two practices that share a room and differ in price; one tells how it works, the other does not."""
    facets = {label: factories.facet(label=label, slug=label.lower()) for label in ("Ruimte", "Prijs")}
    outside = factories.facet_value(facet=facets["Ruimte"], label="Buiten")
    free, paid = (
        factories.facet_value(facet=facets["Prijs"], label=label) for label in ("Gratis", "Lidgeld")
    )
    return [
        factories.practice(slug="een", values=[outside, free], strengths="<p>Altijd <em>open</em>.</p>"),
        factories.practice(slug="twee", values=[outside, paid], approach=""),
    ]


def get(client, query):
    response = client.get(f"/praktijken/vergelijk/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def row(html, label):
    """The row with this label, as HTML; empty when there is none."""
    found = [part for part in re.findall(r"<tr.*?</tr>", html, re.S) if f">{label}" in part]
    return found[0] if found else ""


@pytest.mark.usefixtures("pair")
class TestPage:
    def test_a_visitor_sees_what_differs_in_words(self, client):
        html = get(client, "p=een,twee")
        assert "verschilt" in row(html, "Prijs")
        assert "Gratis" in row(html, "Prijs")
        assert "Lidgeld" in row(html, "Prijs")
        assert "verschilt" not in row(html, "Ruimte")

    def test_a_visitor_sees_only_the_differences(self, client):
        html = get(client, "p=een,twee")
        (href,) = re.findall(r'href="([^"]+)">Toon alleen de verschillen', html)
        less = get(client, unescape(href)[1:])
        assert row(less, "Prijs")
        assert not row(less, "Ruimte")
        assert "Toon ook wat gelijk is" in less

    def test_the_texts_stand_side_by_side(self, client):
        html = get(client, "p=een,twee")
        assert "<p>Altijd <em>open</em>.</p>" in row(html, "Sterktes")
        assert "niet vermeld" in row(html, "Sterktes")
        assert not row(html, "Uitdagingen")

    def test_the_table_has_a_header_for_each_row_and_column(self, client):
        html = get(client, "p=een,twee")
        assert html.count('scope="col"') == 3
        for part in re.findall(r"<tr.*?</tr>", html, re.S)[1:]:
            assert 'scope="row' in part

    @pytest.mark.parametrize("query", ["", "p=een", "p=een,bestaat-niet", "p=een,een"])
    def test_fewer_than_two_are_helped_on(self, client, query):
        assert "Kies twee of drie praktijken" in get(client, query)

    def test_three_at_most(self, client):
        for slug in ("drie", "vier"):
            factories.practice(slug=slug)
        html = get(client, "p=een&p=twee&p=drie&p=vier")
        assert html.count('scope="col"') == 4
        assert "hoogstens 3 praktijken" in html

    def test_the_way_back_leads_to_the_whole_collection(self, client):
        html = get(client, "p=een,twee&uit=een,drie,twee")
        assert 'href="/praktijken/waaier/?p=een,drie,twee"' in html
        assert 'href="/praktijken/waaier/?p=een,twee"' in get(client, "p=een,twee")

    def test_a_hidden_practice_is_like_one_that_does_not_exist(self, client):
        factories.practice(slug="geheim", state="draft")
        assert get(client, "p=een,twee,geheim") == get(client, "p=een,twee,bestaat-niet")
