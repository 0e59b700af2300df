"""Words that mean the same: what editors may write, and what visitors find by them."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from expoo_portal import content_version
from expoo_portal.search.synonyms import SynonymGroup, SynonymWord, add_unknown, key_of, members_of
from tests import factories

pytestmark = pytest.mark.django_db


def found(client: Client, words: str) -> list[str]:
    html = client.get("/praktijken/", {"q": words}).content.decode()
    return re.findall(r'data-slug="([^"]+)"', html)


@pytest.fixture
def toys(db: None) -> None:
    """A practice that only uses one of two words."""
    factories.practice(slug="spelo", name="Spelotheek de Bol", summary="Speelgoed lenen.")
    factories.practice(slug="ruil", name="Ruilhuis", summary="Kleren ruilen.")


def test_a_visitor_finds_what_uses_the_other_word(client: Client, toys: None) -> None:
    assert found(client, "speelgoedbank") == []
    factories.synonym_group(words="spelotheek, speelgoedbank, S&B")
    assert found(client, "speelgoedbank") == ["spelo"]
    assert found(client, "speelgoedbanken") == ["spelo"]
    assert found(client, "s&b lenen") == ["spelo"]
    assert found(client, '"speelgoedbank"') == []
    assert "<mark>Spelotheek</mark>" in client.get("/praktijken/?q=speelgoedbank").content.decode()


def test_a_phrase_means_what_a_word_means(client: Client, toys: None) -> None:
    factories.synonym_group(words="ruilhuis, winkel zonder geld")
    assert found(client, "winkel zonder geld") == ["ruil"]
    assert found(client, "winkel") == []


def test_a_change_counts_at_once(client: Client, toys: None) -> None:
    group = factories.synonym_group(words="spelotheek, speelgoedbank")
    before = content_version.current()
    assert found(client, "speelgoedbank") == ["spelo"]
    group.words = "ruilhuis, speelgoedbank"
    group.save()
    assert content_version.current() != before
    assert found(client, "speelgoedbank") == ["ruil"]
    group.delete()
    assert found(client, "speelgoedbank") == []
    assert not SynonymWord.objects.exists()


def test_other_words_of_a_facet_value_find_its_practices(client: Client) -> None:
    value = factories.facet_value(label="Buiten of openbare ruimte")
    factories.practice(slug="park", values=[value])
    assert found(client, "pleintje") == []
    value.synonyms = "plein, park op straat"
    value.save()
    assert found(client, "pleintje") == ["park"]
    assert found(client, '"park op straat"') == ["park"]
    value.synonyms = ""
    value.save()
    assert found(client, "pleintje") == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("spelotheek", "minstens twee"),
        ("spelotheek, ,", "minstens twee"),
        ("spelotheek, spelotheken", "al hetzelfde woord"),
        ("Spelotheek, spelotheek", "al hetzelfde woord"),
        ("spelotheek, de", "kan niemand zoeken"),
        ("spelotheek, !!", "kan niemand zoeken"),
        (f"spelotheek, {'a' * 61}", "te lang"),
        ("spelotheek, een heel lange reeks van woorden", "te lang"),
        (", ".join(f"woord{letter}x" for letter in "abcdefghijklm"), "hoogstens 12"),
        ("ruilhuis, kledingbank", "al in een andere groep"),
        ("kledingbank, ruilhuizen", "al in een andere groep"),
    ],
)
def test_an_editor_is_told_what_is_wrong_with_a_group(words: str, problem: str) -> None:
    factories.synonym_group(words="ruilwinkel, ruilhuis")
    with pytest.raises(ValidationError, match=problem):
        SynonymGroup(words=words).full_clean()


def test_a_word_stands_in_one_group_whoever_writes_it() -> None:
    factories.synonym_group(words="ruilwinkel, ruilhuis")
    with pytest.raises(IntegrityError), transaction.atomic():
        SynonymGroup(words="kledingbank, ruilhuizen").save()
    assert SynonymGroup.objects.count() == 1


def test_a_group_may_be_saved_again(db: None) -> None:
    group = factories.synonym_group(words=" ruilwinkel ,ruilhuis,  winkel   zonder geld")
    assert group.words == "ruilwinkel, ruilhuis, winkel zonder geld"
    group.full_clean()
    group.save()
    assert list(group.members.order_by("pk").values_list("word", flat=True)) == members_of(group.words)
    assert key_of("Ruilhuizen") == key_of("ruilhuis")


def test_an_editor_keeps_the_words_in_the_admin(editor: Client, toys: None) -> None:
    response = editor.post(
        "/beheer/portal/synonymgroup/add/", {"words": "spelotheek, speelgoedbank", "note": ""}
    )
    assert response.status_code == 302
    assert found(editor, "speelgoedbank") == ["spelo"]
    group = SynonymGroup.objects.get()
    page = editor.get(f"/beheer/portal/synonymgroup/{group.pk}/change/").content.decode()
    assert 'href="/zoeken/?q=speelgoedbank"' in page
    response = editor.post("/beheer/portal/synonymgroup/add/", {"words": "speelgoedbank, ludotheek"})
    assert "staat al in een andere groep" in response.content.decode()


def test_somebody_without_the_right_does_not(facilitator: Client) -> None:
    assert facilitator.get("/beheer/portal/synonymgroup/").status_code in (302, 403)


@pytest.mark.usefixtures("starter")
def test_the_portal_starts_with_words_of_the_field() -> None:
    assert SynonymGroup.objects.count() > 10
    for group in SynonymGroup.objects.all():
        group.full_clean()


@pytest.mark.usefixtures("starter")
def test_a_group_that_an_editor_threw_away_stays_away() -> None:
    SynonymGroup.objects.filter(words__startswith="vader,").delete()
    many = SynonymGroup.objects.count()
    call_command("load_starter", verbosity=0)
    assert SynonymGroup.objects.count() == many


def test_a_portal_that_began_with_fewer_words_gets_the_others_beside_its_own() -> None:
    mine = factories.synonym_group(words="vader, papa, pappie")
    call_command("load_synonyms", verbosity=0)
    many = SynonymGroup.objects.count()
    assert many > 100
    assert [group.pk for group in SynonymGroup.objects.filter(words__startswith="vader")] == [mine.pk]
    assert SynonymWord.objects.filter(word="grootouder", group__note="Personen").exists()
    call_command("load_synonyms", verbosity=0)
    assert SynonymGroup.objects.count() == many


@pytest.mark.parametrize("text", ["spelotheek", "spelotheek, spelotheken", "spelotheek, de"])
def test_a_list_with_a_group_that_says_nothing_is_refused_whole(text: str) -> None:
    with pytest.raises(ValidationError):
        add_unknown({"Plekken": ["vader, papa", text]})
    assert not SynonymGroup.objects.exists()
