"""Which digests are due. Pure.

A day's digest is due from seven in the morning; a week's from Monday at seven, in the time of Brussels. The name of a
period ("2026-11-23", "2026-W48") is what keeps its digest from being made twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

HOUR = 7


def day_period(now: datetime) -> str:
    """The day whose digest is due at this local time: before seven, still the day before."""
    return f"{(now - timedelta(hours=HOUR)).date():%Y-%m-%d}"


def week_period(now: datetime) -> str:
    """The ISO week whose digest is due at this local time: before Monday seven, still the week before."""
    year, week, _ = (now - timedelta(hours=HOUR)).date().isocalendar()
    return f"{year}-W{week:02d}"
