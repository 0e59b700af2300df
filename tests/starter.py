"""The starter content in a test's database: loaded by its command once per process, copied in after that."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

_tables: dict[str, bytes] = {}
_files: dict[str, bytes] = {}


def load_starter() -> None:
    """Bring in what `load_starter` makes, in the current transaction or without one."""
    if not _tables:
        call_command("load_starter", verbosity=0)
        _keep()
        return
    for name, content in _files.items():
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with connection.cursor() as cursor:
        for table, rows in _tables.items():
            with cursor.copy(f"COPY {table} FROM STDIN BINARY") as copy:
                copy.write(rows)
        _set_sequences(cursor)


def _keep() -> None:
    media = Path(settings.MEDIA_ROOT)
    _files.update(
        {str(path.relative_to(media)): path.read_bytes() for path in media.rglob("*") if path.is_file()}
    )
    models = ["portal", "practices", "themes", "network"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND split_part(tablename, '_', 1) = ANY(%s)",
            [models],
        )
        names = [
            f'"{name}"'
            for (name,) in cursor.fetchall()
            if name not in ("portal_cache", "portal_contentversion")
        ]
        for table in names:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if cursor.fetchone()[0]:
                with cursor.copy(f"COPY {table} TO STDOUT BINARY") as copy:
                    _tables[table] = b"".join(bytes(part) for part in copy)


def _set_sequences(cursor) -> None:
    """Ids that were copied in are not given out again."""
    cursor.execute(
        "SELECT t.relname, a.attname, pg_get_serial_sequence(quote_ident(t.relname), a.attname) FROM pg_class t "
        "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attidentity <> '' WHERE t.relname = ANY(%s)",
        [[table.strip('"') for table in _tables]],
    )
    for table, column, sequence in cursor.fetchall():
        cursor.execute(f"SELECT setval(%s, (SELECT max({column}) FROM {table}))", [sequence])
