"""Rich text in sentences, and which sentences share the words of a challenge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.richtext import plain_text, sanitize
from expoo_portal.search.analysis import terms
from practices.clues import MAX_CLUES, clues, rank, rarest, weightless
from practices.sentences import ABBREVIATIONS, MAX_ITEM, MAX_SENTENCE, MAX_SENTENCES, sentences, split


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        ("<p> </p>", []),
        ("Zonder opmaak.", ["Zonder opmaak."]),
        ("<p>Eén. Twee! Drie? Vier</p>", ["Eén.", "Twee!", "Drie?", "Vier"]),
        ("<p>Een.</p><p>Twee.</p>", ["Een.", "Twee."]),
        ("<ul><li>Dit is één gedachte. Ook dit hoort erbij.</li><li>Twee</li></ul>",
         ["Dit is één gedachte. Ook dit hoort erbij.", "Twee"]),
        # As the editor writes it.
        ("<ul><li><p>Eén. Zin.</p></li><li><p>Twee</p></li></ul>", ["Eén. Zin.", "Twee"]),
        ("<p>Regel een<br>regel twee</p>", ["Regel een", "regel twee"]),
        ("<h3>Wat we zien</h3><p>Ouders blijven.</p>", ["Ouders blijven."]),
        ("<p>Ouders <strong>blijven</strong> <a href='https://x.be'>hier</a>.</p>", ["Ouders blijven hier."]),
        ("<p>Spel &amp; plezier.</p>", ["Spel & plezier."]),
        ("<p>Na lijst: </p><ul><li>a</li></ul><p>Eén. Twee.</p>", ["Na lijst:", "a", "Eén.", "Twee."]),
    ],
)  # fmt: skip
def test_each_sentence_stands_by_itself(html, expected):
    assert sentences(html) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Speelgoed, bv. Duplo en Lego, ligt klaar.",
        "Partners zijn o.a. Kind en Gezin.",
        "Dat is bijv. Jan, of mevr. De Smet.",
        "De winkel, d.w.z. De Gulle Kast, is open.",
        "Sinds ca. 2019 komen er meer gezinnen.",
        "Volgens dr. Peeters en A. Janssens klopt dat.",
        "Ze komen om 10.30 uur en blijven tot 12.00 uur.",
        "Kijk op www.voorbeeld.be of bel ons.",
        "Wachten... en dan toch komen.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(text):
    assert split(text) == [text]


@pytest.mark.parametrize("abbreviation", sorted(ABBREVIATIONS))
def test_no_abbreviation_ends_a_sentence(abbreviation):
    assert len(split(f"Wij zien {abbreviation}. Vaders en moeders.")) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("‘Kom binnen.’ Dat zegt ze.", 2),
        ("Is het koud? (Soms wel.) Dan gaan we naar binnen.", 3),
        ("Er komen er 12. Dat is veel.", 2),
        ("Koken, zingen, enz. Daarna eten we.", 2),
        ("Wat nu?! Niets.", 2),
        ("Het stopt… En dan begint het.", 2),
    ],
)
def test_a_sentence_ends_where_a_reader_hears_it_end(text, count):
    assert len(split(text)) == count


@given(st.text(max_size=400))
def test_splitting_loses_no_word(text):
    assert " ".join(split(text)).split() == text.split()


pieces = st.sampled_from(
    ["<p>", "</p>", "<ul>", "<li>", "</li>", "</ul>", "<br>", "<h3>", "</h3>", "&amp;", "&", "<", ">", ". ", "o.a. "]
)  # fmt: skip


@given(st.lists(pieces | st.text(max_size=20), max_size=40).map("".join))
def test_any_rich_text_gives_short_lines(html):
    found = sentences(html)
    assert len(found) <= MAX_SENTENCES
    for sentence in found:
        assert sentence == " ".join(sentence.split()) != ""
        assert len(sentence) <= max(MAX_SENTENCE, MAX_ITEM)


@given(st.lists(pieces | st.text("abc. ", max_size=20), max_size=40).map("".join))
def test_stored_text_without_headings_keeps_all_its_words(html):
    stored = sanitize(html.replace("<h3>", "").replace("</h3>", ""))
    found = sentences(stored)
    if len(found) < MAX_SENTENCES:
        assert " ".join(found).split() == plain_text(stored).split()


def test_a_long_item_is_split_and_a_long_sentence_cut_between_words():
    item = "Een zin van een eind. " * 30
    assert len(sentences(f"<ul><li>{item}</li></ul>")) == 30
    (long,) = sentences(f"<p>{'woord ' * 200}</p>")
    assert long.endswith("woord …")
    assert len(long) <= MAX_SENTENCE
    (unbroken,) = sentences(f"<p>{'w' * 2_000}</p>")
    assert len(unbroken) <= MAX_SENTENCE


def words(text):
    return [clue.word for clue in clues(text)]


def test_only_the_words_that_say_something_weigh():
    assert words("Vaders van baby's bereiken we nauwelijks: ze denken dat een klusmoment iets is voor later.") == [
        "vaders",
        "baby's",
        "klusmoment",
    ]  # fmt: skip
    assert words("Vader en vaders") == ["vader"]


def test_a_question_of_common_words_only_still_asks_something():
    assert words("Ouders komen niet meer") == ["ouders", "komen", "niet", "meer"]
    assert words("... 2024 !") == []
    assert len(clues(" ".join(f"woord{number}x" for number in range(100)))) == MAX_CLUES


def test_a_compound_is_a_clue_to_its_parts_that_weigh():
    (clue,) = clues("Wachtruimte")
    assert "ruimte" in clue.terms
    (clue,) = clues("speelgroep")
    assert not clue.terms & weightless()


def ranked(question, sentences, topics=None):
    rows = [(practice, 0, frozenset(terms(text))) for practice, text in sentences.items()]
    return [match.practice for match in rank(clues(question), rows, topics or {})]


def test_more_shared_words_come_first_then_the_topic_then_the_rare_word():
    sentences = {
        1: "Koffie voor vaders.",
        2: "Koffie in de winter voor vaders.",
        3: "Koffie.",
        4: "Soep.",
        5: "De winter.",
        6: "Vaders.",
    }
    question = "Vaders drinken in de winter geen koffie"
    assert ranked(question, sentences) == [2, 1, 5, 3, 6]
    assert ranked(question, sentences, {6: 1}) == [2, 1, 6, 5, 3]


def test_a_whole_word_comes_before_a_part_of_one():
    assert ranked("De wachtruimte", {1: "De ruimte.", 2: "De wachtruimte."}) == [2, 1]


def test_of_each_practice_its_best_sentence_counts():
    rows = [(1, 0, {"koffie"}), (1, 1, {"koffie", "vader"}), (2, 0, {"soep"})]
    (match,) = rank(clues("koffie voor vaders"), rows, {})
    assert (match.practice, match.position) == (1, 1)
    assert [clue.word for clue in match.clues] == ["koffie", "vaders"]


def test_the_rarest_words_are_read_as_long_as_there_is_room():
    counts = {"koffie": 900, "vader": 50, "bakfiets": 2, "nergens": 0}
    assert rarest(counts, 1_000) == ["bakfiets", "vader", "koffie"]
    assert rarest(counts, 100) == ["bakfiets", "vader"]
    assert rarest({"koffie": 900}, 100) == ["koffie"]
    assert rarest({"nergens": 0}, 100) == []
