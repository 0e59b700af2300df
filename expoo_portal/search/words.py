"""The words of the public content, for "Bedoelde je ...?".

Kept in a table that is rebuilt when content changed, never from what only members see: a suggestion would tell.
A change of the table raises the content version, for pages that are kept hold suggestions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from django.db import models, transaction

from expoo_portal import content_version

from .analysis import Lexicon, base_words, suggest

MAX_WORDS = 50_000
MAX_CHARACTERS = 60

_sources: list[Callable[[], Iterable[tuple[str, int]]]] = []


def register_source(source: Callable[[], Iterable[tuple[str, int]]]) -> None:
    """Let an app name its public words, each with the number of texts it stands in."""
    if source not in _sources:
        _sources.append(source)


class SearchWord(models.Model):
    """A word of the public content and in how many texts it stands. Open: holds words of public pages only."""

    word = models.CharField("woord", max_length=MAX_CHARACTERS, primary_key=True)
    texts = models.PositiveIntegerField("aantal teksten")

    class Meta:
        verbose_name = "zoekwoord"
        verbose_name_plural = "zoekwoorden"

    def __str__(self) -> str:
        return self.word


def rebuild_words() -> int:
    """Count the words of all sources anew; returns how many are kept. Writes nothing when they stayed the same."""
    counted: Counter[str] = Counter()
    for source in _sources:
        for word, texts in source():
            if 2 < len(word) <= MAX_CHARACTERS and not word.isdigit():
                counted[word] += texts
    wanted = dict(sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:MAX_WORDS])
    with transaction.atomic():
        if dict(SearchWord.objects.values_list("word", "texts")) != wanted:
            SearchWord.objects.all().delete()
            rows = (SearchWord(word=word, texts=texts) for word, texts in wanted.items())
            SearchWord.objects.bulk_create(rows, batch_size=2_000)
    return len(wanted)


_kept: tuple[str, Lexicon] | None = None


def _lexicon() -> Lexicon:
    """The built-in words and those of the content, as they are in this content version."""
    global _kept
    version = content_version.current()
    if _kept is None or _kept[0] != version:
        counted = Counter(dict(base_words()))
        counted.update(dict(SearchWord.objects.values_list("word", "texts")))
        _kept = (version, Lexicon(counted.items()))
    return _kept[1]


def suggestion(text: str) -> str | None:
    """`text` with misspelled words replaced by known ones; None when there is nothing better."""
    return suggest(text, _lexicon())


def forget() -> None:
    """Read the words again at the next question; for tests."""
    global _kept
    _kept = None
