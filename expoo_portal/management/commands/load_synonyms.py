"""Loads the groups of words with one meaning that a portal starts with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from expoo_portal.search.synonyms import add_unknown

GROUPS = Path(__file__).resolve().parents[2] / "starter" / "synonyms.json"


class Command(BaseCommand):
    """The groups stand in the file under the note that editors see beside them."""

    help = "Laadt de eerste zoekwoorden: elke groep waarvan nog geen enkel woord in een groep staat."

    def handle(self, *args: Any, **options: Any) -> None:
        made = add_unknown(json.loads(GROUPS.read_text(encoding="utf-8")))
        self.stdout.write(f"groepen zoekwoorden: {made} nieuw")
