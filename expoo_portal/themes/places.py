"""The addresses under the themes that anybody may visit, for the sitemap."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from .models import Broadcast, Document, Event, SectionKind
from .pages import theme_pages

# A kind of section -> the page of its own that it leads to.
_PAGES = {
    SectionKind.TIPS: "theme_tips",
    SectionKind.AGREEMENTS: "theme_agreements",
    SectionKind.BROADCASTS: "broadcasts",
    SectionKind.DOCUMENTS: "documents",
    SectionKind.EVENTS: "events",
    SectionKind.CONTACT: "theme_contact",
}


def public_places() -> list[tuple[str, datetime | None]]:
    """Path and last change of each public page of a theme and of what belongs to it; none without a theme."""
    pages = theme_pages(None)
    places: list[tuple[str, datetime | None]] = [(reverse("themes"), None)] if pages else []
    for page in pages.values():
        places.append((page.about.get_absolute_url(), page.about.updated))
        places += [
            (reverse(name, args=[page.about.slug]), None)
            for kind, name in _PAGES.items()
            if kind in page.kinds
        ]
    themes = {page.about.pk: page.about for page in pages.values()}
    for model in (Broadcast, Document, Event):
        for item in model.objects.public().filter(theme__in=themes).order_by("pk"):
            item.theme = themes[item.theme_id]
            places.append((item.get_absolute_url(), item.updated))
    return places
