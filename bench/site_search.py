"""The site search as visitors get it, inside one process: the page with its counts, and the suggestions."""

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

from expoo_portal import site_search
from expoo_portal.search import suggestions
from expoo_portal.search.lexicon import lexicon
from practices.catalogue import catalogue_for

from .report import Measurement, at_most
from .words import common_words

ROUNDS = 200
WARM_UP = 10
COMMON_WORDS = 2_000
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
    searches = [" ".join(random.sample(words, random.choice((1, 1, 2)))) for _ in range(ROUNDS + WARM_UP)]
    starts = [word[: random.randint(2, 5)] for word in random.sample(words, ROUNDS + WARM_UP)]
    return [
        _row("site-zoeken met tellingen", site_search.search, searches, MAX_PAGE),
        _row("aanvullen tijdens het typen", site_search.suggest, starts, MAX_SUGGESTIONS),
    ]


def _row(
    name: str, view: Callable[[HttpRequest], HttpResponse], texts: Sequence[str], wanted: float
) -> Measurement:
    """The 95th percentile of the view, and its ratio to that of the bare query, taken in turns."""
    catalogue = catalogue_for(AnonymousUser())
    page: list[float] = []
    bare: list[float] = []
    for text in texts:
        request = RequestFactory().get("/zoeken/", {"q": text})
        request.user = AnonymousUser()
        # Nothing that another search left is used.
        catalogue.searches.clear()
        for made in suggestions._kept._things.values():
            made._counts.clear()
        page.append(_timed(partial(view, request)))
        bare.append(_timed(partial(_ask_index, text)))
    value, p95 = _spread(page[WARM_UP:])
    baseline, bare_p95 = _spread(bare[WARM_UP:])
    practices = len(catalogue.index)
    return at_most(
        f"{name}, {practices} praktijken", value, p95, wanted, " ms", baseline, f"{p95 / bare_p95:.1f}"
    )


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
