"""Bring everything up to date before the portal starts; one process, for each costs a start of Django."""

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from procrastinate.exceptions import AlreadyEnqueued

from expoo_portal import search_index
from expoo_portal.jobs import index_search
from practices.models import PracticeEntry

LOCK = settings.BASE_DIR / "requirements.lock"
# A job indexes more practices than these: it takes minutes.
INDEXED_AT_ONCE = 2_000
# What was done for this data directory; a step that was interrupted is not in it, and is done again.
RECORD = settings.DATA_DIR / "prepared.json"


class Command(BaseCommand):
    """Prints the name of each step that has something to do, as it begins; ``start.py`` shows them timed.

    In start.py's own database it also loads the starter content, once, and makes the demo accounts. A
    database named by ``DATABASE_URL`` gets neither.
    """

    help = "Brengt de databank, de startinhoud en de statische bestanden in orde."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps that are needed; raises what a step raises."""
        if has_migrations_to_run():
            self._begin("Databank opbouwen")
            _quietly("migrate", interactive=False)
            _quietly("createcachetable")
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            RECORD.write_text(json.dumps({**_record(), "static": ""}))
        self._unless_done("static", static_fingerprint(), "Stijlen en scripts verzamelen", _collect_static)
        if not search_index.is_current():
            self._begin("Zoekindex bijwerken")
            _index()
        if os.environ.get("DATABASE_URL"):
            return
        self._unless_done("starter", "loaded", "Startinhoud laden", lambda: _quietly("load_starter"))
        self._unless_done("network", "loaded", "Netwerk klaarzetten", lambda: _quietly("load_network"))
        # A portal that began with fewer words gets the others once: a group that editors throw away stays away.
        self._unless_done("synonyms", "loaded", "Zoekwoorden laden", lambda: _quietly("load_synonyms"))
        accounts = settings.DATA_DIR / "demo-accounts.json"
        if not accounts.exists():
            self._begin("Proefaccounts maken")
            _quietly("make_demo_accounts", output=str(accounts))

    def _begin(self, name: str) -> None:
        self.stdout.write(name)
        self.stdout.flush()

    def _unless_done(self, key: str, value: str, name: str, do: Callable[[], object]) -> None:
        if _record().get(key) != value:
            self._begin(name)
            do()
            RECORD.write_text(json.dumps({**_record(), key: value}))


def has_migrations_to_run() -> bool:
    """Say whether the database lacks a migration that the code has."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def static_fingerprint() -> str:
    """Return a fingerprint of the project's own static files and of the packages that bring theirs."""
    ours = [Path(app.path) for app in apps.get_app_configs() if not app.path.startswith(sys.prefix)]
    places = [*map(Path, settings.STATICFILES_DIRS), *(path / "static" for path in ours)]
    digest = hashlib.sha256(LOCK.read_bytes())
    for path in sorted(path for place in places for path in place.rglob("*") if path.is_file()):
        found = path.stat()
        digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _index() -> None:
    # The site searches the old index until the worker has the new one ready.
    if PracticeEntry.objects.count() > INDEXED_AT_ONCE:
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            index_search.defer()
    else:
        _quietly("index_search")


def _collect_static() -> None:
    # On a server the release that still runs goes on sending its own files until it is restarted.
    _quietly("collectstatic", interactive=False, clear=not os.environ.get("DATABASE_URL"))


def _quietly(name: str, **options: object) -> None:
    # What we print ourselves are names of steps, and nothing else.
    call_command(name, stdout=StringIO(), **options)


def _record() -> dict[str, str]:
    try:
        return json.loads(RECORD.read_text())
    except (OSError, ValueError):
        return {}
