"""The content version: one number that changes when anything that visitors can see changes.

Statement triggers on the content tables raise it in the same transaction as the change, so a bulk update, an
import or raw SQL cannot forget it. Processes keep caches keyed by `current()` and ask for it at most once per
`CONTENT_VERSION_SECONDS`, so a published change is visible everywhere within that time.
A planned publication changes what visitors see without any write: the last passed moment is part of the version.
So does midnight, when what was coming is past: the day is part of it too.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from datetime import date, datetime

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.migrations.operations import RunSQL
from django.utils import timezone

from .visibility import Publishable

_BUMP = """
CREATE OR REPLACE FUNCTION portal_raise_content_version() RETURNS void LANGUAGE sql AS $$
  -- From the clock, so that a restored backup never gives out a number for the second time.
  INSERT INTO portal_contentversion AS kept (id, number)
  VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
  ON CONFLICT (id) DO UPDATE SET number = greatest(kept.number + 1, EXCLUDED.number);
$$;
CREATE OR REPLACE FUNCTION portal_bump_content_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- `raised_once` raises it at the end instead.
  IF current_setting('portal.raise_at_end', true) IS DISTINCT FROM 'on' THEN
    PERFORM portal_raise_content_version();
  END IF;
  RETURN NULL;
END $$;
"""


class ContentVersion(models.Model):
    """The one row that holds the number."""

    id = models.SmallAutoField(primary_key=True)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="portal_contentversion_one_row")]

    def __str__(self) -> str:
        return str(self.number)


def create_trigger_function() -> RunSQL:
    """Migration operation: the function that the triggers call."""
    return RunSQL(
        [_BUMP],
        [
            "DROP FUNCTION portal_bump_content_version CASCADE",
            "DROP FUNCTION portal_raise_content_version",
        ],
    )


def track(*tables: str) -> RunSQL:
    """Migration operation: a change in these tables raises the content version."""
    return RunSQL(
        [
            f"CREATE TRIGGER content_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION portal_bump_content_version()"
            for table in tables
        ],
        [f"DROP TRIGGER content_version ON {table}" for table in tables],
    )


@contextlib.contextmanager
def raised_once() -> Iterator[None]:
    """Raise the number once, at the end of this block and its transaction, however much is written in it.

    The first change of a transaction takes the row of the number and holds it until the commit, so that others
    who save content wait. Around work of many seconds, such as an import, this lets them go on.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL portal.raise_at_end = 'on'")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL portal.raise_at_end = 'off'")
            cursor.execute("SELECT portal_raise_content_version()")


class _Known:
    """What this process knows of the version, and until when that holds."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.version = ""
        self.number = -1
        self.checked = float("-inf")
        self.next_moment: datetime | None = None
        self.day: date | None = None


_known = _Known()


def _moments(now: datetime) -> tuple[datetime | None, datetime | None]:
    """The last passed and the next coming moment at which planned content appears or leaves."""
    last: list[datetime] = []
    following: list[datetime] = []
    for model in apps.get_models():
        if not issubclass(model, Publishable):
            continue
        for field in ("publish_at", "expires_at"):
            passed = models.Max(field, filter=models.Q(**{f"{field}__lte": now}))
            coming = models.Min(field, filter=models.Q(**{f"{field}__gt": now}))
            found = model._base_manager.aggregate(passed=passed, coming=coming)
            last += [found["passed"]] if found["passed"] else []
            following += [found["coming"]] if found["coming"] else []
    return max(last, default=None), min(following, default=None)


def current() -> str:
    """The version of what visitors can see now, at most `CONTENT_VERSION_SECONDS` old.

    Raises django.db.OperationalError when the database is away.
    """
    moment = time.monotonic()
    if moment - _known.checked < settings.CONTENT_VERSION_SECONDS:
        return _known.version
    with _known.lock:
        if moment - _known.checked < settings.CONTENT_VERSION_SECONDS:
            return _known.version
        number = ContentVersion.objects.values_list("number", flat=True).first() or 0
        now = timezone.now()
        day = timezone.localdate(now)
        is_moment = _known.next_moment is not None and _known.next_moment <= now
        if number != _known.number or is_moment or day != _known.day:
            last, _known.next_moment = _moments(now)
            _known.number, _known.day = number, day
            _known.version = f"{number}.{int(last.timestamp() * 1000) if last else 0}.{day:%Y%m%d}"
        _known.checked = moment
        return _known.version


def forget() -> None:
    """Ask the database again at the next `current()`; for tests and for the process that just changed content."""
    _known.checked = float("-inf")
    _known.number = -1
