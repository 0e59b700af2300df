"""Queries that Django puts together once, and then only fills in.

On a page that asks for many small things, putting a query together takes longer than answering it. A `Prepared` does
so once per shape (what sort of viewer asks, in how many groups they are, how long the given lists are), with stand-ins
for the viewer and for the values; it keeps the SQL, and from then on only puts the values in the stand-ins' place.
The rule of visibility is asked as always: of the stand-in.

What comes from elsewhere, such as the clock, would be kept as well. So each shape is put together twice, with other
stand-ins, and refused when anything else differs, or when a stand-in is not in the SQL.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from .visibility import Viewer

# A key, a number, a moment, or several keys.
Value = int | datetime | Collection[int]

# Stand-ins fit in a column of four bytes; a larger value is asked the ordinary way, where Django knows its limits.
_FIRST_NUMBERS = (2_000_000_000, 2_100_000_000)
_FIRST_MOMENTS = (datetime(8001, 1, 1, tzinfo=UTC), datetime(8002, 1, 1, tzinfo=UTC))
_LARGEST = 1_999_999_999


@dataclass(frozen=True)
class _Kept:
    """A query of one shape: what Django made of it, and its parameters with stand-ins among them."""

    queryset: QuerySet[Any]
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    # By stand-in which of the values it stands for.
    places: Mapping[Any, tuple[str, int]]


_all: list[Prepared] = []


def forget() -> None:
    """Put every query together anew; for tests that change what one is made of."""
    for prepared in _all:
        prepared._kept.clear()


class Prepared:
    """A query with a viewer and values left open. `build(viewer, **values)` makes its queryset.

    For queries that state no viewer (`unrestricted`), `ask` with None: `build` then gets the values alone.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        self._kept: dict[Any, _Kept] = {}
        _all.append(self)

    def ask(self, viewer: Viewer | None, **values: Value) -> list[Any]:
        """The rows for this viewer and these values, as the queryset would give them.

        Raises ValueError when the query depends on more than these.
        """
        given: dict[str, Value] = dict(values)
        if viewer is not None:
            given |= {"viewer's groups": viewer.group_ids, "viewer's key": viewer.user.pk or 0}
        flat = {
            name: [value] if isinstance(value, int | datetime) else list(value)
            for name, value in given.items()
        }
        if not all(flat.values()) or not all(_is_small(value) for each in flat.values() for value in each):
            return list(self._build(*(() if viewer is None else (viewer,)), **values))
        manner = (viewer.level, viewer.is_active, viewer.is_staff) if viewer is not None else None
        shape = (manner, *((name, len(each)) for name, each in flat.items()))
        kept = self._kept.get(shape)
        if kept is None:
            kept = self._kept[shape] = self._prepare(viewer, given)
        return _rows(kept, flat)

    def _prepare(self, viewer: Viewer | None, given: Mapping[str, Value]) -> _Kept:
        first, second = (self._put_together(viewer, given, turn) for turn in (0, 1))
        ours, others = _told(first), _told(second)
        if first.sql != second.sql or ours != others:
            raise ValueError(f"the query depends on more than the given values: {first.sql}")
        missing = set(first.places.values()) - {
            place for place in map(first.places.get, _plain(first)) if place
        }
        # Not every rule asks who somebody is, or in which groups.
        if {name for name, _ in missing} - {"viewer's groups", "viewer's key"}:
            raise ValueError(f"{missing} is not in the query: {first.sql}")
        return first

    def _put_together(self, viewer: Viewer | None, given: Mapping[str, Value], turn: int) -> _Kept:
        places: dict[Any, tuple[str, int]] = {}
        stand_ins: dict[str, Any] = {}
        for name, value in given.items():
            many = not isinstance(value, int | datetime)
            made = []
            for index, each in enumerate(value if many else [value]):  # type: ignore[arg-type]
                count = len(places)
                is_moment = isinstance(each, datetime)
                stand_in: Any = (
                    _FIRST_MOMENTS[turn] + timedelta(days=count)
                    if is_moment
                    else _FIRST_NUMBERS[turn] + count
                )
                places[stand_in] = (name, index)
                made.append(stand_in)
            stand_ins[name] = made if many else made[0]
        arguments: list[Viewer] = []
        if viewer is not None:
            groups, key = stand_ins.pop("viewer's groups"), stand_ins.pop("viewer's key")
            asking = Viewer.at(viewer.level, frozenset(groups))
            asking.__dict__ |= {
                "user": SimpleNamespace(pk=key, is_authenticated=True),
                "is_active": viewer.is_active,
                "is_staff": viewer.is_staff,
            }
            arguments = [asking]
        queryset = self._build(*arguments, **stand_ins)
        compiler = queryset.query.get_compiler(connection.alias)
        sql, parameters = compiler.as_sql()
        return _Kept(queryset, compiler, sql, tuple(parameters), places)


def _is_small(value: int | datetime) -> bool:
    return isinstance(value, datetime) or abs(value) <= _LARGEST


def _plain(kept: _Kept) -> Iterator[Any]:
    """The parameters that can be looked up; a list, say, is never a stand-in."""
    return (each for each in kept.parameters if isinstance(each, int | datetime))


def _told(kept: _Kept) -> list[Any]:
    """The parameters, each stand-in by the name of what it stands for."""
    return [
        kept.places[each][0] if isinstance(each, int | datetime) and each in kept.places else each
        for each in kept.parameters
    ]


def _rows(kept: _Kept, values: Mapping[str, list[Any]]) -> list[Any]:
    """Ask the kept query with these values."""
    parameters = []
    for each in kept.parameters:
        place = kept.places.get(each) if isinstance(each, int | datetime) else None
        if place is not None:
            value = values[place[0]][place[1]]
            # Numbers carry the width of their column.
            each = type(each)(value) if isinstance(each, int) else value
        parameters.append(each)
    compiler = copy.copy(kept.compiler)
    compiler.connection = connection
    compiler.as_sql = lambda *args, **kwargs: (kept.sql, tuple(parameters))
    query = copy.copy(kept.queryset.query)
    query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
    # A plain queryset: it was stated who asks when the query was put together.
    rows: QuerySet[Any] = QuerySet(kept.queryset.model, query=query)
    rows._iterable_class = kept.queryset._iterable_class
    rows._fields = kept.queryset._fields  # type: ignore[attr-defined]
    return list(rows)
