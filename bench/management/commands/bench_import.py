"""Brings a great many practices in by file and takes them out again, and says how long each step took."""

from __future__ import annotations

import io
import itertools
import sys
import time
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from practices.exchange import runs
from practices.exchange.export import Format, export
from practices.exchange.resource import PracticeResource
from practices.exchange.template import write_template
from practices.models import ImportRun, Practice

_TEXT = "<p>Ouders en kinderen lopen binnen, de koffie staat klaar. {} Wie blijft, helpt mee opruimen.</p>"


class Command(BaseCommand):
    """Works on the database of the environment and leaves nothing behind: `manage.py bench_import --rows 5000`."""

    help = "Meet invoer en uitvoer van praktijken uit een Excel-bestand."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=5_000)

    @transaction.atomic
    def handle(self, *args: Any, rows: int, **options: Any) -> None:
        resource = PracticeResource()
        first, second = (self._file(resource, rows, mark) for mark in ("eerste", "tweede"))
        for name, content in (("nieuw", first), ("ongewijzigd", first), ("gewijzigd", second)):
            run = ImportRun(file=ContentFile(content, name="bench.xlsx"))
            run.save()
            self._timed(f"{name}: {rows} rijen nakijken", lambda run=run: runs.check(run.pk))  # type: ignore[misc]
            run.refresh_from_db()
            counts = runs.counts_of(run)
            if counts[name] != rows:
                raise CommandError(f"{counts} {run.problems}")
            if name != "ongewijzigd":
                runs.start_writing(run.pk, only_right=False)
                self._timed(f"{name}: {rows} rijen schrijven", lambda run=run: runs.write(run.pk))  # type: ignore[misc]
            run.file.delete(save=False)
        for wanted in Format:
            practices = Practice.objects.unrestricted().filter(identifier__startswith="BENCH")
            self._timed(
                f"uitvoer {wanted.extension}",
                lambda practices=practices, wanted=wanted: sum(map(len, export(practices, wanted))),  # type: ignore[misc]
            )
        transaction.set_rollback(True)

    def _timed(self, name: str, step: Callable[[], Any]) -> None:
        began, worked = time.perf_counter(), time.process_time()
        step()
        took, own = time.perf_counter() - began, time.process_time() - worked
        self.stdout.write(
            f"{name}: {took:.1f} s, waarvan {own:.1f} s eigen rekentijd, hoogste geheugen {_peak()} MB"
        )

    def _file(self, resource: PracticeResource, rows: int, mark: str) -> bytes:
        """A full template: every text filled in, two values per facet."""
        made = []
        for number in range(rows):
            row = []
            for column in resource.columns:
                words = column.words
                text = _TEXT.format(f"Dat is {mark} versie {number} van {column.header}.")
                given = {
                    "nummer": f"BENCH{number}",
                    "naam": f"Speelbos de Kiem {number}",
                    "in het kort": f"Samen spelen in de buurt, {mark} versie {number}.",
                    "organisatie": "Huis van het Kind",
                    "gemeente": f"Gemeente {number % 300}",
                    "soort": "Gedeeld door de werking",
                    "waarop steunt dit": "Eigen ervaring van de werking",
                    "status": "Gepubliceerd",
                    "zichtbaar voor": "Iedereen",
                    "peiljaar": "2024",
                    "bronnen": f"https://example.org/{number} | pers, mei 2019",
                }.get(column.header)
                if given is None and words:
                    turn = itertools.islice(itertools.cycle(words), number % len(words), None)
                    given = "; ".join(dict.fromkeys(itertools.islice(turn, 2 if column.takes_several else 1)))
                elif given is None:
                    given = text if column.header in _RICH else ""
                row.append(given)
            made.append(row)
        out = io.BytesIO()
        write_template(out, resource.columns, made)
        return out.getvalue()


_RICH = (
    "visie en achtergrond",
    "hoe werkt het",
    "eerste bezoek",
    "de plek",
    "sterktes",
    "uitdagingen",
    "wat zou je anders doen",
)


def _peak() -> int:
    """The most memory this process ever held, in MB; 0 where that cannot be asked."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
