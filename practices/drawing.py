"""The picture of a practice without a photo: circles that meet, chosen by its facets.

Pure and deterministic: the same seed and values give the same picture in every process and every year,
because the picture is part of how people recognise a practice. Colours are attributes, so that print and PDF
show them.

What the facets decide: the type of organisation the leading colour, the number of kinds of staff how many
circles meet, the main or secondary task how large the second is, the space the small sign beside them. The
seed decides the rest: how they meet, with which other colour and on which ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise, product
from math import hypot, inf, sqrt
from random import Random
from typing import NamedTuple

WIDTH, HEIGHT = 320, 144

PAPER, AUBERGINE, CORAL, MOSS, SUN = "#fdf7ef", "#4a2545", "#b83a2b", "#2f5d50", "#f4b942"
PEACH, SUN_LIGHT, SAGE, LILAC = "#fbdcc4", "#fae3ae", "#dfe9e0", "#eadfe8"
PALETTE = frozenset({PAPER, AUBERGINE, CORAL, MOSS, SUN, PEACH, SUN_LIGHT, SAGE, LILAC})

_TINTS = (PEACH, SAGE, LILAC, SUN_LIGHT)

_STRONG = (MOSS, SUN, CORAL, AUBERGINE)

# Where circles cross may lie this far from whole units. A first fit will do: a page draws two dozen pictures.
CLEAN = 0.25
_SHIFTS = sorted(product(range(-4, 5), range(-3, 4)), key=lambda shift: abs(shift[0]) + abs(shift[1]))

# What two colours make where they meet.
_MEETINGS = {
    frozenset({SUN, CORAL}): (AUBERGINE, PEACH),
    frozenset({SUN, MOSS}): (PAPER, CORAL),
    frozenset({SUN, AUBERGINE}): (CORAL, PAPER),
    frozenset({CORAL, MOSS}): (SUN, PAPER),
    frozenset({CORAL, AUBERGINE}): (PEACH, SUN),
    frozenset({MOSS, AUBERGINE}): (SUN, PEACH),
}


@dataclass(frozen=True)
class Shape:
    """One filled path; parts of it may lie outside the picture."""

    path: str
    fill: str


@dataclass(frozen=True)
class Drawing:
    """A picture of 320 by 144: the colour of the ground, the shapes on it, and what the circles share."""

    ground: str
    shapes: tuple[Shape, ...]
    shared: Shape


class _Circle(NamedTuple):
    x: int
    y: int
    r: int


def drawing(seed: str, values: Sequence[str]) -> Drawing:
    """The picture that belongs to a practice, always the same one.

    `seed` is what names the practice for good (its slug). `values` are its facet values written as in the
    catalogue's address, "ruimte=buiten"; their order does not matter and unknown ones are fine.
    """
    chosen = _by_facet(values)
    random = Random(_number(seed))  # noqa: S311 - a picture needs no secrecy
    kind = " ".join(chosen.get("type-organisatie", [])) or seed
    first = _STRONG[_number(kind) % len(_STRONG)]
    second = random.choice([colour for colour in _STRONG if colour != first])
    grounds = [colour for colour in _STRONG if colour not in (first, second)]
    ground = random.choice(_TINTS * 3 + tuple(grounds))
    meeting = random.choice([colour for colour in _MEETINGS[frozenset({first, second})] if colour != ground])
    if random.random() < 0.5:
        first, second = second, first

    modest = "nevenactiviteit" in chosen.get("opdracht", [])
    if len(chosen.get("begeleiding", [])) > 1:
        circles = _chain(random, modest)
    else:
        circles = random.choice((_meeting, _meeting, _hills, _cradle, _window))(random, modest)
    if random.random() < 0.5:
        circles = [_Circle(WIDTH - circle.x, circle.y, circle.r) for circle in circles]

    return Drawing(
        ground,
        (
            *_sign(chosen.get("ruimte", []), circles, {first, second, ground}, ground),
            Shape("".join(_disc(circle) for circle in circles[::2]), first),
            Shape(_disc(circles[1]), second),
        ),
        Shape("".join(_lens(one, two) for one, two in pairwise(circles)), meeting),
    )


def _number(text: str) -> int:
    """A number from a text that is the same in each process, which Python's own hash is not."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


def _by_facet(values: Sequence[str]) -> dict[str, list[str]]:
    """Facet values by facet, in a fixed order."""
    chosen: dict[str, list[str]] = {}
    for value in sorted(set(values)):
        facet, _, slug = value.partition("=")
        chosen.setdefault(facet, []).append(slug)
    return chosen


def _beside(random: Random, one: _Circle, y: int, r: int) -> _Circle:
    """A circle to the right of another, near height `y`, that shares a fair part with it."""
    apart = max(one.r, r) + min(one.r, r) * random.uniform(0.1, 0.5)
    across = sqrt(max(apart**2 - (y - one.y) ** 2, (apart / 3) ** 2))
    x = one.x + round(across)
    best, least = one, inf
    for dx, dr in _SHIFTS:
        circle = _Circle(x + dx, y, r + dr)
        misfit = _misfit(one, circle)
        if misfit < least:
            best, least = circle, misfit
        if misfit <= CLEAN:
            break
    return best


