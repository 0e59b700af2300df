"""Dutch words: folding, finding them in a text, their stems and the parts of compounds.

Pure functions over the word lists in ``data``. An inflected form of a listed word gets the stem of that word; any
other word goes to the Snowball stemmer. Measured on the word groups in ``tests/search/data``: of 333 forms that
belong with their base form and 108 pairs that do not belong together, these come out right:

    Snowball "dutch_porter" alone   141 and  99    misses most diminutives and participles, huis/huizen
    Snowball "dutch" alone          234 and  98    joins gezin and zin, gebouw and bouwen: it cuts off ge-
    the word lists, then "dutch"    333 and 106    in use; the lists were written with these groups at hand

A stem depends on these lists only, never on the content, so what one process indexed another one finds.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from .vocabulary import vocabulary

# Longer texts are cut: a word past this point is not found and not marked.
MAX_CHARACTERS = 200_000
# Longer words are cut: Postgres takes no lexeme over 2 KB, and no Dutch word needs it.
MAX_WORD = 64
# A chain of more words with hyphens than this is a slug or a list, not one word.
MAX_PIECES = 4
MIN_PART = 3
# A part of three letters needs one of at least this length beside it: "speelbus" is a compound, "busjes" is not.
BESIDE_SHORT_PART = 5
MIN_COMPOUND, MAX_COMPOUND = 7, 40
# Of an unlisted compound at least so many letters are unknown, and so many known when its end is.
MIN_UNKNOWN = 4
MIN_KNOWN_END = 5

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060"
_MARKS = r"\u0300-\u036f"
_APOSTROPHES = "'\u2019\u2018\u02bc\u00b4`\u2032"
_HYPHENS = "\u2010\u2011-"
_PIECE = rf"[^\W_][\w{_MARKS}{_INVISIBLE}]*(?:[{_APOSTROPHES}][^\W_][\w{_MARKS}{_INVISIBLE}]*)*"
_PIECES = re.compile(_PIECE)
# "S&O" and "K&G" are words; so is anything joined by hyphens.
_TOKEN = re.compile(rf"\b[^\W\d_](?:&[^\W\d_])+\b|{_PIECE}(?:[{_HYPHENS}]{_PIECE})*")
# "parkeren" is not "park" and "eren": what ends a derived or inflected word is no part of a compound.
_ENDING = re.compile(
    r"a(?:al|ar|ris|ge|tie|to|nt)|e(?:n|r|l|ur|us|nt)|i(?:s[cmt]|e|o|t|ng|f|ng)|lijk|achtig|heid|loos|baar|zaam|gericht"
)
_NOT_A_TERM = re.compile(r"[^a-z0-9]")
_FOLDS = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_INVISIBLE),
        **{"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"},
    }
)

# Frequent and without a subject of their own: they take a place in phrases, but are neither indexed nor searched.
STOPWORDS = frozenset(
    word
    for line in (
        "de het een en of van in op te dat die dit deze is was met voor aan door er om als bij ook maar naar uit",
        "dan zijn wordt worden ze zij hij je jij jullie we wij ik u ons onze jouw uw hun haar hem zich men heeft",
        "hebben had kan kunnen zal zullen waar daar hier dus toe wel nog al s t n",
    )
    for word in line.split()
)


class Word(NamedTuple):
    """A word in a text: ``text[start:end]``.

    ``folded`` has only a-z and 0-9. A word with hyphens is one word: "ouder-kindactiviteit" has "ouder" and
    "kindactiviteit" as its ``pieces`` and is folded to "ouderkindactiviteit". Others are their own only piece.
    """

    start: int
    end: int
    folded: str
    pieces: tuple[str, ...]


def fold(text: str) -> str:
    """The text without case, accents, ligatures and invisible characters, every kind of apostrophe as '."""
    if text.isascii():
        return text.lower().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join([char for char in decomposed if not unicodedata.combining(char)]).translate(_FOLDS)


@lru_cache(maxsize=50_000)
def _term(piece: str) -> str:
    """A piece of a word as a-z and 0-9, without 's: "foto's" is "foto"; empty when nothing is left."""
    folded = fold(piece)
    if len(folded) > 2 and folded.endswith("'s"):
        folded = folded[:-2]
    return _NOT_A_TERM.sub("", folded)[:MAX_WORD]


def words(text: str) -> list[Word]:
    """The words of the text's first ``MAX_CHARACTERS`` characters, in order.

    Takes any string, lone surrogates and NUL included. Letters outside the Latin alphabet are no words here.
    """
    found = []
    # An underscore counts as a letter for \w; a space of the same length keeps the offsets.
    for token in _TOKEN.finditer(text[:MAX_CHARACTERS].replace("_", " ")):
        start, end = token.span()
        whole = token.group()
        if whole.isascii() and whole.isalpha():
            folded = whole.lower()[:MAX_WORD]
            found.append(Word(start, end, folded, (folded,)))
            continue
        if "&" in whole:
            folded = _term(whole)
            found += [Word(start, end, folded, (folded,))] if folded else []
            continue
        spans = [
            (start + piece.start(), start + piece.end(), term)
            for piece in _PIECES.finditer(whole)
            if (term := _term(piece.group()[: 2 * MAX_WORD]))
        ]
        if len(spans) > MAX_PIECES or any(term.isdecimal() for _, _, term in spans):
            found += [Word(begin, stop, term, (term,)) for begin, stop, term in spans]
        elif spans:
            pieces = tuple(term for _, _, term in spans)
            found.append(Word(start, end, "".join(pieces)[:MAX_WORD], pieces))
    return found


