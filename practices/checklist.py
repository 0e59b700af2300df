"""The eight questions that editors ask of each practice before it is published (domain.md 2.4). Pure.

A point is known by its number, from 1: `Dossier.checklist` holds the numbers that were ticked, and the step
"vraag aanvulling" maps numbers to the editor's words.
"""

from __future__ import annotations

from collections.abc import Iterable

POINTS: dict[int, str] = {
    1: "Gaat het over ontmoeting tussen gezinnen, en niet enkel over een activiteit?",
    2: "Begrijpt een collega uit een andere gemeente na het lezen hoe het werkt?",
    3: "Staan er sterktes én uitdagingen in?",
    4: "Zijn de facetten ingevuld waar dat kan, en eerlijk “niet vermeld” waar het niet kan?",
    5: "Zijn er geen herkenbare kinderen of gezinnen (naam, verhaal, foto) zonder toestemming?",
    6: "Is duidelijk waarop de beschrijving steunt, en klopt de peildatum?",
    7: "Is de toon beschrijvend, niet wervend?",
    8: "Is er een eigenaar die de praktijk kan bevestigen?",
}


def choices() -> list[tuple[int, str]]:
    """The points for a form, with their numbers in the words."""
    return [(number, f"{number}. {text}") for number, text in POINTS.items()]


def question(number: int | str) -> str:
    """The question with this number (also as JSON writes it, as text); empty for a number there is no point of."""
    return POINTS.get(int(number), "") if str(number).isdigit() else ""


def known(numbers: Iterable[object]) -> list[int]:
    """Those of these numbers that are points, each once, in order."""
    given = {str(number) for number in numbers}
    return [number for number in POINTS if str(number) in given]


def open_points(ticked: Iterable[object]) -> list[int]:
    """The points that were not ticked."""
    done = known(ticked)
    return [number for number in POINTS if number not in done]
