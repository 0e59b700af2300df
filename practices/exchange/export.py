"""Practices as a file: csv and JSON in pieces as they are read, xlsx by way of a temporary file. Never contact data."""

from __future__ import annotations

import csv
import io
import itertools
import json
import tempfile
from collections.abc import Iterator
from enum import Enum
from typing import Any

import openpyxl
from django.db.models import QuerySet
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from expoo_portal.uploads import pieces

from . import cells
from .reading import SHEET
from .resource import PracticeResource, batched, prepare

_AT_ONCE = 200
_BOM = "\ufeff"


class Format(Enum):
    """A format by its extension, which also stands in the address, with its content type."""

    XLSX = ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel")
    CSV = ("csv", "text/csv; charset=utf-8", "CSV")
    JSON = ("json", "application/json", "JSON")

    def __init__(self, extension: str, content_type: str, label: str) -> None:
        self.extension = extension
        self.content_type = content_type
        self.label = label


def export(practices: QuerySet, wanted: Format) -> Iterator[bytes]:
    """All these practices in this format, piece by piece. The queryset has been cut to what may be seen."""
    resource = PracticeResource()
    read = practices.iterator(chunk_size=_AT_ONCE)
    rows = itertools.chain.from_iterable(prepare(batch) for batch in batched(read, _AT_ONCE))
    return {Format.XLSX: _xlsx, Format.CSV: _csv, Format.JSON: _json}[wanted](resource, rows)


def _csv(resource: PracticeResource, practices: Iterator[Any]) -> Iterator[bytes]:
    """As Excel in Flanders reads it: semicolons, and a mark that says it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    out.write(_BOM)
    writer.writerow([cells.escape(column.header) for column in resource.columns])
    for practice in practices:
        writer.writerow([cells.escape(text) for text in resource.cells_of(practice)])
        if out.tell() > 64 * 1024:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def _json(resource: PracticeResource, practices: Iterator[Any]) -> Iterator[bytes]:
    """One object per line within `praktijken`, with the same names as the columns."""
    yield b'{"praktijken": ['
    comma = b"\n"
    for practice in practices:
        values = {column.header: column.structured(practice) for column in resource.columns}
        yield comma + json.dumps(values, ensure_ascii=False).encode()
        comma = b",\n"
    yield b"\n]}\n"


def _xlsx(resource: PracticeResource, practices: Iterator[Any]) -> Iterator[bytes]:
    """All cells are text, so that nothing in them can be a formula; written row by row to a temporary file."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "C2"
    for place, column in enumerate(resource.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.append([_text_cell(sheet, column.header) for column in resource.columns])
    for practice in practices:
        sheet.append([_text_cell(sheet, text) for text in resource.cells_of(practice)])
    with tempfile.TemporaryFile() as out:
        book.save(out)
        out.seek(0)
        yield from pieces(out)


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet)
    cells.put(cell, text)
    return cell
