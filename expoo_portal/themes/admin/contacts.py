"""The contact persons of a theme in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from expoo_portal.admin import PUBLICATION_FIELDSET, RestrictedInline

from ..contact import render_person
from ..models import ContactAddress, ContactPerson
from .items import HELP, ThemeItemAdmin, ThemeItemForm


class ContactPersonForm(ThemeItemForm):
    """A person, with a word of help where editors hesitate."""

    class Meta:
        help_texts = HELP | {"role": "Waarvoor kunnen mensen bij deze persoon terecht?"}


class ContactAddressInline(RestrictedInline):
    """Where the messages go: for staff with the right to it, never on the site."""

    model = ContactAddress
    fields = ("email",)
    extra = 1


@admin.register(ContactPerson)
class ContactPersonAdmin(ThemeItemAdmin):
    """Whom visitors reach by the form of a theme."""

    can_preview = True
    form = ContactPersonForm
    list_display = ("name", "role", "theme", "status", "reviewed_on")
    search_fields = ("name", "role")
    inlines = (ContactAddressInline,)
    fieldsets = (
        (None, {"fields": ("theme", "name", "role", ("order", "reviewed_on"))}),
        PUBLICATION_FIELDSET,
    )

    def preview(self, request: HttpRequest, obj: ContactPerson) -> HttpResponse:
        return render_person(request, obj)
