"""Filters by which the editors find what nobody confirms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from expoo_portal import dashboard
from expoo_portal.admin import everything
from expoo_portal.visibility import PublicationState

from . import confirming
from .dossiers import EDITOR_RIGHT
from .models import Dossier, PracticeKind
from .status import months_before
from .workflow import State

_SILENT = "geen-antwoord"


def on_dashboard(request: HttpRequest) -> list[tuple[str, str]]:
    """How many contacts stay silent, with the address of the list; nothing for who does not review."""
    if not request.user.has_perm(EDITOR_RIGHT):
        return []
    count = confirming.unanswered().count()
    text = "1 contact bevestigt niet" if count == 1 else f"{count} contacten bevestigen niet"
    wanted = urlencode({"status": State.DUE, UnansweredFilter.parameter_name: _SILENT})
    return [(text, f"{reverse('admin:practices_dossier_changelist')}?{wanted}")] if count else []


dashboard.register(on_dashboard)


class UnansweredFilter(admin.SimpleListFilter):
    """Dossiers whose contact was asked and reminded, and stays silent."""

    title = "bevestiging"
    parameter_name = "bevestiging"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(_SILENT, "Geen antwoord na de herinnering")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """With the state in the link: without one, the list holds only what lies with the editors."""
        everybody, silent = super().choices(changelist)
        yield everybody
        address = changelist.get_query_string({self.parameter_name: _SILENT, "status": State.DUE})
        yield {**silent, "query_string": address}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != _SILENT:
            return queryset
        return queryset.filter(pk__in=confirming.unanswered().values("dossier"))


class WithoutContactFilter(admin.SimpleListFilter):
    """Practices on the site that nobody confirmed lately, and of which nobody can be asked."""

    title = "te bevestigen"
    parameter_name = "te-bevestigen"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("zonder-contact", "Te bevestigen zonder contact")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "zonder-contact":
            return queryset
        long_ago = months_before(timezone.localdate(), settings.PRACTICE_REVIEW_MONTHS)
        with_dossier = everything(Dossier.objects.filter(practice__isnull=False)).values("practice")
        return (
            queryset.filter(Q(confirmed_on=None) | Q(confirmed_on__lte=long_ago))
            .filter(state=PublicationState.PUBLISHED, archived_on=None)
            .exclude(kind=PracticeKind.EXAMPLE)
            .exclude(pk__in=with_dossier)
        )
