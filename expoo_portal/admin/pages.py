"""The editable pages in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from expoo_portal.pages import Page

from .publishing import PUBLICATION_FIELDSET, PublishableAdmin


@admin.register(Page)
class PageAdmin(PublishableAdmin):
    """Privacy, toegankelijkheid, over."""

    can_preview = True
    list_display = ("title", "slug", "status", "in_footer", "reviewed_on", "updated")
    list_filter = ("in_footer",)
    search_fields = ("title", "intro", "body")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "slug", "intro", "body")}),
        ("Plaats", {"fields": (("in_footer", "order"), "reviewed_on")}),
        PUBLICATION_FIELDSET,
    )

    def preview(self, request: HttpRequest, obj: Page) -> HttpResponse:
        from expoo_portal.views import render_page

        return render_page(request, obj, preview=True)
