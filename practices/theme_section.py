"""The catalogue on a theme page: a fan of practices about its topics, and how many each link leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from expoo_portal.themes.models import Theme
from expoo_portal.themes.sources import Shown
from expoo_portal.visibility import Viewer

from .address import Address
from .catalogue import FAN_CARDS, TOPIC_FACET, catalogue_for
from .results import Results
from .ways_in import CatalogueLink, address_of, practices_with, values_about


@dataclass(frozen=True)
class LinkGroup:
    """Links with one name above them; the name may be empty."""

    name: str
    links: list[CatalogueLink]


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
    chosen = values_about(catalogue, set(theme.topics.values_list("pk", flat=True)))
    mask = practices_with(catalogue, chosen)
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
