"""A list that is its address: `?p=babybib,baboes`. Pure; each kind of list says its parameter and its limit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self
from urllib.parse import urlencode

# Of an address that somebody made up, no more is read than this.
_MOST_READ = 200
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,110}\Z")


class Parameters(Protocol):
    """What is needed of Django's QueryDict."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class AddressList:
    """The slugs in their order; `unknown` counts what was asked for and is not there, `dropped` what was too much."""

    PARAMETER: ClassVar[str]
    MOST: ClassVar[int]

    slugs: tuple[str, ...] = ()
    unknown: int = 0
    dropped: int = 0

    @classmethod
    def parse(cls, parameters: Parameters, name: str = "") -> Self:
        """Read a list: `p=a,b`, `p` several times, or both. Never raises; nothing counts twice."""
        given = _parts(parameters.getlist(name or cls.PARAMETER))
        wanted = list(dict.fromkeys(given))[:_MOST_READ]
        slugs = [slug for slug in wanted if _SLUG.match(slug)]
        return cls(tuple(slugs), unknown=len(wanted) - len(slugs))

    def __len__(self) -> int:
        return len(self.slugs)

    def query(self, **more: str) -> str:
        """The query string of this list, and of these parameters that are not empty."""
        pairs = [(self.PARAMETER, ",".join(self.slugs)), *more.items()]
        return urlencode([(name, value) for name, value in pairs if value], safe=",")

    def href(self, path: str = "", **more: str) -> str:
        """A link to this list at a path; without one, on the same page."""
        query = self.query(**more)
        return f"{path}?{query}" if query else path or "./"

    def has(self, slug: str) -> bool:
        return slug in self.slugs

    @property
    def is_full(self) -> bool:
        return len(self) >= self.MOST

    def plus(self, slug: str) -> Self:
        """With one more at the end; the same when it is there, or when there is no room."""
        return self if self.has(slug) or self.is_full else type(self)((*self.slugs, slug))

    def minus(self, slug: str) -> Self:
        """Without this one."""
        return type(self)(tuple(kept for kept in self.slugs if kept != slug))

    def moved(self, slug: str, by: int) -> Self:
        """With this one so many places further, as far as there are places."""
        rest = [kept for kept in self.slugs if kept != slug]
        place = min(max(self.slugs.index(slug) + by, 0), len(rest))
        return type(self)((*rest[:place], slug, *rest[place:]))

    def known(self, names: Mapping[str, str], most: int = 0) -> Self:
        """With what exists: `names` gives the slug of today for each that does."""
        most = most or self.MOST
        today = [names[slug] for slug in self.slugs if slug in names]
        kept = tuple(dict.fromkeys(today))
        return type(self)(
            kept[:most], self.unknown + len(self.slugs) - len(today), self.dropped + len(kept[most:])
        )


def _parts(values: Iterable[str]) -> list[str]:
    return [part for value in values for raw in value.split(",") if (part := raw.strip())]
