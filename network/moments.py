"""Moments in the words of a list: short, and exact where it matters, for what is fresh. Pure."""

from __future__ import annotations

from datetime import datetime

from django.utils import dateformat


def lately(moment: datetime, now: datetime) -> str:
    """Both in the reader's time: "vandaag, 16:05", "gisteren, 9:30", "14 november", "24 oktober 2025"."""
    days = (now.date() - moment.date()).days
    if days in (0, 1):
        return f"{'gisteren' if days else 'vandaag'}, {dateformat.format(moment, 'G:i')}"
    return dateformat.format(moment, "j F" if moment.year == now.year else "j F Y")
