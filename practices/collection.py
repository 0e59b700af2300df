"""A collection of practices is its address: `?p=babybib,baboes`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from .address import MultiValues

PARAMETER = "p"
MOST = 30
# Of an address that somebody made up, no more is read than this.
_MOST_READ = 200
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,110}\Z")


@dataclass(frozen=True)
class Collection:
    """The slugs in their order; `unknown` counts what was asked for and is no practice, `dropped` what was too much."""

    slugs: tuple[str, ...] = ()
    unknown: int = 0
    dropped: int = 0

    def __len__(self) -> int:
        return len(self.slugs)

    def query(self, **more: str) -> str:
        """The query string of this collection, and of these parameters that are not empty."""
        pairs = [(PARAMETER, ",".join(self.slugs)), *more.items()]
        return urlencode([(name, value) for name, value in pairs if value], safe=",")

    def href(self, path: str = "", **more: str) -> str:
        """A link to this collection at a path; without one, on the same page."""
        query = self.query(**more)
        return f"{path}?{query}" if query else path or "./"

    def has(self, slug: str) -> bool:
        return slug in self.slugs

    @property
    def is_full(self) -> bool:
        return len(self) >= MOST

    def plus(self, slug: str) -> Collection:
        """With one more at the end; the same when it is there, or when there is no room."""
        return self if self.has(slug) or self.is_full else Collection((*self.slugs, slug))

    def minus(self, slug: str) -> Collection:
        """Without this one."""
        return Collection(tuple(kept for kept in self.slugs if kept != slug))

    def moved(self, slug: str, by: int) -> Collection:
        """With this one so many places further, as far as there are places."""
        rest = [kept for kept in self.slugs if kept != slug]
        place = min(max(self.slugs.index(slug) + by, 0), len(rest))
        return Collection((*rest[:place], slug, *rest[place:]))

    def known(self, names: dict[str, str], most: int = MOST) -> Collection:
        """With the practices that exist: `names` gives the slug of today for each that does."""
        today = [names[slug] for slug in self.slugs if slug in names]
        kept = tuple(dict.fromkeys(today))
        return Collection(
            kept[:most], self.unknown + len(self.slugs) - len(today), self.dropped + len(kept[most:])
        )


def parse(parameters: MultiValues, name: str = PARAMETER) -> Collection:
    """Read a collection: `p=a,b`, `p` several times, or both. Never raises; nothing counts twice."""
    given = _parts(parameters.getlist(name))
    wanted = list(dict.fromkeys(given))[:_MOST_READ]
    slugs = [slug for slug in wanted if _SLUG.match(slug)]
    return Collection(tuple(slugs), unknown=len(wanted) - len(slugs))


def _parts(values: Iterable[str]) -> list[str]:
    return [part for value in values for raw in value.split(",") if (part := raw.strip())]


def notices(collection: Collection, most: int = MOST) -> list[str]:
    """What of the address could not be followed, in neutral words: hidden is like not existing."""
    said = []
    if collection.unknown == 1:
        said.append("Eén praktijk staat niet (meer) in de catalogus. We lieten ze weg.")
    elif collection.unknown:
        said.append(f"{collection.unknown} praktijken staan niet (meer) in de catalogus. We lieten ze weg.")
    if collection.dropped:
        said.append(f"Er passen hoogstens {most} praktijken op deze pagina. Je ziet de eerste {most}.")
    return said
