"""Who said something: an active member of the group by name, anybody else as "oud-lid"."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from expoo_portal.prepared import Prepared
from expoo_portal.visibility import Viewer

from .models import Group, Membership

FORMER = "oud-lid"
NAMELESS = "Lid zonder naam"


@dataclass(frozen=True)
class Person:
    """An active member as the others see them: never by e-mail address."""

    user_id: int
    membership_id: int
    name: str
    address: str
    organisation: str = ""

    @property
    def label(self) -> str:
        """The name, told apart from others by the organisation."""
        return f"{self.name} ({self.organisation})" if self.organisation else self.name


def person_of(group: Group, membership: Membership, organisation: str = "") -> Person:
    """This member of the group; the user comes along with the membership."""
    address = reverse("member", args=[group.slug, membership.pk])
    name = membership.user.name or NAMELESS
    return Person(membership.user_id, membership.pk, name, address, organisation)


def _names(viewer: Viewer, *, group: int, users: Collection[int], now: datetime) -> QuerySet[Any]:
    # Whole rows of memberships and users cost more than everything else on a page; their order is of two more tables.
    found = Membership.objects.visible_to(viewer).active(now).filter(group=group, user__in=users)
    return found.order_by().values_list("user_id", "pk", "user__name")


_NAMES = Prepared(_names)


def active_people(viewer: Viewer, group: Group, user_ids: Iterable[int | None]) -> dict[int, Person]:
    """By user id those of these users who are active members of the group now, in one query."""
    wanted = {pk for pk in user_ids if pk is not None}
    if not wanted:
        return {}
    rows = _NAMES.ask(viewer, group=group.pk, users=wanted, now=timezone.now())
    base = reverse("members", args=[group.slug])
    return {user_id: Person(user_id, pk, name or NAMELESS, f"{base}{pk}/") for user_id, pk, name in rows}


def folded(name: str) -> str:
    """A name to compare: without accents, capitals and double spaces."""
    plain = name
    if not name.isascii():
        plain = "".join(
            char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char)
        )
    return " ".join(plain.casefold().split())
