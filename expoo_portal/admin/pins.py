"""The answers that staff pin to a search, in the admin."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join

from expoo_portal.search.insight import insight
from expoo_portal.search.pins import PinnedAnswer, key_of

from .publishing import PUBLICATION_FIELDSET, PublishableAdmin

_DAYS = 90
_MAX_CAUGHT = 20


@admin.register(PinnedAnswer)
class PinnedAnswerAdmin(PublishableAdmin):
    """With the searches that an answer catches, as it was last saved."""

    list_display = ("title", "status", "searches", "url")
    search_fields = ("title", "searches", "text", "url")
    readonly_fields = ("tried", "caught")
    fieldsets = (
        (None, {"fields": ("searches", "tried", "caught", "title", "text", "url")}),
        PUBLICATION_FIELDSET,
    )

    def get_fieldsets(self, request: HttpRequest, obj: PinnedAnswer | None = None) -> Any:
        """There is nothing to try before there is an answer."""
        if obj:
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": ("searches", "title", "text", "url")}), PUBLICATION_FIELDSET)

    @admin.display(description="probeer het op de site")
    def tried(self, obj: PinnedAnswer) -> str:
        """A search for each line."""
        return _searches(obj.lines)

    @admin.display(description="vangt in de voorbije 3 maanden")
    def caught(self, obj: PinnedAnswer) -> str:
        """What visitors searched for that gets this answer; rare words are not told."""
        found = [asked.query for asked in insight(_DAYS).most if key_of(asked.query) in obj.keys]
        return _searches(found[:_MAX_CAUGHT]) or "Nog geen zoekvragen."


def _searches(found: list[str]) -> str:
    links = ((urlencode({"q": text}), text) for text in found)
    return format_html_join(" · ", '<a href="/zoeken/?{}">{}</a>', links)
