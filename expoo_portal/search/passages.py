"""Which passage of a text answers a search, and how it is shown. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from .analysis import Piece, matched_stems, snippet

PASSAGE_CHARACTERS = 200


class Passage(NamedTuple):
    """A stretch of a text, and where on its page it stands ("t=12:30"), if that has an address."""

    text: str
    anchor: str = ""


class Shown(NamedTuple):
    """The part of a passage that is shown, in pieces that match or not."""

    pieces: list[Piece]
    anchor: str


def passage(passages: Iterable[Passage], stems: Collection[str], length: int = PASSAGE_CHARACTERS) -> Shown:
    """The passage that matches most different stems, the first of equally good ones, cut to about `length`.

    When none matches it is the first that is not empty.
    """
    best, most = Passage(""), -1
    for found in passages:
        if found.text.strip() and (matches := len(matched_stems(found.text, stems))) > most:
            best, most = found, matches
            if matches == len(stems):
                break
    return Shown(snippet(best.text, stems, length), best.anchor if most > 0 else "")
