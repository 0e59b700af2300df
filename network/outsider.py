"""What the world can learn about a group: asked of the portal itself, page by page, without signing in."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.urls import reverse

from .introduction import Introduction, introduction_of
from .models import Group
from .rooms import ROOMS


class Door(NamedTuple):
    """A page of the group, and what an outsider finds there."""

    label: str
    address: str
    answer: str
    is_open: bool


class Outside(NamedTuple):
    """Everything that a non-member, a search engine or a direct link can learn."""

    is_announced: bool
    introduction: Introduction | None
    doors: list[Door]
    finds_in_search: bool
    in_sitemap: bool


@cache
def _portal() -> WSGIHandler:
    return WSGIHandler()


def _ask(address: str, query: dict[str, str] | None = None) -> tuple[int, str]:
    """What the whole portal, its middleware included, answers to a visitor: the status and the page or new address."""
    site = urlsplit(settings.SITE_URL)
    # Fetched in advance, so to say: nobody searched, and nothing is counted.
    visitor = RequestFactory(HTTP_HOST=site.netloc, HTTP_SEC_PURPOSE="prefetch")
    response = _portal().get_response(visitor.get(address, query or {}, secure=site.scheme == "https"))
    body = response.headers.get("Location", "") or b"".join(response).decode(errors="replace")
    return response.status_code, body


def outside_of(group: Group) -> Outside:
    """Ask at every door of the group, in the search and in the sitemap."""
    doors = []
    for route, label in (
        ("group", "Voorstelling van de groep"),
        ("request_membership", "Aanvraag om lid te worden"),
    ):
        doors.append(_door(label, reverse(route, args=[group.slug])))
    doors += [_door(room.label, reverse(room.route, args=[group.slug])) for room in ROOMS]
    _, sitemap = _ask(reverse("sitemap"))
    _, found = _ask(reverse("search"), {"q": f'"{group.title}"'})
    inside = reverse("threads", args=[group.slug])
    introduction = introduction_of(group, AnonymousUser()) if group.is_announced else None
    return Outside(
        group.is_announced,
        introduction,
        doors,
        inside in found,
        reverse("group", args=[group.slug]) in sitemap,
    )


def _door(label: str, address: str) -> Door:
    status, body = _ask(address)
    if status == 200:
        return Door(label, address, "open voor iedereen", True)
    if status in (301, 302) and body.startswith(reverse("account_login")):
        return Door(label, address, "vraagt om aan te melden, zoals elk gesloten adres", False)
    return Door(label, address, "bestaat niet voor buitenstaanders", False)
