"""The built-in word lists, and the rules that lead an inflected Dutch word back to a listed one.

Rules only propose: a proposal counts when the list has it. So "huizen" is "huis" and "brieven" is "brief", while
a word that merely looks inflected stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
VOWELS = "aeiou"
_LONG_VOWELS = ("aa", "ae", "au", "ee", "eu", "ie", "oe", "oo", "ou", "uu")
_VOWEL_GROUP = re.compile(f"[{VOWELS}y]+")
_VOICELESS = {"z": "s", "v": "f"}
_VOICED = {"s": "z", "f": "v"}


def _singular_spellings(cut: str) -> Iterator[str]:
    """How a word may be spelled once its -en, -e or -er is cut off: straat for strat, bus for buss."""
    if len(cut) < 2 or cut[-1] in VOWELS:
        yield cut
        return
    voiceless = cut[:-1] + _VOICELESS.get(cut[-1], cut[-1])
    if cut[-1] == cut[-2]:
        yield cut[:-1]
    # A long vowel first: "taken" is "taak", while "tak" has "takken".
    elif cut[-2] in "aeou" and not cut[:-1].endswith(_LONG_VOWELS):
        yield cut[:-2] + cut[-2] + voiceless[-2:]
    yield voiceless
    if voiceless != cut:
        yield cut


def _infinitives(base: str) -> Iterator[str]:
    """The infinitives a verb may have when this is its form for "ik": spelen for speel, pakken for pak."""
    if len(base) < 3:
        return
    if base.endswith(("oe", "ie")):
        yield base + "n"
    voiced = base[:-1] + _VOICED.get(base[-1], base[-1])
    short = base[-1] not in VOWELS and base[-2] in VOWELS and base[-3] not in VOWELS
    if short:
        yield base + base[-1] + "en"
    if not short or len(_VOWEL_GROUP.findall(base)) > 1:
        yield base + "en"
        yield voiced + "en"
    if base[-1] not in VOWELS and base[-2] == base[-3]:
        yield base[:-2] + voiced[-1] + "en"


class Vocabulary:
    """The listed words and what follows from them. Never changes; see ``words.txt`` and ``irregular.txt``."""

    def __init__(self, words: str, irregular: str) -> None:
        """Read the two lists, given as text. Raises ValueError for a form under two different words."""
        self.nouns: set[str] = set()
        self.verbs: set[str] = set()
        self.adjectives: set[str] = set()
        self.prefixes: set[str] = set()
        self.fixed: set[str] = set()
        self.separable: dict[str, str] = {}
        seams: dict[str, list[str]] = {}
        sections = {
            "[naamwoorden]": self.nouns,
            "[werkwoorden]": self.verbs,
            "[bijvoeglijk]": self.adjectives,
            "[voorvoegsels]": self.prefixes,
            "[vast]": self.fixed,
        }
        section = self.fixed
        for line in _lines(words):
            if line in sections:
                section = sections[line]
                continue
            for entry in line.split():
                word = entry.replace("+", "").replace("|", "")
                section.add(word)
                if "|" in entry:
                    self.separable[word] = entry.partition("|")[0]
                if "+" in entry:
                    seams[word] = entry.split("+")
        self._prefixes = frozenset(self.separable.values())
        # "uitnodigt" is a form of "nodigen" after "uit", though only "uitnodigen" is listed.
        self._simple_verbs = self.verbs - self.separable.keys()
        self._separated_verbs = self._simple_verbs | {
            verb.removeprefix(prefix) for verb, prefix in self.separable.items()
        }
        self.irregular: dict[str, str] = {}
        for line in _lines(irregular):
            word, *forms = line.split()
            for form in (word, *forms):
                if self.irregular.setdefault(form, word) != word:
                    raise ValueError(f"{form!r} stands under {self.irregular[form]!r} and under {word!r}")
        self.listed = frozenset(self.nouns | self.verbs | self.adjectives | self.prefixes | self.fixed)
        self.seams = {
            word: tuple(self.modifier(piece) or piece for piece in pieces[:-1]) + (pieces[-1],)
            for word, pieces in seams.items()
        }

    def lemma(self, word: str) -> str | None:
        """The listed word of which this is a form; None when there is none."""
        if word in self.irregular:
            return self.irregular[word]
        if word in self.listed:
            return word
        inflected = self._noun(word) or self._adjective(word) or self._verb(word)
        return inflected or self._derived(word) or self._plural(word)

    def modifier(self, text: str) -> str | None:
        """The listed word that starts a compound as ``text``: kind for kinder, spelen for speel."""
        for form in (text, text.removesuffix("s")):
            if form in self.fixed or len(form) < 3:
                continue
            lemma: str | None = form
            if form.endswith(("en", "er")):
                lemma = self.irregular.get(form, form)
            if lemma not in self.nouns and lemma not in self.prefixes:
                lemma = self._derived(form)
            if not lemma and form.endswith("en"):
                lemma = self._noun(form)
            if not lemma and form is text:
                lemma = next((verb for verb in _infinitives(form) if verb in self.verbs), None)
            if lemma and lemma not in self.fixed and lemma not in self.adjectives:
                return lemma
        return None

    def head(self, text: str) -> str | None:
        """The listed word that ends a compound as ``text``: plaats for plaatsen."""
        if text in self.fixed:
            return None
        lemma = self.irregular.get(text, text)
        if lemma in self.nouns:
            return lemma
        return self._noun(text) or self._derived(text) or self._plural(text)

    def stem(self, lemma: str) -> str:
        """The stem that all forms of a listed word share with the words derived from it."""
        if lemma in self.irregular:
            lemma = self.irregular[lemma]
        elif lemma not in self.verbs:
            lemma = self._derived(lemma) or lemma
            lemma = self.irregular.get(lemma, lemma)
        return self._verb_stem(lemma) if lemma in self.verbs else lemma

    def _verb_stem(self, verb: str) -> str:
        prefix = self.separable.get(verb, "")
        verb = verb.removeprefix(prefix)
        if verb.endswith(("aan", "oen", "zien")):
            return prefix + verb.removesuffix("n")
        base = verb.removesuffix("en")
        spellings = list(_singular_spellings(base))
        # An e after another syllable is rarely long: luister-en, but lez-en.
        unstressed = base[-2:-1] == "e" and base[-1] not in VOWELS and _VOWEL_GROUP.search(base[:-2])
        return prefix + spellings[-1 if unstressed else 0]

    def _noun(self, word: str) -> str | None:
        return next((noun for noun in _noun_forms(word) if noun in self.nouns), None)

    def _adjective(self, word: str) -> str | None:
        for ending in ("e", "er", "ere", "s", "st", "ste", "en"):
            if word.endswith(ending):
                for spelling in _singular_spellings(word.removesuffix(ending)):
                    if spelling in self.adjectives:
                        return spelling
        return None

    def _verb(self, word: str) -> str | None:
        if verb := next(self._verbs(word, self._simple_verbs), None):
            return verb
        separated = [
            (word[:length] + verb, word[length:])
            for length in range(2, min(7, len(word) - 2))
            if word[:length] in self._prefixes
            for rest in (word[length:],)
            for verb in (self.irregular.get(rest), rest, *self._verbs(rest, self._separated_verbs))
            if verb in self._separated_verbs
        ]
        for verb, _ in separated:
            if verb in self.verbs:
                return verb
        # Not every such verb is listed: any prefix goes with any verb, "meekijken" with "kijken".
        return next((verb for verb, rest in separated if rest not in self.nouns), None)

    def _verbs(self, word: str, known: Collection[str]) -> Iterator[str]:
        """The known verbs of which this is a regular form."""
        for base in _verb_bases(word):
            for verb in _infinitives(base):
                if verb in known:
                    yield verb
        for ending in ("d", "de"):
            if word.endswith(ending) and word.removesuffix(ending) in known:
                yield word.removesuffix(ending)

    def _derived(self, word: str) -> str | None:
        """The verb of an -ing, -er, -ster or -atie, the adjective of a -heid."""
        if word in self.irregular or word in self.fixed:
            return None
        for ending, instead in (("ing", "en"), ("er", "en"), ("atie", "eren")):
            if word.endswith(ending) and (verb := word.removesuffix(ending) + instead) in self.verbs:
                return verb
        if word.endswith("ster"):
            base = word.removesuffix("ster")
            if base + "er" in self.nouns:
                return base + "er"
            return next((verb for verb in _infinitives(base) if verb in self.verbs), None)
        if word.endswith("heid") and word.removesuffix("heid") in self.adjectives:
            return word.removesuffix("heid")
        return None

    def _plural(self, word: str) -> str | None:
        """The word behind the plural or diminutive of a derived word: ontmoeten for ontmoetingen."""
        for noun in _noun_forms(word):
            if derived := self._derived(noun):
                return derived
        return None


def _noun_forms(word: str) -> Iterator[str]:
    """The singulars a plural or a diminutive may have."""
    if word.endswith("s"):
        yield word[:-1]
    if word.endswith("heden"):
        yield word.removesuffix("heden") + "heid"
    if word.endswith("en"):
        yield from _singular_spellings(word[:-2])
        yield word[:-1]
    small = word.removesuffix("s")
    if small.endswith("je"):
        base = small[:-2]
        yield base
        if base.endswith(("t", "p")):
            yield base[:-1]
            if len(base) > 2 and base[-2] == base[-3]:
                yield base[:-2]
        if base.endswith("et"):
            yield base[:-2]
            if len(base) > 3 and base[-3] == base[-4]:
                yield base[:-3]
        if base.endswith("nk"):
            yield base[:-1] + "g"


def _verb_bases(word: str) -> Iterator[str]:
    """The "ik" forms a conjugated verb or a participle may have."""
    yield word
    for ending in ("t", "de", "den", "te", "ten", "d"):
        if word.endswith(ending):
            yield word.removesuffix(ending)
    if word.startswith("ge"):
        for participle in (word[2:], word[2:].removesuffix("e")):
            yield participle
            if participle.endswith(("t", "d")):
                yield participle[:-1]


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the built-in lists, read once per process."""
    return Vocabulary(
        (DATA / "words.txt").read_text(encoding="utf-8"), (DATA / "irregular.txt").read_text(encoding="utf-8")
    )
