"""People in the admin: a beheerder does everything, who keeps the network adds people, others see nothing."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from expoo_portal.admin import CountedDeletion

from . import my_data
from .models import User

_RIGHTS = ("is_active", "is_staff", "is_superuser", "groups")


class NewUserForm(forms.ModelForm):
    """A new person: no password, they sign in with a code from their mailbox."""

    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        """The address as it is stored: in lower case, so that a double is noticed."""
        return self.cleaned_data["email"].lower()

    def save(self, commit: bool = True) -> Any:
        """Store the person without a usable password."""
        self.instance.set_unusable_password()
        return super().save(commit)


class UserForm(forms.ModelForm):
    """A person as they are."""

    class Meta:
        model = User
        fields = ("email", "name", *_RIGHTS)

    def clean_email(self) -> str:
        """The address as it is stored: in lower case, so that a double is noticed."""
        return self.cleaned_data["email"].lower()


@admin.register(User)
class UserAdmin(CountedDeletion, admin.ModelAdmin):
    """Accounts, made by hand. Passwords are nobody's business but their owner's: they are not here."""

    form = UserForm
    list_display = ("email", "name", "is_active", "is_staff", "has_second_factor", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ("groups",)
    readonly_fields = ("has_second_factor", "last_login", "date_joined")
    actions = ("remove_second_factor", "end_sessions")
    fieldsets = (
        (None, {"fields": ("email", "name")}),
        ("Toegang", {"fields": _RIGHTS}),
        ("Aanmelden", {"fields": ("has_second_factor", "last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name")}),)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only address and name at first; rights come after."""
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form of a new or of an existing person."""
        return super().get_form(request, obj, change, **({} if obj else {"form": NewUserForm}) | kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a beheerder: who can change an address or a right, can become anybody."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a beheerder, and never themselves."""
        return bool(request.user.is_superuser) and (obj is None or obj.pk != request.user.pk)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Never by password: who may only look could find it out letter by letter, from what the list shows."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    @admin.display(description="tweede stap", boolean=True)
    def has_second_factor(self, user: User) -> bool:
        """Whether the person set up a second factor."""
        return bool(user.authenticator_set.all())  # type: ignore[attr-defined]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """People with their second factors, in two queries for the whole list."""
        return super().get_queryset(request).prefetch_related("authenticator_set")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """After a change of address only the new one lets somebody in, and open sessions end."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if change and "email" in form.changed_data:
                EmailAddress.objects.filter(user=obj).delete()
                _end_sessions(obj)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Erase a person as they could themselves; what they wrote in groups stays without their name."""
        my_data.erase(obj, removes=False, whatever_comes_first=True)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Erase several people likewise."""
        for user in queryset:
            self.delete_model(request, user)

    @admin.action(description="Tweede stap wissen (telefoon of sleutel kwijt)", permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Remove all second factors; whoever must have one sets one up at the next sign-in."""
        with transaction.atomic():
            for user in queryset:
                Authenticator.objects.filter(user=user).delete()
                _end_sessions(user)
                self.log_change(request, user, "Tweede stap gewist.")
        messages.success(request, "De tweede stap is gewist. Deze personen zijn overal afgemeld.")

    @admin.action(description="Overal afmelden", permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Sign these people out everywhere."""
        for user in queryset:
            _end_sessions(user)
            self.log_change(request, user, "Overal afgemeld.")
        messages.success(request, "Deze personen zijn overal afgemeld.")


def _end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


class GroupForm(forms.ModelForm):
    """A group of staff."""

    class Meta:
        model = Group
        fields = ("name", "permissions")
        labels = {"name": "naam", "permissions": "rechten"}


class StaffGroupAdmin(admin.ModelAdmin):
    """Groups of staff. The two that the portal keeps get their rights back at each migrate."""

    form = GroupForm
    search_fields = ("name",)
    ordering = ("name",)
    filter_horizontal = ("permissions",)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Fetch the permissions with their content types: each one's name shows its app."""
        if db_field.name == "permissions":
            kwargs["queryset"] = db_field.remote_field.model.objects.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)


# allauth shows secrets (the key of somebody's app) and lets staff mark addresses as proven: not in our admin.
for _model in (EmailAddress, Authenticator, UserSession, Group):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)
admin.site.register(Group, StaffGroupAdmin)
