"""What a challenge is about: the words that weigh, and which sentences share most of them. Pure.

A word weighs when it says what something is about. "Gezinnen", "komen" and "soms" stand in every second sentence
here and say nothing: a list of such words weighs nothing, whatever the content is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from expoo_portal.search.analysis import terms, words

MAX_CLUES = 16
MIN_LETTERS = 3

_WEIGHTLESS = """
aan aandacht aanpak achter af afhaken al allebei alleen allemaal alles altijd andere anders april augustus avond
bang beetje begeleiden begeleider begin beginnen behalve beide bekend belangrijk bereiken best beste beter
bezoek bezoeker bieden bij bijna bijvoorbeeld binnen bleef bleven blijft blijven boven bracht brengen brengt
buitengaan daardoor daarna daarom dag dagen december deed deel denken derde dezelfde dichtbij dikwijls ding
dingen direct doe doel doen doet donderdag door drie duren durven echt echter een eens eerst eerste eigen eind
einde eindigen elk elkaar elke enkel enkele er eraan erbij erg ergens ermee erop eruit even evenveel februari
fijn ga gaan gaat gaf gauw gaven gebeuren gebruiken geeft geen gemakkelijk genoeg geven gewoon gezin gezinnen
ging gingen graag groep groepen groot haalt haar haken halen half halfuur hand hangen hangt heel heen helft
helpen hen herkennen heten hier hoeveel hoeven horen houden houdt ieder iedereen iemand iets immers ineens
inhouden is jaar januari jaren juist juli juni kant keer kennen kent kiezen kijken kind kinderen klaar klein
komen komt kon kort kost kosten kreeg kregen krijgen krijgt kwam kwamen kwartier laat lang langer lastig laten
later leeg leert lege leggen legt leren leven lezen liever liggen ligt lijken lijn loopt lopen lukken maakt
maand maandag maar maart maatje maken makkelijk manier mee meebrengen meedoen meer meest meestal meeste mei mens
mensen merken met meteen minder minuten minuut misschien mocht moeilijk moeite moest moeten mogelijk mogen
moment momenten morgen naam naar nam namen nauwelijks neemt nemen net niemand niet niets nieuw nieuwe nodig
noemen nog nooit november nu ochtend of oktober om omdat onder ons ontmoeten ontmoeting ontstaan onze ook opeens
open openen organisatie organiseren ouder ouders over overal pas passen plaats plek plots praten proberen
probleem reden rest richten rond samen schrijven september simpel slecht sluiten snel sommige soms soort spreken
sta staan staat stap starten steeds stellen sterk stil stond stonden stoppen straks te tegen telkens terug tijd
tijdens toch toe toen tonen tot traag trekken tussen twee tweede uitdaging uitleggen uren uur vaak vallen van
vanaf vandaag vanuit vanzelf vast vaste veel ver verder verdwijnen vergeten vertellen vertrekken vier vijf
vinden vindt voelen voelt vol voldoende volgen volgend volgende volgens vond vonden voor vooral voorbeeld
voorbij voordat vraag vraagt vragen vrij vrijdag waarom wanneer want waren was wat we week weer weet weg
wegblijven weinig weken welke werd werden werk werken werking werkt weten wie wilde willen woensdag woord
woorden worden zat zaten zaterdag zeer zeggen zegt zei zelden zelf zelfde zes zetten zie zien ziet zin zitten zo
zoals zodat zodra zoeken zondag zonder zorgen zou zouden zoveel
"""


@cache
def weightless() -> frozenset[str]:
    """The terms that weigh nothing."""
    return frozenset(term for word in _WEIGHTLESS.split() for term in terms(word)[:1])


class Clue(NamedTuple):
    """A word that says what a challenge is about: as it was written, its own term, and all terms that match it."""

    word: str
    term: str
    terms: frozenset[str]


def clues(text: str) -> tuple[Clue, ...]:
    """The words of a text that weigh, once each; when none does, all that can be searched for."""
    found = _clues(text, weightless())
    return found or _clues(text, frozenset())


def _clues(text: str, without: Collection[str]) -> tuple[Clue, ...]:
    found: dict[str, Clue] = {}
    for word in words(text):
        own = terms(text[word.start : word.end])
        # "Wachtruimte" also matches "ruimte", but "speelplek" not every "plek".
        kept = [term for term in own if term not in without and len(term) >= MIN_LETTERS]
        if kept and kept[0] == own[0] and not kept[0].isdecimal():
            found.setdefault(kept[0], Clue(text[word.start : word.end].lower(), kept[0], frozenset(kept)))
    return tuple(found.values())[:MAX_CLUES]


class Match(NamedTuple):
    """A sentence that shares clues: which sentence of which practice, and which clues."""

    practice: int
    position: int
    clues: tuple[Clue, ...]


def rank(
    wanted: Sequence[Clue],
    sentences: Iterable[tuple[int, int, Collection[str]]],
    topics_shared: Mapping[int, int],
) -> list[Match]:
    """The best sentence of each practice that shares a clue, best practice first.

    `sentences` are (practice, position, terms). What counts, in this order: how many clues stand in a sentence as
    whole words; how many it shares in part, "ruimte" for "wachtruimte"; in how many topics its practice agrees
    (`topics_shared`); how rare the shared clues are among these sentences. What is equal stays in the order given.
    """
    matches = []
    for practice, position, found in sentences:
        if shared := tuple(clue for clue in wanted if not clue.terms.isdisjoint(found)):
            whole = sum(clue.term in found for clue in shared)
            matches.append((whole, Match(practice, position, shared)))
    often = Counter(clue.term for _, match in matches for clue in match.clues)

    def key(counted: tuple[int, Match]) -> tuple[int, int, int, float]:
        whole, match = counted
        rarity = sum(1 / often[clue.term] for clue in match.clues)
        return -whole, -len(match.clues), -topics_shared.get(match.practice, 0), -rarity

    best: dict[int, Match] = {}
    for _, match in sorted(matches, key=key):
        best.setdefault(match.practice, match)
    return list(best.values())


def rarest(counts: Mapping[str, int], room: int) -> list[str]:
    """The terms that stand in the fewest sentences, as many as have room for their sentences together; at least one.

    A sentence that only shares common terms can be missed then, one that shares a rare term never.
    """
    chosen: list[str] = []
    for term, count in sorted(counts.items(), key=lambda entry: (entry[1], entry[0])):
        room -= count
        if count and (room >= 0 or not chosen):
            chosen.append(term)
    return chosen
