"""The editors' queue of "Wij probeerden dit": read, shorten, take up or not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from expoo_portal import dashboard
from expoo_portal.admin import HistoryAdmin, RestrictedAdmin, everything
from expoo_portal.admin.concurrency import ConcurrencyAdmin, SeenVersionForm

from . import experiences
from .models import Experience, ExperienceSender, ExperienceState

_LEAVE, _APPROVE, _DECLINE = "laten", "opnemen", "niet-opnemen"
_DECISIONS: dict[str, list[tuple[str, str]]] = {
    ExperienceState.SUBMITTED: [
        (_LEAVE, "Nog niet beslissen"),
        (_APPROVE, "Zet op de site en mail de inzender"),
        (_DECLINE, "Neem niet op en mail de reden"),
    ],
    ExperienceState.APPROVED: [
        (_LEAVE, "Laat op de site staan"),
        (_DECLINE, "Haal van de site en mail de reden"),
    ],
    ExperienceState.DECLINED: [(_LEAVE, "Laat zo"), (_APPROVE, "Zet toch op de site en mail de inzender")],
}


def on_dashboard(request: HttpRequest) -> list[tuple[str, str]]:
    """How many notes wait, with the address of the queue; nothing for who does not decide on them."""
    if not request.user.has_perm("practices.change_experience"):
        return []
    count = everything(Experience.objects.filter(state=ExperienceState.SUBMITTED)).count()
    text = "1 ervaring wacht op de redactie" if count == 1 else f"{count} ervaringen wachten op de redactie"
    return [(text, reverse("admin:practices_experience_changelist"))] if count else []


dashboard.register(on_dashboard)


class DecisionForm(SeenVersionForm):
    """The words of the sender, which an editor may shorten, and what happens with them."""

    decision = forms.ChoiceField(label="Beslissing", initial=_LEAVE, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "decision" in self.fields:
            self.fields["decision"].choices = _DECISIONS[self.instance.state]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whoever is refused reads why."""
        cleaned = super().clean()
        if cleaned.get("decision") == _DECLINE and not cleaned.get("reason", "").strip():
            raise ValidationError({"reason": "Schrijf erbij waarom: de inzender leest het."})
        return cleaned


@admin.register(Experience)
class ExperienceAdmin(ConcurrencyAdmin, HistoryAdmin):  # type: ignore[misc]
    """Notes whose sender confirmed them; those that wait come first."""

    form = DecisionForm
    change_form_template = "admin/publishable/change_form.html"
    list_display = ("practice", "place", "state", "confirmed_at", "approved_at")
    list_filter = ("state",)
    list_select_related = ("practice",)
    list_per_page = 50
    search_fields = ("practice__name", "place", "context", "changed", "learned")
    search_help_text = "Zoek in de naam van de praktijk, de plek en de tekst."
    readonly_fields = ("practice", "state", "sender_email", "confirmed_at", "approved_at", "approved_by")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Not what may still be a stranger's joke with somebody's address."""
        return super().get_queryset(request).exclude(state=ExperienceState.UNCONFIRMED)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The versions of a note that is in this queue."""
        self._require(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """One version of a note that is in this queue."""
        self._require(request, object_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _require(self, request: HttpRequest, object_id: str) -> None:
        """Raise Http404 for what is not in the queue: versions would show it all the same."""
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404

    def get_ordering(self, request: HttpRequest) -> Any:
        """What waits first, the oldest first; then the newest."""
        waits = When(state=ExperienceState.SUBMITTED, then=Value(0))
        return [Case(waits, default=Value(1)), "approved_at", "confirmed_at", "id"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The words, then the decision for whoever may take it."""
        decides = self.has_change_permission(request, obj)
        decision = ("decision", "reason") if decides else ("reason",)
        return (
            ("Inzending", {"fields": ("practice", "state", ("confirmed_at", "sender_email"))}),
            (
                "Verhaal",
                {
                    "fields": ("place", "author", "context", "changed", "learned"),
                    "description": "Kort gerust in, maar laat het de woorden van de inzender blijven. "
                    "Haal namen van kinderen en gezinnen weg.",
                },
            ),
            ("Beslissing", {"fields": (*decision, ("approved_at", "approved_by"))}),
        )

    @admin.display(description="e-mailadres")
    def sender_email(self, obj: Experience) -> str:
        """The address, as long as it is kept."""
        senders = everything(ExperienceSender.objects.filter(experience=obj))
        return senders.values_list("email", flat=True).first() or "gewist"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep the words, then do what was decided."""
        super().save_model(request, obj, form, change)
        decision = form.cleaned_data.get("decision")
        if decision == _APPROVE:
            experiences.approve(obj, request.user)
        elif decision == _DECLINE:
            experiences.decline(obj, form.cleaned_data["reason"].strip())

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """The list, without a way back: versions go with the note."""
        return super(RestrictedAdmin, self).response_delete(request, obj_display, obj_id)
