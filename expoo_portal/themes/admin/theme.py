"""Themes with the sections of their page, in the order that editors drag."""

from __future__ import annotations

from typing import Any

from adminsortable2.admin import SortableAdminBase
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from expoo_portal.admin import PUBLICATION_FIELDSET, OrderedInline, OrderedStackedInline, PublishableAdmin
from expoo_portal.admin.history import HistoryAdmin
from expoo_portal.admin.writing import PublishableForm, WritingAdmin, WritingForm

from ..models import SectionLink, Theme, ThemeSection
from ..pages import render_preview
from .items import HELP, TICKED_TOPICS
from .section_contents import contents_of
from .section_links import SectionLinkForm

_SECTION_FIELDS = ("title", ("kind", "slug"), "body")


class ThemeForm(PublishableForm):
    """A theme, with a word of help where editors hesitate."""

    class Meta:
        help_texts = HELP | {
            "intro": "Twee of drie zinnen. Ze staan bovenaan de pagina, bij de thema's en op de startpagina.",
            "body": "Mag leeg blijven: schrijf je tekst liever in onderdelen.",
            "topics": "Ze bepalen welke praktijken bij dit thema staan.",
            "order": "Het thema met het laagste nummer staat eerst.",
        }


class SectionForm(WritingForm):
    """A section, with a word of help where editors hesitate."""

    class Meta:
        help_texts = {
            "kind": "‘Tekst’ toont enkel je tekst. De andere soorten zetten daaronder vanzelf wat erbij hoort.",
            "slug": "Staat in het adres, na het hekje. Volgt vanzelf uit de titel.",
        }


class SectionInline(OrderedStackedInline):
    """The sections of a theme page. Links into the catalogue are on a section's own page."""

    model = ThemeSection
    form = SectionForm
    fields = (*_SECTION_FIELDS, "contents", "order")
    readonly_fields = ("contents",)
    prepopulated_fields = {"slug": ("title",)}
    show_change_link = True

    @admin.display(description="wat hieronder komt")
    def contents(self, obj: Any) -> str:
        """What this section shows, with the way to it."""
        return contents_of(obj)


class SectionLinkInline(OrderedInline):
    """Ways from a section into the catalogue."""

    model = SectionLink
    form = SectionLinkForm
    fields = ("group", "text", "query", "order")


@admin.register(Theme)
class ThemeAdmin(SortableAdminBase, PublishableAdmin):
    """The themes of the portal."""

    can_preview = True
    form = ThemeForm
    list_display = ("title", "slug", "status", "order", "reviewed_on", "updated")
    search_fields = ("title", "intro", "body")
    prepopulated_fields = {"slug": ("title",)}
    formfield_overrides = TICKED_TOPICS
    inlines = (SectionInline,)
    fieldsets = (
        (None, {"fields": ("title", "slug", "intro", "body")}),
        ("Samenhang", {"fields": ("topics", ("order", "reviewed_on"))}),
        PUBLICATION_FIELDSET,
    )

    def preview(self, request: HttpRequest, obj: Theme) -> HttpResponse:
        return render_preview(request, obj)


@admin.register(ThemeSection)
class ThemeSectionAdmin(SortableAdminBase, WritingAdmin, HistoryAdmin):
    """One section with its links into the catalogue; reached through its theme."""

    form = SectionForm
    list_display = ("title", "theme", "kind")
    list_select_related = ("theme",)
    fields = ("theme", *_SECTION_FIELDS)
    readonly_fields = ("theme",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (SectionLinkInline,)
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
