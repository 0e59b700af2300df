"""What visitors search for, counted per day and word, without keeping who searched.

A searcher is counted by a hash of the day, the words and the network address, keyed with a salt of that day and the
portal's secret. The hash of each search is another one, so that two searches of one person cannot be tied together;
when the day is over, salt and hashes are thrown away (`close_days`) and only numbers stay.

Words are written down when a third person uses them on the same day; until then a hash with that salt stands for them,
so that a name or a story that somebody types is nowhere. At the end of the day what stayed a hash counts in the total
of the day and nowhere else. Who counts each day anew cannot tell whether two days had the same searcher, so three
means: on one day.

What looks like something of a person (an e-mail address, a phone number, a long text) is not recorded at all.

Searches are kept in the process and written a few seconds later, in one statement for all of them (`Recorder`).
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
import threading
import time
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, models, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from .analysis import words

MIN_SEARCHERS = 3
MAX_CHARACTERS = 60
# What words begin with that too few people used today: their hash stands for them. No word holds this sign.
HIDDEN = "#"
KEPT_DAYS = 396  # 13 months
# So many searches wait to be written; what comes on top is not counted.
MAX_WAITING = 1_000

_DIGITS = re.compile(r"\d(?:[\s./()+-]*\d){6,}")
_ADDRESS = re.compile(r"\S\s*@\s*\S")

logger = logging.getLogger(__name__)


class SearchCount(models.Model):
    """How often one thing was searched for on one day. Open: numbers per word, read by one page of the admin.

    Rare words stand as a hash; the row without words holds the searches of a day that is over whose words were rare.
    """

    day = models.DateField("dag")
    query = models.CharField("zoekvraag", max_length=MAX_CHARACTERS, blank=True)
    searches = models.PositiveIntegerField("zoekbeurten")
    searchers = models.PositiveIntegerField("zoekers")
    results = models.PositiveIntegerField("resultaten")

    class Meta:
        verbose_name = "zoekvraag van bezoekers"
        verbose_name_plural = "waar zoeken bezoekers naar?"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["day", "query"], name="portal_searchcount_once_a_day"),
            models.CheckConstraint(
                condition=Q(searchers__lte=F("searches")), name="portal_searchcount_no_more_searchers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.query} ({self.day})"


class SearchSalt(models.Model):
    """The salt of one day. Open: nobody is shown it, and it is gone when the day is."""

    day = models.DateField("dag", primary_key=True)
    salt = models.CharField("zout", max_length=64)

    class Meta:
        verbose_name = "zout"
        verbose_name_plural = "zouten"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.day)


class DailySearcher(models.Model):
    """That somebody searched for something today. Open: a hash that nobody is shown, gone when the day is."""

    key = models.CharField("sleutel", max_length=64, primary_key=True)
    day = models.DateField("dag")

    class Meta:
        verbose_name = "zoeker"
        verbose_name_plural = "zoekers"
        default_permissions = ()
        indexes = [models.Index(fields=["day"], name="portal_dailysearcher_day")]

    def __str__(self) -> str:
        return str(self.day)


def normalised(text: str) -> str:
    """The words as they are counted, without case, accents and signs; empty when they are not to be recorded."""
    if len(text) > MAX_CHARACTERS or _ADDRESS.search(text) or _DIGITS.search(text):
        return ""
    return " ".join(word.folded for word in words(text))[:MAX_CHARACTERS]


class Search(NamedTuple):
    """One search, without who did it; `hidden` stands for its words while too few people used them."""

    day: date
    query: str
    hidden: str
    searcher: str
    results: int


# The row under the hash becomes the row under the words when enough people used them. Of two processes that do this
# at the same moment one may count its searchers under the hash again; that is put right at the next search.
_WRITE = """
WITH given AS (
  SELECT *, row_number() OVER () AS place
  FROM unnest(%s::date[], %s::text[], %s::text[], %s::text[], %s::int[])
    AS given (day, query, hidden, searcher, results)
), seen AS (
  INSERT INTO portal_dailysearcher (key, day) SELECT DISTINCT searcher, day FROM given ORDER BY searcher
  ON CONFLICT DO NOTHING RETURNING key
), fresh AS (
  SELECT day, query, hidden, count(*) AS searches, count(DISTINCT seen.key) AS searchers,
    (array_agg(results ORDER BY place DESC))[1] AS results
  FROM given LEFT JOIN seen ON seen.key = given.searcher GROUP BY day, query, hidden
), revealed AS (
  DELETE FROM portal_searchcount AS kept USING fresh
  WHERE kept.day = fresh.day AND kept.query = fresh.hidden AND kept.searchers + fresh.searchers >= %s
  RETURNING kept.day, kept.query, kept.searches, kept.searchers
)
INSERT INTO portal_searchcount AS kept (day, query, searches, searchers, results)
SELECT fresh.day,
  CASE WHEN fresh.searchers >= %s OR revealed.query IS NOT NULL OR known.query IS NOT NULL
    THEN fresh.query ELSE fresh.hidden END,
  fresh.searches + COALESCE(revealed.searches, 0), fresh.searchers + COALESCE(revealed.searchers, 0), fresh.results
