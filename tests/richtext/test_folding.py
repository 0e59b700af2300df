"""Where long texts fold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.folding import fold
from expoo_portal.richtext import plain_text, sanitize

SHORT = "<p>Welkom.</p>"
LONG = f"<p>{'Kom binnen en blijf even. ' * 12}</p>"
LIST = f"<ul><li><p>Koffie</p><ul><li>{'Met melk. ' * 30}</li></ul></li><li>Thee</li></ul>"


@pytest.mark.parametrize("text", ["", SHORT, SHORT * 9, LONG, f"<h3>Hoi</h3>{LONG}", LIST, LONG + SHORT])
def test_what_is_short_or_one_block_stays_whole(text: str):
    assert fold(text) == (text, "")


@pytest.mark.parametrize(
    ("first", "rest"),
    [
        (LONG, LONG),
        (SHORT + LONG, LONG),
        (LONG, f"<h3>Hoe</h3><h4>Zo</h4>{LONG}"),
        (f"<h3>Waarom</h3>{LONG}", LONG),
        (LONG, LIST),
        (LIST, LONG),
        (LONG, f"<blockquote><p>{'Gezegd. ' * 20}</p><p>{'Gedaan. ' * 30}</p></blockquote>"),
        (LONG, f"{LONG}Los"),
    ],
)
def test_a_long_text_folds_between_blocks_and_keeps_a_heading_with_its_text(first: str, rest: str):
    assert fold(first + rest) == (first, rest)


_BLOCK = st.sampled_from(
    [SHORT, LONG, LIST, "<h3>Hoe</h3>", "<h4>Zo</h4>", "los", "<blockquote>Ja</blockquote>"]
)


@given(st.lists(_BLOCK, max_size=8).map("".join))
def test_no_word_is_lost_and_both_halves_are_sound(text: str):
    clean = sanitize(text)
    first, rest = fold(clean)
    assert first + rest == clean
    assert [sanitize(first), sanitize(rest)] == [first, rest]
    assert plain_text(first) or not plain_text(clean)
