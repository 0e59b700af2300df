"""Keeps a version of many practices at once, each with the values it has, as the history of each shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from .models import Practice

_MAX_REASON = 100
_VERSIONS = """
WITH made AS (
  INSERT INTO {versions} ({columns}, history_date, history_change_reason, history_type, history_user_id)
  SELECT {columns}, %s, %s, %s, %s FROM {practices} WHERE id = ANY(%s) ORDER BY id
  RETURNING history_id, id
)
INSERT INTO {values} (history_id, id, practice_id, facetvalue_id)
SELECT made.history_id, tie.id, tie.practice_id, tie.facetvalue_id
FROM made JOIN {ties} tie ON tie.practice_id = made.id ORDER BY tie.id
"""


def keep_versions(ids: Sequence[int], kind: str, user: Any, reason: str) -> None:
    """One version of each of these practices, copied from what is stored now, in the caller's transaction.

    `kind` is "+" for new ones and "~" for changed ones. The library's own way builds each version anew in Python
    and asks the database for each practice.
    """
    quote = connection.ops.quote_name
    record = Practice.history.model
    tables = {
        "columns": ", ".join(quote(field.column) for field in record.tracked_fields),
        "versions": quote(record._meta.db_table),
        "values": quote(record.values.model._meta.db_table),
        "practices": quote(Practice._meta.db_table),
        "ties": quote(Practice.values.through._meta.db_table),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            _VERSIONS.format(**tables),
            [timezone.now(), reason[:_MAX_REASON], kind, user and user.pk, list(ids)],
        )
