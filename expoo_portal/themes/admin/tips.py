"""Tips in the admin."""

from __future__ import annotations

from django.contrib import admin

from expoo_portal.admin import PUBLICATION_FIELDSET

from ..models import Tip
from .items import ThemeItemAdmin


@admin.register(Tip)
class TipAdmin(ThemeItemAdmin):
    """The tips of "werken aan visie"."""

    list_display = ("code", "title", "theme", "used", "status", "reviewed_on")
    list_display_links = ("code", "title")
    list_filter = ("used",)
    search_fields = ("code", "title", "text", "explanation", "question")
    fieldsets = (
        (None, {"fields": ("theme", "code", "title", "text", "explanation", "question")}),
        ("Plaats", {"fields": ("used", "topic", "also", ("order", "reviewed_on"), "origin")}),
        PUBLICATION_FIELDSET,
    )
