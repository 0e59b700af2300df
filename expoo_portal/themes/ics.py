"""An event for somebody's own calendar, as an iCalendar file (RFC 5545). Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_BRUSSELS = ZoneInfo("Europe/Brussels")
_MOST_BYTES = 75
_HOURS = re.compile(
    r"(?:van )?(\d{1,2})(?:[.:u](\d{2}))?(?: ?u(?:ur)?)? ?(?:tot|-|–) ?(\d{1,2})(?:[.:u](\d{2}))?(?: ?u(?:ur)?)?\.?",
    re.IGNORECASE,
)


class CalendarEntry(NamedTuple):
    """What the file says of an event. `uid` is the same for ever, so that a second download replaces the first."""

    uid: str
    title: str
    starts_on: date
    ends_on: date
    hours: str
    place: str
    text: str
    url: str
    changed: datetime


def times(hours: str) -> tuple[time, time] | None:
    """The times in words such as "9.30 tot 12 uur"; None for words that say more or less than two times."""
    found = _HOURS.fullmatch(hours.strip())
    if not found:
        return None
    hour, minute, last_hour, last_minute = (int(part or 0) for part in found.groups())
    try:
        begins, ends = time(hour, minute), time(last_hour, last_minute)
    except ValueError:
        return None
    return (begins, ends) if begins < ends else None


def calendar_file(entry: CalendarEntry) -> str:
    """The whole file. An event of one day with clear times has them; any other takes whole days."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//EXPOO//EXPOO Inspiratie//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_escaped(entry.uid)}",
        f"DTSTAMP:{_utc(entry.changed)}",
        f"LAST-MODIFIED:{_utc(entry.changed)}",
        *_when(entry),
        f"SUMMARY:{_escaped(entry.title)}",
        f"DESCRIPTION:{_escaped(_description(entry))}",
        *([f"LOCATION:{_escaped(entry.place)}"] if entry.place else []),
        f"URL:{entry.url}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _when(entry: CalendarEntry) -> list[str]:
    found = times(entry.hours) if entry.starts_on == entry.ends_on else None
    if found:
        # As moments of the world, which each calendar shows in its own zone, without a table of summer times.
        begins, ends = (datetime.combine(entry.starts_on, moment, _BRUSSELS) for moment in found)
        return [f"DTSTART:{_utc(begins)}", f"DTEND:{_utc(ends)}"]
    # The end of whole days is the day after.
    after = entry.ends_on + timedelta(days=1)
    return [f"DTSTART;VALUE=DATE:{entry.starts_on:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _description(entry: CalendarEntry) -> str:
    return "\n".join(part for part in (entry.hours, entry.text, entry.url) if part)


def _escaped(text: str) -> str:
    """A text value: no line break, comma or semicolon of it is taken for one of the file's own."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = re.sub(r"\r\n|\r|\n", r"\\n", text)
    return "".join(character for character in text if character >= " ")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes; each next one begins with a space. No character is cut in two."""
    pieces = [""]
    size = 0
    for character in line:
        length = len(character.encode())
        if size + length > _MOST_BYTES:
            pieces.append("")
            size = 1
        pieces[-1] += character
        size += length
    return "\r\n ".join(pieces)
