"""What the world can learn about a group: asked of the portal itself, page by page, without signing in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.urls import reverse

from expoo_portal.visibility import Viewer

from .introduction import Introduction, introduction_of
from .models import Group, MemberPhoto, Membership, PostFile, Thread
from .paging import address_of
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
    named_on: list[str]


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


def outside_of(viewer: Viewer, group: Group) -> Outside:
    """Ask at every door of the group, by links to what is inside, in the search, in the sitemap and on public pages.

    `viewer` is a facilitator: what there is inside to ask for, is what they see.
    """
    doors = []
    for route, label in (
        ("group", "Voorstelling van de groep"),
        ("request_membership", "Aanvraag om lid te worden"),
    ):
        doors.append(_door(label, reverse(route, args=[group.slug])))
    doors += [_door(room.label, reverse(room.route, args=[group.slug])) for room in ROOMS]
    thread = _threads(viewer, group).first()
    doors += [_door(label, address) for label, address in _inside(viewer, group, thread)]
    _, sitemap = _ask(reverse("sitemap"))
    asked = [f'"{group.title}"', *([thread.title] if thread else [])]
    found = "".join(_ask(reverse("search"), {"q": words})[1] for words in asked)
    inside = reverse("threads", args=[group.slug])
    introduction = introduction_of(group, AnonymousUser()) if group.is_announced else None
    return Outside(
        group.is_announced,
        introduction,
        doors,
        inside in found,
        reverse("group", args=[group.slug]) in sitemap,
        [
            label
            for label, address in _public_pages(group)
            if reverse("group", args=[group.slug]) in _ask(address)[1]
        ],
    )


def _threads(viewer: Viewer, group: Group) -> Any:
    """The threads of the group, the latest first."""
    threads = Thread.objects.visible_to(viewer).filter(group=group, merged_into__isnull=True)
    return threads.order_by("-last_post_at", "-pk")


def _inside(viewer: Viewer, group: Group, thread: Thread | None) -> Iterator[tuple[str, str]]:
    """Links that a member could pass on: to the latest thread and file, to a member and a photo."""
    if thread:
        yield "Doorgestuurde link naar een gesprek", address_of(group, thread.pk)
    file = PostFile.objects.visible_to(viewer).filter(post__thread__group=group).order_by("-pk").first()
    if file:
        yield "Doorgestuurde link naar een bestand", file.get_absolute_url()
    members = Membership.objects.visible_to(viewer).active().filter(group=group)
    member = members.order_by("pk").first()
    if member:
        yield "Doorgestuurde link naar een profiel", reverse("member", args=[group.slug, member.pk])
    photos = MemberPhoto.objects.visible_to(viewer).filter(profile__user__in=members.values("user"))
    photo = photos.order_by("pk").first()
    if photo:
        yield "Doorgestuurde link naar een foto van een lid", photo.get_absolute_url()


def _public_pages(group: Group) -> Iterator[tuple[str, str]]:
    """The pages that may name the group."""
    yield "de startpagina", reverse("home")
    yield "de lijst van groepen", reverse("groups")
    if group.theme:
        yield f"de themapagina ‘{group.theme.title}’", reverse("theme", args=[group.theme.slug])


def _door(label: str, address: str) -> Door:
    status, body = _ask(address)
    if status == 200:
        return Door(label, address, "open voor iedereen", True)
    if status in (301, 302) and body.startswith(reverse("account_login")):
        return Door(label, address, "vraagt om aan te melden, zoals elk gesloten adres", False)
    return Door(label, address, "bestaat niet voor buitenstaanders", False)
