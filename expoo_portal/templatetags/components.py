"""Template tags of the page frame and of components that need a little arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def current(context: Context, address: str) -> SafeString:
    """The `aria-current` attribute of a menu link: "page" on its own page, "true" on the pages below it."""
    request = context.get("request")
    path = request.path if request else ""
    if path == address:
        return format_html(' aria-current="{}"', "page")
    if path.startswith(address):
        return format_html(' aria-current="{}"', "true")
    return SafeString("")


@register.simple_tag
def optional_link(name: str, text: str) -> SafeString:
    """A list item linking to a named route, or nothing as long as that part of the portal does not exist."""
    try:
        address = reverse(name)
    except NoReverseMatch:
        return SafeString("")
    return format_html('<li><a href="{}">{}</a></li>', address, text)


@dataclass(frozen=True)
class _Place:
    """A province on the map: its short name, its outline and the middle of its circle, in map units."""

    name: str
    outline: str
    x: int
    y: int


@dataclass(frozen=True)
class MapProvince:
    """A province as the map and the list beside it show it. `radius` is 0 where nothing was found."""

    slug: str
    label: str
    count: int
    href: str
    selected: bool
    place: _Place | None
    radius: int

    @property
    def name_offset(self) -> int:
        """How far below the middle of the circle the name stands."""
        return self.radius + 16 if self.radius else 5


def _outline(*corners: tuple[float, float]) -> str:
    """A soft shape inside (longitude, latitude) corners: equirectangular at 51° N, in map units.

    The line bends around each corner from one middle of a side to the next, so that provinces lie beside each
    other like pebbles and nobody takes the map for a survey.
    """
    points = [((lon - 2.5) * 190, (51.56 - lat) * 302) for lon, lat in corners]
    middles = [
        ((x1 + x2) / 2, (y1 + y2) / 2)
        for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True)
    ]
    start = middles[-1]
    bends = (f"Q{x:.0f} {y:.0f} {mx:.0f} {my:.0f}" for (x, y), (mx, my) in zip(points, middles, strict=True))
    return f"M{start[0]:.0f} {start[1]:.0f}{''.join(bends)}"


# Corners drawn by hand: a schematic map, to be recognised and not to be measured.
_PLACES = {
    "west-vlaanderen": _Place(
        "West-Vlaanderen",
        _outline(
            (2.5, 51.1),
            (2.92, 51.26),
            (3.4, 51.42),
            (3.42, 51.22),
            (3.32, 51.08),
            (3.44, 50.88),
            (3.42, 50.68),
            (3.12, 50.78),
            (2.85, 50.7),
            (2.6, 50.82),
        ),
        98,
        146,
    ),
    "oost-vlaanderen": _Place(
        "Oost-Vlaanderen",
        _outline(
            (3.4, 51.3),
            (3.8, 51.24),
            (4.0, 51.2),
            (4.3, 51.42),
            (4.32, 51.14),
            (4.16, 51.08),
            (4.1, 50.88),
            (3.95, 50.72),
            (3.56, 50.69),
            (3.46, 50.88),
            (3.34, 51.08),
        ),
        246,
        148,
    ),
    "antwerpen": _Place(
        "Antwerpen",
        _outline(
            (4.24, 51.42),
            (4.5, 51.5),
            (4.78, 51.55),
            (4.95, 51.42),
            (5.14, 51.46),
            (5.3, 51.24),
            (5.12, 51.06),
            (4.8, 51.02),
            (4.46, 51.0),
            (4.16, 51.02),
            (4.34, 51.16),
        ),
        418,
        82,
    ),
    "limburg": _Place(
        "Limburg",
        _outline(
            (5.22, 51.3),
            (5.52, 51.3),
            (5.9, 51.16),
            (5.76, 50.92),
            (5.72, 50.7),
            (5.4, 50.72),
            (5.08, 50.7),
            (5.14, 50.86),
            (5.04, 51.04),
            (5.24, 51.12),
        ),
        560,
        152,
    ),
    "vlaams-brabant": _Place(
        "Vlaams-Brabant",
        _outline(
            (4.16, 51.05),
            (4.46, 51.0),
            (4.8, 51.02),
            (5.1, 51.06),
            (5.14, 50.86),
            (5.14, 50.7),
            (4.86, 50.76),
            (4.5, 50.72),
            (4.24, 50.66),
            (3.84, 50.7),
            (4.08, 50.86),
        ),
        452,
        182,
    ),
    "brussel": _Place("Brussel", "", 354, 216),
}


@register.inclusion_tag("components/province_map.html")
def province_map(provinces: Iterable[Mapping[str, Any]]) -> dict[str, list[MapProvince]]:
    """The schematic map. `provinces`: mappings with slug, label, count, href ("" for no link), selected."""
    rows = [
        MapProvince(
            slug=province["slug"],
            label=province["label"],
            count=province["count"],
            href=province["href"],
            selected=bool(province.get("selected")),
            place=_PLACES.get(province["slug"]),
            radius=0,
        )
        for province in provinces
    ]
    most = max((row.count for row in rows), default=0)
    sized = [
        MapProvince(**{**vars(row), "radius": round(14 + 18 * sqrt(row.count / most)) if row.count else 0})
        for row in rows
    ]
    return {"provinces": sized, "placed": [row for row in sized if row.place]}