def stem(word: str) -> str:
    """The stem of a folded word: one for kind, kinderen and kindje, one for ontmoeten and ontmoetingen."""
    return index_terms(word)[0]


@lru_cache(maxsize=100_000)
def index_terms(word: str) -> tuple[str, ...]:
    """What a folded word is indexed under: its stem, then those of its parts when it is a compound."""
    lists = vocabulary()
    if lemma := lists.lemma(word):
        own, parts = lists.stem(lemma), lists.seams.get(lemma, ())
    elif found := split(word):
        head = found[-1]
        own = word[: len(word) - len(head.text)] + lists.stem(head.lemma)
        parts = tuple(part.lemma for part in found)
    elif half := _half_known(word):
        first, last, own = half
        parts = (first, last)
    else:
        return (word if word.isdecimal() else _snowball(word),)
    return tuple(dict.fromkeys((own, *(term for part in parts for term in index_terms(part)))))


def _half_known(word: str) -> tuple[str, str, str] | None:
    """An unlisted word of which one part is listed, as first part, last part and own stem: "groente|overschot".

    The most known letters win. What is not known has to look like a word, and not like an ending.
    """
    if not MIN_COMPOUND < len(word) <= MAX_COMPOUND or not word.isalpha():
        return None
    lists = vocabulary()
    longest = 0
    found: tuple[str, str, str] | None = None
    for cut in range(MIN_UNKNOWN, len(word) - MIN_UNKNOWN + 1):
        start, end = word[:cut], word[cut:]
        modifier = lists.modifier(start)
        if len(end) >= MIN_KNOWN_END and len(end) > longest and (head := lists.head(end)):
            longest, found = len(end), (start, head, start + lists.stem(head))
        known = cut + (len(end) if lists.lemma(end) else 0)
        if modifier and known > longest:
            longest = known
            found = None if _ENDING.match(end) else (modifier, end, _snowball(word))
    return found


class Part(NamedTuple):
    """A part of a compound as written in it ("kinder"), and the word it comes from ("kind")."""

    text: str
    lemma: str


def split(word: str) -> tuple[Part, ...]:
    """The parts of a folded compound, or nothing when it is not made of two or more listed words.

    Listed words and their inflected forms are not split here: what they are made of is in the list. The fewest
    parts win, then the fewest linking letters.
    """
    if not MIN_COMPOUND <= len(word) <= MAX_COMPOUND or vocabulary().lemma(word):
        return ()
    best = _best_split(word)
    return best[1] if best else ()


def split_compound(word: str) -> tuple[str, ...]:
    """The words a folded compound is made of, in their base form; empty for any other word."""
    lists = vocabulary()
    return lists.seams.get(lists.lemma(word) or "", ()) or tuple(part.lemma for part in split(word))


@lru_cache(maxsize=20_000)
def _best_split(word: str) -> tuple[tuple[int, int], tuple[Part, ...]] | None:
    """The best split of a word, or of the rest of one, after its cost: number of parts, of linking letters."""
    lists = vocabulary()
    best: tuple[tuple[int, int], tuple[Part, ...]] | None = None
    for cut in range(MIN_PART, len(word) - MIN_PART + 1):
        text, rest = word[:cut], word[cut:]
        shortest, longest = sorted((len(text), len(rest)))
        if shortest == MIN_PART and longest < BESIDE_SHORT_PART:
            continue
        lemma = lists.modifier(text)
        if not lemma:
            continue
        links = max(0, len(text) - len(lemma))
        parts: tuple[Part, ...]
        if head := lists.head(rest):
            cost, parts = (2, links), (Part(text, lemma), Part(rest, head))
        elif len(rest) >= MIN_COMPOUND and (further := _best_split(rest)):
            (count, more_links), more = further
            cost, parts = (count + 1, links + more_links), (Part(text, lemma), *more)
        else:
            continue
        if best is None or cost < best[0]:
            best = cost, parts
    return best


_snowball_of_thread = threading.local()


def _snowball(word: str) -> str:
    """The Snowball stem. A stemmer keeps its word in itself, so each thread has its own."""
    stemmer = getattr(_snowball_of_thread, "stemmer", None)
    if stemmer is None:
        stemmer = _snowball_of_thread.stemmer = snowballstemmer.stemmer("dutch")
    stemmed: str = stemmer.stemWord(word)
    return stemmed or word


def is_listed(word: str) -> bool:
    """Whether a folded word is in the built-in lists or a form of a word that is."""
    return vocabulary().lemma(word) is not None


def base_words() -> tuple[tuple[str, int], ...]:
    """The built-in words with frequency 0: known, but in no content."""
    return tuple((word, 0) for word in sorted(vocabulary().listed))
