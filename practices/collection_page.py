"""The page of a collection: its practices, each with the addresses of other collections, and a small search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from expoo_portal import pdf

from . import collection
from .address import Address, search_words
from .catalogue import Catalogue
from .collection import Collection
from .models import Practice, PracticeKind
from .results import Results
from .textsearch import relevance_page

FOUND = 8
# A PDF of so many practices is drawn in three seconds; more are for the printer of the browser.
MOST_IN_PDF = 12


class Item(NamedTuple):
    """A practice of a collection: its card, and the addresses of the collection without it or in another order."""

    slug: str
    name: str
    html: str
    without: str
    earlier: str
    later: str


class Found(NamedTuple):
    """A practice that was searched for, and the address of the collection with it; none when it is in there."""

    name: str
    href: str
    municipality: str
    is_example: bool
    plus: str


@dataclass(frozen=True)
class CollectionPage:
    """What the page of a collection shows."""

    request: HttpRequest
    catalogue: Catalogue
    collection: Collection
    ids: Sequence[int]

    @cached_property
    def words(self) -> str:
        return search_words(self.request.GET, "zoek")

    @cached_property
    def items(self) -> list[Item]:
        own, cards = self.collection, self.catalogue.cards_by_id(self.ids)
        last = len(own) - 1
        return [
            Item(
                slug,
                cards[pk].name,
                cards[pk].html(),
                own.minus(slug).href(zoek=self.words),
                own.moved(slug, -1).href(zoek=self.words) if place else "",
                own.moved(slug, 1).href(zoek=self.words) if place < last else "",
            )
            for place, (slug, pk) in enumerate(zip(own.slugs, self.ids, strict=True))
            if pk in cards
        ]

    @property
    def notices(self) -> list[str]:
        return collection.notices(self.collection)

    @cached_property
    def results(self) -> Results:
        """What the words of the small search find."""
        return Results(self.catalogue, Address(q=self.words))

    @cached_property
    def found(self) -> list[Found]:
        """The first practices that match."""
        mask = self.results.selection.mask
        if not self.words or not mask:
            return []
        positions = relevance_page(self.catalogue, mask, self.results.tsquery, 0, FOUND)
        ids = self.catalogue.index.ids(positions)
        rows = Practice.objects.visible_to(self.request.user).filter(pk__in=ids)
        known = {pk: row for pk, *row in rows.values_list("pk", "slug", "name", "municipality", "kind")}
        return [
            Found(
                name,
                reverse("practice_detail", args=[slug]),
                municipality,
                kind == PracticeKind.EXAMPLE,
                "" if self.collection.has(slug) else self.collection.plus(slug).href(zoek=self.words),
            )
            for slug, name, municipality, kind in (known[pk] for pk in ids if pk in known)
        ]

    @property
    def suggestion(self) -> tuple[str, str] | None:
        """Better spelled words, and the address that looks for them."""
        better = self.results.suggestion
        return (better.q, self.collection.href(zoek=better.q)) if better else None

    @property
    def address(self) -> str:
        """The whole address, to share."""
        return settings.SITE_URL + self.collection.href(reverse("collection"))

    @property
    def mail(self) -> str:
        """A mail with the address, to nobody yet."""
        text = f"Deze praktijken wil ik met je delen:\n\n{self.address}\n"
        subject = "Praktijken uit EXPOO Inspiratie"
        return f"mailto:?{urlencode({'subject': subject, 'body': text}, quote_via=quote)}"

    @property
    def print_href(self) -> str:
        return self.collection.href(reverse("collection_print"))

    @property
    def pdf_href(self) -> str:
        """To the PDF; empty when there is none."""
        can_draw = pdf.available() and len(self.collection) <= MOST_IN_PDF
        return self.collection.href(reverse("collection_pdf")) if can_draw else ""
