"""The catalogue's address: everything a visitor chose, readable and shareable. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlencode

MAX_QUERY_CHARACTERS = 200
MAX_PAGE = 1_000_000

SORTS = {"relevantie": "Relevantie", "naam": "Naam", "nieuwste": "Nieuwste", "gemeente": "Gemeente"}
VIEWS = {"kaarten": "Kaarten", "lijst": "Lijst", "kaart": "Kaart"}


class MultiValues(Protocol):
    """What is needed of Django's QueryDict."""

    def getlist(self, key: str) -> list[str]: ...
    def __iter__(self) -> Iterator[str]: ...


@dataclass(frozen=True)
class Address:
    """What was chosen: search words, facet values (facet slug -> value slugs), sort, view and page.

    `ignored` holds the names of parameters with values nobody knows; they are left out and the visitor is told.
    """

    q: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    view: str = "kaarten"
    page: int = 1
    ignored: tuple[str, ...] = ()

    @property
    def effective_sort(self) -> str:
        """The sort that counts: relevance needs search words, and is the default with them."""
        if self.sort and (self.q or self.sort != "relevantie"):
            return self.sort
        return "relevantie" if self.q else "naam"

    def query(self) -> str:
        """The address's query string in one fixed order, without defaults; empty for the bare catalogue."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(facet, value) for facet, values in self.chosen.items() for value in values]
        if self.sort and self.sort != Address(q=self.q).effective_sort:
            pairs.append(("sorteer", self.sort))
        if self.view != "kaarten":
            pairs.append(("weergave", self.view))
        if self.page > 1:
            pairs.append(("pagina", str(self.page)))
        return urlencode(pairs)

    def href(self) -> str:
        """A relative link to this address, within the catalogue."""
        query = self.query()
        return f"?{query}" if query else "./"

    def choice(self) -> Address:
        """What was chosen, without how it is shown."""
        return Address(q=self.q, chosen=self.chosen)

    def at_page(self, page: int) -> Address:
        """The same choice, another page."""
        return replace(self, page=page, ignored=())

    def with_view(self, view: str) -> Address:
        """The same choice, another view, first page."""
        return replace(self, view=view, page=1, ignored=())

    def with_query(self, q: str) -> Address:
        """The same choice with other search words, first page."""
        return replace(self, q=q, page=1, ignored=())

    def without(self, facet: str, value: str) -> Address:
        """The same choice without one value, first page."""
        chosen = {
            slug: kept
            for slug, values in self.chosen.items()
            if (kept := tuple(v for v in values if (slug, v) != (facet, value)))
        }
        return replace(self, chosen=chosen, page=1, ignored=())

    def only(self, facet: str, value: str) -> Address:
        """The same choice with just this value in this facet, first page, as cards."""
        return replace(self, chosen={**self.chosen, facet: (value,)}, view="kaarten", page=1, ignored=())


def search_words(parameters: MultiValues, name: str) -> str:
    """What was typed in a search field: on one line, and not longer than anybody types."""
    words = " ".join(parameters.getlist(name)[-1:])
    words = "".join(character if character.isprintable() else " " for character in words)
    return " ".join(words[:MAX_QUERY_CHARACTERS].split())


def parse(
    parameters: MultiValues,
    facets: Mapping[str, Collection[str]],
    former: Mapping[tuple[str, str], str] | None = None,
) -> Address:
    """Read an address; `facets` maps each facet slug to its value slugs. Never raises.

    `former` maps a facet slug and a value slug of before to the value slug of today.

    Facets and values come back in the order of `facets`, so that the same choice has one address.
    """
    ignored: list[str] = []

    def one(name: str, allowed: Collection[str], default: str) -> str:
        given = [value for value in parameters.getlist(name) if value]
        if not given:
            return default
        if given[-1] not in allowed:
            ignored.append(name)
            return default
        return given[-1]

    q = search_words(parameters, "q")
    sort = one("sorteer", SORTS, "")
    view = one("weergave", VIEWS, "kaarten")

    page = 1
    if given := [value for value in parameters.getlist("pagina") if value]:
        if given[-1].isascii() and given[-1].isdigit() and len(given[-1]) <= 7 and int(given[-1]) >= 1:
            page = min(int(given[-1]), MAX_PAGE)
        else:
            ignored.append("pagina")

    chosen: dict[str, tuple[str, ...]] = {}
    for facet, values in facets.items():
        given_values = {
            value if value in values or not former else former.get((facet, value), value)
            for value in parameters.getlist(facet)
            if value
        }
        if given_values.difference(values):
            ignored.append(facet)
        if kept := tuple(value for value in values if value in given_values):
            chosen[facet] = kept
    known = {"q", "sorteer", "weergave", "pagina", *facets}
    ignored += [name for name in parameters if name not in known]
    readable = tuple(name[:40] for name in dict.fromkeys(ignored) if name.isprintable())
    return Address(q=q, chosen=chosen, sort=sort, view=view, page=page, ignored=readable)
