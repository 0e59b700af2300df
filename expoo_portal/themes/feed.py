"""What is new at a theme, as an Atom feed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from expoo_portal.atom import PortalFeed
from expoo_portal.page_cache import public_page

from .models import Broadcast, Document, Event, Theme

FEED_LENGTH = 50


class ThemeFeed(PortalFeed):
    """The newest public documents, events and broadcasts of a theme."""

    def get_object(self, request: HttpRequest, slug: str) -> Theme:
        return get_object_or_404(Theme.objects.public(), slug=slug)

    def title(self, theme: Theme) -> str:
        return f"Nieuw over {theme.title} – EXPOO"

    def subtitle(self, theme: Theme) -> str:
        return f"Documenten, activiteiten en uitzendingen bij het thema {theme.title}"

    def link(self, theme: Theme) -> str:
        return f"{settings.SITE_URL}{theme.get_absolute_url()}"

    def feed_url(self, theme: Theme) -> str:
        return f"{settings.SITE_URL}{reverse('theme_feed', args=[theme.slug])}"

    def items(self, theme: Theme) -> list[Any]:
        found: list[Any] = []
        for model in (Document, Event, Broadcast):
            rows = model.objects.public().filter(theme=theme)
            found += rows.order_by("-publish_at", "-pk")[:FEED_LENGTH]
        for item in found:
            item.theme = theme
        found.sort(key=lambda item: item.publish_at, reverse=True)
        return found[:FEED_LENGTH]

    def item_title(self, item: Any) -> str:
        return item.title

    def item_description(self, item: Any) -> str:
        # The feed says that this is HTML.
        return escape(item.what if isinstance(item, Document) else item.summary)


@require_safe
@public_page
def theme_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What is new at a theme as an Atom feed."""
    return ThemeFeed()(request, slug=slug)
