"""Documents and their files in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from expoo_portal.admin import PUBLICATION_FIELDSET, RestrictedInline, everything
from expoo_portal.admin.restricted import AttachmentOptions

from ..documents import render_document
from ..models import Document, DocumentFile
from .items import ThemeItemAdmin


class DocumentFileInline(AttachmentOptions, RestrictedInline):
    """The versions of a document as files: the newest counts, the others stay."""

    model = DocumentFile
    fields = ("file", ("name", "version"))
    view_on_site = False


@admin.register(Document)
class DocumentAdmin(ThemeItemAdmin):
    """References, guides, books."""

    can_preview = True
    list_display = ("title", "theme", "kind", "year_column", "status", "reviewed_on")
    search_fields = ("title", "authors", "publisher", "what", "body")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (DocumentFileInline,)
    fieldsets = (
        (None, {"fields": ("theme", "title", "slug", "what", "for_whom", "body")}),
        ("Over het document", {"fields": ("kind", "authors", "publisher", "year", "url", "source")}),
        ("Nog na te gaan", {"fields": ("to_confirm",)}),
        ("Plaats", {"fields": ("is_reference", "topics", ("order", "reviewed_on"))}),
        PUBLICATION_FIELDSET,
    )

    @admin.display(description="jaar", ordering="year")
    def year_column(self, obj: Document) -> str:
        """The year, without a separator of thousands."""
        return str(obj.year or "")

    def preview(self, request: HttpRequest, obj: Document) -> HttpResponse:
        files = list(everything(DocumentFile.objects.filter(document=obj)))
        for file in files:
            file.for_staff = True
        return render_document(request, obj, files, preview=True)
