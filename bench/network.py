"""A group with a great many posts, and members who read in it: what the measurement of its pages starts from."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from network.management.inventing import Amounts, invent
from network.models import Group, Membership, MembershipRole, ReadMark, Thread
from network.paging import address_of, page_of

SLUG = "meetgroep"
POSTS_PER_THREAD = 20
PAGES = 9


def discuss(posts: int) -> None:
    """Make the group, with so many posts."""
    with transaction.atomic():
        group = Group.objects.create(slug=SLUG, title="Meetgroep", is_announced=False)
        invent(group, Amounts(threads=max(1, posts // POSTS_PER_THREAD), posts=posts))


def sign_in(count: int) -> dict[str, Any]:
    """So many members who read nothing yet, as cookies, and the addresses of the pages that they ask for.

    They read nothing: "wat miste ik" is at its longest, and each page of a thread that is new to them writes a mark.
    """
    group = Group.objects.unrestricted().get(slug=SLUG)
    plain = Membership.objects.unrestricted().filter(group=group, role=MembershipRole.MEMBER)
    members = list(plain.select_related("user").order_by("since", "pk")[:count])
    plain.filter(pk__in=[member.pk for member in members]).update(caught_up_at=None)
    ReadMark.objects.unrestricted().filter(user__in=[member.user_id for member in members]).delete()
    cookies = []
    for member in members:
        client = Client()
        client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        name = settings.SESSION_COOKIE_NAME
        cookies.append(f"{name}={client.cookies[name].value}")
    return {"cookies": cookies, "series": _series(group)}


def _series(group: Group) -> dict[str, list[str]]:
    """By name of a page the addresses that are asked for in turn."""
    threads, missed, members = (reverse(name, args=[group.slug]) for name in ("threads", "missed", "members"))
    found = Thread.objects.unrestricted().filter(group=group).order_by("start_key")
    return {
        "lijst van gesprekken": [
            threads,
            f"{threads}?toon=ongelezen",
            *(f"{threads}?pagina={page}" for page in range(2, PAGES)),
            *(f"{threads}?soort={kind}" for kind in ("question", "experience")),
        ],
        # Each thread at its last page, where most readers arrive.
        "gesprek": [address_of(group, thread.pk, thread.last_number).partition("#")[0] for thread in found]
        + [address_of(group, thread.pk) for thread in found if page_of(thread.last_number) > 1],
        "wat miste ik": [missed, *(f"{missed}?pagina={page}" for page in (2, 3))],
        "ledenlijst": [
            members,
            *(f"{members}?pagina={page}" for page in range(2, PAGES)),
            f"{members}?q=gent",
        ],
    }
