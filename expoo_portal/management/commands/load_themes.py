"""Loads themes and all that belongs to them; may be repeated."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from expoo_portal.management.theme_loading import LoadError, load_theme

STARTER = Path(__file__).resolve().parents[2] / "starter" / "themes"


class Command(BaseCommand):
    help = (
        "Laadt thema's met hun onderdelen, tips, afspraken, uitzendingen, documenten, activiteiten en "
        "contactpersonen. Mag herhaald worden: wat een thema al heeft, blijft zoals het is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=STARTER, help="Een map met een map per thema.")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        made: dict[str, int] = {}
        try:
            with transaction.atomic():
                for place in sorted(path for path in folder.iterdir() if path.is_dir()):
                    for what, number in load_theme(place).items():
                        made[what] = made.get(what, 0) + number
        except LoadError as error:
            raise CommandError(
                "Er is niets gewijzigd. Dit klopt niet in de bestanden:\n" + "\n".join(error.problems)
            ) from None
        for what, number in made.items():
            self.stdout.write(f"{what}: {number} nieuw")
