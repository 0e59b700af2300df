"""Facet filters, counts and pages in memory: one bitset per facet value.

A bitset is one Python ``int``: bit ``p`` stands for the practice at position ``p``. Positions are dense
(0, 1, 2 ... in the order in which the rows were given), so 100,000 practices make a bitset of 12.5 KB and
150 values take under 2 MB. An index never changes after ``FacetIndex.build``: threads share it, and a new
content version gets a new index. Nothing here knows the database or Django.

Sorting works on bit slices: for each order, bitset ``b`` holds bit ``b`` of every practice's rank in that
order. Walking from the highest slice down splits any selection into an earlier and a later half, so the page
at row 90,000 costs what the first page costs, whatever was selected.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

NO_BIT, BIT = ord("0"), ord("1")
# Below this many practices a page is sorted directly instead of split further.
SMALL_ENOUGH_TO_SORT = 64


class Row(NamedTuple):
    """One practice: its id, the ids of its facet values, and its sort key in each of the index's orders."""

    practice_id: int
    value_ids: Sequence[int]
    sort_keys: Sequence[Any] = ()


class _Order(NamedTuple):
    """A permutation of the positions: the rank of each, and those ranks as bit slices (lowest bit first)."""

    ranks: array[int]
    slices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """The practices that match a choice of facet values and a text search; see ``FacetIndex.select``."""

    mask: int
    total: int
    _index: FacetIndex
    _unions: Mapping[int, int]
    _text_mask: int

    def counts(self) -> dict[int, int]:
        """How many practices each value would have, by value id (0 for values nobody has).

        A facet's own counts ignore what was chosen in that facet; they follow the other facets and the text.
        """
        index = self._index
        counts: dict[int, int] = {}
        for facet_id, value_ids in index.facets.items():
            if facet_id in self._unions:
                mask = self._text_mask
                for other_id, union in self._unions.items():
                    if other_id != facet_id:
                        mask &= union
            else:
                mask = self.mask
            if mask == index.everything:
                counts.update((value_id, index.sizes[value_id]) for value_id in value_ids)
            else:
                bits = index.bits
                counts.update((value_id, (bits[value_id] & mask).bit_count()) for value_id in value_ids)
        return counts


