"""What the portal tells an editor about a text, and that the editor decides."""

from __future__ import annotations

import pytest

from expoo_portal.admin.writing_checks import (
    problems_in_description,
    problems_in_rich_text,
    problems_in_text,
)
from expoo_portal.visibility import PublicationState
from practices.models import Practice
from tests import factories
from tests.admin.screen import change, problems_in

LONG = "De ouders " + "komen samen en " * 9 + "gaan weer."


def only(problems: list[str]) -> str:
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>Elke week op woensdag. Iedereen is welkom!</p>",
        "<h3>Wie?</h3><p>Ouders.</p><h4>Met wie?</h4><p>Met hun kinderen.</p><h3>Waar?</h3>",
        '<p>Lees <a href="https://example.org">het verslag van de uitwisselingsdag</a>.</p>',
        "<p>EXPOO en VVSG werken samen met de VGC.</p>",
        "<ul><li><p>" + "koffie en thee " * 5 + "</p></li><li><p>" + "soep en brood " * 5 + "</p></li></ul>",
    ],
)
def test_a_plain_text_gets_no_remarks(html):
    assert problems_in_rich_text(html) == []


def test_a_small_heading_needs_a_heading_above_it():
    assert "“Met wie?”" in only(problems_in_rich_text("<p>Ouders.</p><h4>Met wie?</h4>"))


def test_an_empty_heading_is_named():
    assert "lege tussenkop" in only(problems_in_rich_text("<h3> </h3><p>Tekst</p>"))


@pytest.mark.parametrize(
    "text", ["klik hier", "Klik hier!", "hier", "Lees meer …", "meer info", "lees meer >"]
)
def test_a_link_says_where_it_leads(text):
    problem = only(problems_in_rich_text(f'<p>Zie <a href="https://example.org">{text}</a></p>'))
    assert "waar hij naartoe gaat" in problem


@pytest.mark.parametrize("text", ["https://example.org/a/b", "www.example.org", "expoo.be", "expoo.be/zoek"])
def test_a_bare_address_is_no_link_text(text):
    assert "is een adres" in only(problems_in_rich_text(f'<p><a href="https://example.org">{text}</a></p>'))


def test_a_link_without_text_is_named():
    assert "zonder tekst" in only(
        problems_in_rich_text('<p>Zie <a href="https://example.org"> </a> daar</p>')
    )


def test_the_first_long_sentence_is_named_and_the_others_counted():
    problem = only(problems_in_rich_text(f"<p>Kort. {LONG}</p><p>{LONG}</p><p>{LONG}</p>"))
    assert problem.startswith("Deze zin telt 31 woorden: “De ouders komen samen en komen samen en …”")
    assert problem.endswith("Nog 2 zinnen zijn te lang.")


def test_twenty_five_words_are_not_too_many():
    assert problems_in_text("woord " * 25) == []
    assert "26 woorden" in only(problems_in_text("woord " * 26))


def test_a_sentence_ends_with_its_line():
    assert problems_in_text("\n".join(["tien woorden in een lijst en nog wat meer erbij"] * 9)) == []


@pytest.mark.parametrize("text", ["Let op: DIT IS BELANGRIJK voor jou.", "Lees dit ABSOLUUTNIET."])
def test_a_passage_in_capitals_is_named(text):
    assert "gewone letters" in only(problems_in_text(text))


@pytest.mark.parametrize("alt", ["foto", "IMG_2034.JPG", "dsc 0123", "speelhoek.png"])
def test_the_description_of_a_picture_describes(alt):
    assert "zegt niet wat" in only(problems_in_description(alt))
    assert problems_in_description("Twee vaders bouwen een toren van blokken.") == []


# In the admin ----------------------------------------------------------------------------------------------------


@pytest.fixture
def practice(db: None) -> Practice:
    return factories.practice(approach="<p>Begin</p>", state=PublicationState.DRAFT)


def stored(practice: Practice) -> str:
    return Practice.objects.unrestricted().get(pk=practice.pk).approach


def test_an_editor_is_warned_once_and_saves_all_the_same(editor, practice):
    form = change(editor, practice)
    text = '<p>Voor het programma <a href="https://example.org">klik hier</a></p>'
    came_back = form.again(form.press(approach=text))
    assert "Toch bewaren, zoals het er staat" in came_back.text
    assert "“klik hier” zegt niet waar hij naartoe gaat" in came_back.text
    assert came_back.values["approach"] == [text]
    assert stored(practice) == "<p>Begin</p>"
    came_back.save(toch_bewaren="ja")
    assert "klik hier" in stored(practice)


def test_an_editor_who_changes_the_text_after_a_warning_saves_at_once(editor, practice):
    form = change(editor, practice)
    came_back = form.again(form.press(approach=f"<p>{LONG}</p>"))
    came_back.save(approach="<p>Korter.</p>")
    assert stored(practice) == "<p>Korter.</p>"


def test_an_editor_is_not_warned_of_what_stood_there_already(editor):
    practice = factories.practice(approach=f"<p>{LONG}</p>")
    change(editor, practice).save(special="Er is thee.")


def test_a_real_mistake_after_the_warning_does_not_bring_the_warning_back(editor, practice):
    form = change(editor, practice)
    warned = form.again(form.press(approach=f"<p>{LONG}</p>"))
    wrong = warned.press(toch_bewaren="ja", name="")
    assert problems_in(wrong)
    again = warned.again(wrong)
    assert again.values["toch_bewaren"] == ["ja"]
    again.save(name="Een naam")
    assert "komen samen" in stored(practice)


def test_what_is_saved_by_code_is_not_held_back(practice):
    practice.approach = f"<p>{LONG}</p>"
    practice.save()
    assert "komen samen" in stored(practice)
