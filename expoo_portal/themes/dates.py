"""When an event is, as far as that is known: in Dutch words, for machines, and until which day. Pure."""

from __future__ import annotations

import calendar
from datetime import date

from .models import DatePrecision

_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def _parts(day: date, precision: str) -> list[str]:
    """The words of a date, the smallest unit first: as many as are known."""
    words = [str(day.day), _MONTHS[day.month - 1], str(day.year)]
    if precision == DatePrecision.YEAR:
        return words[2:]
    return words[1:] if precision == DatePrecision.MONTH else words


def in_words(starts_on: date, ends_on: date | None, precision: str) -> str:
    """Such as "3 mei 2027", "3 tot 5 mei 2027", "december 2017" or "2019 tot 2020"."""
    first, last = _parts(starts_on, precision), _parts(ends_on or starts_on, precision)
    if first == last:
        return " ".join(first)
    # What both share stands once, at the end: month and year, or only the year.
    while first[-1] == last[-1]:
        first.pop()
        last.pop()
    shared = _parts(starts_on, precision)[len(first) :]
    return " ".join([*first, "tot", *last, *shared])


def for_machines(day: date, precision: str) -> str:
    """ISO 8601, no more exact than what is known: "2027-05-03", "2017-12" or "2016"."""
    length = {DatePrecision.YEAR: 4, DatePrecision.MONTH: 7}.get(DatePrecision(precision), 10)
    return day.isoformat()[:length]


def last_day(starts_on: date, ends_on: date | None, precision: str) -> date:
    """The last day on which the event may still take place: until then it is coming."""
    day = ends_on or starts_on
    if precision == DatePrecision.YEAR:
        return day.replace(month=12, day=31)
    if precision == DatePrecision.MONTH:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day


def known_since(today: date, precision: str) -> date:
    """The first date that, known so far, is not over today: `last_day` asked the other way round, for a query."""
    if precision == DatePrecision.YEAR:
        return today.replace(month=1, day=1)
    return today.replace(day=1) if precision == DatePrecision.MONTH else today
