"""The drawing of a practice as a PNG, for whoever shares its page elsewhere. Pure.

Reads the path language as `drawing.py` writes it: moves, straight lines, arcs of circles and quadratic curves.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from math import atan2, ceil, cos, pi, sin, sqrt

from PIL import Image, ImageDraw

from .drawing import HEIGHT, WIDTH, Drawing

# What sites that show a shared page ask for.
PICTURE_WIDTH, PICTURE_HEIGHT = 1200, 630
# Drawn larger and made smaller, so that edges are smooth.
_FINER = 2
_SCALE = _FINER * max(PICTURE_WIDTH / WIDTH, PICTURE_HEIGHT / HEIGHT)
_LEFT = (_FINER * PICTURE_WIDTH - WIDTH * _SCALE) / 2
_TOP = (_FINER * PICTURE_HEIGHT - HEIGHT * _SCALE) / 2
_STEPS_PER_CIRCLE = 240
_STEPS_PER_CURVE = 40

Point = tuple[float, float]

_COMMAND = re.compile(r"([a-zA-Z])([^a-zA-Z]*)")
_NUMBER = r"(-?(?:\d+\.?\d*|\.\d+))[\s,]*"
_NUMBERS = re.compile(_NUMBER)
# The two flags of an arc may stand against each other and against the number that follows.
_ARC = re.compile(rf"{_NUMBER}{_NUMBER}{_NUMBER}([01])[\s,]*([01])[\s,]*{_NUMBER}{_NUMBER}")


def polygons(path: str) -> list[list[Point]]:
    """The subpaths of a path as polygons, in the drawing's own units. Raises ValueError for an unknown command."""
    found: list[list[Point]] = []
    x = y = 0.0
    for command, arguments in _COMMAND.findall(path):
        from_x, from_y = (x, y) if command.islower() else (0.0, 0.0)
        numbers = [float(number) for number in _NUMBERS.findall(arguments)]
        kind = command.lower()
        if kind == "m":
            x, y = from_x + numbers[0], from_y + numbers[1]
            found.append([(x, y)])
        elif kind in "hv":
            x, y = (from_x + numbers[0], y) if kind == "h" else (x, from_y + numbers[0])
            found[-1].append((x, y))
        elif kind == "a":
            for radius, _, _, wide, clockwise, to_x, to_y in _ARC.findall(arguments):
                end = (from_x + float(to_x), from_y + float(to_y))
                found[-1] += _arc((x, y), float(radius), wide == "1", clockwise == "1", end)
                x, y = end
                from_x, from_y = (x, y) if command.islower() else (0.0, 0.0)
        elif kind == "q":
            bend = (from_x + numbers[0], from_y + numbers[1])
            end = (from_x + numbers[2], from_y + numbers[3])
            found[-1] += _curve((x, y), bend, end)
            x, y = end
        else:
            raise ValueError(f"the path language of the drawings has no {command!r}")
    return found


def _arc(start: Point, radius: float, wide: bool, clockwise: bool, end: Point) -> Iterator[Point]:
    """Points along an arc of a circle, its end included."""
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    half = half_x**2 + half_y**2
    across = sqrt(max(0.0, radius**2 / half - 1)) * (1 if wide != clockwise else -1)
    middle_x = (start[0] + end[0]) / 2 + across * half_y
    middle_y = (start[1] + end[1]) / 2 - across * half_x
    first = atan2(start[1] - middle_y, start[0] - middle_x)
    turn = atan2(end[1] - middle_y, end[0] - middle_x) - first
    if clockwise and turn < 0:
        turn += 2 * pi
    elif not clockwise and turn > 0:
        turn -= 2 * pi
    radius = max(radius, sqrt(half))
    steps = max(8, ceil(abs(turn) / (2 * pi) * _STEPS_PER_CIRCLE))
    for step in range(1, steps + 1):
        angle = first + turn * step / steps
        yield middle_x + radius * cos(angle), middle_y + radius * sin(angle)


def _curve(start: Point, bend: Point, end: Point) -> Iterator[Point]:
    """Points along a quadratic curve, its end included."""
    for step in range(1, _STEPS_PER_CURVE + 1):
        t = step / _STEPS_PER_CURVE
        yield (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * bend[0] + t**2 * end[0],
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * bend[1] + t**2 * end[1],
        )


def png(drawing: Drawing) -> bytes:
    """The drawing as a PNG of 1200 by 630; what does not fit at the sides is cut off."""
    size = (_FINER * PICTURE_WIDTH, _FINER * PICTURE_HEIGHT)
    image = Image.new("RGB", size, drawing.ground)
    canvas = ImageDraw.Draw(image)
    for shape in (*drawing.shapes, drawing.shared):
        # The shared part has a stroke of its colour on the page too.
        outline = shape.fill if shape is drawing.shared else None
        for polygon in polygons(shape.path):
            points = [(x * _SCALE + _LEFT, y * _SCALE + _TOP) for x, y in polygon]
            canvas.polygon(points, fill=shape.fill, outline=outline, width=round(_SCALE) if outline else 1)
    out = io.BytesIO()
    image.reduce(_FINER).save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()
