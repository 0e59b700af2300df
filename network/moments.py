"""Moments in the words of a list: short, and exact where it matters, for what is fresh. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import dateformat, timezone


def lately(moment: datetime, now: datetime) -> str:
    """Both in the reader's time: "vandaag, 16:05", "gisteren, 9:30", "14 november", "24 oktober 2025"."""
    days = (now.date() - moment.date()).days
    if days in (0, 1):
        return f"{'gisteren' if days else 'vandaag'}, {dateformat.format(moment, 'G:i')}"
    return dateformat.format(moment, "j F" if moment.year == now.year else "j F Y")


def last_day(end: datetime) -> date:
    """The day here that lies before this end: what lasts until midnight ends with the day before it."""
    return timezone.localdate(end - timedelta(microseconds=1))
