"""A practice for machines: what the head of its page says to search engines and to sites that share it."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from .detail import Detail
from .models import Practice
from .picture import PICTURE_HEIGHT, PICTURE_WIDTH


class Structured(NamedTuple):
    """Whole addresses and texts, as the template writes them for machines. Holds no contact data."""

    url: str
    picture: str
    width: int
    height: int
    site: str
    licence: str
    keywords: list[str]
    sources: list[str]


def structured(practice: Practice, detail: Detail) -> Structured:
    """What the page of a practice says of it to machines."""
    return Structured(
        url=f"{settings.SITE_URL}{practice.get_absolute_url()}",
        picture=f"{settings.SITE_URL}{reverse('practice_picture', args=[practice.slug])}",
        width=PICTURE_WIDTH,
        height=PICTURE_HEIGHT,
        site=settings.SITE_URL,
        licence=settings.OPEN_DATA_LICENCE["url"],
        keywords=detail.labels,
        sources=[source.url for source in detail.sources],
    )
