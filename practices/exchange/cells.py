"""The text of one cell: safe to open in a spreadsheet, and the same again when it comes back. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

MAX_LENGTH = 100_000
# What a cell of a spreadsheet can hold; longer texts travel by csv and JSON only.
SPREADSHEET_LENGTH = 32_767
TOO_LONG = "(te lang voor Excel: deze cel staat enkel in de uitvoer als csv of JSON)"

# A spreadsheet takes a text that begins like this for a formula (the wide forms too, in some languages).
_FORMULA_START = "=+\\-@\t\r\n＝＋－＠"  # noqa: RUF001 - these are the wide forms
_ESCAPE = re.compile(rf"'*[{_FORMULA_START}]")
_UNESCAPE = re.compile(rf"'+[{_FORMULA_START}]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MIDNIGHT = time()


def escape(text: str) -> str:
    """The text behind an apostrophe when a spreadsheet would run it."""
    return f"'{text}" if _ESCAPE.match(text) else text


def unescape(text: str) -> str:
    """The text as it was before `escape`."""
    return text[1:] if _UNESCAPE.match(text) else text


def plain(text: str) -> str:
    """The text as every format can hold it: one kind of line end, nothing invisible."""
    return _INVISIBLE.sub("", one_line_end(text))


def one_line_end(text: str) -> str:
    """The text with one kind of line end. Excel writes a carriage return in a cell as `_x000D_`."""
    return text.replace("_x000D_\n", "\n").replace("\r\n", "\n").replace("\r", "\n")


def has_invisible(text: str) -> bool:
    """Whether there is something in it that no editor typed, such as a NUL byte."""
    return bool(_INVISIBLE.search(text))


def text_of(value: Any) -> str:
    """What a cell of a spreadsheet says, as an editor reads it: whole numbers without a dot, dates in Dutch order."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "neen"
    if isinstance(value, datetime):
        return day(value) if value.time() == _MIDNIGHT else f"{day(value)} {value:%H:%M}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def put(cell: Any, text: str) -> None:
    """Write a text into a cell of openpyxl as text, whatever it looks like."""
    escaped = escape(text)
    cell.value = escaped if len(escaped) <= SPREADSHEET_LENGTH else TOO_LONG
    cell.data_type = "s"


def day(value: date) -> str:
    """31/12/2026; years before 1000 keep their four digits."""
    return f"{value.day:02}/{value.month:02}/{value.year:04}"
