"""Writes what practices are found by: their search entry, and the sentences of their strengths and challenges."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.db import connection

from expoo_portal.content_version import raised_once
from expoo_portal.richtext import plain_text
from expoo_portal.search.analysis import terms
from expoo_portal.search.models import Texts, search_columns

from .models import Practice
from .models.sentence import SentenceField, sentence_key
from .sentences import sentences

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

# Sentences that stayed as they are, are not written again; those past the last one go.
_SENTENCES = """
INSERT INTO practices_practicesentence (practice_id, field, position, text, key, terms)
SELECT practice, field, position, text, key, string_to_array(terms, ' ')
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::text[], %s::text[])
  AS given (practice, field, position, text, key, terms)
ON CONFLICT (practice_id, field, position) DO UPDATE
SET text = EXCLUDED.text, key = EXCLUDED.key, terms = EXCLUDED.terms
WHERE (practices_practicesentence.text, practices_practicesentence.terms)
  IS DISTINCT FROM (EXCLUDED.text, EXCLUDED.terms)
"""
_NO_MORE_SENTENCES = """
DELETE FROM practices_practicesentence USING unnest(%s::bigint[], %s::text[], %s::int[]) AS kept (practice, field, many)
WHERE practice_id = kept.practice AND practices_practicesentence.field = kept.field AND position >= kept.many
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
        (" . ".join(f"{value.label} . {value.synonyms}" for value in values), "C"),
        *((plain_text(getattr(practice, name)), "D") for name in RICH_FIELDS),
        (practice.partners, "D"),
    ]
    return brief, full


def _row(practice: Practice) -> tuple[int, list[int], str, str, list[str]]:
    """The entry of one practice, with `values` prefetched."""
    values = sorted(value.pk for value in practice.values.all())
    return practice.pk, values, *search_columns(*entry_texts(practice))


def write_sentences(texts: Iterable[tuple[int, str, str]]) -> None:
    """Write the sentences of practices, given as (practice id, strengths, challenges), in the caller's transaction."""
    rows: list[tuple[int, str, int, str, str, str]] = []
    many: list[tuple[int, str, int]] = []
    for pk, *fields in texts:
        for field, html in zip((SentenceField.STRENGTHS, SentenceField.CHALLENGES), fields, strict=True):
            # What holds no word to search for, a row of dots, is no sentence.
            found = [(text, words) for text in sentences(html) if (words := " ".join(terms(text)))]
            rows += [
                (pk, field.value, place, text, sentence_key(text), words)
                for place, (text, words) in enumerate(found)
            ]
            many.append((pk, field.value, len(found)))
    with connection.cursor() as cursor:
        if many:
            cursor.execute(_NO_MORE_SENTENCES, [list(column) for column in zip(*many, strict=True)])
        if rows:
            cursor.execute(_SENTENCES, [list(column) for column in zip(*rows, strict=True)])


def index_practices(ids: Iterable[int]) -> int:
    """Write the entries and sentences of these practices anew, in the caller's transaction; returns how many."""
    ids = iter(ids)
    count = 0
    while batch := list(islice(ids, BATCH)):
        practices = Practice._base_manager.filter(pk__in=batch).prefetch_related("values")
        with connection.cursor() as cursor:
            cursor.executemany(_UPSERT, [_row(practice) for practice in practices])
        write_sentences((practice.pk, practice.strengths, practice.challenges) for practice in practices)
        count += len(practices)
    return count


def index_all() -> int:
    """Write all of it anew, for instance after the analysis or a facet's labels changed; returns how many.

    Each batch in a transaction of its own: whoever saves one of its practices meanwhile waits a few seconds at most.
    """
    ids = list(Practice._base_manager.order_by("pk").values_list("pk", flat=True))
    count = 0
    for start in range(0, len(ids), BATCH):
        with raised_once():
            count += index_practices(ids[start : start + BATCH])
    return count
