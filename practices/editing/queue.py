"""The list of dossiers as the editors' queue: what needs work first, all states a click away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import smart_split, unescape_string_literal

from expoo_portal.admin.history import moment
from practices.confirming_admin import UnansweredFilter
from practices.models import Dossier
from practices.workflow import QUEUE, State

from .reading import READABLE, hide_unsubmitted
from .waiting import waiting_days

_ALL = "alles"
# From this number of days on, a sender has waited long (domain.md 2.1: review in days, not months).
LONG_WAIT = 7


class StateFilter(admin.SimpleListFilter):
    """By state; without a choice what lies with the editors."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        # A draft that nobody sent in is not listed; one that changes a practice is.
        labels = dict(State.choices) | {State.CONCEPT.value: "Wijziging in concept"}
        return [*labels.items(), (_ALL, "Alles")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The queue in place of Django's "all"."""
        stock: Iterator[Any] = super().choices(changelist)
        yield {**next(stock), "display": "Wachtrij"}
        yield from stock

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == _ALL:
            return queryset
        if self.value() in State.values:
            return queryset.filter(state=self.value())
        return queryset.filter(state__in=QUEUE)


class KindFilter(admin.SimpleListFilter):
    """New practices, or changes of what is published."""

    title = "soort"
    parameter_name = "soort"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("nieuw", "Nieuwe praktijk"), ("wijziging", "Van een praktijk op de site")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = {"nieuw": True, "wijziging": False}.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(practice__isnull=chosen)


class MineFilter(admin.SimpleListFilter):
    """By who has it in hand."""

    title = "in behandeling"
    parameter_name = "bij"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("mij", "Bij mij"), ("niemand", "Bij niemand")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "mij":
            return queryset.filter(assigned_to=request.user.pk)
        return queryset.filter(assigned_to=None) if self.value() == "niemand" else queryset


class QueueList(ChangeList):
    """The page of the list; a name that was typed and not sent in is not on it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = [hide_unsubmitted(dossier) for dossier in self.result_list]


class QueueAdmin(admin.ModelAdmin):
    """Mixin: the columns, filters and search of the queue."""

    list_display = (
        "title_column",
        "state_column",
        "waits_column",
        "assigned_column",
        "plan_column",
    )
    list_filter = (StateFilter, KindFilter, UnansweredFilter, MineFilter)
    list_select_related = ("practice", "assigned_to")
    list_per_page = 50
    ordering = ("submitted_at", "pk")
    # Says that there is a search field; what it looks in stands in `get_search_results`.
    search_fields = ("email",)
    search_help_text = "Zoek in naam van de praktijk, e-mailadres en naam van de indiener."
    actions = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list that keeps unsubmitted names to itself."""
        return QueueList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """All words somewhere in the title or the sender; in what was typed only where editors may read it."""
        for word in smart_split(search_term):
            if word[0] in "\"'" and word[0] == word[-1] and len(word) > 1:
                word = unescape_string_literal(word)
            queryset = queryset.filter(
                Q(email__icontains=word)
                | Q(sender_name__icontains=word)
                | Q(practice__name__icontains=word)
                | (READABLE & Q(content__name__icontains=word))
            )
        return queryset, False

    @admin.display(description="praktijk")
    def title_column(self, obj: Dossier) -> str:
        """The name; below it who sent it in, and that there are notes."""
        note = "met notities van de redactie" if obj.editor_note else ""
        below = " · ".join(filter(None, [obj.sender_name or obj.email, note]))
        return format_html('{}<span class="audience">{}</span>', obj.title, below)

    @admin.display(description="status", ordering="state")
    def state_column(self, obj: Dossier) -> str:
        """The state as a badge; below it whether it is new, or about something on the site."""
        kind = "nieuwe praktijk" if obj.practice_id is None else "van een praktijk op de site"
        return format_html('{}<span class="audience">{}</span>', state_badge(obj), kind)

    @admin.display(description="wacht", ordering="submitted_at")
    def waits_column(self, obj: Dossier) -> str:
        """Since how many days the editors have it; long waits say so."""
        if obj.state not in QUEUE:
            return ""
        days = waiting_days(obj, timezone.now())
        text = "sinds vandaag" if not days else "1 dag" if days == 1 else f"{days} dagen"
        return format_html("<strong>{}: lang</strong>", text) if days >= LONG_WAIT else text

    @admin.display(description="in behandeling bij", ordering="assigned_to__name")
    def assigned_column(self, obj: Dossier) -> str:
        """The editor who took it up."""
        return str(obj.assigned_to or "")

    @admin.display(description="gepland", ordering="planned_for")
    def plan_column(self, obj: Dossier) -> str:
        """When the portal will publish it."""
        return moment(obj.planned_for) if obj.planned_for else ""


def state_badge(dossier: Dossier) -> str:
    """The state in words, as a badge."""
    return format_html(
        '<span class="status status-{}">{}</span>', dossier.state, dossier.get_state_display().lower()
    )
