"""Working days, held to what they mean."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.working_days import after_working_days, easter, holidays, is_working_day, working_days_after

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    "sunday",
    [
        date(1961, 4, 2),
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ],
)
def test_easter_falls_on_the_days_of_the_almanac(sunday: date) -> None:
    assert easter(sunday.year) == sunday


def test_2026_has_the_ten_public_holidays_of_belgium() -> None:
    assert sorted(holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 21),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


@given(st.integers(min_value=1600, max_value=4000))
def test_easter_is_a_sunday_between_22_march_and_25_april(year: int) -> None:
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


@given(DAYS)
def test_no_weekend_and_no_holiday_is_a_working_day(day: date) -> None:
    assert is_working_day(day) == (day.weekday() < 5 and day not in holidays(day.year))


@given(DAYS, st.integers(min_value=0, max_value=60), st.integers(min_value=0, max_value=60))
def test_stretches_add_up(start: date, first: int, second: int) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    assert working_days_after(start, end) == working_days_after(start, middle) + working_days_after(
        middle, end
    )
    assert 0 <= working_days_after(start, end) <= first + second


@given(DAYS, st.integers(min_value=1, max_value=30))
def test_counting_forward_and_back_agree(start: date, number: int) -> None:
    end = after_working_days(start, number)
    assert is_working_day(end)
    assert working_days_after(start, end) == number
    assert working_days_after(start, end - timedelta(days=1)) == number - 1


@given(DAYS, DAYS)
def test_nothing_passes_backwards(one: date, other: date) -> None:
    assert working_days_after(max(one, other), min(one, other)) == 0


@given(DAYS)
def test_a_full_week_has_five_working_days_without_holidays_in_it(day: date) -> None:
    week = [day + timedelta(days=number) for number in range(1, 8)]
    off = sum(each in holidays(each.year) and each.weekday() < 5 for each in week)
    assert working_days_after(day, week[-1]) == 5 - off


def test_nothing_has_passed_on_the_day_itself() -> None:
    assert after_working_days(date(2026, 11, 23), 0) == date(2026, 11, 23)
    # Over Christmas and New Year.
    assert after_working_days(date(2026, 12, 23), 5) == date(2026, 12, 31)
