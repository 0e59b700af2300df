"""The facet index against the same questions answered with plain sets and lists."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from practices.facet_index import FacetIndex, Row

KIND, SPACE, PROVINCE = 1, 2, 3
FACETS = {KIND: (11, 12, 13), SPACE: (21, 22), PROVINCE: (31, 32, 33)}
VALUES = [value for values in FACETS.values() for value in values]
ORDERS = ("newest", "municipality")


@pytest.fixture
def index() -> FacetIndex:
    """Four practices, in the default order Aalst, Baboes, De Sloep, Eekhoorn."""
    return FacetIndex.build(
        [
            Row(104, (11, 21), (3, "Gent")),
            Row(101, (11, 22), (1, "Gent")),
            Row(103, (12, 21, 22), (4, "Aalst")),
            Row(102, (), (2, "Leuven")),
        ],
        FACETS,
        ORDERS,
    )


def big_endian(numbers) -> bytes:
    return struct.pack(f">{len(numbers)}i", *numbers)


def test_visitor_who_chooses_nothing_sees_everything(index):
    selection = index.select({})
    assert (len(index), selection.total, selection.mask) == (4, 4, 0b1111)
    assert selection.counts() == {11: 2, 12: 1, 13: 0, 21: 2, 22: 2, 31: 0, 32: 0, 33: 0}


def test_visitor_sees_values_of_one_facet_added_up_and_facets_narrowed_down(index):
    assert index.select({KIND: [11, 12]}).total == 3
    assert index.select({KIND: [11, 12], SPACE: [22]}).total == 2
    assert index.select({KIND: [11], SPACE: []}).total == 2


def test_visitor_sees_own_facet_counts_ignore_own_choice(index):
    counts = index.select({KIND: [11], SPACE: [21]}).counts()
    assert (counts[11], counts[12]) == (1, 1)
    assert (counts[21], counts[22]) == (1, 1)


def test_visitor_sees_every_count_follow_the_text(index):
    selection = index.select({KIND: [11]}, 0b110)
    assert selection.total == 1
    assert selection.counts() == {11: 1, 12: 1, 13: 0, 21: 0, 22: 1, 31: 0, 32: 0, 33: 0}


def test_visitor_who_chooses_an_unknown_value_or_facet_sees_nothing(index):
    assert index.select({KIND: [99]}).total == 0
    assert index.select({99: [98]}).counts()[11] == 0


@pytest.mark.parametrize(
    ("order", "expected"),
    [(None, [104, 101, 103, 102]), ("newest", [101, 102, 104, 103]), ("municipality", [103, 104, 101, 102])],
)
def test_visitor_sees_pages_in_the_chosen_order(index, order, expected):
    everything = index.everything
    assert index.ids(index.page(everything, order, 0, 10)) == expected
    assert index.ids(index.page(everything, order, 1, 2)) == expected[1:3]
    assert index.page(everything, order, 4, 10) == []
    assert index.page(everything, order, 0, 0) == []


def test_visitor_of_an_empty_catalogue_sees_nothing():
    index = FacetIndex.build([], FACETS, ORDERS)
    selection = index.select({KIND: [11]}, index.mask_from_ids(big_endian([0])))
    assert (len(index), selection.total, set(selection.counts().values())) == (0, 0, {0})
    assert index.page(selection.mask, "newest", 0, 24) == []
    assert index.position(0) is None


def test_visitor_sees_each_practice_once_when_paging_to_the_end():
    rows = [Row(number, (), (number * 7919 % 1000, "AB"[number % 2])) for number in range(1000)]
    index = FacetIndex.build(rows, FACETS, ORDERS)
    for place, order in enumerate(ORDERS):
        pages = [index.page(index.everything, order, offset, 24) for offset in range(0, 1000, 24)]
        expected = sorted(range(1000), key=lambda position: rows[position].sort_keys[place])
        assert [position for page in pages for position in page] == expected


def test_caller_gets_positions_and_ids_of_practices(index):
    assert [index.position(number) for number in (104, 101, 103, 102)] == [0, 1, 2, 3]
    assert [index.position(number) for number in (-1, 0, 100, 105, 10**12)] == [None] * 5
    assert index.ids([3, 0]) == [102, 104]


def test_caller_may_send_ids_of_another_content_version(index):
    assert index.mask_from_ids(big_endian([104, 102, 100, 105, 2**31 - 1, 0, -1])) == 0b1001
    assert index.mask_from_ids(b"") == 0
    assert index.select({}, 1 << 60 | 1).total == 1


def test_caller_sees_mistakes_refused(index):
    with pytest.raises(ValueError, match="multiple"):
        index.mask_from_ids(b"abc" * 3)
    with pytest.raises(KeyError):
        index.page(index.everything, "colour", 0, 1)
    with pytest.raises(ValueError, match="negative"):
        index.page(index.everything, None, -1, 1)
    with pytest.raises(ValueError, match="more than once"):
        FacetIndex.build([Row(1, ()), Row(1, ())], FACETS)
    with pytest.raises(ValueError, match="sort keys"):
        FacetIndex.build([Row(1, (), (1,)), Row(2, ())], FACETS, ("newest",))
    for practice_id in (-1, 2**31):
        with pytest.raises(ValueError, match="practice ids"):
            FacetIndex.build([Row(practice_id, ())], FACETS)


@st.composite
def catalogues(draw):
    """Up to 400 rows (several sorted parts a page) with values, one of them unknown to every facet."""
    rows = draw(
        st.lists(
            st.tuples(st.frozensets(st.sampled_from([*VALUES, 77])), st.integers(-3, 3), st.integers(0, 500)),
            max_size=30,
        )
    )
    rows = rows * draw(st.integers(1, 14))
    ids = draw(st.permutations(range(len(rows))))
    return [
        Row(ids[n] * 3 + 1, tuple(values), (first, second)) for n, (values, first, second) in enumerate(rows)
    ]


choices = st.dictionaries(
    st.sampled_from([*FACETS, 99]), st.frozensets(st.sampled_from([*VALUES, 77]), max_size=3), max_size=4
)


@settings(deadline=None)
@given(catalogues(), choices, st.none() | st.frozensets(st.integers(0, 450)))
def test_selection_and_counts_equal_those_of_plain_sets(rows, chosen, text):
    index = FacetIndex.build(rows, FACETS, ORDERS)
    text_mask = None if text is None else sum(1 << position for position in text)

    def matches(position: int, but_facet: int | None = None) -> bool:
        values = set(rows[position].value_ids) & set(VALUES)
        return (text is None or position in text) and all(
            values & wanted for facet, wanted in chosen.items() if wanted and facet != but_facet
        )

    selection = index.select(chosen, text_mask)
    expected = [position for position in range(len(rows)) if matches(position)]
    assert selection.mask == sum(1 << position for position in expected)
    assert selection.total == len(expected)
    assert selection.counts() == {
        value: sum(value in row.value_ids and matches(position, facet) for position, row in enumerate(rows))
        for facet, values in FACETS.items()
        for value in values
    }


@settings(deadline=None)
@given(
    catalogues(),
    st.frozensets(st.integers(0, 450), min_size=0, max_size=420) | st.none(),
    st.sampled_from([None, *ORDERS]),
    st.integers(0, 450),
    st.integers(0, 100),
)
def test_pages_equal_slices_of_a_sorted_list(rows, wanted, order, offset, limit):
    index = FacetIndex.build(rows, FACETS, ORDERS)
    positions = [position for position in range(len(rows)) if wanted is None or position in wanted]
    mask = sum(1 << position for position in positions)
    if order is not None:
        positions.sort(key=lambda position: rows[position].sort_keys[ORDERS.index(order)])
    assert index.page(mask, order, offset, limit) == positions[offset : offset + limit]


@settings(deadline=None)
@given(catalogues(), st.lists(st.integers(-(2**31), 2**31 - 1) | st.integers(0, 450)))
def test_masks_hold_the_known_ids(rows, numbers):
    index = FacetIndex.build(rows, FACETS, ORDERS)
    data = big_endian(numbers)
    wanted = set(numbers)
    assert index.mask_from_ids(data) == sum(
        1 << position for position, row in enumerate(rows) if row.practice_id in wanted
    )
    assert index.count_ids(big_endian(sorted(wanted))) == index.mask_from_ids(data).bit_count()
    assert [index.position(row.practice_id) for row in rows] == list(range(len(rows)))
