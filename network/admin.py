"""Groups and memberships in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from expoo_portal.admin import RestrictedAdmin

from .models import Group, Membership


class MembershipInline(admin.TabularInline):
    """The members of a group."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)
    fields = ("user", "state", "role", "since", "ends_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Members with their names, in one query."""
        return super().get_queryset(request).select_related("user")


@admin.register(Group)
class GroupAdmin(RestrictedAdmin):
    """Closed groups, with their members."""

    list_display = ("title", "slug", "theme")
    list_select_related = ("theme",)
    search_fields = ("title",)
    fields = ("title", "slug", "theme")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (MembershipInline,)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """All memberships: requests are handled here."""

    list_display = ("user", "email", "group", "state", "role", "since", "ends_at")
    list_filter = ("group", "state", "role")
    list_select_related = ("user", "group")
    list_editable = ("state", "role")
    search_fields = ("user__email", "user__name")
    autocomplete_fields = ("user",)
    date_hierarchy = "since"

    @admin.display(description="e-mailadres", ordering="user__email")
    def email(self, membership: Membership) -> str:
        """Who it is, beyond doubt."""
        return membership.user.email
