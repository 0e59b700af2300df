"""Players ask for parts of a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.byte_ranges import Unsatisfiable, parse


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("bytes=0-99", (0, 99)),
        ("bytes=0-0", (0, 0)),
        ("bytes=10-", (10, 99)),
        ("bytes=90-200", (90, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-500", (0, 99)),
        (" Bytes = 5 - 7 ", (5, 7)),
        ("bytes=7-5", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("regels=0-5", None),
        ("bytes=a-b", None),
        ("bytes=٣-٥", None),
        ("bytes=0-99999999999999999999999999", None),
    ],
)
def test_a_player_gets_the_part_it_asks_for(header, expected):
    assert parse(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_player_is_told_that_a_part_does_not_exist(header):
    with pytest.raises(Unsatisfiable):
        parse(header, 100)


@given(st.text(max_size=30) | st.from_regex(r"bytes=[0-9]{0,20}-[0-9]{0,20}"), st.integers(0, 10_000))
def test_any_header_gives_a_part_within_the_file(header, size):
    try:
        part = parse(header, size)
    except Unsatisfiable:
        return
    assert part is None or 0 <= part.first <= part.last < size
