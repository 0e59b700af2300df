"""Two values of a facet become one: nothing that led to either is lost."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from practices.management.loading import Report, load_facets
from practices.merging import effect_of, merge
from practices.models import FacetValue, FormerValue, Practice
from tests import factories

pytestmark = pytest.mark.django_db


def total(client: Client, address: str) -> int:
    return int(re.search(r'data-total="(\d+)"', client.get(address).content.decode())[1])


def slugs_of(practice: Practice) -> list[str]:
    return sorted(practice.values.values_list("slug", flat=True))


@pytest.fixture
def outside(db: None) -> FacetValue:
    """The value that goes: "Openlucht" of the facet ruimte."""
    facet = factories.facet(slug="ruimte", label="Ruimte")
    factories.facet_value(facet=facet, slug="buiten", label="Buiten")
    return factories.facet_value(facet=facet, slug="openlucht", label="Openlucht", topic=factories.topic())


@pytest.fixture
def target(outside: FacetValue) -> FacetValue:
    """The value that stays: "Buiten"."""
    return FacetValue.objects.get(slug="buiten")


@pytest.fixture
def three(outside: FacetValue, target: FacetValue) -> list[Practice]:
    """One with the value that goes, a draft with both, and one with neither."""
    return [
        factories.practice(values=[outside]),
        factories.practice(values=[outside, target], state="draft"),
        factories.practice(),
    ]


def test_every_practice_gets_the_value_that_stays(
    outside: FacetValue, target: FacetValue, three: list[Practice], superuser: Client
) -> None:
    assert effect_of(outside, target) == (2, 1)
    assert merge(outside, target, None) == 2
    assert [slugs_of(practice) for practice in three] == [["buiten"], ["buiten"], []]
    assert not FacetValue.objects.filter(slug="openlucht").exists()


def test_a_link_to_the_old_value_still_filters(
    client: Client, outside: FacetValue, target: FacetValue, three: list[Practice]
) -> None:
    merge(outside, target, None)
    html = client.get("/praktijken/?ruimte=openlucht").content.decode()
    assert 'data-total="1"' in html
    assert "kennen we niet" not in html
    assert 'value="buiten" checked' in html or re.search(r'data-value="buiten"[^>]*><input[^>]*checked', html)
    assert total(client, "/praktijken/?ruimte=openlucht&ruimte=buiten") == 1
    feed = client.get("/praktijken/feed/?ruimte=openlucht").content.decode()
    assert "?ruimte=buiten" in feed


def test_a_second_merge_leads_the_oldest_link_on(
    client: Client, outside: FacetValue, target: FacetValue
) -> None:
    factories.practice(values=[outside])
    last = factories.facet_value(facet=outside.facet, slug="vrije-lucht", label="Vrije lucht")
    merge(outside, target, None)
    merge(target, last, None)
    assert total(client, "/praktijken/?ruimte=openlucht") == 1
    assert dict(FormerValue.objects.values_list("slug", "value__slug")) == {
        "openlucht": "vrije-lucht",
        "buiten": "vrije-lucht",
    }


def test_a_renamed_slug_leads_on_until_it_is_somebody_elses(client: Client, outside: FacetValue) -> None:
    factories.practice(values=[outside])
    outside.slug = "frisse-lucht"
    outside.save()
    assert total(client, "/praktijken/?ruimte=openlucht") == 1
    factories.facet_value(facet=outside.facet, slug="openlucht", label="Openlucht twee")
    assert total(client, "/praktijken/?ruimte=openlucht") == 0
    assert not FormerValue.objects.exists()


def test_who_searches_the_old_label_finds_the_practices(
    client: Client, outside: FacetValue, target: FacetValue, three: list[Practice]
) -> None:
    outside.synonyms = "pleinwerking"
    outside.save()
    merge(outside, target, None)
    for word in ("openlucht", "pleinwerking", "buiten"):
        assert total(client, f"/praktijken/?q={word}") == 1, word
    assert FacetValue.objects.get(slug="buiten").synonyms == "Openlucht, pleinwerking"


def test_the_topic_goes_along_only_where_there_is_none(outside: FacetValue, target: FacetValue) -> None:
    topic = outside.topic
    merge(outside, target, None)
    target.refresh_from_db()
    assert target.topic == topic
    other = factories.facet_value(facet=target.facet, topic=factories.topic())
    merge(other, target, None)
    target.refresh_from_db()
    assert target.topic == topic


def test_each_practice_keeps_a_version_of_before_and_says_what_happened(
    outside: FacetValue, target: FacetValue, three: list[Practice], django_user_model
) -> None:
    user = factories.user()
    before = [practice.history.count() for practice in three]
    updated = three[0].updated
    merge(outside, target, user)
    assert [practice.history.count() for practice in three] == [before[0] + 1, before[1] + 1, before[2]]
    newest, previous = three[0].history.order_by("-history_id")[:2]
    assert newest.history_change_reason == "Facetwaarde ‘Openlucht’ samengevoegd met ‘Buiten’"
    assert newest.history_user == user
    assert [row.facetvalue.slug for row in newest.values.all()] == ["buiten"]
    assert [row.facetvalue_id for row in previous.values.all()] == [outside.pk]
    three[0].refresh_from_db()
    assert three[0].updated > updated


def test_a_single_valued_facet_stays_single(client: Client) -> None:
    facet = factories.facet(slug="soort-plek", multiple=False)
    one, two = (factories.facet_value(facet=facet, slug=slug) for slug in ("een", "twee"))
    practice = factories.practice(values=[one])
    merge(one, two, None)
    assert slugs_of(practice) == ["twee"]


def test_values_of_different_facets_do_not_merge(outside: FacetValue) -> None:
    elsewhere = factories.facet_value()
    with pytest.raises(ValidationError, match="niet"):
        merge(outside, elsewhere, None)
    with pytest.raises(ValidationError, match="niet"):
        merge(outside, outside, None)
    assert FacetValue.objects.filter(pk__in=[outside.pk, elsewhere.pk]).count() == 2


def test_loading_the_starter_again_does_not_bring_the_old_value_back(
    outside: FacetValue, target: FacetValue
) -> None:
    merge(outside, target, None)
    row = {
        "slug": "ruimte",
        "label": "Ruimte",
        "meervoudig": True,
        "waarden": [{"slug": "openlucht", "label": "Openlucht"}, {"slug": "buiten", "label": "Buiten"}],
    }
    load_facets({"facetten": [row]}, Report())
    assert list(FacetValue.objects.filter(facet=target.facet).values_list("slug", flat=True)) == ["buiten"]


# In the admin -------------------------------------------------------------------------------------------------


def page(value: FacetValue) -> str:
    return f"/beheer/practices/facetvalue/{value.pk}/samenvoegen/"


def test_an_editor_reads_what_will_happen_before_it_does(
    editor: Client, outside: FacetValue, target: FacetValue, three: list[Practice]
) -> None:
    assert page(outside) in editor.get(f"/beheer/practices/facet/{outside.facet_id}/change/").content.decode()
    assert page(outside) in editor.get(f"/beheer/practices/facetvalue/{outside.pk}/change/").content.decode()
    chosen = editor.get(page(outside)).content.decode()
    assert f'<option value="{target.pk}">Buiten</option>' in chosen
    assert f'<option value="{outside.pk}">' not in chosen
    text = editor.get(f"{page(outside)}?target={target.pk}").content.decode()
    assert "2 praktijken krijgen ‘Buiten’, waarvan 1 die al had" in text
    assert "ruimte=openlucht" in text
    assert FacetValue.objects.filter(pk=outside.pk).exists()
    response = editor.post(page(outside), {"target": target.pk, "_merge": "1"}, follow=True)
    assert "samengevoegd met ‘Buiten’, bij 2 praktijken" in response.content.decode()
    assert not FacetValue.objects.filter(pk=outside.pk).exists()
    history = editor.get(f"/beheer/practices/practice/{three[0].pk}/history/").content.decode()
    assert "samengevoegd met ‘Buiten’" in history


def test_an_editor_cannot_merge_with_what_is_not_offered(editor: Client, outside: FacetValue) -> None:
    elsewhere = factories.facet_value()
    for wrong in (outside.pk, elsewhere.pk, 999_999, "x"):
        response = editor.post(page(outside), {"target": wrong, "_merge": "1"})
        assert response.status_code == 200
    assert FacetValue.objects.filter(pk=outside.pk).exists()


def test_only_who_may_delete_values_merges_them(
    signed_in: Client, outside: FacetValue, target: FacetValue
) -> None:
    response = signed_in.post(page(outside), {"target": target.pk, "_merge": "1"})
    assert response.status_code in (302, 403)
    assert FacetValue.objects.filter(pk=outside.pk).exists()
