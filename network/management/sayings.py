"""Invented Dutch texts of people who let families meet: titles and posts, drawn at random. Pure.

They say nothing about real people or organisations; whoever tries the portal out with many discussions reads them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

# What stands between braces in a sentence is drawn from these; a word may stand in several sentences.
_WORDS: dict[str, Sequence[str]] = {
    "plek": (
        "de ontmoetingsplaats",
        "de inloop",
        "de spelotheek",
        "de ruilwinkel",
        "het babycafé",
        "de wachtzaal",
        "het buurthuis",
        "de speelbus",
        "de kinderopvang",
        "het voorleeshoekje",
        "de bibliotheek",
        "het buurtpark",
    ),
    "wie": (
        "nieuwe ouders",
        "vaders",
        "grootouders",
        "ouders met een baby",
        "gezinnen uit de buurt",
        "ouders die weinig Nederlands spreken",
        "gezinnen die we nog niet kennen",
        "vrijwilligers",
        "ouders met een peuter en een kleuter",
    ),
    "wanneer": (
        "op woensdagnamiddag",
        "op zaterdagvoormiddag",
        "in de winter",
        "in de zomervakantie",
        "tijdens de schooluren",
        "na de verhuis",
        "op de eerste maandag van de maand",
        "sinds september",
        "als het regent",
    ),
    "ding": (
        "een grote tafel met koffie",
        "een mat met blokken",
        "een verkleedkoffer",
        "een kaartje met de uren",
        "een kast met ruilkleren",
        "een zandbak op wielen",
        "een infobord in vier talen",
        "een hoek met matrassen",
        "een mand met prentenboeken",
    ),
    "probleem": (
        "blijft het stil aan tafel",
        "zitten dezelfde mensen altijd samen",
        "komen er meer kinderen dan we aankunnen",
        "vinden mensen de deur niet",
        "is de ruimte te klein",
        "haken mensen na twee keer af",
        "is er te weinig tijd voor een gesprek",
        "loopt het Nederlands moeilijk",
        "staan de buggy's in de weg",
    ),
    "idee": (
        "iemand die aan de deur staat en goeiedag zegt",
        "samen soep maken",
        "een vast ritueel bij het begin",
        "een kort liedje om af te sluiten",
        "een ouder die de volgende ouder meebrengt",
        "naar buiten gaan zodra het droog is",
        "stoelen in kleine kringen zetten",
        "een vrijwilliger die alleen met de kinderen speelt",
        "pictogrammen op de kasten",
    ),
    "wat": (
        "de eerste tien minuten",
        "het onthaal",
        "de samenwerking met de school",
        "de taakverdeling",
        "het opruimen",
        "de overgang naar huis",
        "de uitnodiging",
        "de vorming van vrijwilligers",
        "het spelmateriaal",
    ),
}
_TITLES = {
    "question": (
        "Hoe pakken jullie {wat} aan?",
        "{Wanneer} {probleem}. Wat doen jullie dan?",
        "Hoe bereiken jullie {wie}?",
        "Wie heeft ervaring met {ding}?",
        "Hoe maken jullie plaats voor {wie} {wanneer}?",
    ),
    "idea": (
        "Wat als we {wat} helemaal anders doen?",
        "Een voorstel: {idee}",
        "{Ding} voor {plek}",
    ),
    "experience": (
        "Bij ons werkte het: {idee}",
        "{Wanneer} openen, een jaar later",
        "Wat we leerden over {wat}",
        "{Ding} in {plek}: een eerste balans",
    ),
    "call": (
        "Wie wil {wanneer} eens komen kijken?",
        "Gezocht: {ding} voor {plek}",
        "Samen iets opzetten voor {wie}?",
    ),
    "announcement": (
        "Volgende bijeenkomst gaat over {wat}",
        "Nieuw in de groep: afspraken over {wat}",
    ),
}
_OPENING = (
    "Bij ons komen er {wanneer} vooral {wie}, en dan {probleem}.",
    "We begonnen een half jaar geleden met {ding} in {plek}, vooral voor {wie}.",
    "{Wanneer} is {plek} open, maar dan {probleem}.",
    "Vorige week hadden we het in ons team over {wat}: telkens {probleem}.",
    "In {plek} zien we {wanneer} steeds meer {wie}.",
    "Wij zoeken al lang naar een goede manier voor {wat}.",
)
_MIDDLE = (
    "We probeerden {idee}, en dat hielp een beetje.",
    "Eerst stond er {ding}, nu niet meer, en dat mis ik.",
    "Een collega stelde {idee} voor, maar niet iedereen zag dat zitten.",
    "Wat opviel: {wie} bleven langer zodra er {ding} was.",
    "Dat kost weinig, maar het vraagt wel dat iemand er {wanneer} aan denkt.",
    "We spraken af dat er altijd iemand vrij is voor {wie}.",
    "Op papier klinkt dat eenvoudig, in {plek} is het dat niet altijd.",
)
_ANSWER = (
    "Herkenbaar, bij ons ook: {wanneer} {probleem}.",
    "Wij kozen voor {idee}. De eerste weken was dat wennen, nu doet iedereen het vanzelf.",
    "Misschien helpt {ding}? In {plek} staat dat er al jaren.",
    "Begin klein. {Idee} is al veel, de rest volgt.",
    "Daar zijn we mee gestopt: telkens {probleem}, en dat wogen we af tegen {idee}.",
    "Vraag het aan de mensen zelf. {Wie} wisten bij ons goed wat er scheelde aan {wat}.",
    "Dank om dit te delen. {Wat} is bij ons ook een werkpunt.",
    "Ik zou {wat} en {idee} uit elkaar houden, anders {probleem}.",
)
_CLOSING = (
    "Hoe doen jullie dat?",
    "Ik hoor graag hoe het bij jullie loopt.",
    "Wie komt eens kijken?",
    "Meer foto's heb ik niet, maar vragen mag altijd.",
    "Volgende maand laat ik weten hoe het liep.",
    "Alvast bedankt.",
)
_SLOT = re.compile(r"\{(\w+)\}")


class Speaker:
    """Says things; the same ones for the same random numbers."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def title(self, kind: str) -> str:
        """The title of a thread of this kind."""
        return self._say(_TITLES[kind])

    def opening_post(self) -> str:
        """How somebody begins a thread, as rich text: two or three paragraphs, sometimes with points."""
        parts = [self._paragraph(_OPENING, _MIDDLE), self._paragraph(_MIDDLE, _MIDDLE)]
        if self._random.random() < 0.25:
            points = "".join(f"<li><p>{self._draw('idee')}</p></li>" for _ in range(3))
            parts.append(f"<ul>{points}</ul>")
        return "".join([*parts, f"<p>{self._say(_CLOSING)}</p>"])

    def answer(self) -> str:
        """What somebody answers, as rich text: one or two paragraphs."""
        parts = [self._paragraph(_ANSWER, _MIDDLE)]
        if self._random.random() < 0.4:
            parts.append(self._paragraph(_MIDDLE, _CLOSING))
        return "".join(parts)

    def _paragraph(self, *kinds: Sequence[str]) -> str:
        return f"<p>{' '.join(self._say(kind) for kind in kinds)}</p>"

    def _say(self, sentences: Sequence[str]) -> str:
        return _SLOT.sub(lambda slot: self._fill(slot[1]), self._random.choice(sentences))

    def _fill(self, slot: str) -> str:
        """A word for this slot; one that is written with a capital begins a sentence."""
        word = self._draw(slot.lower())
        return word[0].upper() + word[1:] if slot[0].isupper() else word

    def _draw(self, slot: str) -> str:
        return self._random.choice(_WORDS[slot])
