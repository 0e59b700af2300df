"""Text search in the catalogue: which practices match, and which of a selection come first."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from .catalogue import Catalogue
from .models import Practice

# Ranking reads a vector per row: never rank without a bound (SPEED.md).
MAX_RANKED = 1_000

_MATCHING = """
SELECT coalesce(string_agg(int4send(practice_id::int), ''), '')
FROM practices_practiceentry WHERE "full" @@ to_tsquery('simple', %s)
"""
# Weights from D to A: the name counts most, then special line and place, then the summary.
_RANKED = """
SELECT practice_id FROM practices_practiceentry
WHERE practice_id = ANY(%s) AND brief @@ to_tsquery('simple', %s)
ORDER BY ts_rank('{0.05,0.2,0.5,1}', brief, to_tsquery('simple', %s)) DESC, practice_id
LIMIT %s
"""
_BEST = """
SELECT practice_id FROM (
  SELECT practice_id, brief FROM practices_practiceentry WHERE brief @@ to_tsquery('simple', %s) LIMIT %s
) AS hits
ORDER BY ts_rank('{0.05,0.2,0.5,1}', brief, to_tsquery('simple', %s)) DESC, practice_id
"""


def matching(catalogue: Catalogue, tsquery: str) -> int:
    """The bitset of the catalogue's practices whose words match; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_MATCHING, [tsquery])
        (ids,) = cursor.fetchone()
    return catalogue.index.mask_from_ids(bytes(ids))


def best_first(catalogue: Catalogue, mask: int, tsquery: str) -> list[int]:
    """Positions of the best matches within `mask`, best first, at most `MAX_RANKED`; one query.

    Only practices that match in name, special line, place or summary are ranked; the rest of `mask` follows them
    in order of name. Of a very common word only a first thousand hits is looked at.
    """
    index = catalogue.index
    with connection.cursor() as cursor:
        if mask.bit_count() <= MAX_RANKED:
            ids = index.ids(index.page(mask, None, 0, MAX_RANKED))
            cursor.execute(_RANKED, [ids, tsquery, tsquery, MAX_RANKED])
        else:
            cursor.execute(_BEST, [tsquery, MAX_RANKED, tsquery])
        positions = [index.position(pk) for (pk,) in cursor.fetchall()]
    return [position for position in positions if position is not None and mask >> position & 1]


def relevance_page(catalogue: Catalogue, mask: int, tsquery: str, offset: int, limit: int) -> Sequence[int]:
    """Positions of one page in order of relevance."""
    ranked = best_first(catalogue, mask, tsquery)
    page = ranked[offset : offset + limit]
    if len(page) < limit:
        rest = mask
        for position in ranked:
            rest &= ~(1 << position)
        page += catalogue.index.page(rest, None, max(0, offset - len(ranked)), limit - len(page))
    return page


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
