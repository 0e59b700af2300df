"""A collection of practices is its address: `?p=babybib,baboes`. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from expoo_portal.address_list import AddressList


@dataclass(frozen=True)
class Collection(AddressList):
    """ "Mijn waaier": the slugs of its practices, in the visitor's order."""

    PARAMETER = "p"
    MOST = 30


def notices(collection: Collection, most: int = Collection.MOST) -> list[str]:
    """What of the address could not be followed, in neutral words: hidden is like not existing."""
    said = []
    if collection.unknown == 1:
        said.append("Eén praktijk staat niet (meer) in de catalogus. We lieten ze weg.")
    elif collection.unknown:
        said.append(f"{collection.unknown} praktijken staan niet (meer) in de catalogus. We lieten ze weg.")
    if collection.dropped:
        said.append(f"Er passen hoogstens {most} praktijken op deze pagina. Je ziet de eerste {most}.")
    return said
