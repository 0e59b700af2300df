"""Where a long text folds: what a reader sees at once, and what opens when asked for."""

from __future__ import annotations

import re
from typing import NamedTuple

from .richtext import plain_text

# Characters. About eight lines on a phone; and what is less than a few lines is not worth a click.
SEEN_AT_ONCE = 340
WORTH_FOLDING = 280

_TAG = re.compile(r"<(/?)(p|h[1-6]|ul|ol|li|blockquote)\b", re.IGNORECASE)
_HEADING = re.compile(r"<h[1-6]\b", re.IGNORECASE)


class Folded(NamedTuple):
    """Rich text in two: the beginning, and the rest; together they are the whole. The rest may be empty."""

    first: str
    rest: str


def fold(html: str) -> Folded:
    """Sanitised rich text, split between two blocks where it is long; whole where it is not."""
    blocks = _blocks(html)
    place = _place_of_fold(blocks)
    rest = "".join(blocks[place:])
    if len(plain_text(rest)) < WORTH_FOLDING:
        return Folded(html, "")
    return Folded("".join(blocks[:place]), rest)


def folded_anchor(anchor: str) -> str:
    """Where the rest of a text stands on its page. No slug has a dot, so that no other part has this anchor."""
    return f"{anchor}.verder"


def _place_of_fold(blocks: list[str]) -> int:
    """How many blocks a reader sees at once; a heading goes with what it stands above."""
    seen = headings = 0
    for place, block in enumerate(blocks):
        if _HEADING.match(block):
            headings += 1
            continue
        length = len(plain_text(block))
        if seen and seen + length > SEEN_AT_ONCE:
            return place - headings
        seen += length
        headings = 0
    return len(blocks)


def _blocks(html: str) -> list[str]:
    """The paragraphs, headings, lists and quotations of rich text; one within another stays within it."""
    blocks = []
    depth = start = 0
    for tag in _TAG.finditer(html):
        depth += -1 if tag[1] else 1
        if depth == 0:
            end = html.index(">", tag.end()) + 1
            blocks.append(html[start:end])
            start = end
    if html[start:].strip():
        blocks.append(html[start:])
    return blocks
