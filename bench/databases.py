"""The benchmarks' own databases, kept between runs: one with the starter content, one with a great many practices."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from .words import PROJECT

# What a database depends on: when one of these changed, it is made anew.
SOURCES = (
    "bench/generate.py",
    "bench/entries.py",
    "bench/words.py",
    "expoo_portal/search/*.py",
    "expoo_portal/search/data/*",
    "expoo_portal/starter/*.json",
    "practices/indexing.py",
    "practices/starter/*.json",
    "practices/migrations/*.py",
)
NETWORK_SOURCES = ("network/management/*.py", "network/migrations/*.py")


def environment(data_dir: Path, address: str) -> dict[str, str]:
    """The environment in which Django works on the database at this address, files under `data_dir`."""
    return {
        **os.environ,
        "EXPOO_DEV": "1",
        "EXPOO_DATA_DIR": str(data_dir),
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
    }


def ready(server: str, data_dir: Path, practices: int, posts: int = 0) -> str:
    """The address of the database with the starter content and so many generated practices; made when needed.

    With `posts`, there is a group with so many posts as well. `server` is the address of a database of the same
    server, whose content is not touched. Raises subprocess.CalledProcessError when making it fails.
    """
    name = f"bench_{practices}_{posts}" if posts else f"bench_{practices}"
    address = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    stamp = _stamp(SOURCES + NETWORK_SOURCES if posts else SOURCES)
    with psycopg.connect(server, autocommit=True) as connection:
        is_new = _comment(connection, name) != stamp
        if is_new:
            # All begin as a copy of the one with the starter content.
            is_first = not practices and not posts
            if not is_first:
                ready(server, data_dir, 0)
            model = "template1" if is_first else "bench_0"
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(model))
            )
        # Style sheets and other apps' tables change more often than what the stamp is made of.
        manage(["prepare"], data_dir, address)
        if is_new:
            if is_first:
                manage(["load_starter"], data_dir, address)
            manage(["bench_inside", "generate", str(practices)], data_dir, address)
            if posts:
                manage(["bench_inside", "discuss", str(posts)], data_dir, address)
            # Postgres does so by itself, within minutes of so many new rows.
            with psycopg.connect(address, autocommit=True) as made:
                made.execute("ANALYZE")
            # Last, so that a run that was interrupted leaves none.
            connection.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(stamp))
            )
    return address


def _comment(connection: psycopg.Connection, name: str) -> str | None:
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return row[0] if row else None


def manage(command: Sequence[str], data_dir: Path, address: str) -> str:
    """Run a management command on the database at this address and return what it printed.

    Raises subprocess.CalledProcessError when it fails; its complaint has appeared by then.
    """
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *command],
        cwd=PROJECT,
        env=environment(data_dir, address),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def _stamp(sources: Sequence[str]) -> str:
    digest = hashlib.sha256()
    paths = {path for pattern in sources for path in PROJECT.glob(pattern) if path.is_file()}
    for path in sorted(path for path in paths if "__pycache__" not in path.parts):
        digest.update(f"{path.relative_to(PROJECT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()
