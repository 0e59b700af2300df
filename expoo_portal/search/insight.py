"""What visitors search for, counted per day and word, without keeping who searched.

A searcher is counted by a hash of the day, the words and the network address, keyed with a salt of that day and the
portal's secret. The hash of each search is another one, so that two searches of one person cannot be tied together;
when the day is over, salt and hashes are thrown away (`close_days`) and only numbers stay. A word that fewer than
three searched for on a day is then forgotten too: it counts in the total of the day and nowhere else. Until then it is
not shown. Who counts each day anew cannot tell whether two days had the same searcher, so three means: on one day.

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
KEPT_DAYS = 396  # 13 months
# So many searches wait to be written; what comes on top is not counted.
MAX_WAITING = 1_000

_DIGITS = re.compile(r"\d(?:[\s./()+-]*\d){6,}")
_ADDRESS = re.compile(r"\S\s*@\s*\S")

logger = logging.getLogger(__name__)


class SearchCount(models.Model):
    """How often one thing was searched for on one day. Open: numbers per word, read by one page of the admin.

    The row without words holds the day's searches whose words were forgotten.
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
    """One search, without who did it."""

    day: date
    query: str
    searcher: str
    results: int


_WRITE = """
WITH given AS (
  SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::int[]) AS given (day, query, searcher, results)
), seen AS (
  INSERT INTO portal_dailysearcher (key, day) SELECT DISTINCT searcher, day FROM given ORDER BY searcher
  ON CONFLICT DO NOTHING RETURNING key
)
INSERT INTO portal_searchcount AS kept (day, query, searches, searchers, results)
SELECT day, query, count(*), count(DISTINCT seen.key), (array_agg(results ORDER BY place DESC))[1]
FROM (SELECT *, row_number() OVER () AS place FROM given) AS given LEFT JOIN seen ON seen.key = given.searcher
GROUP BY day, query ORDER BY day, query
ON CONFLICT (day, query) DO UPDATE SET searches = kept.searches + EXCLUDED.searches,
  searchers = kept.searchers + EXCLUDED.searchers, results = EXCLUDED.results
"""


def write(searches: Iterable[Search]) -> None:
    """Add these searches to the counts, in one statement."""
    columns = [list(column) for column in zip(*searches, strict=True)]
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, columns)


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
        found = Search(today, query, self._searcher(today, query, address), results)
        with self._lock:
            if not self._waiting:
                self._since = time.monotonic()
            self._waiting.append(found)

    def _searcher(self, today: date, query: str, address: str) -> str:
        if self._salt is None or self._salt[0] != today:
            made, _ = SearchSalt.objects.get_or_create(day=today, defaults={"salt": secrets.token_hex(32)})
            self._salt = (today, made.salt)
        key = f"{self._salt[1]}{settings.SECRET_KEY}".encode()
        return hmac.new(key, f"{today}\0{query}\0{address}".encode(), hashlib.sha256).hexdigest()

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
    shown = counted.exclude(query="").filter(searchers__gte=MIN_SEARCHERS)
    latest = dict(shown.order_by("day").values_list("query", "results"))
    sums = shown.values_list("query").annotate(Sum("searches"), Sum("searchers"))
    asked = [Asked(query, many, people, latest[query]) for query, many, people in sums]
    asked.sort(key=lambda found: (-found.searches, found.query))
    return Insight(asked, counted.aggregate(total=Sum("searches"))["total"] or 0)
