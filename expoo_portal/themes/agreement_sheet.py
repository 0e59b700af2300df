"""An agreement sheet in the making: what a form sent, line by line. Pure; nothing of it is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from expoo_portal.address_list import Parameters
from expoo_portal.xml_text import clean

from .docx import Block, Heading, Numbered, Paragraph, Table, document, gaps, pieces

MOST_PARTIES = 4
FIRST_PARTIES = 2
# More than anybody agrees on; a form that sends more is not ours.
MOST_LINES = 60
MOST_CHARACTERS = 600
# Empty fields for lines of one's own, for who has no JavaScript to add them.
ROOM = 2
SIGNATURE = ("Naam en organisatie", "Datum", "Handtekening")
_TOKEN = re.compile(r"[0-9]{1,10}\Z", re.ASCII)


class Suggestion(Protocol):
    """A suggested line."""

    pk: int
    text: str


@dataclass(frozen=True)
class Party:
    """Who agrees: an organisation, and whom to ask for there."""

    organisation: str = ""
    contact: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.contact, self.organisation) if part)


@dataclass(frozen=True)
class Line:
    """A line that is ticked or not; `token` is what the form calls it, empty for one's own."""

    text: str
    is_chosen: bool
    token: str = ""

    @property
    def gaps(self) -> list[str]:
        """What is still to be filled in."""
        return list(dict.fromkeys(gaps(self.text)))

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        return pieces(self.text)


@dataclass(frozen=True)
class Group:
    """The lines about one subject."""

    slug: str
    label: str
    hint: str
    lines: Sequence[Line]

    @property
    def suggested(self) -> list[Line]:
        return [line for line in self.lines if line.token]

    @property
    def own(self) -> list[Line]:
        return [line for line in self.lines if not line.token]

    @property
    def chosen(self) -> list[Line]:
        """What comes on the sheet."""
        return [line for line in self.lines if line.is_chosen and line.text]


def one_line(text: str, most: int = MOST_CHARACTERS) -> str:
    """What was typed, on one line and not longer than the field takes."""
    return " ".join(clean(text).split())[:most]


def _typed(fields: Parameters, name: str, default: str = "") -> str:
    """What stands in a field; `default` when the form has no such field."""
    return (fields.getlist(name) or [default])[-1]


def read_group(
    slug: str, label: str, hint: str, suggestions: Iterable[Suggestion], fields: Parameters | None
) -> Group:
    """A group with its suggestions as they stand, or as the form changed them, and the lines of one's own.

    A ticked line whose suggestion is gone by now stays, as one's own.
    """
    rows = {str(row.pk): row.text for row in suggestions}
    if fields is None:
        return Group(slug, label, hint, [Line(text, False, token) for token, text in rows.items()])
    ticked = [token for token in fields.getlist(f"kies-{slug}") if _TOKEN.match(token)][:MOST_LINES]
    lines = [
        Line(one_line(_typed(fields, f"regel-{slug}-{token}", text)), token in ticked, token)
        for token, text in rows.items()
    ]
    gone = [_typed(fields, f"regel-{slug}-{token}") for token in ticked if token not in rows]
    own = [one_line(text) for text in (*gone, *fields.getlist(f"eigen-{slug}"))]
    lines += [Line(text, True) for text in own if text]
    return Group(slug, label, hint, lines[: len(rows) + MOST_LINES])


@dataclass(frozen=True)
class Sheet:
    """The parties, the day, and the lines by group."""

    groups: Sequence[Group]
    parties: Sequence[Party] = ()
    day: date | None = None

    @classmethod
    def read(cls, groups: Sequence[Group], fields: Parameters | None) -> Sheet:
        """The sheet with these groups; without fields, a new one."""
        if fields is None:
            return cls(groups, [Party()] * MOST_PARTIES)
        parties = [
            Party(
                one_line(_typed(fields, f"organisatie-{n}"), 200),
                one_line(_typed(fields, f"contact-{n}"), 200),
            )
            for n in range(1, MOST_PARTIES + 1)
        ]
        try:
            day = date.fromisoformat(_typed(fields, "datum"))
        except ValueError:
            day = None
        return cls(groups, parties, day)

    @cached_property
    def named(self) -> list[Party]:
        """The parties that were named; two without a name when nobody was, to write in."""
        found = [party for party in self.parties if party.organisation or party.contact]
        return found + [Party()] * (FIRST_PARTIES - len(found))

    @property
    def first_parties(self) -> list[tuple[int, Party]]:
        """The parties that the form always asks for, with their numbers."""
        return list(enumerate(self.parties, 1))[:FIRST_PARTIES]

    @property
    def more_parties(self) -> list[tuple[int, Party]]:
        """The others, which the form folds away."""
        return list(enumerate(self.parties, 1))[FIRST_PARTIES:]

    @property
    def has_more_parties(self) -> bool:
        return any(str(party) for _, party in self.more_parties)

    @cached_property
    def chosen(self) -> list[tuple[Group, int]]:
        """The groups with a line on the sheet, and the number of the first line of each: they count on."""
        found, number = [], 1
        for group in self.groups:
            if group.chosen:
                found.append((group, number))
                number += len(group.chosen)
        return found

    @property
    def gaps(self) -> int:
        """How many places are still to be filled in."""
        return sum(len(gaps(line.text)) for group, _ in self.chosen for line in group.chosen)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Everything as the form sends it, so that a next page can go on with it."""
        pairs = [("datum", self.day.isoformat() if self.day else "")]
        for number, party in enumerate(self.parties, 1):
            pairs += [(f"organisatie-{number}", party.organisation), (f"contact-{number}", party.contact)]
        for group in self.groups:
            for line in group.suggested:
                pairs.append((f"regel-{group.slug}-{line.token}", line.text))
                if line.is_chosen:
                    pairs.append((f"kies-{group.slug}", line.token))
            pairs += [(f"eigen-{group.slug}", line.text) for line in group.own]
        return pairs

    def docx(self, title: str, day: str) -> bytes:
        """The sheet as a Word document; `day` is the date in words."""
        blocks: list[Block] = [Heading(title, 0)]
        blocks += [Paragraph(f"Partner: {party}") for party in self.named if str(party)]
        blocks.append(Paragraph(f"Datum: {day or '[datum]'}"))
        for group, _ in self.chosen:
            blocks += [Heading(group.label), Numbered([line.text for line in group.chosen])]
        blocks += [Heading("Voor akkoord"), Table(SIGNATURE, [(str(party), "", "") for party in self.named])]
        return document(blocks, title)
