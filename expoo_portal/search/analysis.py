"""Search that understands Dutch: from texts to index terms, from what was typed to a query.

The public face of the analysis; ``dutch`` has the words and stems below it. Terms hold a-z and 0-9 only, so a
tsvector or tsquery made here needs no quoting and cannot be broken by what somebody typed.

- A word is indexed under its stem and, for a compound, under the stems of its parts at the same position:
  "opvoedingsondersteuning" is found by "ondersteuning". A word with hyphens is also indexed written as one.
- A query looks for the whole stem of each word, so "ontmoetingsplaats" does not find every "plaats".
- Stopwords keep their place but are not indexed: the phrase "huis van het kind" is huis, two words, kind.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Literal, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .dutch import (
    MAX_WORD,
    STOPWORDS,
    Word,
    base_words,
    fold,
    index_terms,
    is_listed,
    split_compound,
    stem,
    words,
)
from .sounds import sound

__all__ = [
    "Lexicon",
    "Query",
    "Word",
    "base_lexicon",
    "base_words",
    "fold",
    "highlight",
    "matched_stems",
    "snippet",
    "stem",
    "suggest",
    "terms",
    "weighted_vector",
    "words",
]

# What is typed beyond these is ignored.
MAX_QUERY_CHARACTERS = 400
MAX_QUERY_CLAUSES = 16
MIN_PREFIX = 3
MAX_COMPLETIONS = 30
MAX_CORRECTIONS = 4
# A word of at least 4 letters may have one typing error, one of 6 two and one of 10 three.
ERROR_LENGTHS = (4, 6, 10)

# Limits of a tsvector: the last position it knows, positions it keeps per lexeme, and (by a wide margin) its size.
MAX_POSITION = 16_383
MAX_POSITIONS_PER_TERM = 255
MAX_VECTOR_CHARACTERS = 250_000
# Words of different fields are this far apart, so that no phrase runs from one into the next.
FIELD_GAP = 10

_QUERY = re.compile(r"""(?P<minus>(?<!\S)-)?(?:["“”„«](?P<phrase>[^"“”„«»]*)["“”»]|(?P<bare>[^\s"“”„«»]+))""")

Weight = Literal["A", "B", "C", "D"]
Piece = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody searches for.

    ``words``       the folded words to find, as typed, without stopwords and exclusions
    ``stems``       the terms to mark in a result
    ``clauses``     what must all hold, each an expression as ``tsquery`` has; those that begin with "!" exclude
    """

    words: tuple[str, ...] = ()
    stems: frozenset[str] = frozenset()
    clauses: tuple[str, ...] = ()

    def tsquery(self) -> str:
        """Text for ``to_tsquery('simple', ...)`` or ``::tsquery``; empty when there is nothing to search for."""
        return " & ".join(self.clauses)


class _Alternative(NamedTuple):
    """One way to satisfy a clause of a query."""

    expression: str
    stems: frozenset[str]


