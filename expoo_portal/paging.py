"""Links to the pages of a long list. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def page_links(page: int, count: int, href: Callable[[int], str]) -> dict[str, Any] | None:
    """What `components/pagination.html` shows: first, last and neighbouring pages; None when there is one page."""
    if count == 1:
        return None
    near = range(max(1, page - 2), min(count, page + 2) + 1)
    shown = sorted({1, *near, count})
    links: list[dict[str, Any] | None] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before > 1:
            links.append(None)
        links.append({"number": number, "href": href(number), "current": number == page})
    return {
        "previous": href(page - 1) if page > 1 else "",
        "next": href(page + 1) if page < count else "",
        "links": links,
    }
