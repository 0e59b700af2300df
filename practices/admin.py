"""The catalogue in the admin: practices with all that belongs to them, facets and their values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adminsortable2.admin import SortableAdminBase, SortableAdminMixin, SortableTabularInline
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Model, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import slugify

from expoo_portal.admin import (
    PUBLICATION_FIELDSET,
    AttachmentInline,
    OrderedInline,
    PublishableAdmin,
    RestrictedAdmin,
    RestrictedInline,
    everything,
)
from expoo_portal.admin.writing import PublishableForm
from expoo_portal.themes import questions

from . import (
    dossier_admin,  # noqa: F401 - registers what was sent in
    experience_admin,  # noqa: F401 - registers "Wij probeerden dit"
)
from .confirming_admin import WithoutContactFilter
from .editing.from_practice import DossierOfPracticeAdmin
from .exchange.admin import ExchangeAdmin
from .facet_form import FacetForm, facet_fields, facets_with_values, field_name
from .merging_admin import MergingAdmin
from .models import (
    Facet,
    FacetValue,
    Practice,
    PracticeContact,
    PracticeFile,
    PracticeImage,
    PracticeLink,
    PracticeSource,
)
from .views import render_practice

# The facets that editors look for practices by.
_FILTER_FACETS = ("type-organisatie", "provincie", "thema")
_TYPE_FACET = "type-organisatie"
_NAMED_PRACTICES = 10


class SourceInline(OrderedInline):
    """Where the description comes from."""

    model = PracticeSource
    fields = ("url", "description", "consulted_on", "order")


class LinkInline(OrderedInline):
    """Material elsewhere."""

    model = PracticeLink
    fields = ("title", "url", "order")


class FileInline(AttachmentInline):
    """Material to take along."""

    model = PracticeFile
    fields = ("file", "name", "order")


class ImageInline(AttachmentInline):
    """Pictures."""

    model = PracticeImage
    fields = ("file", "alt", "consent", "order")


class ContactInline(RestrictedInline):
    """Who to ask, for members only."""

    model = PracticeContact
    fields = (("role", "email", "phone"),)


class FacetFilter(admin.SimpleListFilter):
    """The list of practices by the values of one facet."""

    facet: Facet

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value.slug, value.label) for value in self.facet.values.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = [value.pk for value in self.facet.values.all() if value.slug == self.value()]
        return queryset.filter(values__in=chosen) if chosen else queryset


def facet_filter(facet: Facet) -> type[FacetFilter]:
    """The filter of this facet."""
    attributes = {"facet": facet, "title": facet.label.lower(), "parameter_name": facet.slug}
    return type("FacetFilter", (FacetFilter,), attributes)


class ArchiveFilter(admin.SimpleListFilter):
    """The list by whether the practice still goes on."""

    title = "archief"
    parameter_name = "archief"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("nee", "Bestaat nog"), ("ja", "In archief")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = {"nee": True, "ja": False}.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(archived_on__isnull=chosen)


class PracticeForm(FacetForm, PublishableForm):
    """A practice with a field per facet; without an address it gets one from its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """The address as given, or made from the name."""
        return self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", ""))[:110]

    def clean_discussion_questions(self) -> str:
        """One question a line, at most three."""
        return questions.clean(self.cleaned_data["discussion_questions"])


