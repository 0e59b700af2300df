"""A file as a table of text: xlsx, and csv in whatever way Excel or somebody else wrote it. Row by row."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import openpyxl
from django.core.files.base import File
from openpyxl.utils import get_column_letter

from . import cells, workbook
from .columns import MAX_COLUMNS, Column, Headers
from .workbook import MAX_ROWS, Unreadable, too_many_rows

SHEET = "Praktijken"
_EXCEL_ROWS = 1_048_576
_DELIMITERS = ";,\t"
_SAMPLE = 64 * 1024


@dataclass
class Row:
    """One row that holds something: its number as the editor sees it, its cells, and what no column can read."""

    number: int
    cells: list[str]
    # Place -> what is wrong with that cell.
    problems: dict[int, str] = field(default_factory=dict)


@dataclass
class Table:
    """The headers of a file, and its rows."""

    headers: list[str]
    rows: Callable[[], Iterator[Row]]
    # How many rows there seem to be, to tell how far somebody is.
    expected: int


@contextlib.contextmanager
def opened(file: BinaryIO | File, extension: str, charset: str, known: Sequence[Column]) -> Iterator[Table]:
    """The table in a file that passed `expoo_portal.uploads`. Raises Unreadable, also while its rows are read."""
    with warnings.catch_warnings():
        # openpyxl warns of what it leaves out, such as drawings and dates that do not exist.
        warnings.simplefilter("ignore", UserWarning)
        if extension == "xlsx":
            yield from _spreadsheet(file)
        else:
            yield from _text_file(file, charset, known)


def _spreadsheet(file: Any) -> Iterator[Table]:
    filled = workbook.inspect(file)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Unreadable:
        raise
    # Whatever is wrong inside a file that somebody made: openpyxl raises nearly anything.
    except Exception as error:
        raise _damaged() from error
    if not sheets:
        raise Unreadable("In dit Excel-bestand staat geen werkblad.")
    sheet = next((found for found in sheets if found.title.strip().lower() == SHEET.lower()), sheets[0])
    try:
        yield _table(lambda: _sheet_rows(sheet), filled)
    finally:
        book.close()


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    try:
        for number, found in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, max_row=_EXCEL_ROWS), 1):
            row = Row(number, [])
            for place, cell in enumerate(found):
                row.cells.append(_cell_text(row, place, cell))
            if any(row.cells) or row.problems:
                yield _without_tail(row)
    except Unreadable:
        raise
    except Exception as error:
        raise _damaged() from error


def _cell_text(row: Row, place: int, cell: Any) -> str:
    """The text of a cell; a formula is not run and not guessed at, but refused."""
    where = f"{get_column_letter(place + 1)}{row.number}"
    if cell.data_type == "f":
        row.problems[place] = (
            f"is een formule (cel {where}), en die nemen we niet over. Kopieer de cel en plak ze als waarde."
        )
        return ""
    if cell.data_type == "e":
        row.problems[place] = f"bevat een fout van Excel (cel {where}: {cell.value})."
        return ""
    return cells.one_line_end(cells.text_of(cell.value))


def _damaged() -> Unreadable:
    return Unreadable(
        "Dit Excel-bestand is beschadigd of is geen echt Excel-bestand. "
        "Open het in Excel, bewaar het opnieuw als .xlsx en probeer nog eens."
    )


def _text_file(file: Any, charset: str, known: Sequence[Column]) -> Iterator[Table]:
    encoding = "cp1252" if charset == "windows-1252" else "utf-8-sig"
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="", errors="strict")
    try:
        delimiter, skipped = _delimiter(text, known)
        filled = sum(1 for _ in itertools.islice(_text_rows(text, delimiter, skipped), MAX_ROWS + 2))
        if filled > MAX_ROWS + 1:
            raise too_many_rows()
        yield _table(lambda: _text_rows(text, delimiter, skipped), filled)
    except UnicodeDecodeError as error:
        raise Unreadable(
            "Ik kan de letters in dit bestand niet lezen. Bewaar het in Excel als ‘CSV UTF-8’ of als .xlsx."
        ) from error
    finally:
        text.detach()


def _delimiter(text: io.TextIOWrapper, known: Sequence[Column]) -> tuple[str, int]:
    """What stands between the cells: as the first line says (`sep=;`), else what gives most known headers."""
    first = text.readline(_SAMPLE)
    if first[:4].lower() == "sep=" and len(first.strip("\r\n")) == 5:
        return first[4], 1
    text.seek(0)
    sample = text.read(_SAMPLE)

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            headers = next(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return len(Headers(headers[:MAX_COLUMNS], known).places), len(headers)

    return max(_DELIMITERS, key=fit), 0


def _text_rows(text: io.TextIOWrapper, delimiter: str, skipped: int) -> Iterator[Row]:
    text.seek(0)
    reader = csv.reader(itertools.islice(text, skipped, None), delimiter=delimiter)
    try:
        for number, found in enumerate(reader, 1):
            row = Row(number, [cells.one_line_end(cell) for cell in found[: MAX_COLUMNS + 1]])
            if any(cell.strip() for cell in row.cells):
                yield _without_tail(row)
    except csv.Error as error:
        raise Unreadable(
            f"Rond lijn {reader.line_num + skipped} kan ik dit bestand niet lezen: waarschijnlijk staat er een "
            'aanhalingsteken (") te veel of te weinig.'
        ) from error


def _table(rows: Callable[[], Iterator[Row]], filled: int) -> Table:
    """The first row that holds something is the headers; the rest the rows, whose cells lose their escape."""
    first = next(rows(), None)
    if first is None:
        raise Unreadable("Dit bestand is leeg.")
    if len(first.cells) > MAX_COLUMNS:
        raise Unreadable(f"Dit bestand heeft meer dan {MAX_COLUMNS} kolommen.")

    def after() -> Iterator[Row]:
        for row in rows():
            if row.number > first.number:
                row.cells = [cells.unescape(cell) for cell in row.cells]
                yield row

    return Table([cells.unescape(cell) for cell in first.cells], after, max(filled - 1, 0))


def _without_tail(row: Row) -> Row:
    """The row up to its last cell that holds something."""
    last = max([place for place, cell in enumerate(row.cells) if cell] + list(row.problems), default=-1)
    del row.cells[last + 1 :]
    return row
