"""The catalogue on a theme page: a fan of practices about its topics, and how many each link leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from expoo_portal.themes.models import Theme
from expoo_portal.themes.sources import Shown
from expoo_portal.visibility import Viewer

from .address import Address
from .catalogue import FAN_CARDS, TOPIC_FACET, catalogue_for
from .results import Results


@dataclass(frozen=True)
class CatalogueLink:
    """A choice in the catalogue, in words, and how many practices it leads to."""

    text: str
    address: str
    count: int


@dataclass(frozen=True)
class LinkGroup:
    """Links with one name above them; the name may be empty."""

    name: str
    links: list[CatalogueLink]


def address_of(choice: Address) -> str:
    """The place of a choice in the catalogue, from the root."""
    query = choice.query()
    return f"{reverse('practice_list')}{'?' if query else ''}{query}"


def link_groups(user: Any, links: Iterable[Any]) -> list[LinkGroup]:
    """The links of a section by group, in the order of each group's first; none that leads to nothing."""
    catalogue = catalogue_for(user)
    groups: dict[str, list[CatalogueLink]] = {}
    for link in links:
        address = catalogue.address(QueryDict(link.query))
        choice = address.choice()
        # What the catalogue does not know it leaves out, and then it would find too much.
        if not address.ignored and (count := Results(catalogue, choice).total):
            groups.setdefault(link.group, []).append(CatalogueLink(link.text, address_of(choice), count))
    return [LinkGroup(name, found) for name, found in groups.items()]


def practices_of(theme: Theme, viewer: Viewer) -> Shown | None:
    """The newest practices about the topics of a theme, how many there are, and where; None without any."""
    catalogue = catalogue_for(viewer)
    facet = catalogue.by_slug.get(TOPIC_FACET)
    topics = set(theme.topics.values_list("pk", flat=True))
    chosen = [
        value
        for value in (facet.values if facet else ())
        if value.id in catalogue.topics and catalogue.topics[value.id].pk in topics
    ]
    if not facet or not chosen:
        return None
    mask = catalogue.index.select({facet.id: [value.id for value in chosen]}).mask
    newest = catalogue.index.page(mask & catalogue.live, "nieuwste", 0, FAN_CARDS)
    if not newest:
        return None
    choice = Address(chosen={TOPIC_FACET: tuple(value.slug for value in chosen)})
    total = mask.bit_count()
    return {
        "cards": [card.html() for card in catalogue.cards(catalogue.index.ids(newest))],
        "total": total,
        "address": address_of(choice),
        "line": f"{total} praktijk{'' if total == 1 else 'en'} van collega's",
    }
