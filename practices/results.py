"""One answer of the catalogue: what an address finds, ready for the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from expoo_portal.paging import page_links
from expoo_portal.search.analysis import Query
from expoo_portal.search.words import suggestion

from .address import SORTS, VIEWS, Address
from .catalogue import PROVINCE_FACET, Card, Catalogue
from .textsearch import matching, relevance_page

PAGE_SIZE = 24
# Facets whose panel stands open before anything is chosen.
FIRST_OPEN = 3


@dataclass(frozen=True)
class Results:
    """What `address` finds in `catalogue`. Each part is computed when the page asks for it."""

    catalogue: Catalogue
    address: Address

    @cached_property
    def query(self) -> Query:
        """The parsed search words."""
        return self.catalogue.lexicon.query(self.address.q)

    @cached_property
    def tsquery(self) -> str:
        return self.query.tsquery()

    @cached_property
    def stems(self) -> frozenset[str]:
        """The terms to mark in the cards."""
        return frozenset(self.query.stems)

    @cached_property
    def text_mask(self) -> int | None:
        """Which practices match the words; None without words. Words that hold nothing to search find nothing."""
        if not self.address.q:
            return None
        return matching(self.catalogue, self.tsquery) if self.tsquery else 0

    @cached_property
    def selection(self) -> Any:
        chosen = {
            self.catalogue.by_slug[facet].id: [self.catalogue.choices[facet][value].id for value in values]
            for facet, values in self.address.chosen.items()
        }
        return self.catalogue.index.select(chosen, self.text_mask)

    @property
    def total(self) -> int:
        return self.selection.total

    @property
    def archived_total(self) -> int:
        """How many of them stopped."""
        return (self.selection.mask & ~self.catalogue.live).bit_count()

    @cached_property
    def counts(self) -> dict[int, int]:
        return self.selection.counts()

    @property
    def page_count(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def page(self) -> int:
        """The page shown: the last one when the address asks for a later one."""
        return min(self.address.page, self.page_count)

    @cached_property
    def cards(self) -> list[str]:
        """The cards of this page, as HTML with the search words marked."""
        offset = (self.page - 1) * PAGE_SIZE
        mask, sort = self.selection.mask, self.address.effective_sort
        positions: Sequence[int]
        if not mask:
            positions = []
        elif sort == "relevantie":
            positions = relevance_page(self.catalogue, mask, self.tsquery, offset, PAGE_SIZE)
        else:
            order = None if sort == "naam" else sort
            positions = self.catalogue.index.page(mask, order, offset, PAGE_SIZE)
        found: list[Card] = self.catalogue.cards(self.catalogue.index.ids(positions))
        return [card.html(self.stems) for card in found]

    @cached_property
    def suggestion(self) -> Address | None:
        """ "Bedoelde je ...?": the same choice with better spelled words, when these find nothing."""
        if self.total or not self.address.q:
            return None
        words = suggestion(self.address.q)
        return self.address.with_query(words) if words else None

    @cached_property
    def panels(self) -> list[str]:
        """The filter panels as HTML."""
        return [
            panel.html(self.counts, self.address.chosen.get(panel.facet.slug, ()), number < FIRST_OPEN)
            for number, panel in enumerate(self.catalogue.panels.values())
        ]

    @cached_property
    def chips(self) -> list[dict[str, str]]:
        """The chosen values, each with the address without it."""
        return [
            {
                "facet_label": self.catalogue.by_slug[facet].label,
                "label": self.catalogue.choices[facet][value].label,
                "href": self.address.without(facet, value).href(),
            }
            for facet, values in self.address.chosen.items()
            for value in values
        ]

    @property
    def choice_suffix(self) -> str:
        """The choice as it stands behind another address, such as that of the feed."""
        query = self.address.choice().query()
        return f"?{query}" if query else ""

    @property
    def choice_in_words(self) -> str:
        """The choice as a title says it: “koffie”, Limburg."""
        words = [f"“{self.address.q}”"] if self.address.q else []
        return ", ".join([*words, *(chip["label"] for chip in self.chips)])

    @property
    def views(self) -> list[dict[str, Any]]:
        """The three ways of looking at the same results."""
        return [
            {
                "label": label,
                "href": self.address.with_view(view).href(),
                "current": view == self.address.view,
            }
            for view, label in VIEWS.items()
        ]

    @property
    def sorts(self) -> list[dict[str, Any]]:
        """The sorts that make sense here; the default is empty, so that it can change with the search words."""
        default = Address(q=self.address.q).effective_sort
        return [
            {
                "slug": "" if slug == default else slug,
                "label": label,
                "current": slug == self.address.effective_sort,
            }
            for slug, label in SORTS.items()
            if self.address.q or slug != "relevantie"
        ]

    @property
    def provinces(self) -> list[dict[str, Any]]:
        """Counts per province for the map; a click chooses that province."""
        facet = self.catalogue.by_slug.get(PROVINCE_FACET)
        chosen = self.address.chosen.get(PROVINCE_FACET, ())
        return [
            {
                "slug": value.slug,
                "label": value.label,
                "count": self.counts[value.id],
                "href": self.address.only(PROVINCE_FACET, value.slug).href() if self.counts[value.id] else "",
                "selected": value.slug in chosen,
            }
            for value in (facet.values if facet else ())
        ]

    @cached_property
    def pages(self) -> dict[str, Any] | None:
        """Links to the other pages; None when everything fits on one."""
        return page_links(self.page, self.page_count, lambda number: self.address.at_page(number).href())

    @property
    def notices(self) -> list[str]:
        """What of the address could not be followed."""
        notices = []
        if self.address.ignored:
            names = ", ".join(f"“{name}”" for name in self.address.ignored[:5])
            notices.append(f"Dit deel van het adres kennen we niet, we lieten het weg: {names}.")
        if self.address.page > self.page_count:
            notices.append(f"Pagina {self.address.page} bestaat niet. Dit is de laatste pagina.")
        return notices