FROM fresh
LEFT JOIN revealed ON revealed.day = fresh.day AND revealed.query = fresh.hidden
LEFT JOIN portal_searchcount AS known ON known.day = fresh.day AND known.query = fresh.query
ORDER BY fresh.day, fresh.query
ON CONFLICT (day, query) DO UPDATE SET searches = kept.searches + EXCLUDED.searches,
  searchers = kept.searchers + EXCLUDED.searchers, results = EXCLUDED.results
"""


def write(searches: Iterable[Search]) -> None:
    """Add these searches to the counts, in one statement."""
    columns = [list(column) for column in zip(*searches, strict=True)]
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [*columns, MIN_SEARCHERS, MIN_SEARCHERS])


class Recorder:
    """The searches of this process that were not written yet, and the salt of the day."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Search] = []
        self._since = 0.0
        self._salt: tuple[date, str] | None = None

    def add(self, text: str, address: str, results: int) -> None:
        """Count one search by somebody at this network address."""
        query = normalised(text)
        if not query or len(self._waiting) >= MAX_WAITING:
            return
        today = timezone.localdate()
        hidden = HIDDEN + self._hash(today, query)[: MAX_CHARACTERS - len(HIDDEN)]
        found = Search(today, query, hidden, self._hash(today, query, address), results)
        with self._lock:
            if not self._waiting:
                self._since = time.monotonic()
            self._waiting.append(found)

    def _hash(self, today: date, *parts: str) -> str:
        if self._salt is None or self._salt[0] != today:
            made, _ = SearchSalt.objects.get_or_create(day=today, defaults={"salt": secrets.token_hex(32)})
            self._salt = (today, made.salt)
        key = f"{self._salt[1]}{settings.SECRET_KEY}".encode()
        return hmac.new(key, "\0".join((str(today), *parts)).encode(), hashlib.sha256).hexdigest()

    def forget(self) -> None:
        """Drop what waits and the salt; for tests."""
        self._waiting, self._salt = [], None

    def write_when_due(self) -> None:
        """Write what has waited long enough. A search is no reason to let a page fail, so no error comes out."""
        if not self._waiting or time.monotonic() - self._since < settings.SEARCH_INSIGHT_SECONDS:
            return
        self.write()

    def write(self) -> None:
        """Write what waits; what the database does not take is lost."""
        with self._lock:
            found, self._waiting = self._waiting, []
        try:
            write(found)
        except DatabaseError:
            logger.warning("%s searches were not counted: the database did not take them", len(found))


recorder = Recorder()


def close_days(today: date) -> None:
    """End the days before today: throw away salts and hashes, forget rare words, and numbers of 13 months ago."""
    SearchSalt.objects.filter(day__lt=today).delete()
    DailySearcher.objects.filter(day__lt=today).delete()
    SearchCount.objects.filter(day__lt=today - timedelta(days=KEPT_DAYS)).delete()
    with transaction.atomic():
        rare = SearchCount.objects.filter(day__lt=today, searchers__lt=MIN_SEARCHERS).exclude(query="")
        rows = list(rare.select_for_update().values_list("pk", "day", "searches"))
        for day in sorted({day for _, day, _ in rows}):
            searches = sum(many for _, of, many in rows if of == day)
            total, _ = SearchCount.objects.get_or_create(
                day=day, query="", defaults={"searches": 0, "searchers": 0, "results": 0}
            )
            SearchCount.objects.filter(pk=total.pk).update(searches=F("searches") + searches)
        SearchCount.objects.filter(pk__in=[pk for pk, _, _ in rows]).delete()


class Asked(NamedTuple):
    """What was searched for in a period: how often, by how many (counted per day), and what it found last."""

    query: str
    searches: int
    searchers: int
    results: int


class Insight(NamedTuple):
    """What visitors searched for in a period."""

    asked: list[Asked]
    total: int

    @property
    def most(self) -> list[Asked]:
        """What was searched for, the most frequent first."""
        return self.asked

    @property
    def without_results(self) -> list[Asked]:
        """What found nothing when it was last searched for."""
        return [asked for asked in self.asked if not asked.results]

    @property
    def not_shown(self) -> int:
        """How many searches were for words that too few people searched for."""
        return self.total - sum(asked.searches for asked in self.asked)


def insight(days: int) -> Insight:
    """The searches of the last so many days, today included."""
    since = timezone.localdate() - timedelta(days=days - 1)
    counted = SearchCount.objects.filter(day__gte=since)
    shown = counted.exclude(query="").exclude(query__startswith=HIDDEN).filter(searchers__gte=MIN_SEARCHERS)
    latest = dict(shown.order_by("day").values_list("query", "results"))
    sums = shown.values_list("query").annotate(Sum("searches"), Sum("searchers"))
    asked = [Asked(query, many, people, latest[query]) for query, many, people in sums]
    asked.sort(key=lambda found: (-found.searches, found.query))
    return Insight(asked, counted.aggregate(total=Sum("searches"))["total"] or 0)