class Lexicon:
    """Known words with the number of texts they stand in, and groups of synonyms. Never changes.

    The words serve suggestions and completions, the synonyms queries; stems do not depend on either.
    """

    def __init__(
        self, words_in_use: Iterable[tuple[str, int]] = (), synonyms: Iterable[Iterable[str]] = ()
    ) -> None:
        """``words_in_use`` are (word, number of texts), ``synonyms`` groups of words or phrases that mean the same."""
        texts: Counter[str] = Counter()
        for text, count in words_in_use:
            for word in words(text):
                texts[word.folded] += count
        self._texts = dict(texts)
        # A word that stands nowhere is a poor suggestion, unless there is no content yet.
        minimum = 1 if any(self._texts.values()) else 0
        self._candidates: dict[int, list[str]] = defaultdict(list)
        for folded, count in self._texts.items():
            if count >= minimum:
                self._candidates[len(folded)].append(folded)
        # Made when a word is not known for the first time.
        self._sounds: dict[str, list[str]] | None = None
        self._sorted = sorted(self._texts)
        self._synonyms: dict[tuple[str, ...], tuple[_Alternative, ...]] = {}
        for group in synonyms:
            members = {_key(found): _synonym(found) for member in group if (found := words(member))}
            for key in members:
                others = tuple(other for other_key, other in members.items() if other_key != key and other)
                self._synonyms[key] = (*self._synonyms.get(key, ()), *others)
        self._longest_synonym = max(map(len, self._synonyms), default=0)

    def knows(self, word: Word) -> bool:
        """Whether this is a word in use, a listed word or a form of one, or joins such words with hyphens."""
        return word.folded in self._texts or all(
            piece in self._texts or piece in STOPWORDS or piece.isdecimal() or is_listed(piece)
            for piece in word.pieces
        )

    def candidates(self, length: int, distance: int) -> list[str]:
        """The words to suggest whose length differs from this one by at most ``distance``."""
        lengths = range(max(MIN_PREFIX, length - distance), length + distance + 1)
        return [word for each in lengths for word in self._candidates.get(each, ())]

    def sounding_like(self, word: str) -> list[str]:
        """The words to suggest that sound like this one."""
        if self._sounds is None:
            sounds: dict[str, list[str]] = defaultdict(list)
            for candidates in self._candidates.values():
                for candidate in candidates:
                    sounds[sound(candidate)].append(candidate)
            self._sounds = sounds
        return self._sounds.get(sound(word), [])

    def texts(self, word: str) -> int:
        """In how many texts this folded word stands."""
        return self._texts.get(word, 0)

    def query(self, text: str, *, prefix: bool = False) -> Query:
        """Parse what somebody typed: all words, an "exact phrase", -without this. Takes any string.

        A word is also found by its synonyms. With ``prefix`` the last word may be unfinished.
        """
        text = text[:MAX_QUERY_CHARACTERS]
        positive: dict[str, _Alternative] = {}
        excluded: dict[str, None] = {}
        typed: list[str] = []
        for run, is_phrase, is_excluded in _runs(text):
            if is_excluded:
                if without := _phrase(run):
                    excluded[f"!({without.expression})"] = None
                continue
            typed += [word.folded for word in run if word.folded not in STOPWORDS]
            found = [_phrase(run)] if is_phrase else self._clauses(run, prefix and run[-1].end == len(text))
            positive.update((clause.expression, clause) for clause in found if clause)
        clauses = [*positive, *excluded][:MAX_QUERY_CLAUSES]
        stems = frozenset(term for clause in positive.values() for term in clause.stems)
        return Query(tuple(dict.fromkeys(typed)), stems, tuple(clauses))

    def _clauses(self, run: Sequence[Word], unfinished: bool) -> Iterator[_Alternative]:
        """A clause for each word or known phrase in words typed one after the other."""
        place = 0
        while place < len(run):
            length = next(
                (
                    length
                    for length in range(min(self._longest_synonym, len(run) - place), 0, -1)
                    if _key(run[place : place + length]) in self._synonyms
                ),
                1,
            )
            found = run[place : place + length]
            place += length
            own = [_word(word) for word in found if word.folded not in STOPWORDS]
            others = list(self._synonyms.get(_key(found), ()))
            if unfinished and place == len(run):
                others += self._completions(found[-1].folded)
            if own or others:
                yield _any([*([_join("&", own)] if own else []), *others])

    def _completions(self, start: str) -> list[_Alternative]:
        """The most used words that start with these letters."""
        if len(start) < MIN_PREFIX:
            return []
        first, last = bisect_left(self._sorted, start), bisect_left(self._sorted, start + "~")
        most_used = sorted(self._sorted[first:last], key=lambda word: (-self._texts[word], word))
        stems = dict.fromkeys(stem(word) for word in most_used[:MAX_COMPLETIONS])
        return [_Alternative(term, frozenset({term})) for term in stems]


@cache
def base_lexicon() -> Lexicon:
    """The built-in words, without content or synonyms."""
    return Lexicon(base_words())


def _runs(text: str) -> Iterator[tuple[list[Word], bool, bool]]:
    """Words that belong together in a query, whether they are a phrase and whether they are excluded.

    Plain words in a row are one run, so that a synonym of several words can be recognised in it.
    """
    plain: list[Word] = []
    for match in _QUERY.finditer(text):
        group = "bare" if match["phrase"] is None else "phrase"
        start = match.start(group)
        found = [
            word._replace(start=word.start + start, end=word.end + start) for word in words(match[group])
        ]
        if not match["minus"] and group != "phrase":
            plain += found
            continue
        if plain:
            yield plain, False, False
            plain = []
        if found:
            yield found, group == "phrase", bool(match["minus"])
    if plain:
        yield plain, False, False


