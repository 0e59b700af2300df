"""The team sheet: which questions stand on it, and what is left of long texts."""

import re

import pytest

from expoo_portal.themes import questions as fields
from practices.team_sheet import GENERAL, in_brief, questions
from tests import factories
from tests.admin.screen import change


def test_the_questions_of_the_practice_come_first():
    assert questions("Een?\nTwee?\nDrie?", ["Vier?"]) == ["Een?", "Twee?", "Drie?"]


def test_each_topic_has_its_turn():
    assert questions("Eigen?", ["A1?\nA2?", "B1?"]) == ["Eigen?", "A1?", "B1?"]
    assert questions("", ["A1?\nA2?\nA3?", "B1?"]) == ["A1?", "B1?", "A2?"]


def test_general_questions_fill_up_what_is_missing():
    assert questions("", []) == list(GENERAL)
    assert questions("Eigen?", [""]) == ["Eigen?", *GENERAL[:2]]


def test_no_question_is_asked_twice():
    assert questions("Wie komt er?", ["wie komt er\nWie niet?"])[:2] == ["Wie komt er?", "Wie niet?"]


def test_blank_lines_and_spaces_are_no_questions():
    assert fields.lines("  Een?  \r\n\n \t\nTwee   keer?") == ["Een?", "Twee keer?"]


@pytest.mark.parametrize(
    ("html", "limit", "kept"),
    [
        ("", 50, []),
        ("<p>Kort &amp; goed.</p>", 50, ["Kort & goed."]),
        ("<ul><li><p>Vast gezicht</p></li><li><p>Koffie</p></li></ul>", 50, ["Vast gezicht", "Koffie"]),
        ("<p>Een heel lange zin die niet past.</p>", 20, ["Een heel lange zin …"]),
        ("<p>Eerste deel.</p><p>Tweede deel dat te lang is.</p>", 20, ["Eerste deel …"]),
        ("<p>Zonderenigespatiedielangis</p>", 10, ["Zonderenig …"]),
    ],
)
def test_a_long_text_is_cut_between_words(html, limit, kept):
    assert in_brief(html, limit) == kept


@pytest.mark.django_db
class TestSheet:
    def get(self, client, practice):
        response = client.get(f"{practice.get_absolute_url()}teamblad/")
        assert response.status_code == 200
        return response.content.decode()

    def asked(self, html):
        return re.findall(r"<li>([^<]+)</li>", html[html.index("Om samen over te praten") :])[:3]

    def test_a_reader_finds_the_sheet_from_the_practice(self, client):
        practice = factories.practice(name="Speelbos", strengths="<p>Altijd open.</p>")
        assert f"{practice.get_absolute_url()}teamblad/" in client.get(practice.get_absolute_url()).text
        html = self.get(client, practice)
        for text in ("Speelbos", practice.summary, practice.special, "Altijd open.", "Onze notities"):
            assert text in html
        assert "Uitdagingen" not in html
        assert "Peildatum: 2024" in html
        assert "te bevestigen" in html

    def test_a_reader_gets_the_questions_of_the_practice_and_its_topics(self, client):
        topic = factories.topic(discussion_questions="Hoe onthalen wij?\nWie onthaalt?")
        value = factories.facet_value(facet=factories.facet(slug="thema"), topic=topic)
        practice = factories.practice(values=[value], discussion_questions="Wat kost de bus?")
        assert self.asked(self.get(client, practice)) == [
            "Wat kost de bus?",
            "Hoe onthalen wij?",
            "Wie onthaalt?",
        ]

    def test_a_reader_always_gets_three_questions(self, client):
        assert self.asked(self.get(client, factories.practice())) == list(GENERAL)

    def test_an_example_says_that_it_is_one(self, client):
        practice = factories.practice(kind="voorbeeld", based_on="voorbeeld")
        html = self.get(client, practice)
        assert "badge-example" in html
        assert "te bevestigen" not in html

    def test_an_old_address_leads_to_the_sheet_of_today(self, client):
        former = factories.former_slug()
        response = client.get(f"/praktijken/{former.slug}/teamblad/")
        assert response.status_code == 301
        assert response.headers["Location"].endswith("/teamblad/")

    @pytest.mark.parametrize("make", [factories.practice, factories.topic])
    def test_an_editor_writes_at_most_three_questions(self, editor, make):
        made = make()
        refused = change(editor, made).press(discussion_questions="Een?\nTwee?\nDrie?\nVier?")
        assert "Hoogstens drie vragen" in refused.text
        change(editor, made).save(discussion_questions="Een?\r\n\r\n Twee?\r\nDrie? ")
        made.refresh_from_db()
        assert made.discussion_questions == "Een?\nTwee?\nDrie?"
