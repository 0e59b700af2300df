"""From texts to index terms and from what a visitor types to a query, without a database."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expoo_portal.search import analysis
from expoo_portal.search.analysis import (
    MAX_POSITION,
    Lexicon,
    base_lexicon,
    base_words,
    highlight,
    snippet,
    stem,
    suggest,
    terms,
    weighted_vector,
    words,
)

from .test_dutch import SAME, any_text, dutch_like

SAFE = re.compile(r"[a-z0-9 &|!()<>-]*")
VECTOR = re.compile(r"(?:'[a-z0-9]+':\d+[A-D](?:,\d+[A-D])*(?: (?!$)|$))*")

typed = any_text | dutch_like | st.text(st.sampled_from("ouder kind -\"“”&|!<>:*()\\'de"), max_size=80)


def tsquery(text: str, **options) -> str:
    return base_lexicon().query(text, **options).tsquery()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kinderen", "kind"),
        ("Ouders en kinderen", "ouder & kind"),
        ("de het een", ""),
        ("", ""),
        ("?!", ""),
        ("kind kinderen", "kind"),
        ('"huis van het kind"', "(huis <3> kind)"),
        ("“vrije inloop” gent", "(vrij <-> inloop) & gent"),
        ('"kinderen"', "kind"),
        ('"van de"', ""),
        ('"open', "open"),
        ("inloop -baby's", "inloop & !(baby)"),
        ('-"vrije inloop" peuter', "peuter & !((vrij <-> inloop))"),
        ("-de -", ""),
        ("-peuter", "!(peuter)"),
        ("ouder-kindactiviteit", "(ouderkindactiviteit | ouder & kindactiviteit)"),
        ("speel-o-theek", "(spelotheek | spel & o & theek)"),
        ("a & b | !c <-> 'd':* \0", "a & b & c & d"),
    ],
)
def test_visitor_searches_words_phrases_and_exclusions(text, expected):
    assert tsquery(text) == expected


def test_visitor_who_types_on_and_on_gets_a_bounded_query():
    assert tsquery(" ".join(f"w{number}" for number in range(200))).count("&") == 15
    assert tsquery("x" * 8000) == tsquery("x" * 400)


def test_caller_gets_the_words_and_stems_of_a_query():
    query = base_lexicon().query("De kinderen -baby van Gent")
    assert query.words == ("kinderen", "gent")
    assert query.stems == {"kind", "gent"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kdv", "(kdv | kinderdagverblijf)"),
        ("kinderdagverblijven", "(kinderdagverblijf | kdv)"),
        ("hvhk", "(hvhk | (huis <3> kind))"),
        ("huis van het kind Gent", "((huis & kind) | hvhk) & gent"),
        ("huis kind", "huis & kind"),
        ("S&O", "(so | (spel <2> ontmoetingsplaats))"),
        ('"kdv"', "kdv"),
        ("-kdv", "!(kdv)"),
    ],
)
def test_visitor_finds_words_by_their_synonyms(text, expected):
    groups = [
        ("kdv", "kinderdagverblijf"),
        ("HvhK", "Huis van het Kind"),
        ("S&O", "spel- en ontmoetingsplaats"),
        ("", "van"),
    ]
    assert Lexicon(synonyms=groups).query(text).tsquery() == expected


def test_visitor_finds_a_word_of_two_synonym_groups_by_both():
    lexicon = Lexicon(synonyms=[("speelpunt", "speelplek"), ("speelpunt", "spelhoek")])
    assert lexicon.query("speelpunt").tsquery() == "(speelpunt | speelplek | spelhoek)"


def test_visitor_finds_while_typing_the_last_word():
    lexicon = Lexicon([("ontmoeting", 9), ("ontmoetingen", 3), ("ontmoetingsplaats", 20), ("oma", 1)])
    assert (
        lexicon.query("kind ontmoeti", prefix=True).tsquery()
        == "kind & (ontmoeti | ontmoetingsplaats | ontmoet)"
    )
    assert lexicon.query("kind ontmoeti ", prefix=True).tsquery() == "kind & ontmoeti"
    assert lexicon.query("kind ontmoeti").tsquery() == "kind & ontmoeti"
    assert lexicon.query("om", prefix=True).tsquery() == ""


def test_editor_sees_a_text_indexed_by_stems_and_parts():
    assert terms("De ontmoetingsplaats voor ouders en ouders-in-spe") == (
        "ontmoetingsplaats",
        "ontmoet",
        "plaats",
        "ouder",
        "spe",
        stem("oudersinspe"),
    )


def test_parts_share_the_position_of_their_word_and_stopwords_keep_theirs():
    vector = weighted_vector([("Huis van het Kind", "A"), ("de opvoedingslijn", "D")])
    assert vector == "'huis':1A 'kind':4A 'opvoedingslijn':16D 'opvoed':16D 'lijn':16D"


def test_pieces_of_a_word_with_hyphens_follow_each_other():
    assert weighted_vector([("ouder-kindgroep samen", "B")]) == (
        "'ouder':1B 'kindgroep':2B 'kind':2B 'groep':2B 'ouderkindgroep':1B 'samen':3B"
    )


def test_a_vector_stays_within_the_limits_of_postgres():
    vector = weighted_vector([("kind " * 40_000, "A"), ("ouder " * 40_000, "B"), ("peuter", "C")])
    found = dict(entry.split(":") for entry in vector.split())
    assert set(found) == {"'kind'", "'ouder'"}
    assert len(found["'kind'"].split(",")) == 255
    assert found["'ouder'"] == f"{MAX_POSITION}B"


def test_visitor_sees_matching_words_marked():
    stems = base_lexicon().query("kind opvoeden").stems
    assert highlight("Kinderen en ouder-kindgroep, opvoedingslijn.", stems) == [
        ("Kinderen", True),
        (" en ", False),
        ("ouder-kindgroep", True),
        (", ", False),
        ("opvoedingslijn", True),
        (".", False),
    ]
    assert highlight("niets", stems) == [("niets", False)]
    assert highlight("", stems) == []
    assert highlight("kind", ()) == [("kind", False)]


def test_visitor_sees_the_stretch_that_matches_most():
    stems = base_lexicon().query("ontmoeten speelplek").stems
    text = "ontmoeting " + "woord " * 60 + "en een ontmoeting op de speelplek met meer " + "nog " * 60
    pieces = snippet(text, stems)
    assert [piece for piece, hit in pieces if hit] == ["ontmoeting", "speelplek"]
    assert pieces[0] == ("… ", False)
    assert pieces[-1] == (" …", False)
    assert len("".join(piece for piece, _ in pieces)) <= 184


def test_visitor_sees_the_match_in_a_text_without_spaces():
    text = "regel\n" * 60 + "ontmoeting\n" + "regel\n" * 60
    assert ("ontmoeting", True) in snippet(text, ["ontmoet"])


def test_visitor_sees_the_beginning_when_nothing_matches():
    text = "woord " * 100
    assert snippet(text, ["kind"], 20) == [("woord woord woord", False), (" …", False)]
    assert snippet("kort", ["kind"]) == [("kort", False)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("spelothek", "spelotheek"),
        ("ontmoetng", "ontmoeting"),
        ("huis van het knid", "huis van het kind"),
        ("kraamzorch", "kraamzorg"),
        ("Speelgoeduitlening kinderopvnag", "Speelgoeduitlening kinderopvang"),
        ('"vrije inlop" -bayb', '"vrije inloop" -baby'),
        ("ontmoetingplaats", "ontmoetingsplaats"),
        ("leuvn", "leuven"),
    ],
)
def test_visitor_who_mistypes_gets_a_suggestion(typed, meant):
    assert suggest(typed, base_lexicon()) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "huis van het kind",
        "kinderen",
        "buurtouders",
        "ouder-kindactiviteit",
        "xyz",
        "qqqqqqqqqqqq",
        "2023",
        "",
        "\ud800\0",
    ],
)
def test_visitor_who_types_well_or_something_unknown_gets_no_suggestion(typed):
    assert suggest(typed, base_lexicon()) is None


def test_visitor_gets_the_most_used_word_that_is_in_the_content():
    lexicon = Lexicon([*base_words(), ("baboes", 5), ("baboos", 2), ("inloop", 1)])
    assert suggest("baboez", lexicon) == "baboes"
    assert suggest("spelothek", lexicon) is None


def test_visitor_gets_at_most_four_words_corrected():
    assert suggest("knid knid knid knid knid", base_lexicon()) == "kind kind kind kind knid"


def test_a_page_full_of_gibberish_is_compared_no_longer_than_four_words(monkeypatch):
    looked_at = []
    monkeypatch.setattr(analysis, "_closest", lambda word, lexicon: looked_at.append(word))
    assert suggest("zqxj qvkw wjzq vqxz xkjq qwvz jzxk", base_lexicon()) is None
    assert looked_at == ["zqxj", "qvkw", "wjzq", "vqxz"]


@pytest.mark.parametrize(("base", "form"), SAME)
def test_visitor_finds_a_text_by_any_form_of_its_words(base, form):
    assert base_lexicon().query(form).tsquery() in terms(f"Een {base}.")
    assert base_lexicon().query(base).tsquery() in terms(f"Een {form}.")


@settings(deadline=None)
@given(typed)
def test_any_query_is_safe(text):
    query = base_lexicon().query(text, prefix=True)
    assert SAFE.fullmatch(query.tsquery())
    assert all(term.isascii() and term.isalnum() for term in query.stems)
    suggest(text, base_lexicon())


@settings(deadline=None)
@given(typed)
def test_any_text_is_marked_and_cut_without_loss(text):
    stems = base_lexicon().query(text).stems | {"a", "kind"}
    pieces = highlight(text, stems)
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)
    short = snippet(text, stems, 20)
    assert "".join(piece for piece, _ in short).removeprefix("… ").removesuffix(" …") in text
    assert VECTOR.fullmatch(weighted_vector([(text, "A"), (text, "D")]))


@settings(deadline=None)
@given(any_text | dutch_like)
def test_any_word_of_a_text_finds_it(text):
    indexed = set(terms(text))
    for word in words(text):
        query = base_lexicon().query(text[word.start : word.end])
        if query.tsquery() and len(word.pieces) == 1:
            assert query.tsquery() in indexed
        assert query.stems <= indexed


def test_a_result_marks_of_a_phrase_with_the_same_meaning_only_the_word_that_says_it():
    lexicon = Lexicon(synonyms=[["laagdrempelig", "lage drempel"]])
    query = lexicon.query("laagdrempelig")
    assert "(laag <-> drempel)" in query.tsquery()
    assert query.stems == {"laagdrempelig", "drempel"}
    assert lexicon.query("lage drempel").stems == {"laag", "drempel", "laagdrempelig"}


@pytest.mark.parametrize("typed", ["koffie", "kop koffie", "tas koffie"])
def test_a_phrase_with_a_word_that_does_already_is_not_looked_for(typed):
    lexicon = Lexicon(synonyms=[["koffie", "kop koffie", "tas koffie"]])
    assert lexicon.query(typed).tsquery() == "koffie"
    assert lexicon.query("kop soep").tsquery() == "kop & soep"
    hyphened = Lexicon(synonyms=[["ouder-kindgroep", "kindgroep"]]).query("ouder-kindgroep")
    assert "ouderkindgroep" in hyphened.tsquery()
