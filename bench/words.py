"""Invented Dutch texts whose words are as unevenly spread as in real ones; pure, the same for the same seed."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

PROJECT = Path(__file__).resolve().parent.parent
WORD_LIST = PROJECT / "expoo_portal" / "search" / "data" / "words.txt"
STARTER = PROJECT / "practices" / "starter" / "practices.json"
COMPOUNDS = 20_000
TEXT_FIELDS = ("naam", "onderscheidend", "samenvatting", "organisatie", "gemeente")
MUNICIPALITIES = (
    "Antwerpen",
    "Gent",
    "Brussel",
    "Leuven",
    "Brugge",
    "Mechelen",
    "Aalst",
    "Hasselt",
    "Kortrijk",
    "Genk",
)


def _listed(section: str) -> list[str]:
    """The words of one section of the built-in list."""
    text = WORD_LIST.read_text(encoding="utf-8").split(f"[{section}]")[1].split("\n[")[0]
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [word.replace("+", "").replace("|", "") for line in lines for word in line.split()]


class Writer:
    """Draws words: the n-th most frequent one about 1/n times as often as the first (Zipf)."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._words, self._chances = _ranked_words()
        self._nouns, self._noun_chances = _ranked_nouns()

    def text(self, count: int) -> str:
        """So many words, in sentences of twelve."""
        words = self._random.choices(self._words, cum_weights=self._chances, k=count)
        sentences = (" ".join(words[start : start + 12]) for start in range(0, count, 12))
        return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences)

    def name(self) -> str:
        """The name of a practice: one to three nouns and sometimes a place."""
        nouns = self._random.choices(
            self._nouns, cum_weights=self._noun_chances, k=self._random.choice((1, 2, 2, 3))
        )
        place = [self.municipality()] if self._random.random() < 0.4 else []
        return " ".join([nouns[0].capitalize(), *nouns[1:], *place])

    def municipality(self) -> str:
        """A place, the large ones more often."""
        return self._random.choices(MUNICIPALITIES, weights=_falling(len(MUNICIPALITIES)))[0]


@cache
def _falling(count: int) -> list[float]:
    return [1 / (rank + 2.7) for rank in range(count)]


@cache
def _ranked_words() -> tuple[list[str], list[float]]:
    """All words, most frequent first, with their summed chances.

    In front those of the starter content by how often they occur there, small words included; then the built-in
    list; at the end, as in any large collection, a long tail of compounds that occur a few times each.
    """
    rows = json.loads(STARTER.read_text(encoding="utf-8"))["praktijken"]
    texts = " ".join(row[field] for row in rows for field in TEXT_FIELDS)
    counted = Counter(re.findall(r"[a-zà-ÿ]+", texts.lower()))
    random = Random("words")
    nouns = _listed("naamwoorden")
    listed = [*nouns, *_listed("werkwoorden"), *_listed("bijvoeglijk")]
    random.shuffle(listed)
    compounds = [random.choice(nouns) + random.choice(nouns) for _ in range(COMPOUNDS)]
    words = list(dict.fromkeys([*(word for word, _ in counted.most_common()), *listed, *compounds]))
    return words, list(accumulate(_falling(len(words))))


@cache
def _ranked_nouns() -> tuple[list[str], list[float]]:
    nouns = list(dict.fromkeys(_listed("naamwoorden")))
    Random("nouns").shuffle(nouns)
    return nouns, list(accumulate(_falling(len(nouns))))


def common_words(count: int) -> list[str]:
    """The most frequent words of the generated texts, function words included."""
    return _ranked_words()[0][:count]
