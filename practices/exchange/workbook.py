"""A look inside a spreadsheet before anything reads it as one: no bombs made of XML.

`expoo_portal.office` has already refused what unpacks too large. What unpacks to a few megabytes can still become
gigabytes once it is a tree of elements; here it is walked as a stream that keeps nothing.
"""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from xml.parsers import expat

from . import cells

MAX_ROWS = 10_000
# Of one row, of one shared text, and of everything else in a part.
_MAX_TOGETHER = 4_000
_MAX_OTHERS = 100_000
_MAX_SHARED_TEXTS = 300_000
# In all cells of a sheet together, and in all texts that cells share.
_MAX_LETTERS = 25_000_000
_MAX_EMPTY_ROWS = 1_100_000
_STEP = 64 * 1024


class Unreadable(Exception):
    """The file cannot be read as a table; the text is a Dutch sentence for the editor."""


class _Walk:
    """Counts the elements of one XML part; raises Unreadable when they become too many."""

    def __init__(self) -> None:
        self._repeated = 0
        self._filled_rows = 0
        self._together = self._others = self._letters = self._all_letters = 0
        self._inside = ""
        self._row_is_filled = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype

    def walk(self, file: Any) -> int:
        """Read the part to its end; returns how many rows hold something."""
        while piece := file.read(_STEP):
            self._parser.Parse(piece, False)
        self._parser.Parse(b"", True)
        return self._filled_rows

    def _doctype(self, *_args: Any) -> None:
        raise Unreadable(
            "Dit bestand bevat een definitie van XML, en die weigeren we. Bewaar het opnieuw in Excel."
        )

    def _start(self, name: str, _attributes: Any) -> None:
        name = name.rpartition(" ")[2]
        self._letters = 0
        if not self._inside and name in ("row", "si"):
            self._inside, self._together, self._row_is_filled = name, 0, False
            self._repeated += 1
            if self._repeated > (_MAX_EMPTY_ROWS if name == "row" else _MAX_SHARED_TEXTS):
                raise _too_many()
        elif self._inside:
            self._together += 1
            self._row_is_filled = self._row_is_filled or name in ("v", "is", "f")
            if self._together > _MAX_TOGETHER:
                raise _too_many()
        else:
            self._others += 1
            if self._others > _MAX_OTHERS:
                raise _too_many()

    def _end(self, name: str) -> None:
        if name.rpartition(" ")[2] == self._inside:
            if self._inside == "row" and self._row_is_filled:
                self._filled_rows += 1
                if self._filled_rows > MAX_ROWS + 1:
                    raise too_many_rows()
            self._inside = ""

    def _text(self, text: str) -> None:
        self._letters += len(text)
        if self._letters > cells.MAX_LENGTH:
            raise Unreadable(f"In dit bestand staat een cel met meer dan {cells.MAX_LENGTH} tekens.")
        if self._inside:
            self._all_letters += len(text)
            if self._all_letters > _MAX_LETTERS:
                raise Unreadable("In dit bestand staat te veel tekst. Verdeel de rijen over meer bestanden.")


def too_many_rows() -> Unreadable:
    """More rows than one import takes."""
    return Unreadable(f"Dit bestand heeft meer dan {MAX_ROWS} rijen. Verdeel ze over meer bestanden.")


def _too_many() -> Unreadable:
    return Unreadable(
        "Dit bestand bevat veel te veel cellen of opmaak. Kopieer de rijen naar een leeg sjabloon."
    )


def inspect(file: BinaryIO) -> int:
    """Walk all XML of the spreadsheet; returns how many rows its longest sheet has. Raises Unreadable."""
    longest = 0
    try:
        with zipfile.ZipFile(file) as archive:
            for part in archive.infolist():
                if PurePosixPath(part.filename.lower()).suffix in (".xml", ".rels", ".vml"):
                    with archive.open(part) as opened:
                        longest = max(longest, _Walk().walk(opened))
    except (
        expat.ExpatError,
        zipfile.BadZipFile,
        OSError,
        EOFError,
        RuntimeError,
        NotImplementedError,
    ) as error:
        raise Unreadable(
            "Dit Excel-bestand is beschadigd. Open het in Excel, bewaar het opnieuw en probeer nog eens."
        ) from error
    file.seek(0)
    return longest