def _key(found: Sequence[Word]) -> tuple[str, ...]:
    return tuple(stem(word.folded) for word in found)


def _word(word: Word) -> _Alternative:
    """The word itself; for one with hyphens, written as one or all of its pieces."""
    whole = stem(word.folded)
    pieces = dict.fromkeys(stem(piece) for piece in word.pieces if piece not in STOPWORDS)
    if len(word.pieces) == 1 or not pieces:
        return _Alternative(whole, frozenset({whole}))
    return _Alternative(f"({whole} | {' & '.join(pieces)})", frozenset({whole, *pieces}))


def _phrase(found: Sequence[Word]) -> _Alternative | None:
    """The words in this order, other words only where stopwords stood; None when there are only stopwords."""
    expression, stems, gap = "", set(), 0
    for piece in (piece for word in found for piece in word.pieces):
        gap += 1
        if piece in STOPWORDS:
            continue
        term = stem(piece)
        stems.add(term)
        distance = "<->" if gap == 1 else f"<{gap}>"
        expression = f"{expression} {distance} {term}" if expression else term
        gap = 0
    if not stems:
        return None
    return _Alternative(
        f"({expression})" if len(stems) > 1 or " " in expression else expression, frozenset(stems)
    )


def _synonym(found: Sequence[Word]) -> _Alternative | None:
    """The words as a phrase, of which a result shows the last one: "drempel", and not "lage", for "laagdrempelig"."""
    phrase = _phrase(found)
    last = [piece for word in found for piece in word.pieces if piece not in STOPWORDS][-1:]
    return phrase and phrase._replace(stems=frozenset(map(stem, last)))


def _any(ways: Sequence[_Alternative]) -> _Alternative:
    """Any of these, of which there is at least one; "koffie" covers "kop koffie", which costs more to look for."""
    single = {way.expression for way in ways}
    return _join("|", [way for way in ways if not _is_covered(way, single)])


def _is_covered(way: _Alternative, single: Collection[str]) -> bool:
    """Whether whatever has all of these words is found by one of them."""
    parts = way.expression.strip("()").split()
    return len(parts) > 1 and "|" not in parts and any(part in single for part in parts)


def _join(operator: Literal["&", "|"], parts: Sequence[_Alternative]) -> _Alternative:
    """All or any of the parts, of which there is at least one."""
    expressions = dict.fromkeys(part.expression for part in parts)
    stems = frozenset(term for part in parts for term in part.stems)
    if len(expressions) == 1:
        return _Alternative(parts[0].expression, stems)
    return _Alternative(f"({f' {operator} '.join(expressions)})", stems)


def terms(text: str) -> tuple[str, ...]:
    """The distinct terms under which a text is indexed, in order of appearance."""
    return tuple(dict.fromkeys(term for word in words(text) for _, term in _terms_at(word)))


def _terms_at(word: Word) -> Iterator[tuple[int, str]]:
    """The terms of a word, each with the number of the piece of the word where it stands."""
    for place, piece in enumerate(word.pieces):
        if piece not in STOPWORDS:
            for term in index_terms(piece):
                yield place, term
    if len(word.pieces) > 1:
        yield 0, stem(word.folded)


def weighted_vector(fields: Sequence[tuple[str, Weight]], marks: Iterable[str] = ()) -> str:
    """The texts with their weights as the text of a tsvector, to be stored with ``::tsvector``.

    Positions past a tsvector's last one are that last one; of a term's positions the first 255 are kept. What
    comes after the first ``MAX_VECTOR_CHARACTERS`` of the texts together is not indexed. `marks`: letters and digits
    by which the row is found as well, as they are.
    """
    positions: dict[str, list[str]] = defaultdict(list)
    position, room = 1, MAX_VECTOR_CHARACTERS
    for text, weight in fields:
        found = words(text)
        if len(text) > room:
            found = [word for word in found if word.end <= room]
        room = max(0, room - len(text))
        for word in found:
            for place, term in _terms_at(word):
                kept = positions[term]
                entry = f"{min(position + place, MAX_POSITION)}{weight}"
                if len(kept) < MAX_POSITIONS_PER_TERM and (not kept or kept[-1] != entry):
                    kept.append(entry)
            position += len(word.pieces)
        position += FIELD_GAP
    marked = {mark: ["1D"] for mark in marks}
    return " ".join(f"'{term}':{','.join(kept)}" for term, kept in (positions | marked).items())


