"""Ways into the catalogue from the pages of others: their address, and how many practices they lead to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.urls import reverse

from expoo_portal.themes.models import Topic

from .address import Address
from .catalogue import TOPIC_FACET, Catalogue, Value, catalogue_for


@dataclass(frozen=True)
class CatalogueLink:
    """A choice in the catalogue, in words, and how many practices it leads to."""

    text: str
    address: str
    count: int


def address_of(choice: Address) -> str:
    """The place of a choice in the catalogue, from the root."""
    query = choice.query()
    return f"{reverse('practice_list')}{'?' if query else ''}{query}"


def values_about(catalogue: Catalogue, topics: Collection[int]) -> list[Value]:
    """The values by which practices about these topics (by id) are found."""
    facet = catalogue.by_slug.get(TOPIC_FACET)
    values = facet.values if facet else ()
    return [value for value in values if (own := catalogue.topics.get(value.id)) and own.pk in topics]


def practices_with(catalogue: Catalogue, values: Iterable[Value]) -> int:
    """The practices that have at least one of these values, as a bitset."""
    return reduce(or_, (catalogue.index.bits.get(value.id, 0) for value in values), 0)


def topic_link(user: Any, topic: Topic) -> CatalogueLink | None:
    """The way to the practices about a topic that this user may see; None when there are none."""
    catalogue = catalogue_for(user)
    about = values_about(catalogue, {topic.pk})
    if not (mask := practices_with(catalogue, about)):
        return None
    choice = Address(chosen={TOPIC_FACET: tuple(value.slug for value in about)})
    return CatalogueLink(topic.label, address_of(choice), mask.bit_count())
