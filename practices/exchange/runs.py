"""One import from beginning to end: check all rows, let the editor look, write all or nothing.

Checking writes what each row would do (`ImportRow`) and changes no practice. Writing goes through the same check
again, against what is stored at that moment, in one transaction. Both bear being run twice, as jobs are after a
worker was killed: a check that is taken over stops, a run that was written is not written again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from import_export.results import RowResult
from openpyxl.utils import get_column_letter

from expoo_portal import content_version
from expoo_portal.admin import everything
from expoo_portal.admin.history import latest_record, moment
from expoo_portal.uploads import extension_of

from ..models import ImportRow, ImportRun, RowOutcome, RunState
from . import reading, writing
from .columns import ADDRESS, IDENTIFIER, NAME, Headers
from .resource import WHOLE_ROW, Batch, Memory, PracticeResource, batched
from .workbook import MAX_ROWS, Unreadable, too_many_rows

KEPT = timedelta(days=30)
LOST = timedelta(days=1)
_AT_WORK = (RunState.QUEUED, RunState.CHECKING, RunState.WRITING)
_AT_ONCE = 200
_SHOWN_LETTERS = 2_000
_OUR_FAULT = "Er ging iets mis aan onze kant. Er is niets ingevoerd. Probeer het opnieuw, of meld het aan de beheerder."
_CHANGED_MEANWHILE = "is gewijzigd nadat je dit nakeek{}. Deze rij is niet ingevoerd. Controleer ze opnieuw."


class TakenOver(Exception):
    """Another job is at work for this run, or it is gone."""


class Refused(Exception):
    """Rows that cannot be written after all; `problems` holds sentences by row number. Nothing was written."""

    def __init__(self, problems: Mapping[int, list[str]]) -> None:
        super().__init__(f"{len(problems)} rows")
        self.problems = problems


def all_runs() -> QuerySet[ImportRun]:
    """All imports."""
    return everything(ImportRun.objects.all())


def rows_of(run: ImportRun) -> QuerySet[ImportRow]:
    """The rows of one import."""
    return everything(ImportRow.objects.filter(run=run))


def counts_of(run: ImportRun) -> dict[str, int]:
    """How many rows there are of each outcome."""
    counts = dict.fromkeys(RowOutcome.values, 0)
    return counts | dict(rows_of(run).order_by().values_list("outcome").annotate(Count("pk")))


def remove_old() -> int:
    """Forget imports, with their file, after a month, and give up those whose job was lost; returns how many went."""
    lost = all_runs().filter(created__lt=timezone.now() - LOST)
    lost.filter(state__in=_AT_WORK).update(state=RunState.UNREADABLE, problems=[_OUR_FAULT])
    old = all_runs().filter(created__lt=timezone.now() - KEPT)
    return old.delete()[1].get("practices.ImportRun", 0)


# Checking ----------------------------------------------------------------------------------------------------


def check(run_id: int) -> None:
    """Go through all rows of a file and write down what each would do."""
    run = all_runs().filter(pk=run_id, state__in=(RunState.QUEUED, RunState.CHECKING)).first()
    if run is None:
        return
    attempt = uuid.uuid4()
    all_runs().filter(pk=run_id).update(
        attempt=attempt, state=RunState.CHECKING, done=0, total=0, problems=[]
    )
    rows_of(run).delete()
    try:
        try:
            _check_file(run, attempt)
        except Unreadable as error:
            _progress(run, attempt, state=RunState.UNREADABLE, problems=[str(error)])
    except TakenOver:
        return


def _progress(run: ImportRun, attempt: uuid.UUID, **fields: Any) -> None:
    """Write down how far this attempt is. Raises TakenOver when there is another one."""
    if not all_runs().filter(pk=run.pk, attempt=attempt).update(**fields):
        raise TakenOver


def _check_file(run: ImportRun, attempt: uuid.UUID) -> None:
    resource = PracticeResource()
    charset = run.content_type.rpartition("charset=")[2]
    with (
        run.file.open("rb") as file,
        reading.opened(file, extension_of(run.name), charset, resource.columns) as table,
    ):
        headers = Headers(table.headers, resource.columns)
        resource.meant = headers.meant
        _progress(run, attempt, total=table.expected, problems=headers.problems)
        nameless: dict[int, int] = {}
        memory, done = Memory(), 0
        for rows in batched(table.rows(), _AT_ONCE):
            for row in rows:
                _note_nameless(row, table.headers, nameless)
            found = list(_check_rows(run, rows, headers, resource, memory))
            done += len(rows)
            if done > MAX_ROWS:
                raise too_many_rows()
            with transaction.atomic():
                _progress(run, attempt, done=done)
                ImportRow.objects.bulk_create(found)
    if not done:
        raise Unreadable("In dit bestand staan geen rijen onder de namen van de kolommen.")
    problems = headers.problems + [
        f"Boven kolom {get_column_letter(place + 1)} staat geen naam, en er staat wel iets in (rij {number})."
        for place, number in sorted(nameless.items())
    ]
    _progress(run, attempt, state=RunState.CHECKED, problems=problems, total=done)


def _note_nameless(row: reading.Row, headers: Sequence[str], nameless: dict[int, int]) -> None:
    for place, cell in enumerate(row.cells):
        if cell.strip() and not (place < len(headers) and headers[place].strip()):
            nameless.setdefault(place, row.number)


def _check_rows(
    run: ImportRun, rows: Sequence[reading.Row], headers: Headers, resource: PracticeResource, memory: Memory
) -> Iterator[ImportRow]:
    texts = [
        {
            column.header: row.cells[place] if place < len(row.cells) else ""
            for place, column in headers.places.items()
        }
        for row in rows
    ]
    batch = Batch(resource, texts, memory)
    for row, text in zip(rows, texts, strict=True):
        outcome, practice, problems = judge(resource, batch, text, row.number)
        unreadable = {
            headers.places[place].header: problem
            for place, problem in row.problems.items()
            if place in headers.places
        }
        if unreadable:
            # What stands in such a cell is not known, so what else is said of it is noise.
            problems = [line for line in problems if line[0] not in unreadable] + list(unreadable.items())
            outcome = RowOutcome.FAULTY
        is_written = outcome in (RowOutcome.NEW, RowOutcome.CHANGED)
        is_known = practice is not None and practice.pk is not None
        yield ImportRow(
            run=run,
            number=row.number,
            outcome=outcome,
            label=_label(text, practice),
            practice_key=practice.pk if is_known else None,
            seen=practice.updated if is_known else None,
            cells=text if is_written else {},
            changes=[[header, _shown(before), _shown(after)] for header, before, after in practice.changes]
            if is_written
            else [],
            problems=[sentence(row.number, header, problem) for header, problem in problems],
        )


def judge(
    resource: PracticeResource, batch: Batch, text: Mapping[str, str], number: int
) -> tuple[RowOutcome, Any, list[tuple[str, str]]]:
    """What a row would do, the practice as it would become, and what is wrong: (header, sentence)."""
    result = resource.import_row(dict(text), batch, batch=batch, row_number=number)
    if result.validation_error is not None:
        found = result.validation_error
        problems = (
            found.message_dict.items() if hasattr(found, "error_dict") else [(WHOLE_ROW, found.messages)]
        )
        return RowOutcome.FAULTY, None, [(header, " ".join(lines)) for header, lines in problems]
    if result.errors:
        raise result.errors[0].error
    outcome = {
        RowResult.IMPORT_TYPE_NEW: RowOutcome.NEW,
        RowResult.IMPORT_TYPE_UPDATE: RowOutcome.CHANGED,
        RowResult.IMPORT_TYPE_SKIP: RowOutcome.UNCHANGED,
    }[result.import_type]
    return outcome, result.instance, []


def sentence(number: int, header: str, problem: str) -> str:
    """A problem with its place in the file."""
    return f"Rij {number}, kolom ‘{header}’: {problem}" if header else f"Rij {number}: {problem}"


def _label(text: Mapping[str, str], practice: Any) -> str:
    name = practice.name if practice is not None else text.get(NAME, "") or text.get(ADDRESS, "")
    number = text.get(IDENTIFIER, "")
    return f"{number} {name}".strip().replace("\x00", "")[:200]


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_LETTERS else f"{text[:_SHOWN_LETTERS]} …"


# Writing -----------------------------------------------------------------------------------------------------


def write(run_id: int) -> None:
    """Bring the rows of a checked run into the catalogue: all of them, or none and say why."""
    try:
        _write_in_one_go(run_id)
    except Refused as error:
        _keep_refusals(run_id, error.problems)


@transaction.atomic
def _write_in_one_go(run_id: int) -> None:
    # The second of two jobs waits here, and then finds nothing to do.
    run = all_runs().select_for_update(of=("self",)).filter(pk=run_id, state=RunState.WRITING).first()
    if run is None:
        return
    resource, memory = PracticeResource(), Memory()
    written, refused = [], {}
    rows = rows_of(run).filter(outcome__in=(RowOutcome.NEW, RowOutcome.CHANGED)).order_by("number")
    for batch_of_rows in batched(rows.iterator(chunk_size=_AT_ONCE), _AT_ONCE):
        batch = Batch(resource, [row.cells for row in batch_of_rows], memory, lock=True)
        for row in batch_of_rows:
            practice, problems = _again(resource, batch, row)
            if problems:
                refused[row.number] = problems
            elif practice is not None:
                written.append(practice)
    if refused and not run.only_right:
        raise Refused(refused)
    _mark_refused(run, refused)
    try:
        with content_version.raised_once():
            writing.store(written, run.started_by, f"invoer uit bestand {run.name}")
    except IntegrityError as error:
        # Somebody made the same number or address between our look and our writing.
        raise Refused(
            {
                0: [
                    "De catalogus veranderde terwijl we schreven. Er is niets ingevoerd: laad het bestand opnieuw op."
                ]
            }
        ) from error
    run.state, run.finished_at = RunState.DONE, timezone.now()
    run.save(update_fields=["state", "finished_at"])


def _again(resource: PracticeResource, batch: Batch, row: ImportRow) -> tuple[Any, list[str]]:
    """The practice to store, or None when there is nothing to do any more; and why the row is refused."""
    outcome, practice, problems = judge(resource, batch, row.cells, row.number)
    if problems:
        return None, [sentence(row.number, header, problem) for header, problem in problems]
    if practice.pk != row.practice_key:
        what = "bestaat niet meer" if row.practice_key else "is intussen al gemaakt"
        return None, [f"Rij {row.number}: deze praktijk {what}. Deze rij is niet ingevoerd."]
    if practice.pk is not None and practice.updated != row.seen:
        newest = latest_record(practice)
        by = (
            f" (door {newest.history_user or 'het systeem'}, {moment(newest.history_date)})" if newest else ""
        )
        return None, [f"Rij {row.number}: deze praktijk {_CHANGED_MEANWHILE.format(by)}"]
    # The words of all changes would stay in memory until everything is written.
    practice.changes = []
    return (practice if outcome is not RowOutcome.UNCHANGED else None), []


def _mark_refused(run: ImportRun, problems: Mapping[int, list[str]]) -> None:
    refused = list(rows_of(run).filter(number__in=problems))
    for row in refused:
        row.outcome, row.problems = RowOutcome.FAULTY, problems[row.number]
    rows_of(run).bulk_update(refused, ["outcome", "problems"], batch_size=_AT_ONCE)


@transaction.atomic
def _keep_refusals(run_id: int, problems: Mapping[int, list[str]]) -> None:
    """Back to the editor, who now sees these rows as faulty."""
    run = all_runs().select_for_update(of=("self",)).filter(pk=run_id, state=RunState.WRITING).first()
    if run is not None:
        _mark_refused(run, problems)
        run.state, run.problems = RunState.CHECKED, [*run.problems, *problems.get(0, [])]
        run.save(update_fields=["state", "problems"])


def give_up(run_id: int) -> None:
    """Tell the editor that it went wrong on our side; nothing was written."""
    stuck = all_runs().filter(pk=run_id, state__in=(RunState.CHECKING, RunState.WRITING))
    stuck.update(state=RunState.UNREADABLE, problems=[_OUR_FAULT])


# What an editor decides --------------------------------------------------------------------------------------


@transaction.atomic
def start_writing(run_id: int, *, only_right: bool) -> ImportRun:
    """Let a checked run be written. Raises ValidationError with a Dutch sentence when that cannot be."""
    run = all_runs().select_for_update(of=("self",)).get(pk=run_id)
    counts = counts_of(run)
    if run.state != RunState.CHECKED:
        raise ValidationError("Dit bestand is al ingevoerd, of is nog niet klaar.")
    if run.problems:
        raise ValidationError("Er is iets mis met het bestand zelf. Verbeter het en laad het opnieuw op.")
    if counts[RowOutcome.FAULTY] and not only_right:
        raise ValidationError(
            "Niet alle rijen zijn juist. Kies ‘enkel de juiste rijen’, of verbeter het bestand."
        )
    if not counts[RowOutcome.NEW] + counts[RowOutcome.CHANGED]:
        raise ValidationError("Er is niets om in te voeren.")
    run.state, run.only_right = RunState.WRITING, only_right
    run.save(update_fields=["state", "only_right"])
    return run
