"""Which digests are due at which moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.periods import day_period, week_period

BRUSSELS = ZoneInfo("Europe/Brussels")
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=BRUSSELS))


@pytest.mark.parametrize(
    ("moment", "day", "week"),
    [
        (datetime(2026, 11, 23, 7, 0), "2026-11-23", "2026-W48"),
        (datetime(2026, 11, 23, 6, 59), "2026-11-22", "2026-W47"),
        (datetime(2026, 11, 29, 23, 59), "2026-11-29", "2026-W48"),
        # The first days of January may belong to the last week of the year before.
        (datetime(2027, 1, 1, 12, 0), "2027-01-01", "2026-W53"),
        (datetime(2027, 1, 4, 7, 0), "2027-01-04", "2027-W01"),
        # When summer time begins and ends.
        (datetime(2026, 3, 29, 7, 0), "2026-03-29", "2026-W13"),
        (datetime(2026, 10, 25, 7, 0), "2026-10-25", "2026-W43"),
    ],
)
def test_a_digest_is_due_from_seven_in_the_morning(moment: datetime, day: str, week: str) -> None:
    local = moment.replace(tzinfo=BRUSSELS)
    assert (day_period(local), week_period(local)) == (day, week)


@given(MOMENTS)
def test_names_of_periods_sort_as_time_does_and_fit_the_database(moment: datetime) -> None:
    later = moment + timedelta(days=1)
    assert day_period(moment) < day_period(later)
    assert week_period(moment) <= week_period(later)
    assert week_period(moment) < week_period(moment + timedelta(days=7))
    assert max(len(day_period(moment)), len(week_period(moment))) <= 10
