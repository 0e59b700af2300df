"""Whether what is searched was indexed by the rules of this release.

The database itself keeps by which rules that was, so that it goes along with a backup and with a second server.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.db import connection

from .search import dutch
from .search.rows import SearchRow

# By these, and by the word lists, texts become search terms.
RULES = ("analysis.py", "dutch.py", "vocabulary.py")
_TABLE = SearchRow._meta.db_table


def rules() -> str:
    """A fingerprint of the rules and word lists by which texts are indexed."""
    folder = Path(dutch.__file__).parent
    digest = hashlib.sha256()
    for path in [*sorted((folder / "data").glob("*.txt")), *map(folder.joinpath, RULES)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether everything was indexed by these rules; not so in a database from before there were any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(%s::regclass)", [_TABLE])
        (noted,) = cursor.fetchone()
    return bool(noted == rules())


def note(indexed_by: str) -> None:
    """Keep by which rules everything is indexed now."""
    with connection.cursor() as cursor:
        # No parameters in a statement of this kind; both are ours.
        cursor.execute(f"COMMENT ON TABLE {connection.ops.quote_name(_TABLE)} IS '{indexed_by}'")
