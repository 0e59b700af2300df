"""The groups that the portal starts with."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from expoo_portal.themes.models import Theme
from network.house_rules import change_rules, current_rules
from network.models import Group

STARTER = Path(__file__).parents[2] / "starter"
# What a group tells of itself; filled in where staff left it empty.
_TEXTS = ("intro", "offer", "rhythm")


class Command(BaseCommand):
    """Makes the groups of the folder, or fills in what a group that exists does not tell yet; repeatable."""

    help = (
        "Laadt de groepen van het netwerk met hun voorstelling en huisregels. Mag herhaald worden: "
        "wat een groep al heeft, blijft zoals het is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=STARTER, help="Een map met een bestand per groep.")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Load each file; CommandError with nothing changed when one cannot be read."""
        try:
            with transaction.atomic():
                for path in sorted(folder.glob("*.json")):
                    self.stdout.write(_load(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, KeyError, ValidationError) as error:
            raise CommandError(f"Er is niets gewijzigd. Dit klopt niet in de bestanden: {error}") from error


def _load(data: dict[str, str]) -> str:
    """One group; says what was done."""
    group = Group.objects.unrestricted().filter(slug=data["slug"]).first()
    is_new = group is None
    if group is None:
        group = Group(slug=data["slug"], title=data["title"])
    # A group that introduces itself belongs to staff; one that was only made, with a name, does not yet.
    if is_new or not (group.intro or group.offer or group.rhythm):
        group.title = data["title"]
        for name in _TEXTS:
            setattr(group, name, data[name])
        if group.theme_id is None:
            group.theme = Theme.objects.unrestricted().filter(slug=data["theme"]).first()
        group.full_clean()
        group.save()
    if current_rules(group) is None:
        change_rules(group, data["house_rules"])
    return f"{group.title}: {'nieuw' if is_new else 'bestond al'}"
