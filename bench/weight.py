"""What a visitor's first view of a page costs to fetch, read from its HTML and style sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from .server import fetch

PHOTOS = (".jpg", ".jpeg", ".png", ".webp", ".avif")
FONTS = (".woff2", ".woff")


@dataclass(frozen=True)
class Weight:
    """Bytes on the wire of HTML, CSS and JavaScript, and the number of requests without fonts and photos."""

    bytes: int
    requests: int


class _Links(HTMLParser):
    """The addresses that a browser fetches by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and {"stylesheet", "icon", "manifest", "preload"} & set(
            (given.get("rel") or "").split()
        ):
            self.found.append(given.get("href") or "")
        elif tag in ("script", "img", "source", "iframe") and given.get("src"):
            self.found.append(given["src"] or "")


def weigh(port: int, path: str) -> Weight:
    """Fetch a page and all it asks for, each address once, compressed where the server does so."""
    page = fetch(port, path)
    links = _Links()
    links.feed(page.text)
    total, requests = page.wire_bytes, 1
    waiting = [urljoin(path, link) for link in links.found]
    seen: set[str] = set()
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith("data:") or address.endswith(PHOTOS + FONTS):
            continue
        seen.add(address)
        requests += 1
        found = fetch(port, address)
        if address.endswith((".css", ".js")):
            total += found.wire_bytes
        if address.endswith(".css"):
            waiting += [urljoin(address, link) for link in re.findall(r"url\([\"']?([^\"')]+)", found.text)]
    return Weight(total, requests)
