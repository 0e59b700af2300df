"""Loads what a new portal starts with: the catalogue, the themes, the groups of the network and the pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from expoo_portal.pages import Page
from expoo_portal.search.synonyms import SynonymGroup
from expoo_portal.search.words import rebuild_words
from expoo_portal.visibility import Audience, PublicationState

STARTER = Path(__file__).resolve().parents[2] / "starter"


class Command(BaseCommand):
    help = "Laadt de eerste inhoud. Mag herhaald worden: wat al bestaat blijft zoals het is."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_catalogue", stdout=self.stdout)
        pages = self._make_missing(Page, "pages.json", {"in_footer": True})
        self.stdout.write(f"pagina's: {len(pages)} nieuw")
        call_command("load_themes", stdout=self.stdout)
        call_command("load_network", stdout=self.stdout)
        if not SynonymGroup.objects.exists():
            call_command("load_synonyms", stdout=self.stdout)
        self.stdout.write(f"zoekwoorden: {rebuild_words()}")

    def _make_missing(self, model: Any, name: str, extra: dict[str, Any]) -> list[Any]:
        """Make the rows of a starter file whose slug does not exist yet: editors' changes are theirs."""
        rows = json.loads((STARTER / name).read_text(encoding="utf-8"))
        have = set(model.objects.unrestricted().values_list("slug", flat=True))
        made = []
        for row in rows:
            if row["slug"] in have:
                continue
            instance = model(**row, **extra, audience=Audience.PUBLIC, state=PublicationState.PUBLISHED)
            instance.full_clean()
            instance.save()
            made.append(instance)
        return made
