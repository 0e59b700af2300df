"""Filling in the form: kept as far as it goes, whatever happens."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from practices.models import Dossier, Facet
from practices.sharing.parts import MAX_BYTES, size_of
from practices.workflow import Actor, State, Verb
from tests import factories
from tests.dossiers import content, dossier

from .sender import Sender, fields, text


@pytest.fixture
def fresh() -> Sender:
    """Who just began."""
    sender = Sender()
    sender.begin()
    return sender


def save(sender: Sender, step: int, page: dict[str, Any], /, **typed: Any) -> Any:
    """What the script does while somebody types."""
    sent = {name.replace("__", "-"): value for name, value in typed.items()}
    return sender.post(f"stap/{step}/bewaar/", page | sent)


def test_a_sender_fills_in_everything_and_it_is_kept(fresh: Sender):
    fresh.fill(1, organisation="Buurthuis", municipality="Gent", facet__opdracht="hoofdopdracht")
    fresh.fill(1, facet__type_organisatie="x")  # a name that is no field does no harm
    fresh.fill(1, **{"facet__type-organisatie": "school"})
    fresh.fill(2, summary="Kort.\n\nEn bondig.", special="Eén zin.")
    fresh.fill(3, facet__ruimte=["buiten", "online"], facet__prijs="weet-ik-niet")
    fresh.fill(4, approach="Eerst dit.\n\n- dan\n- dat", partners="Stad\nvzw")
    fresh.fill(5, strengths="Sterk", challenges="Moeilijk", discussion_questions="Wat?\nHoe?")
    fresh.fill(
        6, links__1__url="www.voorbeeld.example/a", links__2__title="Film", links__2__url="http://f.example"
    )
    fresh.fill(
        7,
        contact__role="Onthaal",
        contact__email="onthaal@example.org",
        based_on="ervaring",
        reference_year="2024",
    )

    stored = {key: value for key, value in fresh.dossier.content.items() if key != "saved_by"}
    assert stored == {
        "name": "Soep op de stoep",
        "organisation": "Buurthuis",
        "municipality": "Gent",
        "summary": "Kort.\n\nEn bondig.",
        "special": "Eén zin.",
        "facets": {
            "opdracht": ["hoofdopdracht"],
            "type-organisatie": ["school"],
            "ruimte": ["buiten", "online"],
            "prijs": [],
        },
        "unknown": ["prijs"],
        "approach": "<p>Eerst dit.</p><ul><li><p>dan</p></li><li><p>dat</p></li></ul>",
        "partners": "Stad\nvzw",
        "strengths": "<p>Sterk</p>",
        "challenges": "<p>Moeilijk</p>",
        "discussion_questions": "Wat?\nHoe?",
        "links": [
            {"title": "voorbeeld.example", "url": "https://www.voorbeeld.example/a"},
            {"title": "Film", "url": "http://f.example"},
        ],
        "contact": {"role": "Onthaal", "email": "onthaal@example.org"},
        "based_on": "ervaring",
        "reference_year": 2024,
    }


def test_the_form_shows_again_what_was_typed(fresh: Sender):
    fresh.fill(3, facet__ruimte=["buiten"], facet__prijs="weet-ik-niet")
    page = fresh.open(3)
    assert (page["facet-ruimte"], page["facet-prijs"]) == (["buiten"], ["weet-ik-niet"])
    fresh.fill(4, approach="Eerst dit.\n\n- dan\n- dat")
    assert fresh.open(4)["approach"] == ["Eerst dit.\n\n- dan\n- dat"]


def test_every_facet_can_be_answered_with_not_knowing_and_a_new_one_is_asked_too(fresh: Sender):
    factories.facet_value(facet=factories.facet(slug="nieuw", label="Nieuwe vraag"))
    asked = "".join(fresh.get(f"stap/{number}/").content.decode() for number in range(1, 8))
    for slug in Facet.objects.values_list("slug", flat=True):
        assert f'name="facet-{slug}"' in asked, slug
    assert asked.count("Weet ik niet") == Facet.objects.count()
    assert "Niet-vermeld" not in asked


@pytest.mark.parametrize(
    ("press", "leads_to"),
    [("3", "stap/3/"), ("1", "stap/1/"), ("7", "stap/7/"), ("8", "stap/8/"), ("later", "?gedaan=bewaard")],
)
def test_each_button_keeps_what_was_typed(fresh: Sender, press: str, leads_to: str):
    response = fresh.fill(2, press, summary="Half een zin")
    assert response.headers["Location"] == fresh.address(leads_to)
    assert fresh.dossier.content["summary"] == "Half een zin"


@pytest.mark.parametrize("press", ["", "x", "99", "-1", "weg-x", "３"])
def test_an_unknown_button_keeps_what_was_typed_too(fresh: Sender, press: str):
    page = fresh.open(2)
    response = fresh.post("stap/2/", page | {"naar": press, "summary": "Half"})
    assert response.status_code in (302, 404)
    assert fresh.dossier.content["summary"] == "Half"


def test_later_says_that_the_link_is_in_the_mail(fresh: Sender):
    response = fresh.fill(2, "later", summary="Half")
    assert "De link naar deze pagina staat in de mail" in text(fresh.client.get(response.headers["Location"]))


@pytest.mark.parametrize(
    ("number", "typed", "says"),
    [
        (7, {"reference_year": "vorig jaar"}, "Vul een jaartal in"),
        (7, {"reference_year": "99999"}, "Vul een jaartal in"),
        (7, {"contact__email": "an@"}, "mailadres"),
        (6, {"links__1__title": "Film"}, "Vul ook het adres in"),
        (6, {"links__1__url": "niet een adres"}, "Dit adres klopt niet"),
        (6, {"links__1__url": "javascript:alert(1)"}, "Dit adres klopt niet"),
        (5, {"discussion_questions": "a\nb\nc\nd"}, "hoogstens drie"),
        (4, {"approach": "x" * 10_001}, "10"),
        (2, {"summary": "x" * 601}, "600"),
        (1, {"name": "x" * 101}, "100"),
        (1, {"name": "Klik op https://spam.example"}, "geen webadres"),
    ],
)
def test_what_cannot_be_used_is_said_once_and_stays_there(fresh: Sender, number: int, typed: Any, says: str):
    response = fresh.fill(number, **typed)
    assert response.status_code == 200
    assert says in text(response)
    (name, value), *_ = typed.items()
    assert fields(response)[name.replace("__", "-")] == [value]

    # It still stands there on another device, and does not hold anybody back.
    again = Sender(fresh.dossier)
    assert again.open(number)[name.replace("__", "-")] == [value]
    assert again.fill(number, "later").status_code == 302
    assert "klopt een antwoord nog niet" in text(again.get("stap/8/"))
    assert "refused" in again.dossier.content


def test_an_answer_that_is_put_right_takes_the_place_of_the_wrong_one(fresh: Sender):
    fresh.fill(7, reference_year="ooit")
    fresh.fill(7, reference_year="2024")
    assert "refused" not in fresh.dossier.content
    assert fresh.dossier.content["reference_year"] == 2024


def test_a_half_filled_step_does_not_stop_anybody_and_the_overview_says_what_misses(fresh: Sender):
    assert fresh.fill(1, organisation="").status_code == 302
    overview = text(fresh.get("stap/8/"))
    assert "Vul ‘organisatie’ nog in." in overview
    assert "Dien in" not in overview
    step = fresh.get("stap/1/?nakijken")
    assert "Organisatie: Vul dit nog in." in text(step)
    assert "Kies een antwoord, of ‘weet ik niet’" in text(step)
    assert "Kijk dit nog even na" not in text(fresh.get("stap/1/"))


def test_a_first_visit_is_asked_of_a_meeting_place_only(sender: Sender):
    sender.fill(1, **{"facet__type-organisatie": "spel-en-ontmoetingsplaats"})
    assert "Vertel ook hoe een eerste bezoek verloopt" in text(sender.get("stap/8/"))
    sender.fill(4, welcome="Je krijgt koffie.")
    assert "Alles staat erin" in text(sender.get("stap/8/"))


@pytest.mark.parametrize("number", [0, 9, 99])
def test_a_step_that_does_not_exist_is_not_found(sender: Sender, number: int):
    assert sender.get(f"stap/{number}/").status_code == 404
    assert sender.post(f"stap/{number}/").status_code == 404
    assert sender.post(f"stap/{number}/bewaar/").status_code == 404


# Autosave -----------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_meanwhile(fresh: Sender):
    page = fresh.open(2)
    answer = save(fresh, 2, page, summary="Half", number="1")
    assert answer.status_code == 200
    assert answer.json()["message"].startswith("Bewaard om ")
    assert fresh.dossier.content["summary"] == "Half"
    again = save(fresh, 2, page, summary="Half en meer", number="2", base=answer.json()["base"])
    assert again.status_code == 200
    assert fresh.dossier.content["summary"] == "Half en meer"


def test_a_page_whose_answer_got_lost_has_no_conflict_with_itself(fresh: Sender):
    page = fresh.open(2)
    save(fresh, 2, page, summary="Half", number="1")
    assert save(fresh, 2, page, summary="Half en meer", number="2").status_code == 200
    assert fresh.fill(2, page=page | {"number": "3"}, summary="Heel").status_code == 302
    assert fresh.dossier.content["summary"] == "Heel"


def test_a_late_save_does_not_undo_what_the_same_page_sent_after_it(fresh: Sender):
    page = fresh.open(2)
    save(fresh, 2, page, summary="Heel", number="2")
    save(fresh, 2, page, summary="Half", number="1")
    assert fresh.dossier.content["summary"] == "Heel"


def test_the_browser_is_told_what_arrived(fresh: Sender):
    page = fresh.open(2)
    save(fresh, 2, page, summary="Half", number="7")
    for rest in ("", "stap/5/", "stap/8/"):
        assert f'data-marks="{page["page"][0]}:7"' in fresh.get(rest).content.decode()


def test_two_devices_fill_in_different_things(fresh: Sender):
    phone, desk = fresh.open(2), fresh.open(2)
    assert fresh.fill(2, page=phone, summary="Van de telefoon").status_code == 302
    assert fresh.fill(2, page=desk, special="Van het bureau").status_code == 302
    assert fresh.dossier.content["summary"] == "Van de telefoon"
    assert fresh.dossier.content["special"] == "Van het bureau"


def test_two_devices_change_the_same_text_and_neither_is_lost(fresh: Sender):
    phone, desk = fresh.open(2), fresh.open(2)
    fresh.fill(2, page=phone, summary="Van de telefoon")
    refused = fresh.fill(2, page=desk, summary="Van het bureau", special="Van het bureau")

    assert refused.status_code == 409
    said = text(refused)
    assert "intussen ook elders gewijzigd" in said
    assert "Van de telefoon" in said
    shown = fields(refused)
    assert shown["summary"] == ["Van het bureau"]
    assert fresh.dossier.content["summary"] == "Van de telefoon"
    assert fresh.dossier.content["special"] == "Van het bureau"

    assert fresh.fill(2, page=shown).status_code == 302
    assert fresh.dossier.content["summary"] == "Van het bureau"


def test_while_typing_too_the_second_device_is_told(fresh: Sender):
    phone, desk = fresh.open(2), fresh.open(2)
    save(fresh, 2, phone, summary="Van de telefoon", number="1")
    answer = save(fresh, 2, desk, summary="Van het bureau", number="1")
    assert answer.status_code == 409
    assert "‘In het kort’" in answer.json()["message"]
    assert fresh.dossier.content["summary"] == "Van de telefoon"


def test_what_cannot_be_used_is_kept_while_typing_too(fresh: Sender):
    page = fresh.open(7)
    assert save(fresh, 7, page, reference_year="20", number="1").status_code == 200
    assert fresh.open(7)["reference_year"] == ["20"]


# Sizes and odd input ------------------------------------------------------------------------------------------


def test_a_draft_holds_so_much_and_what_was_typed_beyond_stays_on_the_page(fresh: Sender):
    for name in ("background", "approach", "welcome", "space_note"):
        fresh.fill(4, **{name: "é" * 9_990})
    response = fresh.fill(5, strengths="é" * 9_990, challenges="é" * 9_990)
    assert response.status_code == 200
    assert "meer tekst dan we kunnen bewaren" in text(response)
    assert fields(response)["strengths"] == ["é" * 9_990]
    assert size_of(fresh.dossier.content) <= MAX_BYTES
    answer = save(fresh, 5, fields(response), number="9")
    assert answer.status_code == 413
    assert "nog niet bewaard" in answer.json()["message"]


def test_two_and_a_half_megabytes_of_text_get_a_dutch_answer(fresh: Sender):
    data = fresh.open(2) | {"summary": "x" * 2_600_000}
    for response in (
        fresh.post("stap/2/", data),
        fresh.client.post(
            fresh.address("stap/2/"),
            "summary=" + "x" * 2_600_000,
            content_type="application/x-www-form-urlencoded",
        ),
    ):
        assert response.status_code == 413
        assert "te veel tekst" in text(response)
    saved = fresh.client.post(
        fresh.address("stap/2/bewaar/"),
        "summary=" + "x" * 2_600_000,
        content_type="application/x-www-form-urlencoded",
    )
    assert (saved.status_code, "te groot" in saved.json()["message"]) == (413, True)


@pytest.mark.parametrize("number", range(1, 8))
def test_a_null_byte_anywhere_does_no_harm(fresh: Sender, number: int):
    page = fresh.open(number)
    data = {name: "a\x00b" for name in page if name not in ("base", "page", "number")} | {"naar": "later"}
    for name in ("base", "page", "number"):
        assert fresh.post(f"stap/{number}/", page | data | {name: "a\x00b"}).status_code in (200, 302, 409)
    assert fresh.post(f"stap/{number}/bewaar/", page | data).status_code in (200, 409)
    assert fresh.get(f"stap/{number}/").status_code == 200
    assert "\\u0000" not in json.dumps(fresh.dossier.content)


def test_a_choice_that_does_not_exist_is_not_chosen(fresh: Sender):
    fresh.fill(3, facet__ruimte=["buiten", "maan"], facet__prijs="onbetaalbaar")
    fresh.fill(7, based_on="verzonnen")
    stored = fresh.dossier.content
    assert stored["facets"]["ruimte"] == ["buiten"]
    assert not stored["facets"].get("prijs")
    assert not stored.get("based_on")


def test_script_in_a_text_is_text(fresh: Sender):
    fresh.fill(4, approach='<script>alert("x")</script><img src=x onerror=alert(1)>')
    assert "<script" not in fresh.dossier.content["approach"]
    page = fresh.get("zo-wordt-het/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


# Not now, and formatting --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state", [State.SUBMITTED, State.IN_REVIEW, State.PUBLISHED, State.DUE, State.ARCHIVED]
)
def test_what_is_with_the_editors_cannot_be_changed_and_typed_text_stays_on_the_page(state: State):
    sent_in = dossier(state)
    sender = Sender(sent_in)
    before = sender.dossier.content
    assert sender.get("stap/2/").headers["Location"] == sender.address()
    response = sender.post("stap/2/", {"summary": "Te laat getypt", "naar": "3"})

    assert response.status_code == 409
    assert "Niet bewaard" in text(response)
    assert fields(response)["summary"] == ["Te laat getypt"]
    assert sender.post("stap/2/bewaar/", {"summary": "Te laat"}).status_code == 409
    assert sender.dossier.content == before


def test_text_of_the_editors_keeps_its_formatting_when_the_sender_leaves_it_alone():
    html = '<h3>Kop</h3><p>Een <strong>vet</strong> woord, <a href="https://x.example">een link</a>.</p>'
    sender = Sender(dossier(State.CONCEPT, content=content(approach=html)))
    sender.fill(4, background="Nieuw")
    assert sender.dossier.content["approach"] == html
    page = sender.open(4)
    sender.fill(4, page=page, approach=page["approach"][0] + "\n\nErbij.")
    assert sender.dossier.content["approach"] == html + "<p>Erbij.</p>"


def test_a_session_that_ended_or_a_cookie_that_is_wrong_loses_nothing(fresh: Sender):
    page = fresh.open(2)
    fresh.client.cookies["sessie"] = "weg"
    fresh.client.cookies["csrf"] = "anders"
    assert fresh.fill(2, page=page, summary="Na een nacht").status_code == 302
    assert fresh.dossier.content["summary"] == "Na een nacht"
    assert not Client(enforce_csrf_checks=True).post(fresh.address("stap/2/"), page).cookies


def test_saving_does_not_touch_the_state(sender: Sender, draft: Dossier):
    sender.fill(2, summary="Anders")
    after = sender.dossier
    assert (after.state, after.step_count) == (draft.state, draft.step_count)
    assert after.updated > draft.updated


def test_an_amendment_can_be_answered_step_by_step():
    from practices.dossiers import advance

    published = advance(dossier(State.PUBLISHED), Verb.AMEND, Actor.SENDER)
    sender = Sender(published)
    assert sender.open(1)["name"] == ["Soep op de stoep"]
    sender.fill(1, name="Soep op straat")
    assert sender.dossier.content["name"] == "Soep op straat"
    assert "Soep op de stoep" in text(sender.client.get(published.practice.get_absolute_url()))
