"""Facets are questions in the form of a practice, and data that editors keep."""

import json

import pytest
from django.urls import reverse

from practices.models import Facet, FacetValue, Practice
from tests import factories
from tests.admin.screen import Form, address, change, listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    """A facet with one answer."""
    facet = factories.facet(slug="type-organisatie", label="Type organisatie", multiple=False)
    return [
        factories.facet_value(facet=facet, label=label, slug=label.lower())
        for label in ("School", "Bibliotheek")
    ]


@pytest.fixture
def room():
    """A facet with several answers."""
    facet = factories.facet(slug="ruimte", label="Ruimte", help_text="Waar gebeurt het?", multiple=True)
    return [factories.facet_value(facet=facet, label=label) for label in ("Buiten", "Online", "Mobiel")]


def labels(practice):
    return sorted(practice.values.values_list("label", flat=True))


def keys(*values):
    return [str(value.pk) for value in values]


def test_each_facet_is_a_question_with_its_own_answers(editor, kind, room):
    practice = factories.practice(values=[kind[0], room[0], room[2]])
    form = change(editor, practice)
    assert form.values["facet_type-organisatie"] == keys(kind[0])
    assert form.values["facet_ruimte"] == keys(room[0], room[2])
    assert 'type="radio" name="facet_type-organisatie"' in form.text
    assert 'type="checkbox" name="facet_ruimte"' in form.text
    assert "Waar gebeurt het?" in form.text
    assert "Niet ingevuld" in form.text


def test_an_editor_answers_facets(editor, kind, room):
    practice = factories.practice(values=[kind[0], room[0]])
    change(editor, practice).save(
        **{"facet_type-organisatie": keys(kind[1]), "facet_ruimte": keys(room[1], room[2])}
    )
    assert labels(practice) == ["Bibliotheek", "Mobiel", "Online"]


def test_an_editor_takes_an_answer_back(editor, kind, room):
    practice = factories.practice(values=[kind[0], room[0]])
    change(editor, practice).save(**{"facet_type-organisatie": "", "facet_ruimte": []})
    assert labels(practice) == []


def test_two_answers_where_one_is_allowed_are_refused_with_a_sentence(editor, kind):
    practice = factories.practice(values=[kind[0]])
    response = change(editor, practice).press(**{"facet_type-organisatie": keys(*kind)})
    assert "Kies hoogstens één antwoord bij ‘Type organisatie’." in response.content.decode()
    assert labels(practice) == ["School"]


def test_a_practice_that_holds_two_answers_where_one_is_allowed_loses_none_unseen(editor, kind):
    practice = factories.practice(values=kind)
    form = change(editor, practice)
    assert form.values["facet_type-organisatie"] == keys(*kind)
    assert "Kies hoogstens één antwoord" in form.press().content.decode()
    form.save(**{"facet_type-organisatie": keys(kind[1])})
    assert labels(practice) == ["Bibliotheek"]


def test_an_answer_that_does_not_exist_is_refused(editor, room, kind):
    practice = factories.practice()
    for wrong in ("999999", kind[0].pk, "x"):
        assert change(editor, practice).press(facet_ruimte=[wrong]).status_code == 200
    assert labels(practice) == []


def test_a_new_facet_is_in_the_form_at_once(editor):
    practice = factories.practice()
    value = factories.facet_value(facet=factories.facet(slug="weer", label="Weer"), label="Regen")
    change(editor, practice).save(facet_weer=keys(value))
    assert labels(practice) == ["Regen"]


def test_an_editor_lists_practices_by_a_facet(editor, kind):
    factories.practice(name="In de school", values=[kind[0]])
    factories.practice(name="In de bib", values=[kind[1]])
    listed = editor.get(listing(Practice), {"type-organisatie": "school"}).context["cl"].result_list
    assert [practice.name for practice in listed] == ["In de school"]
    assert len(editor.get(listing(Practice), {"type-organisatie": "onzin"}).context["cl"].result_list) == 2
    text = editor.get(listing(Practice)).content.decode()
    assert "Op type organisatie" in text
    assert '<td class="field-type_column">School</td>' in text


def test_an_editor_reads_how_many_practices_use_a_value_and_goes_there(editor, room):
    for _ in range(2):
        factories.practice(values=[room[0]])
    factories.practice(name="Online samen", values=[room[1]])
    form = change(editor, room[0].facet)
    assert "2 praktijken" in form.text
    assert "1 praktijk</a>" in form.text
    assert "geen enkele praktijk" in form.text
    link = f"{listing(Practice)}?values={room[1].pk}"
    assert f'href="{link}"' in form.text
    assert [practice.name for practice in editor.get(link).context["cl"].result_list] == ["Online samen"]


def test_deleting_a_value_names_the_practices_that_lose_it_and_asks(editor, room):
    for number in range(12):
        factories.practice(name=f"Praktijk {number:02}", values=[room[0]])
    form = Form(editor, address(room[0], "delete"))
    assert "In gebruik bij 12 praktijken: Praktijk 00, Praktijk 01" in form.text
    assert "en 2 andere." in form.text
    assert FacetValue.objects.filter(pk=room[0].pk).exists()
    editor.post(form.address, {"post": "yes"})
    assert not FacetValue.objects.filter(pk=room[0].pk).exists()
    assert Practice.objects.unrestricted().count() == 12


def test_deleting_a_facet_names_the_practices_that_lose_a_value(editor, room):
    factories.practice(name="Buiten spelen", values=[room[0], room[1]])
    text = Form(editor, address(room[0].facet, "delete")).text
    assert "In gebruik bij 1 praktijken: Buiten spelen." in text
    assert "Ruimte: Mobiel" in text


def test_a_value_is_not_deleted_in_passing(editor, room):
    form = change(editor, room[0].facet)
    assert "DELETE" not in form.text.replace("can_delete", "")


def test_an_editor_adds_a_value_at_the_end(editor, room):
    form = change(editor, room[0].facet)
    number = len(room)
    form.save(
        **{
            "values-TOTAL_FORMS": str(number + 1),
            f"values-{number}-label": "Op het strand",
            f"values-{number}-slug": "strand",
        }
    )
    assert [value.slug for value in room[0].facet.values.all()][-1] == "strand"


def test_an_editor_puts_facets_and_values_in_another_order(editor, room, kind):
    moved = [[kind[0].facet.pk, 2], [room[0].facet.pk, 1]]
    response = editor.post(
        reverse("admin:practices_facet_sortable_update"),
        json.dumps({"updatedItems": moved}),
        content_type="application/json",
    )
    assert response.status_code == 200
    assert list(Facet.objects.values_list("slug", flat=True)) == ["ruimte", "type-organisatie"]

    change(editor, room[0].facet).save(
        **{"values-0-order": "3", "values-1-order": "1", "values-2-order": "2"}
    )
    assert [value.label for value in room[0].facet.values.all()] == ["Online", "Mobiel", "Buiten"]


def test_an_editor_who_cannot_drag_changes_the_number(editor, room, kind):
    change(editor, room[0].facet).save(order="0")
    assert Facet.objects.first() == room[0].facet


@pytest.mark.parametrize("slug", ["q", "pagina"])
def test_a_facet_cannot_take_a_name_that_the_address_needs(editor, room, slug):
    response = change(editor, room[0].facet).press(slug=slug)
    assert "is al in gebruik in het adres" in response.content.decode()


def test_values_are_not_in_the_menu_of_the_admin(editor, room):
    assert listing(FacetValue) not in editor.get(reverse("admin:index")).content.decode()
