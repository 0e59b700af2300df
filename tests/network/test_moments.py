"""Moments in few words."""

from __future__ import annotations

from datetime import datetime

import pytest

from network.moments import lately

NOW = datetime(2026, 11, 23, 9, 0)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 8, 5), "vandaag, 8:05"),
        (datetime(2026, 11, 22, 23, 59), "gisteren, 23:59"),
        (datetime(2026, 11, 21, 23, 59), "21 november"),
        (datetime(2026, 1, 1, 0, 0), "1 januari"),
        (datetime(2025, 12, 31, 23, 59), "31 december 2025"),
        # The clock of one server may run ahead of another's.
        (datetime(2026, 11, 23, 9, 1), "vandaag, 9:01"),
    ],
)
def test_a_list_says_how_fresh_something_is(moment: datetime, words: str) -> None:
    assert lately(moment, NOW) == words
