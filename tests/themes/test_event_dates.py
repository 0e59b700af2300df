"""Dates of events in words and for machines, no more exact than what is known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.themes.dates import for_machines, in_words, known_since, last_day
from expoo_portal.themes.models import DatePrecision

DAY, MONTH, YEAR = DatePrecision.DAY, DatePrecision.MONTH, DatePrecision.YEAR
DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("starts", "ends", "precision", "words"),
    [
        (date(2027, 5, 3), None, DAY, "3 mei 2027"),
        (date(2027, 5, 3), date(2027, 5, 3), DAY, "3 mei 2027"),
        (date(2027, 5, 3), date(2027, 5, 5), DAY, "3 tot 5 mei 2027"),
        (date(2020, 9, 25), date(2020, 10, 2), DAY, "25 september tot 2 oktober 2020"),
        (date(2026, 5, 3), date(2026, 6, 3), DAY, "3 mei tot 3 juni 2026"),
        (date(2026, 12, 30), date(2027, 1, 2), DAY, "30 december 2026 tot 2 januari 2027"),
        (date(2017, 12, 1), None, MONTH, "december 2017"),
        (date(2020, 3, 1), date(2020, 5, 31), MONTH, "maart tot mei 2020"),
        (date(2019, 12, 1), date(2020, 12, 1), MONTH, "december 2019 tot december 2020"),
        (date(2020, 3, 1), date(2020, 3, 31), MONTH, "maart 2020"),
        (date(2020, 1, 1), date(2020, 12, 31), YEAR, "2020"),
        (date(2019, 1, 1), date(2020, 1, 1), YEAR, "2019 tot 2020"),
    ],
)
def test_a_visitor_reads_when_it_is(starts: date, ends: date | None, precision: str, words: str) -> None:
    assert in_words(starts, ends, precision) == words


@pytest.mark.parametrize(("precision", "text"), [(DAY, "2017-12-05"), (MONTH, "2017-12"), (YEAR, "2017")])
def test_machines_read_what_is_known(precision: str, text: str) -> None:
    assert for_machines(date(2017, 12, 5), precision) == text


@pytest.mark.parametrize(
    ("precision", "last"),
    [(DAY, date(2028, 2, 5)), (MONTH, date(2028, 2, 29)), (YEAR, date(2028, 12, 31))],
)
def test_an_event_lasts_as_long_as_it_may(precision: str, last: date) -> None:
    assert last_day(date(2028, 2, 5), None, precision) == last


@given(DAYS, st.integers(0, 400), DAYS, st.sampled_from(DatePrecision.values))
def test_a_query_and_a_page_agree_on_what_is_over(start: date, length: int, today: date, known: str) -> None:
    ends = start + timedelta(days=length)
    assert (last_day(start, ends, known) >= today) == (ends >= known_since(today, known))


@given(DAYS, st.integers(0, 800), st.sampled_from(DatePrecision.values))
def test_no_range_of_dates_is_too_odd_for_words(start: date, length: int, known: str) -> None:
    words = in_words(start, start + timedelta(days=length), known)
    assert words.endswith(str((start + timedelta(days=length)).year))
    assert not words.startswith("tot")