def _crossings(one: _Circle, two: _Circle) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where two circles cross, to the nearest unit; they must cross."""
    apart = hypot(two.x - one.x, two.y - one.y)
    along = (apart**2 + one.r**2 - two.r**2) / (2 * apart)
    half = sqrt(one.r**2 - along**2)
    ux, uy = (two.x - one.x) / apart, (two.y - one.y) / apart
    return (
        (round(one.x + along * ux + half * uy), round(one.y + along * uy - half * ux)),
        (round(one.x + along * ux - half * uy), round(one.y + along * uy + half * ux)),
    )


def _misfit(one: _Circle, two: _Circle) -> float:
    """How far the rounded crossings lie from the circles: with whole units short paths, and yet no slivers."""
    (x1, y1), (x2, y2) = _crossings(one, two)
    return max(
        abs(hypot(x1 - one.x, y1 - one.y) - one.r),
        abs(hypot(x2 - one.x, y2 - one.y) - one.r),
        abs(hypot(x1 - two.x, y1 - two.y) - two.r),
        abs(hypot(x2 - two.x, y2 - two.y) - two.r),
    )


def _meeting(random: Random, modest: bool) -> list[_Circle]:
    """Two circles meet in the middle."""
    one = _Circle(random.randint(96, 132), random.randint(58, 92), random.randint(56, 78))
    return [one, _beside(random, one, random.randint(40, 104), random.randint(50, 70) - 14 * modest)]


def _hills(random: Random, modest: bool) -> list[_Circle]:
    """Two hills behind each other."""
    one = _Circle(random.randint(84, 124), random.randint(128, 150), random.randint(84, 112))
    return [one, _beside(random, one, random.randint(126, 150), random.randint(66, 90) - 16 * modest)]


def _cradle(random: Random, modest: bool) -> list[_Circle]:
    """One circle comes from above, one from below."""
    one = _Circle(random.randint(90, 130), random.randint(4, 24), random.randint(74, 96))
    return [one, _beside(random, one, random.randint(104, 126), random.randint(74, 92) - 12 * modest)]


def _window(random: Random, modest: bool) -> list[_Circle]:
    """A circle too large for the picture, and a small one at its edge."""
    one = _Circle(random.randint(34, 70), random.randint(44, 100), random.randint(98, 118))
    return [one, _beside(random, one, random.randint(50, 94), random.randint(42, 54) - 8 * modest)]


def _chain(random: Random, modest: bool) -> list[_Circle]:
    """Three circles in a row: more than one kind of people carries the place."""
    up = random.randint(-22, 22)
    one = _Circle(random.randint(62, 84), 76 + up, random.randint(44, 60))
    two = _beside(random, one, 76 - up, random.randint(46, 62))
    return [one, two, _beside(random, two, 76 + up, random.randint(40, 56) - 8 * modest)]


def _disc(circle: _Circle) -> str:
    """A whole circle as one arc that stops a hair short, which is the shortest way to write it."""
    return f"M{circle.x} {circle.y - circle.r}a{circle.r} {circle.r} 0 10.1 0"


def _lens(one: _Circle, two: _Circle) -> str:
    """The part that two circles share; they must cross each other."""
    (x1, y1), (x2, y2) = _crossings(one, two)
    apart_squared = (two.x - one.x) ** 2 + (two.y - one.y) ** 2
    # The arc of a circle inside the other is the longer one when its own middle lies inside as well.
    wide_one = int(apart_squared + one.r**2 < two.r**2)
    wide_two = int(apart_squared + two.r**2 < one.r**2)
    return f"M{x1} {y1}A{one.r} {one.r} 0 {wide_one}1{x2} {y2}A{two.r} {two.r} 0 {wide_two}1{x1} {y1}"


def _sign(spaces: Sequence[str], circles: Sequence[_Circle], taken: set[str], ground: str) -> list[Shape]:
    """The sign of the first space that has one, in a colour of its own, on the side with more room."""
    room_left = min(circle.x - circle.r for circle in circles)
    room_right = WIDTH - max(circle.x + circle.r for circle in circles)
    x = 40 if room_left > room_right else WIDTH - 40
    colours = (CORAL, MOSS, AUBERGINE, SUN) if ground in _TINTS else (SAGE, PEACH, LILAC)
    colour = next(colour for colour in colours if colour not in taken)
    return [Shape(_SIGNS[space](x), colour) for space in _SIGNS if space in spaces][:1]


def _wheels(x: int) -> str:
    """On the move: two wheels on a road."""
    return f"M{x - 15} 112a11 11 0 10.1 0m30 0a11 11 0 10.1 0M0 134h320v10H0"


def _sun(x: int) -> str:
    """Outdoors: a sun above a slope."""
    return f"M{x} 16a17 17 0 10.1 0M0 134q160-26 320 0v10H0"


def _signal(x: int) -> str:
    """Online: half rings, like a signal."""
    return f"M{x - 28} 44a28 28 0 0156 0h-9a19 19 0 00-38 0m9 0a10 10 0 0120 0"


def _doorway(x: int) -> str:
    """A room of its own: a doorway."""
    return f"M{x - 18} 144V98a18 18 0 0136 0v46"


def _quarters(x: int) -> str:
    """A shared room: two quarters side by side."""
    return f"M{x - 32} 144v-32a32 32 0 0132 32v-32a32 32 0 0132 32"


_SIGNS = {
    "mobiel": _wheels,
    "buiten": _sun,
    "online": _signal,
    "eigen-ruimte": _doorway,
    "multifunctionele-ruimte": _quarters,
}
