"""Which passage is shown with a result: one that answers the search, true to its text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.search.analysis import stem, words
from expoo_portal.search.passages import Passage, passage

TEXTS = st.lists(
    st.lists(
        st.sampled_from(["koffie", "kinderen", "spelen", "café", "<b>", "een", "ontmoetingsplaats"]),
        max_size=80,
    ).map(" ".join),
    max_size=5,
)
STEMS = st.sets(st.sampled_from(["koffie", "kinderen", "spelen", "cafe"])).map(
    lambda found: frozenset(stem(word) for word in found)
)


def text_of(pieces: list[tuple[str, bool]]) -> str:
    return "".join(text for text, _ in pieces)


@given(TEXTS, STEMS)
def test_what_is_shown_stands_in_one_of_the_passages(texts: list[str], stems: frozenset[str]) -> None:
    shown = text_of(passage([Passage(text) for text in texts], stems).pieces)
    cut = shown.removeprefix("… ").removesuffix(" …")
    assert not shown or any(cut in text for text in texts)
    assert len(cut) <= 200


@given(TEXTS, STEMS)
def test_a_marked_word_matches_and_a_match_is_marked(texts: list[str], stems: frozenset[str]) -> None:
    pieces = passage([Passage(text) for text in texts], stems).pieces
    for text, is_marked in pieces:
        found = {stem(word.folded) for word in words(text)}
        assert bool(found & stems) == is_marked


@given(TEXTS, STEMS)
def test_a_passage_that_matches_goes_before_one_that_does_not(
    texts: list[str], stems: frozenset[str]
) -> None:
    found = passage([Passage(text, str(place)) for place, text in enumerate(texts)], stems)
    matching = [
        place for place, text in enumerate(texts) if stems & {stem(word.folded) for word in words(text)}
    ]
    assert bool(found.anchor) == bool(matching)
    if matching:
        assert int(found.anchor) in matching


def test_the_passage_with_most_of_the_words_is_shown_with_its_place() -> None:
    passages = [
        Passage("Koffie.", "t=0:01"),
        Passage("Koffie voor kinderen.", "t=0:09"),
        Passage("Kinderen."),
    ]
    found = passage(passages, {stem("koffie"), stem("kinderen")})
    assert found.anchor == "t=0:09"
    assert found.pieces == [("Koffie", True), (" voor ", False), ("kinderen", True), (".", False)]


def test_without_a_match_the_first_text_is_shown_without_a_place() -> None:
    found = passage([Passage(" ", "a"), Passage("Het begin.", "b")], frozenset({"koffie"}))
    assert (text_of(found.pieces), found.anchor) == ("Het begin.", "")
