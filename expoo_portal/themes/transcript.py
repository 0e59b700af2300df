"""The transcript of a chapter as an editor types it: a line for each sentence, its moment first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

MAX_CHARACTERS = 1000
_MOST_PROBLEMS = 5
_LINE = re.compile(
    r"\[?(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,3}):(?P<seconds>\d{2})(?:[.,](?P<part>\d{1,2}))?\]?"
    r"(?:\s+[-–—]?\s*(?P<text>.*))?"
)


class Sentence(NamedTuple):
    """What is said, and how many seconds after the start of the broadcast."""

    start: Decimal
    text: str


class TranscriptProblem(ValueError):
    """What is wrong with typed lines; `problems` says so line by line, in words for an editor."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def parse(typed: str, *, first: Decimal | int = 0, before: Decimal | int | None = None) -> list[Sentence]:
    """The sentences of lines such as "01:25 Welkom bij Radio EXPOO.". Raises TranscriptProblem.

    A chapter runs from `first` until `before`; its sentences lie in between, in the order in which they are said.
    """
    sentences: list[Sentence] = []
    problems = []
    for number, line in enumerate(typed.splitlines(), 1):
        if not line.strip():
            continue
        try:
            sentence = _sentence(line.strip())
            _check_moment(sentence, sentences[-1].start if sentences else Decimal(0), first, before)
        except ValueError as error:
            problems.append(f"Regel {number}: {error}")
        else:
            sentences.append(sentence)
    if len(problems) > _MOST_PROBLEMS:
        others = len(problems) - _MOST_PROBLEMS
        rest = (
            "Nog 1 andere regel klopt niet." if others == 1 else f"Nog {others} andere regels kloppen niet."
        )
        problems = [*problems[:_MOST_PROBLEMS], rest]
    if problems:
        raise TranscriptProblem(problems)
    return sentences


def written(sentences: Iterable[Sentence]) -> str:
    """The sentences as an editor types them; `parse` reads them back."""
    return "\n".join(f"{moment(start)} {text}" for start, text in sentences)


def moment(seconds: Decimal | int) -> str:
    """A moment as an editor types it: 01:25, 01:25.5, or 1:02:05 from an hour on."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    text = f"{rest // 60:02}:{rest % 60:02}"
    part = f"{Decimal(seconds) - whole:.2f}"[1:].rstrip("0").rstrip(".")
    return (f"{hours}:{text}" if hours else text) + part


def _sentence(line: str) -> Sentence:
    found = _LINE.fullmatch(line)
    if not found:
        raise ValueError("begin met het moment in minuten en seconden, zoals 01:25, en dan de zin.")
    if int(found["seconds"]) > 59 or (found["hours"] and int(found["minutes"]) > 59):
        raise ValueError("een minuut telt zestig seconden; schrijf het moment als 01:25 of 1:02:05.")
    text = (found["text"] or "").strip()
    if not text:
        raise ValueError("na het moment staat geen zin.")
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"de zin is langer dan {MAX_CHARACTERS} tekens. Verdeel ze over meer regels.")
    whole = (int(found["hours"] or 0) * 60 + int(found["minutes"])) * 60 + int(found["seconds"])
    return Sentence(whole + Decimal(f"0.{found['part'] or 0}"), text)


def _check_moment(
    sentence: Sentence, previous: Decimal, first: Decimal | int, before: Decimal | int | None
) -> None:
    now = moment(sentence.start)
    if sentence.start < first:
        raise ValueError(f"{now} ligt vóór het begin van het hoofdstuk, {moment(first)}.")
    if before is not None and sentence.start >= before:
        raise ValueError(f"{now} ligt in het volgende hoofdstuk, dat op {moment(before)} begint.")
    if sentence.start < previous:
        raise ValueError(
            f"{now} komt na {moment(previous)}. Zet de zinnen in de volgorde waarin je ze hoort."
        )
