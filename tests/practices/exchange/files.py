"""Files to bring in, made on the spot, and the way a file goes through the admin's own steps."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
from django.core.files.base import ContentFile

from practices.exchange import export, runs
from practices.exchange.resource import PracticeResource, prepare
from practices.exchange.template import write_template
from practices.models import ImportRow, ImportRun, Practice, RunState
from tests import factories

NEW = {
    "nummer": "P900",
    "naam": "Speelbos de Kiem",
    "in het kort": "Ouders en kinderen komen samen om te spelen.",
    "organisatie": "Huis van het Kind Gent",
    "gemeente": "Gent",
}


def as_csv(rows: Sequence[dict[str, str]], *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """The rows as csv, with all their headers."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, headers, delimiter=delimiter, lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[dict[str, Any]]) -> bytes:
    """The rows as a spreadsheet that somebody typed: numbers and dates are what Excel makes of them."""
    book = openpyxl.Workbook()
    book.active.title = "Praktijken"
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append([row.get(header) for header in rows[0]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def template_with(rows: Iterable[dict[str, str]]) -> bytes:
    """The template as an editor fills it in."""
    columns = PracticeResource().columns
    out = io.BytesIO()
    write_template(out, columns, ([row.get(column.header, "") for column in columns] for row in rows))
    return out.getvalue()


def lay_down(content: bytes, name: str = "praktijken.csv", user: Any = None) -> ImportRun:
    """An import of this file, not checked yet."""
    run = ImportRun(file=ContentFile(content, name=name), started_by=user or factories.user(is_staff=True))
    run.full_clean()
    run.save()
    return run


def reload(run: ImportRun) -> ImportRun:
    return runs.all_runs().get(pk=run.pk)


def checked(content: bytes, name: str = "praktijken.csv", user: Any = None) -> ImportRun:
    """An import of this file after its check."""
    run = lay_down(content, name, user)
    runs.check(run.pk)
    return reload(run)


def written(run: ImportRun, *, only_right: bool = False) -> ImportRun:
    """A checked import after its rows were brought in."""
    runs.start_writing(run.pk, only_right=only_right)
    runs.write(run.pk)
    return reload(run)


def brought_in(content: bytes, name: str = "praktijken.csv", user: Any = None) -> ImportRun:
    """Checked without a fault, and written."""
    run = checked(content, name, user)
    assert not messages_of(run), messages_of(run)
    run = written(run)
    assert run.state == RunState.DONE, messages_of(run)
    return run


def counts(run: ImportRun) -> dict[str, int]:
    """How many rows of each outcome, but those of which there are none."""
    return {outcome: number for outcome, number in runs.counts_of(run).items() if number}


def messages_of(run: ImportRun) -> list[str]:
    """All that the editor is told is wrong."""
    found = ImportRow.objects.unrestricted().filter(run=run).order_by("number")
    return [*run.problems, *(problem for row in found for problem in row.problems)]


def exported(extension: str = "csv") -> bytes:
    """All practices in this format, in one order."""
    wanted = next(found for found in export.Format if found.extension == extension)
    return b"".join(export.export(Practice.objects.unrestricted().order_by("identifier", "slug"), wanted))


def stored_cells() -> list[list[str]]:
    """What each practice holds, as cells."""
    resource = PracticeResource()
    return [
        resource.cells_of(practice) for practice in prepare(Practice.objects.unrestricted().order_by("pk"))
    ]


def versions() -> int:
    """How many versions of practices there are."""
    return Practice.history.count()