class PracticeChangeList(ChangeList):
    """The list, with the type of each practice read in one query for all of them."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> QuerySet:
        types = FacetValue.objects.filter(facet__slug=_TYPE_FACET)
        return (
            super()
            .get_queryset(*args, **kwargs)
            .prefetch_related(Prefetch("values", queryset=types, to_attr="types"))
        )


@admin.register(Practice)
class PracticeAdmin(DossierOfPracticeAdmin, ExchangeAdmin, SortableAdminBase, PublishableAdmin):
    """The practices of the catalogue (fields and their order: domain.md 2.2)."""

    can_preview = True
    actions = (*PublishableAdmin.actions, *ExchangeAdmin.export_actions)
    form = PracticeForm
    list_display = ("name_column", "type_column", "municipality_column", "status", "year_column")
    list_filter = ("kind", ArchiveFilter, WithoutContactFilter)
    list_per_page = 50
    search_fields = ("name", "organisation", "municipality", "summary", "identifier")
    search_help_text = "Zoek in naam, organisatie, gemeente en korte beschrijving."
    ordering = ("name_key", "id")
    prepopulated_fields = {"slug": ("name",)}
    radio_fields = {"based_on": admin.VERTICAL}
    inlines = (SourceInline, LinkInline, FileInline, ImageInline, ContactInline)

    @admin.display(description="naam", ordering="name_key")
    def name_column(self, obj: Practice) -> str:
        """The name as families know it."""
        return obj.name

    @admin.display(description="type")
    def type_column(self, obj: Any) -> str:
        """The type of organisation."""
        return ", ".join(value.label for value in obj.types)

    @admin.display(description="gemeente", ordering="municipality_key")
    def municipality_column(self, obj: Practice) -> str:
        """The municipality."""
        return obj.municipality

    @admin.display(description="peiljaar", ordering="reference_year")
    def year_column(self, obj: Practice) -> str:
        """The year, without a separator of thousands."""
        return str(obj.reference_year or "")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list that reads the types at once."""
        return PracticeChangeList

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Stage and audience, kind, and the facets that editors look for."""
        facets = {facet.slug: facet for facet in self._facets(request)}
        wanted = [facet_filter(facets[slug]) for slug in _FILTER_FACETS if slug in facets]
        return [*super().get_list_filter(request), *wanted]

    def get_form(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        """The form with a field for each facet there is at this moment."""
        fields = facet_fields(self._facets(request))
        kwargs["form"] = type("PracticeForm", (self.form,), fields)
        return super().get_form(request, obj, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The sections of the form."""
        facets = [field_name(facet) for facet in self._facets(request)]
        return (
            (
                "Naam en plaats",
                {"fields": ("name", "slug", "organisation", "municipality", "kind", "identifier")},
            ),
            ("In het kort", {"fields": ("summary", "special")}),
            (
                "Facetten",
                {
                    "fields": facets,
                    "classes": ["facets"],
                    "description": "Hiermee vinden collega's de praktijk. Laat open wat je niet weet.",
                },
            ),
            ("Beschrijving", {"fields": ("background", "approach", "welcome", "space_note")}),
            (
                "Wat leren we eruit?",
                {"fields": ("strengths", "challenges", "tips", "discussion_questions", "partners")},
            ),
            (
                "Waarop steunt deze beschrijving?",
                {
                    "fields": (
                        "based_on",
                        "unconfirmed",
                        ("reference_year", "reviewed_on", "confirmed_on"),
                        "archived_on",
                    )
                },
            ),
            PUBLICATION_FIELDSET,
        )

    def preview(self, request: HttpRequest, obj: Practice) -> HttpResponse:
        return render_practice(request, obj, preview=True)

    def _facets(self, request: HttpRequest) -> list[Facet]:
        """All facets with their values, read once per request."""
        if not hasattr(request, "_facets"):
            request._facets = facets_with_values()  # type: ignore[attr-defined]
        return request._facets  # type: ignore[attr-defined]


def practices_with(values: Iterable[FacetValue]) -> QuerySet:
    """The practices that have any of these values, published or not."""
    return everything(Practice.objects.filter(values__in=values)).distinct()


