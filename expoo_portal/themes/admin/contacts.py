"""The contact persons of a theme in the admin."""

from __future__ import annotations

from django.contrib import admin

from expoo_portal.admin import PUBLICATION_FIELDSET, RestrictedInline

from ..models import ContactAddress, ContactPerson
from .items import ThemeItemAdmin


class ContactAddressInline(RestrictedInline):
    """Where the messages go: for staff with the right to it, never on the site."""

    model = ContactAddress
    fields = ("email",)


@admin.register(ContactPerson)
class ContactPersonAdmin(ThemeItemAdmin):
    """Whom visitors reach by the form of a theme."""

    list_display = ("name", "role", "theme", "status", "reviewed_on")
    search_fields = ("name", "role")
    inlines = (ContactAddressInline,)
    fieldsets = (
        (None, {"fields": ("theme", "name", "role", ("order", "reviewed_on"))}),
        PUBLICATION_FIELDSET,
    )
