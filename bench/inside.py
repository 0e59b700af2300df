"""The measurements that need no server, in a process that works on one benchmark database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from random import Random
from statistics import median

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory

from expoo_portal.search.analysis import base_lexicon
from practices.address import SORTS, Address
from practices.catalogue import catalogue_for
from practices.results import PAGE_SIZE, Results
from practices.textsearch import matching, relevance_page
from practices.views import practice_list

from .report import MET, MISSED, Measurement, at_most
from .words import common_words

ROUNDS = 200
PAGES_MEASURED = 40
# So many of the most frequent words are searched for: on average, one practice in ten matches.
COMMON_WORDS = 2_000
DEEP_PAGE = 4_000
MAX_TRIALS = 400_000


def _milliseconds_since(begin: float) -> float:
    return (time.perf_counter() - begin) * 1000


def _spread(times: Sequence[float]) -> tuple[str, float]:
    """The times as text, and their 95th percentile."""
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"p50 {median(ordered):.2f} ms, p95 {p95:.2f} ms", p95


class Inside:
    """The catalogue of the current database as visitors see it, and what its words match."""

    def __init__(self) -> None:

        self.catalogue = catalogue_for(AnonymousUser())
        self.random = Random("inside")
        self.masks: dict[str, int] = {}
        for word in common_words(COMMON_WORDS):
            tsquery = base_lexicon().query(word).tsquery()
            if tsquery:
                self.masks[word] = matching(self.catalogue, tsquery)

    def word_matching(self, share: float) -> str:
        """The word that comes nearest to matching this share of all practices."""
        wanted = share * len(self.catalogue.index)
        return min(self.masks, key=lambda word: abs(self.masks[word].bit_count() - wanted))

    def choice(self, facets: int, values: int) -> dict[str, tuple[str, ...]]:
        """So many facets, up to so many values in each."""
        asked = self.random.sample([facet for facet in self.catalogue.facets if facet.values], facets)
        return {
            facet.slug: tuple(
                value.slug for value in self.random.sample(facet.values, min(values, len(facet.values)))
            )
            for facet in asked
        }

    def addresses(self, count: int) -> list[str]:
        """Different addresses with a search word and two facets chosen, each of which finds a full page."""
        index, found = self.catalogue.index, dict[str, None]()
        words = [word for word, mask in self.masks.items() if mask.bit_count() >= PAGE_SIZE]
        for _ in range(MAX_TRIALS):
            if len(found) == count:
                break
            word = self.random.choice(words)
            chosen = self.choice(2, self.random.choice((1, 1, 2, 3)))
            ids = {
                self.catalogue.by_slug[facet].id: [
                    self.catalogue.choices[facet][value].id for value in values
                ]
                for facet, values in chosen.items()
            }
            if index.select(ids, self.masks[word]).total >= PAGE_SIZE:
                found[f"/praktijken/{Address(q=word, chosen=chosen).href()}"] = None
        return list(found)

    def facets(self) -> list[Measurement]:
        """Filter and counts over all facets, without and with search words."""

        tenth = self.word_matching(0.1)
        share = 100 * self.masks[tenth].bit_count() / len(self.catalogue.index)
        times: dict[str, list[float]] = {"": [], tenth: []}
        for word in times:
            for number in range(ROUNDS):
                results = Results(self.catalogue, Address(q=word, chosen=self.choice(number % 4, 2)))
                self.catalogue.searches.clear()  # the database is asked each time
                begin = time.perf_counter()
                assert results.counts  # noqa: S101 - computed when it is asked for
                times[word].append(_milliseconds_since(begin))
        name = f"filteren en tellen, {len(self.catalogue.facets)} facetten, {len(self.catalogue.index)} praktijken"
        plain, plain_p95 = _spread(times[""])
        words, words_p95 = _spread(times[tenth])
        return [
            at_most(f"{name}, zonder zoekwoord", plain, plain_p95, 3, " ms"),
            at_most(f"{name}, met “{tenth}” ({share:.0f} % past)", words, words_p95, 35, " ms"),
        ]

    def ranking(self) -> list[Measurement]:
        """The first page by relevance for a word that half of all practices match."""

        word = self.word_matching(0.5)
        mask, tsquery = self.masks[word], base_lexicon().query(word).tsquery()
        share = 100 * mask.bit_count() / len(self.catalogue.index)

        def page(offset: int = 0) -> list[int]:
            return list(relevance_page(self.catalogue, mask, tsquery, offset, PAGE_SIZE))

        times = []
        for _ in range(ROUNDS // 4):
            self.catalogue.searches.clear()  # the database is asked each time
            begin = time.perf_counter()
            page()
            times.append(_milliseconds_since(begin))
        value, p95 = _spread(times)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT practice_id FROM practices_practiceentry"
                " WHERE ts_filter(brief, '{a}') @@ to_tsquery('simple', %s)",
                [tsquery],
            )
            titles = {self.catalogue.index.position(pk) for (pk,) in cursor.fetchall()}
        shown = [position for start in range(0, len(titles), PAGE_SIZE) for position in page(start)]
        first = next((place for place, position in enumerate(shown) if position not in titles), len(shown))
        expected = min(len(titles), len(shown))
        return [
            at_most(f"rangschikken van “{word}” ({share:.0f} % past)", value, p95, 35, " ms"),
            Measurement(
                f"treffers in de naam eerst bij “{word}”",
                f"de eerste {min(first, expected)}",
                f"{len(titles)} namen met het woord",
                f"{min(first, expected) / max(expected, 1):.2f}",
                "alle",
                MET if first >= expected else MISSED,
            ),
        ]

    def deep(self) -> list[Measurement]:
        """A late page against the first one, the whole view, in each order; cards kept and cards not yet made."""

        half = self.word_matching(0.5)
        rows = []
        for sort in SORTS:
            word = half if sort == "relevantie" else ""
            total = self.masks[word].bit_count() if word else len(self.catalogue.index)
            last = min(DEEP_PAGE, -(-total // PAGE_SIZE))
            addresses = [Address(q=word, sort=sort, page=page) for page in (1, last)]
            for kept in (True, False):
                first, late = self._view_times(addresses, kept)
                rows.append(
                    at_most(
                        f"pagina {last}, volgorde {sort}, kaarten {'bewaard' if kept else 'nog te maken'}",
                        f"{late:.2f} ms",
                        late / first,
                        2,
                        " x",
                        f"pagina 1: {first:.2f} ms",
                        f"{late / first:.2f}",
                    )
                )
        return rows

    def _view_times(self, addresses: Sequence[Address], kept: bool) -> list[float]:
        """The median time of the view for each address, in turns."""

        requests = []
        for address in addresses:
            request = RequestFactory().get(f"/praktijken/{address.href()}")
            request.user = AnonymousUser()
            requests.append(request)
            practice_list(request)
        times: list[list[float]] = [[] for _ in requests]
        for _ in range(PAGES_MEASURED):
            for request, found in zip(requests, times, strict=True):
                if not kept:
                    self.catalogue._cards.clear()
                begin = time.perf_counter()
                practice_list(request)
                found.append(_milliseconds_since(begin))
        return [median(found) for found in times]
