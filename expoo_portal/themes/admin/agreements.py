"""The suggested agreements between partners in the admin."""

from __future__ import annotations

from adminsortable2.admin import SortableAdminBase
from django import forms
from django.contrib import admin
from django.db import models

from expoo_portal.admin import OrderedInline, RestrictedAdmin

from ..models import AgreementGroup, AgreementLine
from .items import ThemeFilter


class AgreementGroupForm(forms.ModelForm):
    """A group, with a word of help where editors hesitate."""

    class Meta:
        help_texts = {
            "slug": "Volgt vanzelf uit de naam.",
            "hint": "Eén zin: waarover maken partners hier afspraken?",
            "order": "Het laagste nummer staat eerst.",
        }


class AgreementLineInline(OrderedInline):
    """The sentences of a group."""

    model = AgreementLine
    # A whole sentence has to be seen.
    formfield_overrides = {models.CharField: {"widget": forms.TextInput(attrs={"size": 90})}}
    fields = ("text", "order")


@admin.register(AgreementGroup)
class AgreementGroupAdmin(SortableAdminBase, RestrictedAdmin):
    """Subjects to agree on, with suggested sentences. They are on the site as soon as they are saved."""

    list_display = ("label", "theme", "order")
    list_filter = (ThemeFilter,)
    list_select_related = ("theme",)
    search_fields = ("label", "hint")
    prepopulated_fields = {"slug": ("label",)}
    form = AgreementGroupForm
    fieldsets = (
        (
            None,
            {
                "fields": ("theme", "label", "slug", "hint", "order"),
                "description": "Afspraken hebben geen concept: wat je bewaart, staat meteen bij het thema.",
            },
        ),
    )
    inlines = (AgreementLineInline,)
