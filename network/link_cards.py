"""Links to practices and tips of the portal become small cards, for readers who may see them. Nothing is fetched."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from expoo_portal.per_version import PerVersion
from expoo_portal.themes.models import Tip, Topic
from expoo_portal.visibility import Level, Viewer
from practices.models import Practice

MOST_PER_POST = 5

_HREF = re.compile(r'<a [^>]*?href="([^"]*)"')
_PRACTICE = re.compile(r"/praktijken/([-\w]{1,200})/\Z")
_TIPS = re.compile(r"/themas/[-\w]{1,200}/visie/\Z")
_CODE = re.compile(r"[-\w]{1,12}")


@dataclass(frozen=True)
class Card:
    """A practice or a tip under a post that links to it."""

    kind: str
    title: str
    address: str


def links_in(html: str) -> list[tuple[str, str]]:
    """What a text links to, in its order: ("praktijk", slug) or ("tip", code). Pure."""
    found: dict[tuple[str, str], None] = {}
    for href in _HREF.findall(html):
        parts = _own(entities.unescape(href))
        if parts is None:
            continue
        path, query, fragment = parts
        if practice := _PRACTICE.match(path):
            found["praktijk", practice[1]] = None
        elif _TIPS.match(path):
            codes = re.findall(r"(?:^|&)tips=([^&]*)", query)
            codes.append(fragment.removeprefix("tip-") if fragment.startswith("tip-") else "")
            for code in _CODE.findall(",".join(codes)):
                found["tip", code] = None
    return list(found)[:MOST_PER_POST]


def _own(href: str) -> tuple[str, str, str] | None:
    """Path, query and fragment of an address of this portal; None for one elsewhere."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    if parts.netloc and parts.netloc != urlsplit(settings.SITE_URL).netloc:
        return None
    return (parts.path, parts.query, parts.fragment) if parts.scheme in ("", "http", "https") else None


def cards_of(viewer: Viewer, texts: Iterable[str]) -> list[list[Card]]:
    """The cards of each text, as far as this viewer may see what they lead to; at most two queries for all texts."""
    asked = [links_in(text) for text in texts]
    wanted = {link for links in asked for link in links}
    slugs = [key for kind, key in wanted if kind == "praktijk"]
    codes = [key for kind, key in wanted if kind == "tip"]
    known: dict[tuple[str, str], Card] = {}
    if slugs:
        for slug, name in (
            Practice.objects.visible_to(viewer).filter(slug__in=slugs).values_list("slug", "name")
        ):
            known["praktijk", slug] = Card("Praktijk", name, reverse("practice_detail", args=[slug]))
    if codes:
        for tip in Tip.objects.visible_to(viewer).filter(code__in=codes).select_related("theme"):
            known["tip", tip.code] = tip_card(tip)
    return [[known[link] for link in links if link in known] for links in asked]


def tip_card(tip: Tip) -> Card:
    """A tip, on the page of its theme."""
    theme = tip.theme
    return Card("Tip", tip.title, f"{reverse('theme_tips', args=[theme.slug])}#tip-{tip.code}")


_tips: PerVersion[tuple[Level, int], list[Card]] = PerVersion()


def tips_about(viewer: Viewer, topic: Topic) -> list[Card]:
    """The tips about a topic that this viewer may see: kept, as they are the same for all of their level."""

    def make() -> list[Card]:
        about = Q(topic=topic) | Q(also=topic)
        found = Tip.objects.visible_to(Viewer.at(viewer.level)).filter(about).select_related("theme")
        return [tip_card(tip) for tip in found.distinct()]

    return _tips.get((viewer.level, topic.pk), make)
