"""The picture of a practice without a photo: circles and arcs that meet, chosen by its facets.

Pure and deterministic: the same seed and values give the same picture in every process and every year,
because the picture is part of how people recognise a practice. Colours are attributes, so that print and PDF
show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import hypot, sqrt
from random import Random

WIDTH, HEIGHT = 320, 144

PAPER, AUBERGINE, CORAL, MOSS = "#fdf7ef", "#4a2545", "#b83a2b", "#2f5d50"
SUN, SUN_LIGHT, PEACH, SAGE = "#f4b942", "#fae3ae", "#fbdcc4", "#dfe9e0"
PALETTE = frozenset({PAPER, AUBERGINE, CORAL, MOSS, SUN, SUN_LIGHT, PEACH, SAGE})

# Ground, first circle, second circle, the place where they meet, and the accent of the other shapes.
_SCHEMES = (
    (PEACH, SUN, MOSS, AUBERGINE, CORAL),
    (SAGE, SUN, CORAL, AUBERGINE, MOSS),
    (SUN_LIGHT, AUBERGINE, CORAL, PEACH, MOSS),
    (PEACH, CORAL, SUN, AUBERGINE, MOSS),
    (SAGE, MOSS, SUN, PAPER, AUBERGINE),
    (SUN_LIGHT, MOSS, CORAL, PAPER, AUBERGINE),
    (PEACH, AUBERGINE, SUN, CORAL, MOSS),
    (SAGE, AUBERGINE, SUN, CORAL, MOSS),
    (SUN_LIGHT, CORAL, AUBERGINE, PAPER, MOSS),
    (PEACH, MOSS, CORAL, SUN, AUBERGINE),
    (SAGE, CORAL, MOSS, SUN, AUBERGINE),
    (SUN_LIGHT, MOSS, AUBERGINE, PEACH, CORAL),
    (AUBERGINE, CORAL, SUN, PEACH, MOSS),
    (MOSS, PEACH, SUN, CORAL, AUBERGINE),
)


@dataclass(frozen=True)
class Shape:
    """One filled path inside the view box of 320 by 144."""

    path: str
    fill: str


@dataclass(frozen=True)
class Drawing:
    """A picture: the colour of the ground and the shapes on it, from back to front."""

    ground: str
    shapes: tuple[Shape, ...]


def drawing(seed: str, values: Sequence[str]) -> Drawing:
    """The picture that belongs to a practice, always the same one.

    `seed` is what names the practice for good (its slug). `values` are its facet values written as in the
    catalogue's address, "ruimte=buiten"; their order does not matter and unknown ones are fine.
    """
    chosen = _by_facet(values)
    random = Random(_number(seed))  # noqa: S311 - a picture needs no secrecy
    scheme = _SCHEMES[_number(" ".join(chosen.get("type-organisatie", [])) or seed) % len(_SCHEMES)]
    ground, first, second, meeting, accent = scheme

    mirrored = random.random() < 0.5
    big, small = random.randint(62, 88), random.randint(44, 66)
    if "nevenactiviteit" in chosen.get("opdracht", []):
        small -= 10
    x = random.randint(84, 128)
    y = random.randint(58, 104)
    reach = (big + small) * random.uniform(0.62, 0.8)
    other_y = random.randint(30, 112)
    other_x = round(x + sqrt(max(reach**2 - (other_y - y) ** 2, 900)))
    centre, other = (x, y, big), (other_x, other_y, small)
    if mirrored:
        centre, other = (WIDTH - x, y, big), (WIDTH - other_x, other_y, small)

    shapes = [
        Shape(_disc(*centre), first),
        Shape(_disc(*other), second),
        Shape(_lens(centre, other), meeting),
    ]
    free_x = 34 if mirrored else WIDTH - 34
    for space in ("buiten", "mobiel", "online", "multifunctionele-ruimte", "eigen-ruimte"):
        if space in chosen.get("ruimte", []):
            shapes.insert(0, Shape(_SPACES[space](free_x, random.randint(20, 30)), accent))
            break
    return Drawing(ground, tuple(shapes))


def _number(text: str) -> int:
    """A number from a text that is the same in each process, which Python's own hash is not."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def _by_facet(values: Sequence[str]) -> dict[str, list[str]]:
    """Facet values by facet, in a fixed order."""
    chosen: dict[str, list[str]] = {}
    for value in sorted(values):
        facet, _, slug = value.partition("=")
        chosen.setdefault(facet, []).append(slug)
    return chosen


def _disc(x: int, y: int, radius: int) -> str:
    return f"M{x - radius} {y}a{radius} {radius} 0 0 1 {2 * radius} 0a{radius} {radius} 0 0 1-{2 * radius} 0"


def _lens(one: tuple[int, int, int], two: tuple[int, int, int]) -> str:
    """The part that two circles share; they must cross each other."""
    (x1, y1, r1), (x2, y2, r2) = one, two
    apart = hypot(x2 - x1, y2 - y1)
    along = (apart**2 + r1**2 - r2**2) / (2 * apart)
    half = sqrt(r1**2 - along**2)
    ux, uy = (x2 - x1) / apart, (y2 - y1) / apart
    ax, ay = x1 + along * ux + half * uy, y1 + along * uy - half * ux
    bx, by = x1 + along * ux - half * uy, y1 + along * uy + half * ux
    return f"M{ax:.0f} {ay:.0f}A{r1} {r1} 0 0 1 {bx:.0f} {by:.0f}A{r2} {r2} 0 0 1 {ax:.0f} {ay:.0f}"


def _sun(x: int, size: int) -> str:
    return _disc(x, 24, size)


def _arch(x: int, size: int) -> str:
    return f"M{x - size} {HEIGHT}V90a{size} {size} 0 0 1 {2 * size} 0v54"


def _wheels(x: int, size: int) -> str:
    return _disc(x - 14, HEIGHT - 16, 12) + _disc(x + 14, HEIGHT - 16, 12)


def _ring(x: int, size: int) -> str:
    return _disc(x, 40, size) + _disc(x, 40, size - 8)


def _quarter(x: int, size: int) -> str:
    return f"M{x - 34} {HEIGHT}a68 68 0 0 1 68-68v68"


_SPACES = {
    "buiten": _sun,
    "mobiel": _wheels,
    "online": _ring,
    "multifunctionele-ruimte": _quarter,
    "eigen-ruimte": _arch,
}
