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
    """Where a province stands on the map: its outline and the middle of its circle, in map units."""

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
    radius: float


def _outline(*corners: tuple[float, float]) -> str:
    """The path through (longitude, latitude) corners: equirectangular at 51° N, in map units."""
    points = (f"{round((lon - 2.5) * 190)} {round((51.53 - lat) * 302)}" for lon, lat in corners)
    return f"M{'L'.join(points)}Z"


# Corners drawn by hand and simplified: this is a schematic map, to be recognised and not to be measured.
_PLACES = {
    "west-vlaanderen": _Place(
        _outline(
            (2.55, 51.09),
            (2.92, 51.24),
            (3.37, 51.37),
            (3.38, 51.27),
            (3.43, 51.21),
            (3.33, 51.13),
            (3.33, 51.0),
            (3.43, 50.88),
            (3.48, 50.82),
            (3.4, 50.74),
            (3.26, 50.75),
            (3.12, 50.79),
            (2.9, 50.74),
            (2.65, 50.82),
            (2.6, 50.96),
        ),
        92,
        140,
    ),
    "oost-vlaanderen": _Place(
        _outline(
            (3.38, 51.27),
            (3.53, 51.25),
            (3.8, 51.25),
            (3.95, 51.21),
            (4.1, 51.28),
            (4.25, 51.36),
            (4.3, 51.24),
            (4.31, 51.17),
            (4.18, 51.1),
            (4.2, 51.03),
            (4.13, 50.99),
            (4.06, 50.93),
            (4.06, 50.87),
            (4.0, 50.82),
            (3.88, 50.75),
            (3.6, 50.73),
            (3.48, 50.82),
            (3.43, 50.88),
            (3.33, 51.0),
            (3.33, 51.13),
            (3.43, 51.21),
        ),
        246,
        146,
    ),
    "antwerpen": _Place(
        _outline(
            (4.25, 51.36),
            (4.45, 51.47),
            (4.6, 51.43),
            (4.77, 51.5),
            (4.93, 51.42),
            (5.1, 51.43),
            (5.09, 51.32),
            (5.24, 51.26),
            (5.2, 51.15),
            (5.13, 51.1),
            (5.05, 51.06),
            (4.9, 51.03),
            (4.75, 51.04),
            (4.6, 51.03),
            (4.46, 51.0),
            (4.33, 51.03),
            (4.2, 51.03),
            (4.18, 51.1),
            (4.31, 51.17),
            (4.3, 51.24),
        ),
        416,
        78,
    ),
    "limburg": _Place(
        _outline(
            (5.24, 51.26),
            (5.5, 51.29),
            (5.78, 51.17),
            (5.85, 51.12),
            (5.76, 50.95),
            (5.68, 50.87),
            (5.7, 50.76),
            (5.46, 50.73),
            (5.25, 50.73),
            (5.11, 50.74),
            (5.12, 50.83),
            (5.08, 50.93),
            (5.05, 51.06),
            (5.13, 51.1),
            (5.2, 51.15),
        ),
        556,
        150,
    ),
    "vlaams-brabant": _Place(
        _outline(
            (4.2, 51.03),
            (4.33, 51.03),
            (4.46, 51.0),
            (4.6, 51.03),
            (4.75, 51.04),
            (4.9, 51.03),
            (5.05, 51.06),
            (5.08, 50.93),
            (5.12, 50.83),
            (5.11, 50.74),
            (4.88, 50.76),
            (4.68, 50.78),
            (4.5, 50.73),
            (4.38, 50.73),
            (4.22, 50.7),
            (4.03, 50.69),
            (3.88, 50.75),
            (4.0, 50.82),
            (4.06, 50.87),
            (4.06, 50.93),
            (4.13, 50.99),
        ),
        438,
        178,
    ),
    "brussel": _Place("", 354, 208),
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
        MapProvince(**{**vars(row), "radius": round(15 + 21 * sqrt(row.count / most)) if row.count else 0})
        for row in rows
    ]
    return {"provinces": sized, "placed": [row for row in sized if row.place]}
