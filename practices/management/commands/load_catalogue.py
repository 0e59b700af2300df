"""Loads facets and practices from JSON files; may be repeated."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from practices.management.loading import LoadError, Report, load_facets, load_practices

STARTER = Path(__file__).resolve().parents[2] / "starter"


class Command(BaseCommand):
    help = (
        "Laadt facetten en praktijken uit JSON-bestanden. Mag herhaald worden: werkt bij, verdubbelt niets."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--facets", type=Path, default=STARTER / "facets.json")
        parser.add_argument("--practices", type=Path, default=STARTER / "practices.json")

    def handle(self, *args: Any, facets: Path, practices: Path, **options: Any) -> None:
        report = Report()
        try:
            with transaction.atomic():
                load_facets(_read(facets), report)
                load_practices(_read(practices), report)
        except LoadError as error:
            raise CommandError(
                "Er is niets gewijzigd. Dit klopt niet in het bestand:\n" + "\n".join(error.problems)
            ) from None
        for line in report.lines():
            self.stdout.write(line)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LoadError([f"{path.name} kan niet gelezen worden als JSON: {error}"]) from None
