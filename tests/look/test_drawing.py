"""The picture of a practice: the same for ever, inside its frame, in the palette, and small."""

import re
from math import isfinite

from django.template.loader import get_template
from hypothesis import given
from hypothesis import strategies as st

from practices.drawing import HEIGHT, PALETTE, WIDTH, Drawing, drawing

MAX_BYTES = 450

FACETS = {
    "type-organisatie": [str(number) for number in range(20)],
    "ruimte": ["eigen-ruimte", "multifunctionele-ruimte", "buiten", "mobiel", "online", "elders"],
    "begeleiding": ["vrijwilligers", "professionele-medewerkers", "studenten", "ouders-zelf"],
    "opdracht": ["hoofdopdracht", "nevenactiviteit"],
}
VALUES = st.lists(
    st.one_of(
        [st.sampled_from([f"{facet}={slug}" for slug in slugs]) for facet, slugs in FACETS.items()]
        + [st.text()]
    ),
    max_size=12,
)


def svg(picture: Drawing) -> str:
    """The picture as the pages show it."""
    return get_template("components/drawing.html").render({"drawing": picture}).strip()


@given(st.text(), VALUES)
def test_a_practice_always_gets_the_same_picture_whatever_the_order_of_its_values(seed, values):
    assert drawing(seed, values) == drawing(seed, values[::-1]) == drawing(seed, values * 2)


@given(st.text(), VALUES)
def test_a_picture_keeps_to_the_palette_and_to_its_size(seed, values):
    html = svg(drawing(seed, values))
    assert set(re.findall(r"#\w+", html)) <= PALETTE
    assert len(html.encode()) <= MAX_BYTES
    assert 'aria-hidden="true"' in html


@given(st.text(), VALUES)
def test_each_part_of_a_picture_is_seen_and_differs_from_its_ground(seed, values):
    picture = drawing(seed, values)
    for shape in (*picture.shapes, picture.shared):
        assert shape.fill != picture.ground
        starts = [(float(x), float(y)) for x, y in re.findall(r"M(-?\d+) (-?\d+)", shape.path)]
        assert starts
        assert all(isfinite(x) and isfinite(y) for x, y in starts)
    for x, y, radius in _circles(picture):
        assert -radius < x < WIDTH + radius
        assert -radius < y < HEIGHT + radius


@given(st.text(), VALUES)
def test_neighbouring_circles_meet_without_swallowing_each_other(seed, values):
    circles = sorted(_circles(drawing(seed, values)))
    for (x1, y1, r1), (x2, y2, r2) in zip(circles, circles[1:], strict=False):
        assert abs(r1 - r2) < ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 < r1 + r2


def test_forty_practices_of_one_kind_get_forty_pictures():
    assert (
        len({svg(drawing(f"praktijk-{number}", ["type-organisatie=spelotheek"])) for number in range(40)})
        == 40
    )


def test_more_kinds_of_people_make_more_circles_meet():
    alone = drawing("zon", ["begeleiding=vrijwilligers"])
    together = drawing("zon", ["begeleiding=vrijwilligers", "begeleiding=studenten"])
    assert (len(_circles(alone)), len(_circles(together))) == (2, 3)


def test_the_space_leaves_a_sign_in_the_picture():
    plain = drawing("zon", [])
    pictures = {drawing("zon", [f"ruimte={space}"]).shapes for space in FACETS["ruimte"][:5]}
    assert len(pictures) == 5
    assert drawing("zon", ["ruimte=elders"]) == plain


def _circles(picture: Drawing) -> list[tuple[int, int, int]]:
    """The circles (x, y, radius) that meet; the signs are drawn before them."""
    found = []
    for shape in picture.shapes[-2:]:
        for x, top, radius in re.findall(r"M(-?\d+) (-?\d+)a(\d+) \3 0 10\.1 0", shape.path):
            found.append((int(x), int(top) + int(radius), int(radius)))
    return found
