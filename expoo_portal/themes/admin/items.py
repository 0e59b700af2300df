"""What the admins of all that hangs under a theme share."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from adminsortable2.admin import SortableAdminBase
from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from expoo_portal.admin import PublishableAdmin, everything
from expoo_portal.admin.publishing import Stage, status_of
from expoo_portal.admin.writing import PublishableForm

from ..models import Theme

# Topics to tick; addresses on the web start with https.
TICKED_TOPICS: dict[type[models.Field], dict[str, Any]] = {
    models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
    models.URLField: {"assume_scheme": "https"},
}

HELP = {
    "slug": "Het laatste deel van het adres van de pagina. Wijzig het liever niet meer: mensen bewaren adressen.",
    "order": "Het laagste nummer staat eerst.",
    "reviewed_on": "Zet hier de dag van vandaag als alles nog klopt.",
}


class ThemeItemForm(PublishableForm):
    """What belongs to a theme, with a word of help where editors hesitate."""

    class Meta:
        help_texts = HELP


class ThemeFilter(admin.SimpleListFilter):
    """The list by theme, published or not; Django's own would ask for themes without saying who asks."""

    title = "thema"
    parameter_name = "thema"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(everything(Theme.objects.all()).values_list("slug", "title"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(theme__slug=self.value()) if self.value() else queryset


class ThemeItemAdmin(SortableAdminBase, PublishableAdmin):
    """What belongs to a theme and is published by itself."""

    form = ThemeItemForm
    list_select_related = ("theme",)
    formfield_overrides = TICKED_TOPICS

    def get_list_filter(self, request: HttpRequest) -> Any:
        """With the theme, once there is more than one to choose from."""
        return [*super().get_list_filter(request), ThemeFilter]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """At the theme of the list that the editor comes from, or at the only one."""
        themes = everything(Theme.objects.all())
        asked = parse_qs(request.GET.get("_changelist_filters", "")).get(ThemeFilter.parameter_name)
        found = list((themes.filter(slug=asked[-1]) if asked else themes).values_list("pk", flat=True)[:2])
        known = {"theme": found[0]} if len(found) == 1 else {}
        return known | super().get_changeform_initial_data(request)

    def hindrance(self, obj: Any) -> str:
        """Its theme, as long as that is not on the site."""
        status = status_of(obj.theme, timezone.now())
        if status.stage is Stage.SHOWN:
            return ""
        return f"Bezoekers zien dit pas als ook het thema ‘{obj.theme}’ op de site staat. Dat is nu: {status.text}."
