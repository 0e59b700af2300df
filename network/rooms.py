"""The rooms of a group, as the bar above its pages lists them; each part of the network adds its own."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from .access import facilitates
from .models import Group


class Room(NamedTuple):
    """A room: its route, which takes the group's slug, what it is called, and whether facilitators alone enter."""

    route: str
    label: str
    for_facilitators: bool = False


ROOMS: tuple[Room, ...] = (
    Room("threads", "Gesprekken"),
    Room("missed", "Wat miste ik"),
    Room("members", "Leden"),
    Room("my_membership", "Mijn lidmaatschap"),
    Room("facilitation", "Begeleiding", for_facilitators=True),
)


class RoomLink(NamedTuple):
    """A room as the bar shows it."""

    label: str
    address: str
    is_current: bool


def rooms_of(request: HttpRequest, group: Group) -> list[RoomLink]:
    """The rooms of this group that are open to who asks, with the one where they are."""
    is_facilitator = facilitates(request, group)
    links = []
    for room in ROOMS:
        if is_facilitator or not room.for_facilitators:
            address = reverse(room.route, args=[group.slug])
            links.append(RoomLink(room.label, address, request.path.startswith(address)))
    return links