def _matches(text: str, stems: Collection[str]) -> list[tuple[Word, frozenset[str]]]:
    """The words of the text that match, each with the stems it matches."""
    if not stems:
        return []
    wanted = frozenset(stems)
    return [
        (word, hits)
        for word in words(text)
        if (hits := wanted.intersection(term for _, term in _terms_at(word)))
    ]


def matched_stems(text: str, stems: Collection[str]) -> frozenset[str]:
    """Which of the stems stand in the text."""
    return frozenset(stem for _, hits in _matches(text, stems) for stem in hits)


def highlight(text: str, stems: Collection[str]) -> list[Piece]:
    """The text in pieces, each with whether it matches one of the stems; joined they are the text again."""
    return _marked(text, 0, len(text), [word for word, _ in _matches(text, stems)])


def _marked(text: str, start: int, end: int, matching: Iterable[Word]) -> list[Piece]:
    """``text[start:end]`` in pieces; the matching words inside it are pieces of their own."""
    pieces = []
    for word in matching:
        if word.start < start or word.end > end:
            continue
        if word.start > start:
            pieces.append((text[start : word.start], False))
        pieces.append((text[word.start : word.end], True))
        start = word.end
    if start < end:
        pieces.append((text[start:end], False))
    return pieces


def snippet(text: str, stems: Collection[str], length: int = 180) -> list[Piece]:
    """The stretch of about ``length`` characters that matches most different stems, in pieces as ``highlight``.

    Starts and ends between words, with an ellipsis where text was left out; the beginning when nothing matches.
    """
    if len(text) <= length:
        return highlight(text, stems)
    found = _matches(text, stems)
    first = _best_start(found, length)
    # A quarter of the room goes to what comes before.
    start = max(0, min(first - length // 4, len(text) - length))
    if start:
        start = text.find(" ", start, first) + 1 or start
    end = min(len(text), start + length)
    if end < len(text):
        space = text.rfind(" ", max(start + 1, end - MAX_WORD), end)
        end = space if space > 0 else end
    before = [("… ", False)] if start else []
    after = [(" …", False)] if end < len(text) else []
    return [*before, *_marked(text, start, end, [word for word, _ in found]), *after]


def _best_start(found: Sequence[tuple[Word, frozenset[str]]], length: int) -> int:
    """Where the stretch begins that holds the most different stems."""
    inside: Counter[str] = Counter()
    best, start, first = 0, 0, 0
    for word, hits in found:
        inside.update(hits)
        while word.end - found[first][0].start > length and found[first][0] is not word:
            inside.subtract(found[first][1])
            inside += Counter()
            first += 1
        if len(inside) > best:
            best, start = len(inside), found[first][0].start
    return start


def suggest(text: str, lexicon: Lexicon) -> str | None:
    """The text with each unknown word replaced by the known one it was probably meant to be ("Bedoelde je").

    None when every word is known or nothing is close enough. Only the first four unknown words are looked at: each
    is compared with thousands of others, and anybody may send a page full of them.
    """
    text = text[:MAX_QUERY_CHARACTERS]
    pieces, end = [], 0
    unknown = (word for word in words(text) if not lexicon.knows(word))
    for word in islice(unknown, MAX_CORRECTIONS):
        if better := _closest(word.folded, lexicon):
            pieces += [text[end : word.start], better]
            end = word.end
    return "".join([*pieces, text[end:]]) if pieces else None


def _closest(word: str, lexicon: Lexicon) -> str | None:
    """The word in use that sounds the same, or the one with the fewest typing errors between.

    Of several the one with the same start, then the most used.
    """
    if len(word) >= ERROR_LENGTHS[0] and (alike := lexicon.sounding_like(word)):
        best = min(alike, key=lambda other: (-lexicon.texts(other), other))
        return None if stem(best) == stem(word) else best
    # A compound of listed words is probably right; it may lack its linking letter.
    allowed = 1 if split_compound(word) else bisect_right(ERROR_LENGTHS, len(word))
    close = process.extract(
        word, lexicon.candidates(len(word), allowed), scorer=OSA.distance, score_cutoff=allowed, limit=None
    )
    if not allowed or not close:
        return None
    found, _, _ = min(
        close, key=lambda match: (match[1], match[0][0] != word[0], -lexicon.texts(match[0]), match[0])
    )
    # Another form of the same word finds the same.
    return None if stem(found) == stem(word) else found
