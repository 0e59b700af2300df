"""The `Range` header (RFC 9110, section 14): players ask for a part of a recording to jump to a chapter."""

from __future__ import annotations

import re
from typing import NamedTuple

_ONE_RANGE = re.compile(r"bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*\Z", re.IGNORECASE | re.ASCII)


class ByteRange(NamedTuple):
    """Part of a file: first and last byte, both included, counted from 0."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """The header asks for bytes that the file does not have: 416."""


def parse(header: str, size: int) -> ByteRange | None:
    """The part of a file of `size` bytes that the header asks for, or None for the whole file.

    None too for what a server may ignore: other units, several ranges at once, nonsense.
    Raises Unsatisfiable.
    """
    found = _ONE_RANGE.match(header.strip())
    if not found or found.group(1) == found.group(2) == "":
        return None
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise Unsatisfiable
        return ByteRange(size - length, size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return ByteRange(int(first), min(int(last), size - 1) if last else size - 1)
