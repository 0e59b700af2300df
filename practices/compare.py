"""Two or three practices side by side: which rows there are, and what in them differs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

LEAST, MOST = 2, 3


class Value(NamedTuple):
    """One value of a cell; it stands out when only some of the practices have it, beside others that all have."""

    text: str
    href: str
    stands_out: bool


class Cell(NamedTuple):
    """What one practice says in a row; no values when it says nothing about this."""

    name: str
    values: tuple[Value, ...]


class Row(NamedTuple):
    """A row of the comparison, with a cell per practice."""

    label: str
    cells: tuple[Cell, ...]
    differs: bool


def rows(labels: Iterable[str], practices: Sequence[tuple[str, Mapping[str, Sequence[Any]]]]) -> list[Row]:
    """The rows that at least one practice fills, in the order of `labels`.

    `practices` are names, each with its values by label. A value is a text, or a mapping with a "text" and a
    "href"; in which order the values of a cell stand makes no difference.
    """
    found = []
    for label in labels:
        given = [(name, list(map(_text_and_href, values.get(label, ())))) for name, values in practices]
        texts = [frozenset(text for text, _ in pairs) for _, pairs in given]
        if any(texts):
            common = frozenset.intersection(*texts)
            cells = tuple(
                Cell(
                    name,
                    tuple(Value(text, href, bool(common) and text not in common) for text, href in pairs),
                )
                for name, pairs in given
            )
            found.append(Row(label, cells, differs=len(set(texts)) > 1))
    return found


def _text_and_href(value: Any) -> tuple[str, str]:
    return (value["text"], value["href"]) if isinstance(value, Mapping) else (value, "")
