"""Two or three practices side by side: which rows there are, and which of them differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

LEAST, MOST = 2, 3


class Cell(NamedTuple):
    """What one practice says in a row; no values when it says nothing about this."""

    name: str
    values: Sequence[Any]


class Row(NamedTuple):
    """A row of the comparison, with a cell per practice."""

    label: str
    cells: tuple[Cell, ...]
    differs: bool


def rows(labels: Iterable[str], practices: Sequence[tuple[str, Mapping[str, Sequence[Any]]]]) -> list[Row]:
    """The rows that at least one practice fills, in the order of `labels`.

    `practices` are names, each with its values by label. A value is a text or a mapping with a "text"; in which
    order the values of a cell stand makes no difference.
    """
    found = []
    for label in labels:
        cells = tuple(Cell(name, values.get(label, ())) for name, values in practices)
        if any(cell.values for cell in cells):
            differs = len({frozenset(map(_text, cell.values)) for cell in cells}) > 1
            found.append(Row(label, cells, differs))
    return found


def _text(value: Any) -> str:
    return value["text"] if isinstance(value, Mapping) else value
