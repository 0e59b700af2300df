"""Words that sound alike: what is written differently and heard the same, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.search.analysis import Lexicon, suggest
from expoo_portal.search.sounds import sound


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("vrei", "vrij"),
        ("bauwen", "bouwen"),
        ("agter", "achter"),
        ("kado", "cado"),
        ("fotto", "foto"),
        ("zent", "zend"),
        ("sirkus", "circus"),
        ("babie", "baby"),
        ("tema", "thema"),
        ("taksi", "taxi"),
    ],
)
def test_what_sounds_alike_is_the_same(written: str, meant: str) -> None:
    assert sound(written) == sound(meant)


@pytest.mark.parametrize(
    ("one", "other"), [("maan", "mean"), ("tak", "dak"), ("huis", "hies"), ("bal", "bel")]
)
def test_what_sounds_different_stays_apart(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=70))
def test_any_word_sounds_like_something(word: str) -> None:
    assert bool(sound(word)) == bool(word)


def test_a_visitor_who_writes_by_ear_gets_the_word_that_sounds_so() -> None:
    lexicon = Lexicon([("begeleiding", 3), ("beleiding", 0), ("verwachting", 2), ("verzachting", 9)])
    assert suggest("begelijding", lexicon) == "begeleiding"
    assert suggest("ferwagting", lexicon) == "verwachting"
    assert suggest("begeleidingen", lexicon) is None
