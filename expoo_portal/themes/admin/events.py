"""Events in the admin, with what was left of them: links, files, pictures."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from expoo_portal.admin import PUBLICATION_FIELDSET, AttachmentInline, OrderedInline, everything

from ..events import Belongings, render_event
from ..models import Event, EventFile, EventImage, EventLink
from .items import ThemeItemAdmin


class EventLinkInline(OrderedInline):
    """More about the event elsewhere."""

    model = EventLink
    fields = ("title", "url", "order")


class EventFileInline(AttachmentInline):
    """Reports and presentations."""

    model = EventFile
    fields = ("file", "name", "order")


class EventImageInline(AttachmentInline):
    """Pictures."""

    model = EventImage
    fields = ("file", "alt", "consent", "order")


@admin.register(Event)
class EventAdmin(ThemeItemAdmin):
    """What is coming and what was."""

    can_preview = True
    list_display = ("title", "theme", "starts_on", "status", "reviewed_on")
    search_fields = ("title", "summary", "body", "place")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (EventLinkInline, EventFileInline, EventImageInline)
    fieldsets = (
        (None, {"fields": ("theme", "title", "slug", "kind", "summary", "body")}),
        ("Wanneer en waar", {"fields": (("starts_on", "ends_on"), "precision", "hours", "place")}),
        ("Nog na te gaan", {"fields": ("to_confirm",)}),
        ("Samenhang", {"fields": ("topics", "reviewed_on")}),
        PUBLICATION_FIELDSET,
    )

    def preview(self, request: HttpRequest, obj: Event) -> HttpResponse:
        files, images, links = (
            list(everything(model._default_manager.filter(event=obj)))
            for model in (EventFile, EventImage, EventLink)
        )
        for attachment in (*files, *images):
            attachment.for_staff = True
        return render_event(request, obj, Belongings(files, images, links), preview=True)
