"""The template to fill in: an Excel file with the columns, the values to choose from, and an explanation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from . import cells
from .columns import Column
from .reading import SHEET

_LISTS, _EXPLANATION = "Lijsten", "Uitleg"
_ROWS = 5_001
_HEAD = Font(bold=True, color="FFFFFF")
_FILL = PatternFill("solid", fgColor="4A2545")
_REQUIRED_FILL = PatternFill("solid", fgColor="2F5D50")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_TEXT_FORMAT = "@"

_INTRODUCTION = (
    "Eén rij is één praktijk. Verander de namen van de kolommen niet; hun volgorde mag je kiezen.",
    "Een kolom die je weglaat, blijft voor bestaande praktijken zoals ze is. Een lege cel maakt leeg, "
    "behalve waar hieronder iets anders staat.",
    "Een praktijk wordt herkend aan haar nummer, en zonder nummer aan haar adres. "
    "Zo wordt een bestaande praktijk bijgewerkt en komt er nooit een tweede bij.",
    "Groene kolommen zijn nodig voor een nieuwe praktijk.",
    "Formules nemen we niet over: plak de waarde.",
    "Begint een tekst met = + - of @, zet er dan een apostrof (') voor. De uitvoer doet dat ook.",
)


def write_template(out: BinaryIO, columns: Sequence[Column], rows: Iterable[Sequence[str]] = ()) -> None:
    """Write the template, with these rows of text already in it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    _write_headers(sheet, columns)
    for number, row in enumerate(rows, 2):
        for place, text in enumerate(row, 1):
            cell = sheet.cell(number, place)
            cells.put(cell, text)
            cell.number_format = _TEXT_FORMAT
    _write_explanation(book.create_sheet(_EXPLANATION), columns)
    _write_lists(book.create_sheet(_LISTS), sheet, columns)
    book.save(out)
    book.close()


def _write_headers(sheet: Any, columns: Sequence[Column]) -> None:
    for place, column in enumerate(columns, 1):
        cell = sheet.cell(1, place)
        cells.put(cell, column.header)
        cell.font, cell.alignment = _HEAD, Alignment(wrap_text=True, vertical="center")
        cell.fill = _REQUIRED_FILL if column.is_required else _FILL
        dimension = sheet.column_dimensions[get_column_letter(place)]
        # As text: what looks like a date or a number to Excel stays what was typed.
        dimension.width, dimension.number_format = column.width, _TEXT_FORMAT
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "C2"


def _write_explanation(sheet: Any, columns: Sequence[Column]) -> None:
    for line in _INTRODUCTION:
        sheet.append([line])
    sheet.append([])
    sheet.append(["kolom", "nodig?", "wat je invult", "waarden"])
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill = _HEAD, _FILL
    for column in columns:
        needed = "ja, bij een nieuwe praktijk" if column.is_required else "neen"
        row = sheet.max_row + 1
        for place, text in enumerate((column.header, needed, column.explanation, "\n".join(column.words)), 1):
            cell = sheet.cell(row, place)
            cells.put(cell, text)
            cell.alignment = _WRAPPED
    for letter, width in zip("ABCD", (28, 16, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width


def _write_lists(lists: Any, sheet: Any, columns: Sequence[Column]) -> None:
    """The values on a hidden sheet, and a list to choose from in each cell of their column."""
    lists.sheet_state = "hidden"
    place = 0
    for number, column in enumerate(columns, 1):
        if not column.words:
            continue
        place += 1
        letter = get_column_letter(place)
        cells.put(lists.cell(1, place), column.header)
        for row, word in enumerate(column.words, 2):
            cells.put(lists.cell(row, place), word)
        choice = DataValidation(
            type="list", formula1=f"{_LISTS}!${letter}$2:${letter}${len(column.words) + 1}", allow_blank=True
        )
        choice.showErrorMessage = not column.takes_several
        choice.errorTitle, choice.error = "Onbekende waarde", "Kies een waarde uit de lijst."
        if column.takes_several:
            choice.showInputMessage = True
            choice.promptTitle = column.header[:32]
            choice.prompt = "Meer dan één waarde? Typ ze na elkaar met een puntkomma ertussen."
        sheet.add_data_validation(choice)
        own = get_column_letter(number)
        choice.add(f"{own}2:{own}{_ROWS}")
