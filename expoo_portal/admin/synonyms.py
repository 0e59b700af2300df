"""The words that mean the same to whoever searches, in the admin."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join

from expoo_portal.search.synonyms import SynonymGroup, members_of

from .restricted import RestrictedAdmin


@admin.register(SynonymGroup)
class SynonymGroupAdmin(RestrictedAdmin):
    """One group per line; the search on the site follows at once."""

    list_display = ("words", "note")
    search_fields = ("words", "note")
    readonly_fields = ("tried",)
    actions = None

    def get_fields(self, request: HttpRequest, obj: SynonymGroup | None = None) -> list[str]:
        """There is nothing to try before there is a group."""
        return ["words", "note", "tried"] if obj else ["words", "note"]

    @admin.display(description="probeer het op de site")
    def tried(self, obj: SynonymGroup) -> str:
        """A search for each of the words, to see that they find the same."""
        base = reverse("search")
        found = ((f"{base}?{urlencode({'q': word})}", word) for word in members_of(obj.words))
        return format_html_join(" · ", '<a href="{}">{}</a>', found)
