"""Completes what is being typed with titles, subjects and frequent words, each with how much it finds.

What may be suggested is sorted once per content version and level of viewer, from what that level may see. What only
a group sees is suggested to its members by its titles, asked for anew each time and kept nowhere.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterator
from heapq import nlargest
from itertools import islice
from typing import NamedTuple

from django.db.models import QuerySet

from expoo_portal.per_version import PerVersion
from expoo_portal.visibility import Level, Viewer, viewer_of

from . import kinds
from .analysis import fold, stem
from .lexicon import lexicon
from .words import SearchWord

MIN_CHARACTERS = 2
MAX_CHARACTERS = 100
MAX_SHOWN = 8
MAX_TITLES = 4
# A start of two letters has thousands of words: so many of them are compared.
MAX_COMPARED = 3_000
MAX_COUNTS = 10_000


class Suggestion(NamedTuple):
    """A search that does find something, and how much; `more` when there is more than was counted."""

    text: str
    total: int
    more: bool


class Completions:
    """What may be suggested to one level of viewer."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        titles = {title for searcher in kinds.searchers() for title in searcher.titles(viewer)}
        # A title is found by the start of each of its words.
        self._titles = sorted((start, title) for title in titles for start in _starts(title))
        words: QuerySet[SearchWord] = SearchWord.objects.order_by("word")
        self._words = list(words.values_list("word", "texts"))
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def complete(self, text: str) -> list[Suggestion]:
        """At most `MAX_SHOWN` searches that begin with what was typed; titles last."""
        typed = fold(" ".join(text.split()))
        titles = list(dict.fromkeys(title for _, title in _range(self._titles, typed)))[:MAX_TITLES]
        begun, _, last = typed.rpartition(" ")
        words = self._words_from(last) if len(last) >= MIN_CHARACTERS else []
        wanted = [f"{begun} {word}".strip() for word in words]
        texts = list(dict.fromkeys([*wanted[: MAX_SHOWN - len(titles)], *titles]))
        totals = self._totals(texts)
        shown: dict[str, Suggestion] = {}
        for each in texts:
            if totals[each]:
                # The spelling of a title goes before that of a word, which is folded.
                shown[fold(each)] = _counted(each, totals[each])
        return list(shown.values())

    def _words_from(self, start: str) -> list[str]:
        """The most used words with this start."""
        found = nlargest(2 * MAX_SHOWN, _range(self._words, start), key=lambda entry: entry[1])
        by_stem: dict[str, str] = {}
        for word, _ in found:
            # Another form of the same word finds the same.
            by_stem.setdefault(stem(word), word)
        return list(by_stem.values())[:MAX_SHOWN]

    def _totals(self, texts: list[str]) -> dict[str, int]:
        with self._lock:
            known = {text: self._counts[text] for text in texts if text in self._counts}
        missing = [text for text in texts if text not in known]
        if missing:
            found = kinds.count([lexicon().query(text) for text in missing], self._viewer)
            counted = dict(zip(missing, found, strict=True))
            known |= counted
            with self._lock:
                if len(self._counts) > MAX_COUNTS:
                    self._counts.clear()
                self._counts |= counted
        return known


def _starts(title: str) -> Iterator[str]:
    """The folded title from each of its words on."""
    folded = fold(" ".join(title.split()))
    yield folded
    for place, character in enumerate(folded):
        if character == " ":
            yield folded[place + 1 :]


def _range(entries: list, start: str) -> list:
    """The sorted entries whose first part begins with `start`."""
    first = bisect_left(entries, (start,))
    last = bisect_left(entries, (f"{start}\U0010ffff",), lo=first)
    return entries[first : min(last, first + MAX_COMPARED)]


_kept = PerVersion[Level, Completions]()


def complete(text: str, user: object) -> list[Suggestion]:
    """How this text may go on for this user."""
    text = text[:MAX_CHARACTERS]
    if len(text.strip()) < MIN_CHARACTERS:
        return []
    viewer = viewer_of(user)
    level = viewer.level
    found = _kept.get(level, lambda: Completions(Viewer.at(level))).complete(text)
    return _with_inside(found, text, viewer) if viewer.group_ids else found


def _with_inside(found: list[Suggestion], text: str, viewer: Viewer) -> list[Suggestion]:
    """These and titles from inside the viewer's groups, all with how much this viewer finds."""
    typed = fold(" ".join(text.split()))
    inside = (title for searcher in kinds.closed_searchers() for title in searcher.titles(viewer))
    titles = list(islice((title for title in inside if _begins(title, typed)), MAX_TITLES))
    texts = list(dict.fromkeys([*(each.text for each in found[: MAX_SHOWN - len(titles)]), *titles]))
    totals = kinds.count([lexicon().query(each) for each in texts], viewer)
    return [_counted(each, total) for each, total in zip(texts, totals, strict=True) if total]


def _begins(title: str, typed: str) -> bool:
    return any(start.startswith(typed) for start in _starts(title))


def _counted(text: str, total: int) -> Suggestion:
    return Suggestion(text, min(total, kinds.MAX_COUNTED), total > kinds.MAX_COUNTED)
