"""The network in the admin, for staff who manage it: groups with their house rules, memberships, who wants to come in.

What is said inside a group is not here: staff are no members.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from expoo_portal import dashboard
from expoo_portal.admin import CountedDeletion, RestrictedAdmin, RestrictedInline, everything
from expoo_portal.richtext import plain_text

from . import invitations, leaving
from .facilitation_forms import DecisionForm, end_of
from .house_rules import change_rules, current_rules
from .joining import is_member
from .models import (
    Group,
    HouseRules,
    Invitation,
    Membership,
    MembershipRequest,
    MembershipRole,
    MembershipState,
    RequestState,
    RequestStep,
)
from .requests import StepRefused

# Words that stand in the place of a group's address under /netwerk/.
RESERVED_SLUGS = frozenset({"profiel", "aanvraag", "uitnodiging", "mail"})


class ReadOnly:
    """Rows to look at: made, changed and deleted elsewhere."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class GroupFilter(admin.SimpleListFilter):
    """By group; the list of choices says who is asking."""

    title = "groep"
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        groups = everything(Group._default_manager.all()).order_by("title")
        return [(str(pk), title) for pk, title in groups.values_list("pk", "title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        is_number = value.isascii() and value.isdigit() and len(value) < 18
        return queryset.filter(group=int(value)) if is_number else queryset


# Groups -------------------------------------------------------------------------------------------------------


class GroupForm(forms.ModelForm):
    """A group, with the house rules that count now: changing their text makes a new version."""

    house_rules = HouseRules._meta.get_field("text").formfield(  # type: ignore[union-attr]
        label="Huisregels",
        required=False,
        help_text="Wijzig je de tekst, dan krijgt hij een nieuw nummer. Leden lezen hem na en gaan opnieuw akkoord.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = current_rules(self.instance) if self.instance.pk else None
        if rules and "house_rules" in self.fields:
            self.initial["house_rules"] = rules.text

    def clean_slug(self) -> str:
        """An address that the network itself uses would never be reached."""
        slug = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS:
            raise ValidationError("Dit adres gebruikt het netwerk zelf. Kies een ander.")
        return slug


class MembershipInline(ReadOnly, RestrictedInline):
    """The members of a group."""

    model = Membership
    template = "admin/edit_inline/tabular.html"
    fields = ("user", "state", "role", "since", "ends_at")
    readonly_fields = fields
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Members with their names, in one query."""
        return super().get_queryset(request).select_related("user")


class HouseRulesInline(ReadOnly, RestrictedInline):
    """All versions of the house rules, as they were agreed to."""

    model = HouseRules
    template = "admin/edit_inline/tabular.html"
    fields = ("version", "since", "words")
    readonly_fields = fields
    verbose_name_plural = "versies van de huisregels"

    @admin.display(description="tekst")
    def words(self, rules: HouseRules) -> str:
        """What it says."""
        return plain_text(rules.text)


@admin.register(Group)
class GroupAdmin(CountedDeletion, RestrictedAdmin):
    """Closed groups: how they introduce themselves, their house rules and their members."""

    form = GroupForm
    list_display = ("title", "slug", "theme", "is_announced", "takes_requests")
    list_select_related = ("theme",)
    search_fields = ("title",)
    fieldsets = (
        (None, {"fields": ("title", "slug", "theme")}),
        (
            "Voorstelling voor iedereen",
            {"fields": ("is_announced", "takes_requests", "intro", "offer", "rhythm")},
        ),
        ("Afspraken", {"fields": ("house_rules", "may_excerpt")}),
    )
    prepopulated_fields = {"slug": ("title",)}
    inlines = (HouseRulesInline, MembershipInline)

    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        """Keep the group, and a new version of its house rules when their text changed."""
        super().save_model(request, obj, form, change)
        if "house_rules" in form.changed_data:
            change_rules(obj, form.cleaned_data["house_rules"] or "")


# Memberships --------------------------------------------------------------------------------------------------


class MembershipForm(forms.ModelForm):
    """What somebody is in a group."""

    def clean(self) -> dict[str, Any]:
        """A membership that ended comes back by an invitation or a request, with a yes of its own."""
        cleaned = super().clean() or self.cleaned_data
        role, ends_at = cleaned.get("role"), cleaned.get("ends_at")
        if ends_at and role and role != MembershipRole.GUEST:
            raise ValidationError({"ends_at": "Enkel een gast heeft een einddatum."})
        return cleaned


@admin.register(Membership)
class MembershipAdmin(CountedDeletion, RestrictedAdmin):
    """All memberships: roles change here, ending is an action of its own."""

    form = MembershipForm
    list_display = ("user", "email", "group", "state", "role", "since", "ends_at")
    list_filter = (GroupFilter, "state", "role")
    list_select_related = ("user", "group")
    list_per_page = 50
    search_fields = ("user__email", "user__name")
    search_help_text = "Zoek op naam of e-mailadres."
    autocomplete_fields = ("user",)
    date_hierarchy = "since"
    fields = ("user", "group", "role", "ends_at", "state", "since", "ended_at", "rules_version")
    actions = ("end_and_keep", "end_and_remove")

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        """State and dates follow from what happens; who it is and where never change."""
        fixed = ("state", "since", "ended_at", "rules_version")
        if obj is None:
            return fixed
        ended = ("role", "ends_at") if obj.state == MembershipState.ENDED else ()
        return ("user", "group", *fixed, *ended)

    @admin.display(description="e-mailadres", ordering="user__email")
    def email(self, membership: Membership) -> str:
        """Who it is, beyond doubt."""
        return membership.user.email

    @admin.action(description="Beëindig: bijdragen blijven staan als ‘oud-lid’", permissions=["change"])
    def end_and_keep(self, request: HttpRequest, queryset: QuerySet[Membership]) -> HttpResponse | None:
        """End memberships after a yes; access stops with the next request."""
        return self._end(request, queryset, remove=False)

    @admin.action(description="Beëindig en verwijder bijdragen", permissions=["change"])
    def end_and_remove(self, request: HttpRequest, queryset: QuerySet[Membership]) -> HttpResponse | None:
        """End memberships after a yes, and empty what these people wrote."""
        return self._end(request, queryset, remove=True)

    def _end(
        self, request: HttpRequest, queryset: QuerySet[Membership], *, remove: bool
    ) -> HttpResponse | None:
        memberships = list(queryset.select_related("user"))
        if "zeker" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": "Lidmaatschap beëindigen",
                "opts": self.opts,
                "memberships": memberships,
                "remove": remove,
                "action": "end_and_remove" if remove else "end_and_keep",
            }
            return TemplateResponse(request, "admin/network/membership/end.html", context)
        for membership in memberships:
            leaving.end_membership(membership, remove_contributions=remove)
            self.log_change(request, membership, "Beëindigd" + (" met verwijdering" if remove else ""))
        count = len(memberships)
        text = "1 lidmaatschap is beëindigd." if count == 1 else f"{count} lidmaatschappen zijn beëindigd."
        self.message_user(request, text, messages.SUCCESS)
        return None


# Who wants to come in -----------------------------------------------------------------------------------------


def on_dashboard(request: HttpRequest) -> list[tuple[str, str]]:
    """How many requests wait, with the address of the queue; nothing for who does not answer them."""
    if not request.user.has_perm("network.change_membershiprequest"):
        return []
    count = everything(MembershipRequest.objects.filter(state=RequestState.PENDING)).count()
    text = (
        "1 aanvraag voor het netwerk wacht" if count == 1 else f"{count} aanvragen voor het netwerk wachten"
    )
    return [(text, reverse("admin:network_membershiprequest_changelist"))] if count else []


dashboard.register(on_dashboard)


class AnswerForm(forms.ModelForm):
    """The facilitators' own form, below a request in the admin."""

    decision = forms.ChoiceField(label="Wat antwoord je?", widget=forms.RadioSelect)
    text = forms.CharField(
        label="Je vraag of je uitleg",
        required=False,
        max_length=2000,
        help_text="Bij een vraag en bij een weigering. De aanvrager krijgt precies deze woorden.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    # Who answers; set by the admin.
    by: Any = AnonymousUser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = DecisionForm(self.instance, self.data if self.is_bound else None)
        if "decision" in self.fields:
            self.fields["decision"].choices = self.answer.fields["decision"].choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Carry the answer out: what cannot be done is said here, with everything still typed."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and "decision" in self.fields:
            if not self.answer.is_valid():
                raise ValidationError({"text": [str(each) for each in self.answer.errors.get("text", [])]})
            try:
                self.done = self.answer.act(self.by)
            except StepRefused as problem:
                raise ValidationError(str(problem)) from None
        return cleaned


class RequestStepInline(ReadOnly, RestrictedInline):
    """What happened to a request."""

    model = RequestStep
    template = "admin/edit_inline/tabular.html"
    fields = ("at", "to_state", "by")
    readonly_fields = fields
    verbose_name_plural = "verloop"


@admin.register(MembershipRequest)
class MembershipRequestAdmin(RestrictedAdmin):
    """Requests for membership; those that wait come first. The facilitators of the group answer them too."""

    form = AnswerForm
    list_display = ("name", "organisation", "group", "state", "waiting_since", "decided_at")
    list_filter = (GroupFilter, "state")
    list_select_related = ("group",)
    list_per_page = 50
    search_fields = ("name", "email", "organisation")
    inlines = (RequestStepInline,)
    actions = None
    readonly_fields = (
        *("name", "email", "organisation", "type_of_work", "municipality", "why", "group", "rules_version"),
        *("state", "created", "confirmed_at", "waiting_since", "decided_at", "message", "answer"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[MembershipRequest]:
        """Not what may still be a stranger's joke with somebody's address."""
        return super().get_queryset(request).exclude(confirmed_at__isnull=True)

    def get_ordering(self, request: HttpRequest) -> Any:
        """What waits first, the oldest first; then the newest."""
        waits = When(state__in=[RequestState.PENDING, RequestState.ASKED], then=Value(0))
        return [Case(waits, default=Value(1)), "waiting_since", "-decided_at", "-id"]

    def get_fieldsets(self, request: HttpRequest, obj: MembershipRequest | None = None) -> Any:
        """What was asked, how it stands, and the answer for whoever may give it."""
        who = ("name", "email", "organisation", "type_of_work", "municipality", "why")
        stands = ("group", "state", ("confirmed_at", "waiting_since", "decided_at"), "rules_version")
        shown = [
            ("Wie en waarom", {"fields": who}),
            ("Stand", {"fields": (*stands, "message", "answer")}),
        ]
        if obj is not None and self._may_answer(request, obj):
            shown.append(("Antwoord", {"fields": ("decision", "text")}))
        return shown

    def _may_answer(self, request: HttpRequest, obj: MembershipRequest) -> bool:
        is_open = obj.state in (RequestState.PENDING, RequestState.ASKED)
        return self.has_change_permission(request, obj) and (is_open or request.method == "POST")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told who answers."""
        return type("AnswerForm", (super().get_form(request, obj, change, **kwargs),), {"by": request.user})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing more: the answer was carried out when the form was checked."""

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Back to the queue, with what was done."""
        return self.response_post_save_change(request, obj)


class InvitationForm(forms.ModelForm):
    """Whom to invite, as what."""

    until = forms.DateField(
        label="Gast tot en met",
        required=False,
        help_text="Enkel voor een gast. Daarna stopt de toegang vanzelf.",
        widget=AdminDateWidget,
    )

    def clean(self) -> dict[str, Any]:
        """A guest comes until some day; the facilitators of a group are made from its members."""
        cleaned = super().clean() or self.cleaned_data
        role, until = cleaned.get("role"), cleaned.get("until")
        if role == MembershipRole.GUEST and until is None and "until" not in self.errors:
            raise ValidationError({"until": "Een gast heeft een einddatum nodig."})
        if role == MembershipRole.GUEST and until is not None:
            self.instance.ends_at = end_of(until)
        group, email = cleaned.get("group"), cleaned.get("email")
        if group and email and is_member(group, email):
            raise ValidationError({"email": "Dit e-mailadres hoort al bij een lid van de groep."})
        return cleaned

    def validate_unique(self) -> None:
        """An open invitation of the same address is sent again, and is no mistake."""

    def validate_constraints(self) -> None:
        """As said above; the database keeps the others."""


@admin.register(Invitation)
class InvitationAdmin(RestrictedAdmin):
    """Invitations: made here and by facilitators, sent again, taken back."""

    form = InvitationForm
    list_display = ("email", "name", "group", "role", "created", "accepted_at", "revoked_at")
    list_filter = (GroupFilter, "role")
    list_select_related = ("group",)
    list_per_page = 50
    search_fields = ("email", "name")
    fields = ("group", "email", "name", "role", "until", "note")
    actions = ("send_again", "revoke")

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """One that left is not changed: its terms were read. The list keeps its actions."""
        return obj is None and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        """The form, or all that is known."""
        if obj is None:
            return self.fields
        known = ("group", "email", "name", "role", "ends_at", "note", "invited_by")
        return (*known, "created", "accepted_at", "revoked_at")

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        """Invite, by mail."""
        invited = invitations.Invited(obj.email, obj.name, obj.role, obj.ends_at, obj.note)
        obj.pk = invitations.invite(obj.group, invited, request.user).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There is nothing beside the invitation itself."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """The list, with what was done."""
        self.message_user(request, f"De uitnodiging voor {obj.email} is onderweg.", messages.SUCCESS)
        return self.response_post_save_add(request, obj)

    @admin.action(description="Stuur opnieuw", permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Mail them once more."""
        self._each(request, queryset, invitations.send_again, "opnieuw verstuurd")

    @admin.action(description="Trek in", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Let their links stop working."""
        self._each(request, queryset, invitations.revoke, "ingetrokken")

    def _each(self, request: HttpRequest, queryset: Any, do: Any, done: str) -> None:
        for invitation in queryset:
            try:
                do(invitation)
                self.message_user(request, f"{invitation.email}: {done}.", messages.SUCCESS)
            except invitations.InvitationRefused as problem:
                self.message_user(request, f"{invitation.email}: {problem}", messages.WARNING)
