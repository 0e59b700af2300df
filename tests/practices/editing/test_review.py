"""An editor edits what was sent in; a second editor is told and loses nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from practices.dossiers import advance
from practices.models import Dossier, DossierImage, Practice
from practices.workflow import Actor, State, Verb
from tests import factories
from tests.admin.screen import Form, problems_in
from tests.dossiers import amended, content, dossier, editor_user
from tests.practices.editing.desk import page, read, stored, take
from tests.roles import Role, client_of, person

pytestmark = pytest.mark.django_db


def open_form(client, made: Dossier) -> Form:
    return Form(client, page(made))


@pytest.fixture
def values(db):
    facet = factories.facet(slug="ruimte", label="Ruimte")
    return [
        factories.facet_value(facet=facet, slug=slug, label=slug.capitalize())
        for slug in ("buiten", "binnen")
    ]


@pytest.fixture
def in_review(values) -> Dossier:
    links = [{"title": "Draaiboek", "url": "https://example.org/draaiboek"}]
    typed = content(facets={"ruimte": ["buiten"]}, unknown=["prijs"], links=links)
    return dossier(State.IN_REVIEW, content=typed)


def changed_practice() -> Dossier:
    """A practice on the site with pictures, of which a change lies with the editors."""

    def add_pictures(made: Dossier) -> None:
        for alt in ("Een bank", "Een boom"):
            factories.practice_image(practice=made.practice, alt=alt)

    return amended(before=add_pictures)


def test_an_editor_finds_all_that_was_typed_in_the_form(editor, in_review):
    form = open_form(editor, in_review)
    typed = in_review.content
    for name in ("name", "summary", "organisation", "approach", "strengths"):
        assert form.values[name] == [typed[name]]
    assert form.values["link_title_0"] == ["Draaiboek"]
    assert form.values["contact_email"] == ["onthaal@example.org"]
    assert form.values["based_on"] == ["ervaring"]
    assert form.values["reference_year"] == ["2026"]
    assert form.values["facet_ruimte"] == [str(factories.FacetValue.objects.get(slug="buiten").pk)]


def test_saving_a_form_that_nobody_touched_changes_nothing(editor, in_review):
    before = in_review.content
    open_form(editor, in_review).save()
    after = stored(in_review).content
    assert {name: value for name, value in after.items() if value} == {
        name: value for name, value in before.items() if value
    }


def test_what_an_editor_changes_is_kept_and_the_state_stays(editor, in_review, values):
    open_form(editor, in_review).save(
        name="Soep voor de hele straat",
        approach='<p onclick="x()">Om <b>tien</b> uur.</p><script>alert(1)</script>',
        discussion_questions="Wie komt?\n\nWie niet?",
        facet_ruimte=[str(value.pk) for value in values],
        link_title_1="Film",
        link_url_1="https://example.org/film",
        contact_phone="011 00 00 00",
        ticked=["1", "3"],
    )
    kept = stored(in_review)
    assert (kept.state, kept.step_count) == (State.IN_REVIEW, in_review.step_count)
    assert kept.content["name"] == "Soep voor de hele straat"
    assert "onclick" not in kept.content["approach"]
    assert "script" not in kept.content["approach"]
    assert "tien" in kept.content["approach"]
    assert kept.content["discussion_questions"] == "Wie komt?\nWie niet?"
    assert kept.content["facets"] == {"ruimte": ["buiten", "binnen"]}
    assert kept.content["unknown"] == ["prijs"]
    assert kept.content["links"][1] == {"title": "Film", "url": "https://example.org/film"}
    assert kept.content["contact"]["phone"] == "011 00 00 00"
    assert kept.checklist == [1, 3]


def test_a_half_finished_text_can_be_kept_and_the_page_says_what_misses(editor, in_review):
    open_form(editor, in_review).save(name="", summary="Kort", organisation="")
    assert stored(in_review).content["name"] == ""
    text = read(editor, page(in_review))
    assert "Zo kan de catalogus de tekst nog niet opnemen" in text
    assert "Vertel iets meer bij" in text


@pytest.mark.parametrize(
    "mistake",
    [
        {"link_title_1": "Zonder adres"},
        {"link_url_1": "https://example.org/zonder-titel"},
        {"link_url_1": "javascript:alert(1)", "link_title_1": "Fout"},
        {"name": "x" * 101},
        {"reference_year": "1800"},
        {"discussion_questions": "1\n2\n3\n4"},
        {"contact_email": "geen adres"},
        {"based_on": "voorbeeld"},
    ],
)
def test_what_does_not_fit_comes_back_with_a_word_and_nothing_is_kept(editor, in_review, mistake):
    response = open_form(editor, in_review).press(**mistake, special="Wel goed")
    assert response.status_code == 200
    assert problems_in(response)
    assert 'value="Wel goed"' in response.content.decode()
    assert stored(in_review).content == in_review.content


def test_an_editor_adds_and_removes_pictures_and_files(editor, in_review):
    picture = SimpleUploadedFile("bank.png", factories.picture(), "image/png")
    rows = {
        "images-TOTAL_FORMS": "1",
        "images-0-file": picture,
        "images-0-alt": "Een bank",
        "images-0-consent": "on",
    }
    open_form(editor, in_review).save(**rows)
    added = DossierImage.objects.unrestricted().get(dossier=in_review)
    assert added.alt == "Een bank"
    open_form(editor, in_review).save(**{"images-0-DELETE": "on"})
    assert not DossierImage.objects.unrestricted().exists()


def test_a_picture_without_consent_is_refused(editor, in_review):
    picture = SimpleUploadedFile("bank.png", factories.picture(), "image/png")
    rows = {"images-TOTAL_FORMS": "1", "images-0-file": picture, "images-0-alt": "Een bank"}
    response = open_form(editor, in_review).press(**rows)
    assert "Zonder toestemming" in response.content.decode()
    assert not DossierImage.objects.unrestricted().exists()


def test_an_editor_takes_a_picture_off_the_site_with_the_change(editor):
    made = changed_practice()
    form = open_form(editor, made)
    assert len(form.values["kept_images"]) == 2
    form.save(kept_images=form.values["kept_images"][:1], ticked=[])
    take(editor, made, Verb.PUBLISH, anyway="on", reason="Klein", when="nu")
    practice = Practice.objects.unrestricted().get(pk=made.practice_id)
    assert [image.alt for image in practice.images.unrestricted()] == ["Een bank"]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.SUPPLEMENT, State.ARCHIVED])
def test_outside_the_review_an_editor_reads_the_text_and_cannot_type(editor, state):
    if state == State.ARCHIVED:
        made = dossier(State.IN_REVIEW)
        made = advance(made, Verb.DECLINE, Actor.EDITOR, user=editor_user(), note="Geen ontmoeting.")
    else:
        made = dossier(state)
    text = read(editor, page(made))
    assert "Om elf uur zetten we de tafels buiten." in text
    assert 'name="approach"' not in text
    assert 'name="_save"' not in text


def test_the_page_says_who_has_it_in_hand_and_lets_a_colleague_take_over(editor):
    made = dossier(State.IN_REVIEW, editor=editor_user())
    text = read(editor, page(made))
    assert f"{made.assigned_to} is hiermee bezig sinds" in text
    editor.post(page(made, "overnemen"))
    assert "Jij bent hiermee bezig sinds" in read(editor, page(made))
    assert "Overgenomen van een collega" in read(editor, page(made))


# Two editors -------------------------------------------------------------------------------------------------


@pytest.fixture
def other(db):
    user = person(Role.EDITOR, factories.group())
    user.name = "Ilse Elders"
    user.save()
    return client_of(user)


def test_the_second_editor_is_told_and_keeps_the_typed_text(editor, other, in_review):
    mine, theirs = open_form(editor, in_review), open_form(other, in_review)
    theirs.save(special="Van Ilse")
    returned = mine.again(mine.press(special="Van mij"))
    assert "heeft Ilse Elders dit bewaard" in returned.text
    assert "<del>Ilse</del>" in returned.text
    assert "<ins>mij</ins>" in returned.text
    assert returned.values["special"] == ["Van mij"]
    assert stored(in_review).content["special"] == "Van Ilse"
    assert returned.press().status_code == 200
    seen = returned.response.context["adminform"].form.conflicting_version
    returned.save(overwritten_version=seen)
    assert stored(in_review).content["special"] == "Van mij"


def test_a_note_does_not_disturb_who_has_the_text_open(editor, other, in_review):
    mine = open_form(editor, in_review)
    other.post(page(in_review, "notitie"), {"text": "Ik belde de werking."})
    mine.save(special="Van mij")
    kept = stored(in_review)
    assert kept.content["special"] == "Van mij"
    assert "Ik belde de werking." in kept.editor_note


@pytest.mark.parametrize("verb", [Verb.PUT_BACK, Verb.ASK, Verb.PUBLISH, Verb.DECLINE])
def test_who_saves_after_a_colleague_moved_it_on_is_told_and_keeps_the_typed_text(
    editor, other, in_review, verb
):
    mine = open_form(editor, in_review)
    advance(in_review, verb, Actor.EDITOR, user=editor_user(), note="Reden.", points={"1": "Vraag"})
    before = stored(in_review)
    response = mine.press(special="Van mij")
    assert response.status_code == 200
    text = response.content.decode()
    assert "Niet bewaard: de praktijk is intussen" in text or "heeft" in text
    assert 'value="Van mij"' in text
    seen = response.context["adminform"].form.conflicting_version
    again = mine.again(response).press(special="Van mij", overwritten_version=seen)
    assert "Niet bewaard: de praktijk is intussen" in again.content.decode()
    assert 'value="Van mij"' in again.content.decode()
    assert stored(in_review).content == before.content


def test_a_stranger_value_in_the_content_does_not_break_the_page(editor):
    odd = {"name": None, "facets": {"weg": ["ook-weg"]}, "links": [{}], "contact": None, "unknown": None}
    made = dossier(State.IN_REVIEW)
    made.content = odd
    made.save(update_fields=["content", "updated"])
    assert "Inzending" in read(editor, page(made))
    read(editor, page(made, "publiceren"))


def test_a_form_with_pictures_survives_that_a_colleague_published_them(editor, in_review):
    picture = SimpleUploadedFile("bank.png", factories.picture(), "image/png")
    rows = {
        "images-TOTAL_FORMS": "1",
        "images-0-file": picture,
        "images-0-alt": "Een bank",
        "images-0-consent": "on",
    }
    open_form(editor, in_review).save(**rows)
    mine = open_form(editor, in_review)
    advance(in_review, Verb.PUBLISH, Actor.EDITOR, user=editor_user())
    response = mine.press(special="Van mij")
    assert response.status_code == 200
    assert 'value="Van mij"' in response.content.decode()
    assert stored(in_review).state == State.PUBLISHED


def test_what_was_asked_is_shown_until_the_round_is_over(editor):
    made = dossier(State.IN_REVIEW)
    made = advance(made, Verb.ASK, Actor.EDITOR, user=editor_user(), points={"2": "Wie kookt?"})
    for verb, actor in ((Verb.SUBMIT, Actor.SENDER), (Verb.TAKE_UP, Actor.EDITOR)):
        made = advance(made, verb, actor, user=editor_user() if actor is Actor.EDITOR else None)
        assert "De laatste keer gevraagd" in read(editor, page(made))
    made = advance(made, Verb.PUBLISH, Actor.EDITOR, user=editor_user())
    made = advance(made, Verb.AMEND, Actor.SENDER)
    made.content = {**made.content, "unknown": content()["unknown"]}
    made.save(update_fields=["content", "updated"])
    made = advance(made, Verb.SUBMIT, Actor.SENDER)
    assert "De laatste keer gevraagd" not in read(editor, page(made))
