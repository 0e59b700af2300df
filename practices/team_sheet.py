"""The team sheet: a practice on one A4, with three questions to talk about. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, zip_longest

from expoo_portal.richtext import plain_text
from expoo_portal.themes.questions import MOST, lines

# For a practice that has no questions of its own and whose topics have none either.
GENERAL = (
    "Wat herken je uit onze eigen werking, en wat is bij ons anders?",
    "Wat zou bij ons een drempel wegnemen voor gezinnen die we nu niet zien?",
    "Welke kleine stap kunnen we binnen een maand uitproberen, en wie neemt die op?",
)
_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|blockquote)>|<br ?/?>", re.IGNORECASE)
# A last piece shorter than this says nothing.
_LEAST = 30


def questions(own: str, topics: Iterable[str]) -> list[str]:
    """Three questions: the practice's own first, then one of each of its topics in turn, then general ones.

    `own` and `topics` are the fields of the practice and of its topics, one question a line.
    """
    per_topic = zip_longest(*(lines(text) for text in topics))
    wanted = chain(lines(own), (one for turn in per_topic for one in turn if one), GENERAL)
    found: dict[str, str] = {}
    for question in wanted:
        found.setdefault(question.casefold().rstrip("?. "), question)
    return list(found.values())[:MOST]


def in_brief(html: str, limit: int) -> list[str]:
    """Rich text as plain paragraphs of at most `limit` characters together, cut between words."""
    blocks = [text for part in _BLOCK_END.split(html) if (text := plain_text(part))]
    kept: list[str] = []
    room = limit
    for text in blocks:
        if len(text) <= room:
            kept.append(text)
            room -= len(text)
            continue
        if room >= _LEAST or not kept:
            kept.append(_cut(text, room))
        else:
            kept[-1] = f"{kept[-1].rstrip('.')} …"
        return kept
    return kept


def _cut(text: str, room: int) -> str:
    """The first words of a text that fit, with an ellipsis."""
    words = text[: room + 1].rpartition(" ")[0] or text[:room]
    return f"{words.rstrip(' ,;:.')} …"


def shorten(text: str, limit: int) -> str:
    """A text as it is, or its first words when it is longer than this."""
    return text if len(text) <= limit else _cut(text, limit)
