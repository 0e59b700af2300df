"""The admin site: Dutch, in the editors' order, with a view for files that are not published yet.

Apart from the `admin` package, because Django makes the site while that package registers its models.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from . import dashboard
from .accounts import second_factor

# The apps that editors come for, first; the others follow by name.
_FIRST = ("practices", "themes", "portal", "network", "accounts")


class PortalAdminSite(admin.AdminSite):
    """EXPOO-beheer."""

    site_header = "EXPOO-beheer"
    site_title = "EXPOO-beheer"
    index_title = "Wat wil je beheren?"
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff who used their second factor; the middleware says so too, but this is the last door."""
        return super().has_permission(request) and second_factor.is_satisfied(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The first page, with what waits for this user."""
        return super().index(request, {"waiting": dashboard.waiting(request), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The apps, in the order in which editors need them."""
        found = super().get_app_list(request, app_label)
        order = {label: place for place, label in enumerate(_FIRST)}
        return sorted(found, key=lambda app: order.get(app["app_label"], len(order)))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """To the account pages, which ask who it is, count the tries and tell the owner by mail."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The stock addresses, the files of unpublished content, and what is to be looked at again."""
        from .admin import ageing
        from .admin.restricted import staff_attachment

        view = self.admin_view(staff_attachment)
        return [
            path("bestanden/<slug:family>/<uuid:uuid>/<str:name>", view, name="attachment"),
            path("nagekeken/", self.admin_view(ageing.ageing_list), name="ageing"),
            path(
                "nagekeken/<str:kind>/<path:object_id>/",
                self.admin_view(ageing.mark_reviewed),
                name="mark_reviewed",
            ),
            *super().get_urls(),
        ]
