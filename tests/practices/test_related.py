"""Related practices say why they are related."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from practices.catalogue import catalogue_for
from practices.related import Shared, reason
from tests import factories


@pytest.mark.parametrize(
    ("shared", "said"),
    [
        ([], ""),
        ([Shared("type-organisatie", "Ruilwinkel")], "Zelfde type"),
        (
            [Shared("type-organisatie", "Consultatiebureau"), Shared("vorm", "Ontmoeting in de wachtruimte")],
            "Zelfde type, ook ontmoeting in de wachtruimte",
        ),
        (
            [Shared("vorm", "Vrije inloop"), Shared("doelgroepen", "Ouders"), Shared("ruimte", "Online")],
            "Ook vrije inloop, ook voor ouders",
        ),
        ([Shared("provincie", "Limburg")], "Ook in Limburg"),
        ([Shared("vorm", "KOALA-werking")], "Ook KOALA-werking"),
        ([Shared("prijs", "Gratis")], ""),
    ],
)
def test_a_reason_names_at_most_two_shared_values(shared, said):
    assert reason(shared) == said


@pytest.fixture
def values(db):
    """A type, two forms and a province."""
    made = {}
    for facet, slug, label in (
        ("type-organisatie", "ruilwinkel", "Ruilwinkel"),
        ("vorm", "inloop", "Vrije inloop"),
        ("vorm", "wachtruimte", "Ontmoeting in de wachtruimte"),
        ("provincie", "limburg", "Limburg"),
    ):
        found = made.get(facet) or factories.facet(slug=facet)
        made[facet] = found
        made[slug] = factories.facet_value(facet=found, slug=slug, label=label)
    return made


def test_a_reader_sees_what_a_related_practice_shares(client, values):
    wanted = [values["ruilwinkel"], values["wachtruimte"], values["limburg"]]
    own = factories.practice(values=wanted)
    twins = [factories.practice(values=wanted[:2]) for _ in range(3)]
    factories.practice(values=[values["inloop"]])
    html = client.get(own.get_absolute_url()).content.decode()
    section = html[html.index('id="verwant"') :]
    assert set(re.findall(r'data-slug="([^"]+)"', section)) == {twin.slug for twin in twins}
    assert section.count("Zelfde type, ook ontmoeting in de wachtruimte") == 3
    assert "Limburg" not in section


def test_a_practice_that_shares_nothing_gives_no_reason(client, values):
    own = factories.practice(values=[values["ruilwinkel"]])
    factories.practice(values=[values["inloop"]])
    html = client.get(own.get_absolute_url()).content.decode()
    assert "Verwante praktijken" in html
    assert 'class="reason"' not in html


def test_the_reason_costs_no_query(client, values, anonymous):
    own = factories.practice(values=[values["ruilwinkel"]])
    factories.practice(values=[values["ruilwinkel"]])
    catalogue = catalogue_for(client.get(own.get_absolute_url()).wsgi_request.user)
    with CaptureQueriesContext(connection) as captured:
        (related,) = catalogue.related(own.pk)
    assert related.reason == "Zelfde type"
    assert not captured
