"""Dutch words: what counts as a word, which words are one, what compounds are made of."""

from pathlib import Path
from threading import Thread

import pytest
import snowballstemmer
from hypothesis import given, settings
from hypothesis import strategies as st

from expoo_portal.search.dutch import (
    MAX_CHARACTERS,
    MAX_COMPOUND,
    MAX_WORD,
    MIN_COMPOUND,
    _best_split,
    base_words,
    fold,
    index_terms,
    is_listed,
    split_compound,
    stem,
    words,
)
from expoo_portal.search.vocabulary import Vocabulary, vocabulary

DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[list[str]]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


SAME = [(group[0], form) for group in lines("same_stem.txt") for form in group[1:]]
DIFFERENT = [(first, second) for first, second in lines("different_stem.txt")]
# Both words of these pairs are outside the lists, so that Snowball decides.
JOINED_BY_SNOWBALL = {("spelling", "speling"), ("vorm", "vormsel")}

any_text = st.text(st.characters(exclude_categories=()))
dutch_like = st.text(st.sampled_from("abeijnst \0\t-\u2010'’&_.\"éËßœ\u00ad\u0301\ud8000٣ﬁІ"), max_size=60)


@pytest.mark.parametrize(("base", "form"), SAME)
def test_visitor_finds_a_word_in_each_of_its_forms(base, form):
    assert stem(form) == stem(base)


@pytest.mark.parametrize(("first", "second"), [pair for pair in DIFFERENT if pair not in JOINED_BY_SNOWBALL])
def test_visitor_does_not_find_a_different_word(first, second):
    assert stem(first) != stem(second)


def test_stems_are_better_than_those_of_either_snowball_stemmer():
    def score(stemmed) -> tuple[int, int]:
        together = sum(stemmed(base) == stemmed(form) for base, form in SAME)
        return together, sum(stemmed(first) != stemmed(second) for first, second in DIFFERENT)

    assert len(SAME) > 300
    ours = score(stem)
    for algorithm in ("dutch", "dutch_porter"):
        theirs = score(snowballstemmer.stemmer(algorithm).stemWord)
        assert ours[0] > theirs[0]
        assert ours[1] > theirs[1]


@pytest.mark.parametrize(
    ("word", "infinitive"),
    [
        ("aangeboden", "aanbieden"),
        ("meegenomen", "meenemen"),
        ("uitgenodigde", "uitnodigen"),
        ("toegeleid", "toeleiden"),
        ("meekeken", "meekijken"),
        ("bijgeleerd", "bijleren"),
        ("verwelkomende", "verwelkomen"),
        ("verhuisden", "verhuizen"),
        ("geef", "geven"),
        ("pakte", "pakken"),
    ],
)
def test_visitor_finds_verbs_in_parts_and_past(word, infinitive):
    assert stem(word) == stem(infinitive)


@pytest.mark.parametrize(("word", "parts"), [(line[0], line[1:]) for line in lines("compounds.txt")])
def test_visitor_finds_compounds_by_their_parts_and_no_word_by_accident(word, parts):
    own, *terms = index_terms(word)
    assert own == stem(word)
    assert set(terms) >= {stem(part) for part in parts}
    assert bool(terms) == bool(parts)


def test_listed_compounds_show_their_seam_unless_they_are_said_to_stay_whole():
    lists = vocabulary()
    readable = {
        word
        for word in lists.listed - lists.seams.keys()
        if MIN_COMPOUND <= len(word) <= MAX_COMPOUND and _best_split(word)
    }
    assert readable == {word for (word,) in lines("whole.txt")}


def test_reader_sees_the_parts_of_a_compound_in_their_base_form():
    assert split_compound("opvoedingsondersteuning") == ("opvoeding", "ondersteuning")
    assert split_compound("buurtspeelpleintjes") == ("buurt", "speelplein")
    assert split_compound("kinderdagverblijven") == ("kind", "dagverblijf")
    assert split_compound("kinderen") == split_compound("verslag") == split_compound("") == ()


def test_visitor_finds_the_plural_of_a_compound_like_that_of_its_head():
    assert stem("buurtouders") == stem("buurtouder")
    assert stem("binnensteden") == stem("binnenstad")
    assert stem("wijkhuizen") == stem("wijkhuis")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café Één", "cafe een"),
        ("papa’s ’t", "papa's 't"),
        ("ﬁets œuvre Ĳzer Ærø Straße", "fiets oeuvre ijzer aero strasse"),
        ("ONTMOETINGS\u00adPLAATS", "ontmoetingsplaats"),
        ("e\u0301e\u0301n", "een"),
    ],
)
def test_visitor_may_leave_accents_and_capitals_out(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Papa's foto’s, 's avonds in 't park", ["papa", "foto", "s", "avonds", "in", "t", "park"]),
        ("een speel-o-theek en Speel'bus", ["een", "speelotheek", "en", "speelbus"]),
        ("spel- en ontmoetingsplaats (S&O)", ["spel", "en", "ontmoetingsplaats", "so"]),
        ("0-3 jaar, covid-19 en/of 2,5", ["0", "3", "jaar", "covid", "19", "en", "of", "2", "5"]),
        ("a_b\0c\ud800d", ["a", "b", "c", "d"]),
        ("een-lange-lijst-met-streepjes", ["een", "lange", "lijst", "met", "streepjes"]),
        ("العربية и 日本", []),
        ("", []),
    ],
)
def test_words_are_found_in_any_text(text, found):
    assert [word.folded for word in words(text)] == found


def test_a_word_with_hyphens_is_one_word_of_several_pieces():
    (word,) = words(" Ouder-kindactiviteit!")
    assert word == (1, 21, "ouderkindactiviteit", ("ouder", "kindactiviteit"))


def test_long_words_and_texts_are_cut():
    assert [len(word.folded) for word in words("a" * 1000)] == [MAX_WORD]
    assert [len(word.folded) for word in words("é" * 1000)] == [MAX_WORD]
    assert words(" " * MAX_CHARACTERS + "kind") == []


@settings(deadline=None)
@given(any_text | dutch_like)
def test_any_text_has_words_that_slice_it(text):
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        end = word.end
        assert word.pieces
        assert "".join(word.pieces)[:MAX_WORD] == word.folded
        assert all(piece.isascii() and piece.isalnum() and piece == piece.lower() for piece in word.pieces)
        assert all(term.isascii() and term.isalnum() for piece in word.pieces for term in index_terms(piece))


@settings(deadline=None)
@given(any_text | dutch_like)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from([word for word, _ in base_words()]), min_size=1, max_size=3).map("".join))
def test_any_compound_of_listed_words_has_a_stem(word):
    own, *parts = index_terms(word)
    assert own
    assert own not in parts


def test_listed_words_are_many_and_include_their_forms():
    assert len(base_words()) > 1500
    assert all(count == 0 for _, count in base_words())
    assert is_listed("kinderen")
    assert not is_listed("knid")


def test_maintainer_sees_a_form_under_two_words_refused():
    with pytest.raises(ValueError, match="'sloten' stands under 'slot' and under 'sluiten'"):
        Vocabulary("[naamwoorden]\nslot", "slot sloten\nsluiten sloten")


def test_threads_get_the_same_stems():
    unknown = [f"{first}{second}en" for first in ("blork", "snerf", "gwoel") for second in "abcdefghijklmnop"]
    expected = [snowballstemmer.stemmer("dutch").stemWord(word) for word in unknown]
    results: list[list[str]] = []
    index_terms.cache_clear()
    threads = [Thread(target=lambda: results.append([stem(word) for word in unknown])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8
