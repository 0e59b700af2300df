"""What the admins of all that hangs under a theme share."""

from __future__ import annotations

from typing import Any

from adminsortable2.admin import SortableAdminBase
from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from expoo_portal.admin import PublishableAdmin, everything

from ..models import Theme

# Topics to tick; addresses on the web start with https.
TICKED_TOPICS: dict[type[models.Field], dict[str, Any]] = {
    models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
    models.URLField: {"assume_scheme": "https"},
}


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

    list_select_related = ("theme",)
    formfield_overrides = TICKED_TOPICS

    def get_list_filter(self, request: HttpRequest) -> Any:
        """With the theme, once there is more than one to choose from."""
        return [*super().get_list_filter(request), ThemeFilter]
