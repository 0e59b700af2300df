"""Writes the search entry of practices: which words and which facet values find them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.db import connection

from expoo_portal.richtext import plain_text
from expoo_portal.search.models import Texts, search_columns

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


def entry_texts(practice: Practice) -> tuple[Texts, Texts]:
    """By which texts a practice is found, with their weights: the ones that rank it, and all of them.

    Its `values` have to be prefetched.
    """
    brief: Texts = [
        (practice.name, "A"),
        (practice.special, "B"),
        (f"{practice.municipality} . {practice.organisation}", "B"),
        (practice.summary, "C"),
    ]
    values = sorted(practice.values.all(), key=lambda value: value.pk)
    full: Texts = [
        *brief,
        (" . ".join(value.label for value in values), "C"),
        *((plain_text(getattr(practice, name)), "D") for name in RICH_FIELDS),
        (practice.partners, "D"),
    ]
    return brief, full


def _row(practice: Practice) -> tuple[int, list[int], str, str, list[str]]:
    """The entry of one practice, with `values` prefetched."""
    values = sorted(value.pk for value in practice.values.all())
    return practice.pk, values, *search_columns(*entry_texts(practice))


def index_practices(ids: Iterable[int]) -> int:
    """Write the entries of these practices anew, in the caller's transaction; returns how many."""
    ids = iter(ids)
    count = 0
    while batch := list(islice(ids, BATCH)):
        practices = Practice._base_manager.filter(pk__in=batch).prefetch_related("values")
        with connection.cursor() as cursor:
            cursor.executemany(_UPSERT, [_row(practice) for practice in practices])
        count += len(practices)
    return count


def index_all() -> int:
    """Write all entries anew, for instance after the analysis or a facet's labels changed; returns how many."""
    return index_practices(Practice._base_manager.order_by("pk").values_list("pk", flat=True).iterator())
