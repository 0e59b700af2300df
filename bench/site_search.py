"""The site search as visitors get it, inside one process: the page with its counts, and the suggestions.

Cold: before each request everything is thrown away that another search left. What is made once of each content
version, before anybody searches, stays; how long that takes is measured apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from statistics import median

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from expoo_portal import content_version, site_search
from expoo_portal.search import row_search, suggestions
from expoo_portal.search.lexicon import lexicon
from practices.catalogue import catalogue_for

from .report import Measurement, at_most
from .words import common_words

ROUNDS = 200
WARM_UP = 10
COMMON_WORDS = 2_000
LONG_WORD = 7
MAX_PAGE, MAX_SUGGESTIONS = 100, 30
# What any search has to do at least: ask the index of the practices' words once.
_BARE = """
SET LOCAL enable_seqscan = off;
SELECT count(*) FROM practices_practiceentry WHERE "full" @@ to_tsquery('simple', %s)
"""


def measure() -> list[Measurement]:
    """95 of 100 searches and suggestions stay below what is wanted; beside each, one bare query of the same words."""
    random = Random("site search")
    words = common_words(COMMON_WORDS)
    long = [word for word in words if len(word) >= LONG_WORD]
    searches = [" ".join(random.sample(words, random.choice((1, 1, 2)))) for _ in range(ROUNDS + WARM_UP)]
    mistaken = [
        f"{_misspelled(random, word)} {random.choice(words)}"
        for word in random.choices(long, k=len(searches))
    ]
    starts = [word[: random.randint(2, 5)] for word in random.sample(words, ROUNDS + WARM_UP)]
    practices = len(catalogue_for(AnonymousUser()).index)
    return [
        _row(f"site-zoeken met tellingen, {practices} praktijken", site_search.search, searches, MAX_PAGE),
        _row("site-zoeken met een tikfout", site_search.search, mistaken, MAX_PAGE),
        _row("aanvullen tijdens het typen", site_search.suggest, starts, MAX_SUGGESTIONS),
        *_after_a_change(),
    ]


def _misspelled(random: Random, word: str) -> str:
    """The word with two letters changed places."""
    place = random.randrange(1, len(word) - 2)
    return f"{word[:place]}{word[place + 1]}{word[place]}{word[place + 2 :]}"


def _row(
    name: str, view: Callable[[HttpRequest], HttpResponse], texts: Sequence[str], wanted: float
) -> Measurement:
    """The 95th percentile of the view, and its ratio to that of the bare query, taken in turns."""
    page: list[float] = []
    bare: list[float] = []
    for text in texts:
        _forget_searches()
        page.append(_timed(partial(_ask, view, text)))
        bare.append(_timed(partial(_ask_index, text)))
    value, p95 = _spread(page[WARM_UP:])
    baseline, bare_p95 = _spread(bare[WARM_UP:])
    return at_most(name, value, p95, wanted, " ms", baseline, f"{p95 / bare_p95:.1f}")


def _forget_searches() -> None:
    catalogue_for(AnonymousUser()).searches.clear()
    for audience in row_search._audiences._things.values():
        audience._things.clear()
    for made in suggestions._kept._things.values():
        made._counts.clear()


def _after_a_change() -> list[Measurement]:
    """What the first search and the first suggestion cost a process when content changed; nothing is wanted of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_raise_content_version()")
    content_version.forget()
    views = (("zoekpagina", site_search.search), ("aanvulling", site_search.suggest))
    times = {what: _timed(partial(_ask, view, "spelen")) for what, view in views}
    return [
        Measurement(f"eerste {what} na een wijziging", f"{took:.0f} ms", "", "", "", "")
        for what, took in times.items()
    ]


def _ask(view: Callable[[HttpRequest], HttpResponse], text: str) -> None:
    request = RequestFactory().get("/zoeken/", {"q": text})
    request.user = AnonymousUser()
    view(request)


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def _ask_index(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BARE, [lexicon().query(text).tsquery()])


def _spread(times: Sequence[float]) -> tuple[str, float]:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"p50 {median(ordered):.1f} ms, p95 {p95:.1f} ms", p95
