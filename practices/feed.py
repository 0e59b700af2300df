"""The newest public practices as an Atom feed, all of them or those of a choice."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from expoo_portal.atom import PortalFeed
from expoo_portal.page_cache import public_page

from .models import Practice
from .open_data import public_results
from .results import Results

FEED_LENGTH = 50


class PracticeFeed(PortalFeed):
    """The newest public practices that go on, as Atom."""

    def get_object(self, request: HttpRequest) -> Results:
        return public_results(request)

    def title(self, results: Results) -> str:
        words = results.choice_in_words
        return f"Inspirerende praktijken – EXPOO: {words}" if words else "Inspirerende praktijken – EXPOO"

    def subtitle(self, results: Results) -> str:
        words = results.choice_in_words
        return f"Nieuw in de waaier van inspirerende praktijken{f', voor de keuze {words}' if words else ''}"

    def link(self, results: Results) -> str:
        return f"{settings.SITE_URL}{reverse('practice_list')}{results.choice_suffix}"

    def feed_url(self, results: Results) -> str:
        return f"{settings.SITE_URL}{reverse('practice_feed')}{results.choice_suffix}"

    def items(self, results: Results) -> list[Practice]:
        index = results.catalogue.index
        going_on = results.selection.mask & results.catalogue.live
        ids = index.ids(index.page(going_on, "nieuwste", 0, FEED_LENGTH))
        found = Practice.objects.public().in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def item_title(self, item: Any) -> str:
        return item.name

    def item_description(self, item: Any) -> str:
        # The feed says that this is HTML.
        return escape(item.summary)


@require_safe
@public_page
def practice_feed(request: HttpRequest) -> HttpResponse:
    """The newest public practices of a choice as an Atom feed."""
    return PracticeFeed()(request)
