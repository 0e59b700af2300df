"""Working days: Monday to Friday, without the public holidays of Belgium. Pure functions of dates."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

# Month and day: New Year, Labour Day, National Day, Assumption, All Saints, Armistice, Christmas.
_FIXED = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
# Days after Easter: Easter Monday, Ascension, Whit Monday.
_AFTER_EASTER = (1, 39, 50)
_DAY = timedelta(days=1)
_SATURDAY = 5


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computus."""
    century, rest = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon = (19 * (year % 19) + century - leap_centuries - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * century_rest + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """The ten public holidays of Belgium; those that always fall on a Sunday are left out."""
    moving = (easter(year) + timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset([*(date(year, month, day) for month, day in _FIXED), *moving])


def is_working_day(day: date) -> bool:
    """Whether offices are open."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def working_days_after(start: date, end: date) -> int:
    """How many working days there are after `start`, up to and with `end`; 0 when `end` is not later."""
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=number)) for number in range(1, days + 1))


def after_working_days(start: date, number: int) -> date:
    """The day on which `number` working days have passed since `start`."""
    day = start
    while number > 0:
        day += _DAY
        number -= is_working_day(day)
    return day
