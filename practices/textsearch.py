"""Text search in the catalogue: which practices match, and which of a selection come first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection

from .catalogue import Catalogue
from .models import Practice

# Ranking reads a vector per row: more than this many are put in tiers instead (SPEED.md).
MAX_RANKED = 300
# An id as Postgres sends it.
ID_BYTES = 4

# The planner takes no account of reading long vectors: left to itself it reads all of them for a common word.
_MATCHING = """
SET LOCAL enable_seqscan = off;
SELECT coalesce(string_agg(int4send(practice_id::int), ''), '')
FROM practices_practiceentry WHERE {} @@ to_tsquery('simple', %s)
"""
_SOME = """
SET LOCAL enable_seqscan = off;
SELECT query, (
  SELECT coalesce(string_agg(int4send(practice_id::int), ''), '') FROM (
    SELECT practice_id FROM practices_practiceentry WHERE "full" @@ to_tsquery('simple', query) LIMIT %s
  ) AS found
) FROM unnest(%s::text[]) AS query
"""
_EVERYWHERE = _MATCHING.format('"full"')
_IN_BRIEF = _MATCHING.format("brief")
_IN_NAME = _MATCHING.format("ts_filter(brief, '{a}')")
# Weights from D to A: the name counts most, then special line and place, then the summary.
_RANKED = """
SELECT practice_id FROM practices_practiceentry WHERE practice_id = ANY(%s)
ORDER BY ts_rank('{0.05,0.2,0.5,1}', brief, to_tsquery('simple', %s)) DESC, array_position(%s, practice_id)
"""


def matching(catalogue: Catalogue, tsquery: str) -> int:
    """The bitset of the catalogue's practices whose words match; at most one query."""
    return _mask(catalogue, _EVERYWHERE, tsquery)


def _mask(catalogue: Catalogue, sql: str, tsquery: str) -> int:
    key = (sql, tsquery)
    return catalogue.searches.get([key], lambda _: {key: _search(catalogue, sql, tsquery)})[key]


def _search(catalogue: Catalogue, sql: str, tsquery: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, [tsquery])
        cursor.nextset()
        (ids,) = cursor.fetchone()
    return catalogue.index.mask_from_ids(bytes(ids))


def count_up_to(catalogue: Catalogue, tsqueries: Sequence[str], most: int) -> list[int]:
    """How many of the catalogue's practices match each of these; of more than `most`, some number above it.

    One query for all of them, which does not read on once it has enough, and rarely one more: when so many of what
    it read is hidden from these viewers that it cannot tell.
    """
    enough = 2 * most
    with connection.cursor() as cursor:
        cursor.execute(_SOME, [enough, list(dict.fromkeys(tsqueries))])
        cursor.nextset()
        found = {tsquery: bytes(ids) for tsquery, ids in cursor}
    totals = {}
    for tsquery, ids in found.items():
        totals[tsquery] = catalogue.index.count_ids(ids)
        if len(ids) >= enough * ID_BYTES and totals[tsquery] <= most:
            totals[tsquery] = (matching(catalogue, tsquery) & catalogue.index.everything).bit_count()
    return [totals[tsquery] for tsquery in tsqueries]


def relevance_page(catalogue: Catalogue, mask: int, tsquery: str, offset: int, limit: int) -> list[int]:
    """Positions of one page in order of relevance; at most two queries.

    A few hundred practices are ranked one by one. More come in tiers, each in order of name: first those that have
    the words in their name, then in special line, place or summary, then the rest. What stopped comes below what
    goes on.
    """
    if mask.bit_count() <= MAX_RANKED:
        return _ranked(catalogue, mask, tsquery)[offset : offset + limit]
    page: list[int] = []
    for tier in _tiers(catalogue, mask, tsquery):
        page += catalogue.index.page(tier, None, offset, limit - len(page))
        if len(page) == limit:
            break
        offset = max(0, offset - tier.bit_count())
    return page


def _tiers(catalogue: Catalogue, mask: int, tsquery: str) -> Iterator[int]:
    """The parts of `mask`, the most relevant first; each is looked up when it is asked for."""
    for part in (mask & catalogue.live, mask & ~catalogue.live):
        for sql in (_IN_NAME, _IN_BRIEF) if part else ():
            tier = part & _mask(catalogue, sql, tsquery)
            yield tier
            part &= ~tier
        yield part


def _ranked(catalogue: Catalogue, mask: int, tsquery: str) -> list[int]:
    """All positions of `mask`: what goes on first, then the best match, equally good ones in order of name."""
    index = catalogue.index
    ids = index.ids(index.page(mask, None, 0, MAX_RANKED))
    with connection.cursor() as cursor:
        cursor.execute(_RANKED, [ids, tsquery, ids])
        positions = [index.position(pk) for (pk,) in cursor.fetchall()]
    found = [position for position in positions if position is not None]
    return sorted(found, key=lambda position: not catalogue.live >> position & 1)


def public_words() -> list[tuple[str, int]]:
    """The words of the public practices, each with the number of practices it stands in."""
    ids = Practice.objects.public().values("pk")
    sql, parameters = ids.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, count(*) FROM practices_practiceentry, unnest(words) AS word "  # noqa: S608
            f"WHERE practice_id IN ({sql}) GROUP BY word",
            parameters,
        )
        return cursor.fetchall()
