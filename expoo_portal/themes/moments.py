"""Moments of a recording in words; the address `#t=12:30` names one (static/js/broadcast.js reads it)."""

from __future__ import annotations

from decimal import Decimal


def clock(seconds: Decimal | int) -> str:
    """A moment as a player shows it: "2:05", or "1:02:05" from an hour on."""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def length(seconds: int) -> str:
    """How long something takes, rounded to the minute: "3 minuten", "1 uur en 2 minuten"."""
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    parts = [f"{hours} uur"] if hours else []
    if minutes:
        parts.append("1 minuut" if minutes == 1 else f"{minutes} minuten")
    return " en ".join(parts)