class FacetIndex:
    """All practices with their facet values, ready to filter, count and page; make one with ``build``.

    ``facets``      facet id -> ids of its values
    ``bits``        value id -> bitset of the positions that have the value
    ``sizes``       value id -> number of practices that have the value
    ``everything``  bitset of all positions
    """

    __slots__ = ("_orders", "_positions", "_practice_ids", "bits", "everything", "facets", "sizes")

    def __init__(
        self,
        practice_ids: array[int],
        facets: Mapping[int, tuple[int, ...]],
        bits: Mapping[int, int],
        orders: Mapping[str | None, _Order],
    ) -> None:
        self._practice_ids = practice_ids
        self._positions = _positions_by_id(practice_ids)
        self._orders = orders
        self.facets = facets
        self.bits = bits
        self.sizes = {value_id: mask.bit_count() for value_id, mask in bits.items()}
        self.everything = (1 << len(practice_ids)) - 1

    @classmethod
    def build(
        cls, rows: Iterable[Row], facets: Mapping[int, Sequence[int]], orders: Sequence[str] = ()
    ) -> FacetIndex:
        """Index the rows; a row's place in ``rows`` becomes its position and its rank in the default order.

        ``orders`` names the entries of each row's ``sort_keys``: anything that can be compared, smallest
        first, equal keys in position order. Values that no facet knows are left out.

        Practice ids come from a database sequence: they cost 4 bytes each up to the highest one.

        Raises ValueError when an id occurs twice, is negative or does not fit in 4 bytes, or when a row has
        another number of sort keys than ``orders``.
        """
        rows = list(rows)
        length = len(rows) // 8 + 1
        columns = {value_id: bytearray(length) for value_ids in facets.values() for value_id in value_ids}
        for position, row in enumerate(rows):
            byte, bit = position >> 3, 1 << (position & 7)
            for value_id in row.value_ids:
                if value_id in columns:
                    columns[value_id][byte] |= bit
        if any(len(row.sort_keys) != len(orders) for row in rows):
            raise ValueError(f"every row needs {len(orders)} sort keys")
        keys_by_order = zip(*(row.sort_keys for row in rows), strict=True) if rows else [()] * len(orders)
        permutations: dict[str | None, _Order] = {None: _order(range(len(rows)))}
        for name, keys in zip(orders, keys_by_order, strict=True):
            permutations[name] = _order(sorted(range(len(rows)), key=keys.__getitem__))
        return cls(
            practice_ids=array("q", (row.practice_id for row in rows)),
            facets={facet_id: tuple(value_ids) for facet_id, value_ids in facets.items()},
            bits={value_id: int.from_bytes(column, "little") for value_id, column in columns.items()},
            orders=permutations,
        )

    def __len__(self) -> int:
        return len(self._practice_ids)

    def select(self, chosen: Mapping[int, Collection[int]], text_mask: int | None = None) -> Selection:
        """The practices with one of the chosen values in each facet where something was chosen.

        ``chosen`` maps facet ids to value ids; a facet without chosen values does not filter, and a value the
        index does not know matches nothing. ``text_mask`` (see ``mask_from_ids``) restricts everything,
        counts included; None means no text search.
        """
        text_mask = self.everything if text_mask is None else text_mask & self.everything
        unions = {
            facet_id: reduce(or_, (self.bits.get(value_id, 0) for value_id in value_ids))
            for facet_id, value_ids in chosen.items()
            if value_ids
        }
        mask = text_mask
        for union in unions.values():
            mask &= union
        return Selection(mask, mask.bit_count(), self, unions, text_mask)

    def page(self, mask: int, order: str | None, offset: int, limit: int) -> list[int]:
        """The positions at rows ``offset`` to ``offset + limit`` of the selection, in the given order.

        ``order`` is a name given to ``build``, or None for position order (KeyError for any other). Past the
        end there is nothing. Raises ValueError when ``offset`` or ``limit`` is negative.
        """
        if offset < 0 or limit < 0:
            raise ValueError("offset and limit cannot be negative")
        ranks, slices = self._orders[order]
        mask &= self.everything
        found: list[int] = []
        # Parts of the selection in rank order, the first one last: (bitset, size, slices still to look at).
        parts = [(mask, mask.bit_count(), len(slices))]
        while parts and len(found) < limit:
            part, size, level = parts.pop()
            if size <= offset:
                offset -= size
            elif size <= SMALL_ENOUGH_TO_SORT or not level:
                in_order = sorted(_positions_in(part), key=ranks.__getitem__)
                found += in_order[offset : offset + limit - len(found)]
                offset = 0
            else:
                later = part & slices[level - 1]
                later_size = later.bit_count()
                parts.append((later, later_size, level - 1))
                parts.append((part ^ later, size - later_size, level - 1))
        return found

    def ids(self, positions: Iterable[int]) -> list[int]:
        """The practice ids at these positions, in the same order."""
        return [self._practice_ids[position] for position in positions]

    def position(self, practice_id: int) -> int | None:
        """The position of a practice, or None when it is not in the index."""
        if not 0 <= practice_id < len(self._positions):
            return None
        position = self._positions[practice_id]
        return None if position == len(self) else position

    def mask_from_ids(self, data: bytes) -> int:
        """The bitset of practice ids sent by Postgres as ``string_agg(int4send(id::int), '')``.

        Needs no position in the database, so both may differ in content version: unknown ids are ignored.
        Raises ValueError when the bytes are not whole big-endian 4-byte integers.
        """
        # One byte per position and int(..., 2) is the fastest way measured in pure Python: 2.5 times faster
        # than setting bits in a bytearray. Base 2 is linear and has no limit on the number of digits.
        positions, known, count = self._positions, len(self._positions), len(self)
        digits = bytearray(b"0") * (count + 1)
        for number in _big_endian_integers(data):
            if number < known:
                digits[positions[number]] = BIT
        # Unknown ids in between have the position after the last.
        return int(digits[count - 1 :: -1] if count else b"0", 2)

    def count_ids(self, data: bytes) -> int:
        """How many of the ids sent as for ``mask_from_ids`` are known; cheaper than a bitset for a few thousand."""
        positions, known, count = self._positions, len(self._positions), len(self)
        return sum(number < known and positions[number] != count for number in _big_endian_integers(data))


def _positions_by_id(practice_ids: array[int]) -> array[int]:
    """The position of each practice id, as a table; an unknown id gets the position after the last.

    A table, because a dict of 100,000 ids does not fit the processor's cache: it is 7 times slower.
    Raises ValueError for an id that occurs twice, is negative or has more than 31 bits.
    """
    if practice_ids and not 0 <= min(practice_ids) <= max(practice_ids) < 1 << 31:
        raise ValueError("practice ids have to be from 0 to 2,147,483,647")
    nowhere = len(practice_ids)
    positions = array("I", [nowhere]) * (max(practice_ids, default=-1) + 1)
    for position, practice_id in enumerate(practice_ids):
        if positions[practice_id] != nowhere:
            raise ValueError(f"practice {practice_id} occurs more than once")
        positions[practice_id] = position
    return positions


def _big_endian_integers(data: bytes) -> array[int]:
    """The unsigned 4-byte integers in ``data``; ValueError when it does not hold whole ones."""
    # Unsigned, so that a negative number becomes a huge one and never counts from the end.
    numbers = array("I")
    numbers.frombytes(data)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _order(positions: Sequence[int]) -> _Order:
    """The order in which the positions come in this sequence, which holds each of them once."""
    ranks = array("I", bytes(4 * len(positions)))
    for rank, position in enumerate(positions):
        ranks[position] = rank
    little_endian = ranks[::-1]
    if sys.byteorder == "big":
        little_endian.byteswap()
    raw = little_endian.tobytes()
    slices = []
    for level in range(max(len(positions) - 1, 0).bit_length()):
        bit = 1 << level % 8
        digits = bytes(BIT if byte & bit else NO_BIT for byte in range(256))
        slices.append(int(raw[level // 8 :: 4].translate(digits), 2))
    return _Order(ranks, tuple(slices))


def _positions_in(mask: int) -> list[int]:
    """The positions of the bits that are set, lowest first."""
    digits = f"{mask:b}"[::-1]
    positions = []
    position = digits.find("1")
    while position >= 0:
        positions.append(position)
        position = digits.find("1", position + 1)
    return positions
