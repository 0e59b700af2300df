"""Writes the search entry of practices: which words and which facet values find them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import connection
from expoo_portal.search.analysis import Weight, weighted_vector, words

from expoo_portal.richtext import plain_text

from .models import Practice

BATCH = 500
RICH_FIELDS = ("background", "approach", "welcome", "space_note", "strengths", "challenges", "tips")

_UPSERT = """
INSERT INTO practices_practiceentry (practice_id, value_ids, brief, "full", words)
VALUES (%s, %s, %s::tsvector, %s::tsvector, %s)
ON CONFLICT (practice_id) DO UPDATE SET value_ids = EXCLUDED.value_ids, brief = EXCLUDED.brief,
  "full" = EXCLUDED."full", words = EXCLUDED.words
WHERE (practices_practiceentry.value_ids, practices_practiceentry.words, practices_practiceentry."full",
       practices_practiceentry.brief)
  IS DISTINCT FROM (EXCLUDED.value_ids, EXCLUDED.words, EXCLUDED."full", EXCLUDED.brief)
"""


def entry_row(practice: Practice) -> tuple[int, list[int], str, str, list[str]]:
    """The entry of one practice, with `values` prefetched."""
    values = sorted(practice.values.all(), key=lambda value: value.pk)
    brief: list[tuple[str, Weight]] = [
        (practice.name, "A"),
        (practice.special, "B"),
        (f"{practice.municipality} . {practice.organisation}", "B"),
    ]
    full: list[tuple[str, Weight]] = [
        *brief,
        (practice.summary, "C"),
        (" . ".join(value.label for value in values), "C"),
        *((plain_text(getattr(practice, name)), "D") for name in RICH_FIELDS),
        (practice.partners, "D"),
    ]
    distinct = {word.folded for text, _ in full for word in words(text)}
    return (
        practice.pk,
        [value.pk for value in values],
        weighted_vector([*brief, (practice.summary, "C")]),
        weighted_vector(full),
        sorted(distinct),
    )


def index_practices(ids: Iterable[int]) -> int:
    """Write the entries of these practices anew, in the caller's transaction; returns how many."""
    ids = iter(ids)
    count = 0
    while batch := list(islice(ids, BATCH)):
        practices: Sequence[Practice] = Practice._base_manager.filter(pk__in=batch).prefetch_related("values")
        with connection.cursor() as cursor:
            cursor.executemany(_UPSERT, [entry_row(practice) for practice in practices])
        count += len(practices)
    return count


def index_all() -> int:
    """Write all entries anew, for instance after the analysis or a facet's labels changed; returns how many."""
    return index_practices(Practice._base_manager.order_by("pk").values_list("pk", flat=True).iterator())
