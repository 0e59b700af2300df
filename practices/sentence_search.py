"""Which strengths or challenges share the words of a challenge; read per content version, and kept."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from .catalogue import Catalogue
from .clues import Clue, Match, rank, rarest
from .models import SentenceField

# So many sentences are read for one search: with the rarest of its words first, no better ones are missed.
MAX_READ = 2_000
# Nobody reads on beyond twenty pages.
MAX_FOUND = 240

# The name of the field stands in the text, for each has an index of its own.
_COUNTS = """
SELECT term, (
  SELECT count(*) FROM (
    SELECT FROM practices_practicesentence WHERE field = '{}' AND terms @> ARRAY[term] LIMIT {}
  ) AS found
) FROM unnest(%s::text[]) AS term
"""
# A common word is in half of the sentences: left to itself the planner then reads them all.
_MATCHING = """
SET LOCAL enable_seqscan = off;
SELECT practice_id, position, terms FROM practices_practicesentence
WHERE field = '{}' AND terms && %s::text[] LIMIT {}
"""
_HAVING = """
SELECT coalesce(string_agg(int4send(practice_id::int), ''), '') FROM practices_practicesentence
WHERE field = '{}' AND position = 0
"""


def having(catalogue: Catalogue, field: SentenceField) -> int:
    """The bitset of the catalogue's practices that have sentences in this field; at most one query."""

    def read(_: object) -> dict[SentenceField, int]:
        with connection.cursor() as cursor:
            cursor.execute(_HAVING.format(field.value))
            (ids,) = cursor.fetchone()
        return {field: catalogue.index.mask_from_ids(bytes(ids))}

    mask: int = catalogue.answers.get([field], read)[field]
    return mask


def matches(
    catalogue: Catalogue, field: SentenceField, wanted: Sequence[Clue], topic_values: Sequence[int] = ()
) -> list[Match]:
    """The best sentence of each practice of the catalogue that shares a clue, best first; at most two queries.

    `topic_values` are the facet values of the topics asked for. Practices that stopped come last.
    """
    key = (field, tuple(wanted), tuple(topic_values))

    def read(_: object) -> dict[object, list[Match]]:
        rows = _rows(catalogue, field, wanted)
        bits = [catalogue.index.bits[value_id] for value_id in topic_values]
        shared = {practice: sum(mask >> place & 1 for mask in bits) for place, practice, _, _ in rows}
        ranked = rank(wanted, [row[1:] for row in rows], shared)
        return {key: live_first(catalogue, ranked)[:MAX_FOUND]}

    found: list[Match] = catalogue.answers.get([key], read)[key]
    return found


def live_first(catalogue: Catalogue, found: Sequence[Match]) -> list[Match]:
    """The same, practices that stopped below the others."""
    return sorted(
        found, key=lambda match: not catalogue.live >> (catalogue.index.position(match.practice) or 0) & 1
    )


def _rows(
    catalogue: Catalogue, field: SentenceField, wanted: Sequence[Clue]
) -> list[tuple[int, int, int, frozenset[str]]]:
    """Sentences that share a clue: place and id of the practice, place of the sentence, its terms; in that order.

    Cut with the practices of the catalogue, which are those that its viewers may see.
    """
    chosen = rarest(_counts(catalogue, field, wanted), MAX_READ)
    if not chosen:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_MATCHING.format(field.value, MAX_READ), [chosen])
        cursor.nextset()
        found = cursor.fetchall()
    places = ((catalogue.index.position(practice), practice, *sentence) for practice, *sentence in found)
    return sorted(
        (place, practice, position, frozenset(words))
        for place, practice, position, words in places
        if place is not None
    )


def _counts(catalogue: Catalogue, field: SentenceField, wanted: Sequence[Clue]) -> dict[str, int]:
    """In how many sentences each term of the clues stands, up to one more than are read; kept, for words come back."""

    def read(missing: list[tuple[SentenceField, str]]) -> dict[tuple[SentenceField, str], int]:
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS.format(field.value, MAX_READ + 1), [[term for _, term in missing]])
            return {(field, term): count for term, count in cursor.fetchall()}

    keys = [(field, term) for term in sorted({term for clue in wanted for term in clue.terms})]
    return {term: count for (_, term), count in catalogue.term_counts.get(keys, read).items()}