class UsageAdmin(RestrictedAdmin):
    """Says in each confirmation of a deletion which practices will lose a value."""

    def values_of(self, objs: Iterable[Any]) -> QuerySet[FacetValue]:
        """The values that go when these objects go."""
        raise NotImplementedError

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """The practices that lose something, then the values; Django would list each tie between the two."""
        _ties, _counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        values = list(self.values_of(objs).select_related("facet"))
        practices = practices_with(values)
        total = practices.count()
        lines = [f"{value.facet}: {value}" for value in values]
        counts = {"facetwaarden": len(values), "praktijken die een waarde verliezen": total}
        if total:
            names = ", ".join(practices.values_list("name", flat=True)[:_NAMED_PRACTICES])
            rest = f" en {total - _NAMED_PRACTICES} andere" if total > _NAMED_PRACTICES else ""
            lines.insert(0, f"In gebruik bij {total} praktijken: {names}{rest}.")
        return lines, counts, perms_needed, protected


class FacetValueInline(SortableTabularInline):
    """The values of a facet. Deleting one goes by its own page, which says who uses it."""

    model = FacetValue
    template = "admin/edit_inline/tabular.html"
    extra = 0
    can_delete = False
    show_change_link = True
    prepopulated_fields = {"slug": ("label",)}
    fields = ("label", "slug", "in_use", "description", "topic", "order")
    ordering = ("order", "id")
    readonly_fields = ("in_use",)

    @admin.display(description="in gebruik bij")
    def in_use(self, obj: FacetValue) -> str:
        """How many practices have this value, with a link to them."""
        if obj.pk is None:
            return ""
        count = _usage(obj.facet).get(obj.pk, 0)
        address = f"{reverse('admin:practices_practice_changelist')}?values={obj.pk}"
        words = {0: "geen enkele praktijk", 1: "1 praktijk"}.get(count, f"{count} praktijken")
        merging = reverse("admin:practices_facetvalue_merge", args=[obj.pk])
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">samenvoegen<span class="visually-hidden"> van {}</span> …</a>',
            address,
            words,
            merging,
            obj,
        )


def _usage(facet: Any) -> dict[int, int]:
    """How many practices have each value of this facet; asked once per facet object, so once per form."""
    if not hasattr(facet, "_usage"):
        ties = everything(Practice.objects.filter(values__facet=facet)).order_by()
        facet._usage = dict(ties.values_list("values").annotate(Count("pk")))
    return facet._usage


@admin.register(Facet)
class FacetAdmin(SortableAdminMixin, UsageAdmin):
    """The facets, in the order of the filter panel: drag them in the list, or change the number."""

    list_display = ("label", "slug", "multiple", "in_filters", "value_count")
    search_fields = ("label",)
    prepopulated_fields = {"slug": ("label",)}
    fields = ("label", "slug", "help_text", ("multiple", "in_filters"), "origin")
    # Named again: counting the values makes Django forget the model's own order.
    ordering = ("order", "id")
    inlines = (FacetValueInline,)
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Facet]:
        """With the number of values."""
        return super().get_queryset(request).annotate(value_total=Count("values"))

    def get_fields(self, request: HttpRequest, obj: Facet | None = None) -> Any:
        """With the place as a number too: dragging is not for everybody."""
        return [*super().get_fields(request, obj), "order"]

    @admin.display(description="waarden")
    def value_count(self, obj: Any) -> int:
        """How many values there are."""
        return obj.value_total

    def values_of(self, objs: Iterable[Any]) -> QuerySet[FacetValue]:
        return FacetValue.objects.filter(facet__in=objs)


@admin.register(FacetValue)
class FacetValueAdmin(MergingAdmin, UsageAdmin):
    """One value; reached through its facet."""

    list_display = ("label", "facet", "slug", "topic")
    list_filter = ("facet",)
    list_select_related = ("facet", "topic")
    search_fields = ("label",)
    fields = ("facet", "label", "slug", "description", "synonyms", "topic", "order")
    readonly_fields = ("facet",)
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def values_of(self, objs: Iterable[Any]) -> QuerySet[FacetValue]:
        return FacetValue.objects.filter(pk__in=[value.pk for value in objs])
