"""Fills a database with invented practices: all facets, full search entries, written with COPY by two processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import groupby
from multiprocessing import get_context
from random import Random
from typing import Any

import django
from django.db import connection, transaction
from django.utils.text import slugify

from expoo_portal.search.analysis import fold
from practices.models import Facet, FacetValue, Practice

from .entries import entry
from .words import Writer

PROCESSES = 2
CHUNK = 5_000
FIRST_ID = 1_001
NEWEST = datetime(2026, 1, 1, tzinfo=UTC)
TABLES = ("practices_practice", "practices_practice_values", "practices_practiceentry")

_SECONDARY_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename = ANY(%s)
  AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def generate(count: int) -> None:
    """Add so many published practices to the current database, which holds the facets already."""
    with connection.cursor() as cursor:
        cursor.execute(_SECONDARY_INDEXES, [list(TABLES)])
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    # The workers connect for themselves.
    connection.close()
    chunks = [range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), django.setup) as workers:
        list(workers.map(_write_chunk, chunks))
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'; SET statement_timeout = 0")
        for _, definition in indexes:
            cursor.execute(definition)
        for table in TABLES[:2]:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")


def _write_chunk(numbers: range) -> None:
    write(list(invented_practices(numbers)))


def write(practices: Sequence[Practice]) -> None:
    """Store practices with ids and prefetched values, and their search entries, past all triggers."""
    columns = [str(field.column) for field in Practice._meta.concrete_fields]
    with transaction.atomic(), connection.cursor() as cursor:
        # No foreign key is checked and no content version raised for each of a million rows.
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = 0")
        _copy(cursor, "practices_practice", columns, ([getattr(p, c) for c in columns] for p in practices))
        _copy(
            cursor,
            "practices_practice_values",
            ["practice_id", "facetvalue_id"],
            ((practice.pk, value.pk) for practice in practices for value in practice.values.all()),
        )
        _copy(
            cursor,
            "practices_practiceentry",
            ["practice_id", "value_ids", "brief", "full", "words"],
            (entry(practice) for practice in practices),
        )


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Iterator[Any]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def invented_practices(numbers: range) -> Iterator[Practice]:
    """Practices that were not saved, with `values` prefetched; the same for the same numbers."""
    found = FacetValue.objects.select_related("facet").order_by("facet__order", "order", "id")
    facets = [(facet, list(values)) for facet, values in groupby(found, key=lambda value: value.facet)]
    random = Random(f"practices {numbers.start}")
    writer = Writer(random)
    for number in numbers:
        name = writer.name()[:100]
        municipality = writer.municipality()
        moment = NEWEST - timedelta(minutes=random.randrange(3_000_000))
        practice = Practice(
            pk=FIRST_ID + number,
            slug=f"{slugify(name)[:90]}-{number}",
            name=name,
            summary=writer.text(35)[:600],
            special=writer.text(11)[:200],
            organisation=f"{writer.name()} vzw"[:160],
            municipality=municipality,
            audience="public",
            state="published",
            publish_at=moment,
            created=moment,
            updated=moment,
            name_key=fold(name)[:160],
            municipality_key=fold(municipality)[:160],
            partners=f"{writer.name()}\n{writer.name()}",
            **{
                field: f"<p>{writer.text(random.randint(5, 25))}</p>"
                for field in ("background", "approach", "welcome", "strengths", "challenges", "tips")
            },
        )
        values = [value for facet, choice in facets for value in _chosen(random, facet, choice)]
        practice.__dict__["_prefetched_objects_cache"] = {"values": values}
        yield practice


def _chosen(random: Random, facet: Facet, values: list[FacetValue]) -> list[FacetValue]:
    """What a practice says about a facet: nothing sometimes, the first values more often than the last."""
    if random.random() < 0.05:
        return []
    count = random.choice((1, 2, 3)) if facet.multiple else 1
    chances = [1 / (place + 2) for place in range(len(values))]
    return list(dict.fromkeys(random.choices(values, weights=chances, k=count)))
