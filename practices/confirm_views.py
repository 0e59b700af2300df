"""The page behind the link of a question for confirmation: what stands in the catalogue, and three answers."""

from __future__ import annotations

import contextlib
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from expoo_portal.rate_limits import is_allowed

from . import confirming
from .confirming import Standing
from .dossiers import TransitionRefused
from .models import Answer, Practice
from .private_links import link_to
from .private_pages import private_page
from .workflow import State

_RENEW = "nieuw"
_RENEW_RATES = "20/h/ip,3/d/key"
_MAX_NOTE = 1000


class AnswerForm(forms.Form):
    """One of the three answers, or the wish for a new link; a note goes with "bestaat niet meer"."""

    answer = forms.ChoiceField(
        choices=[*Answer.choices, (_RENEW, "Mail me een nieuwe link")],
        error_messages={"required": "Kies een antwoord.", "invalid_choice": "Kies een antwoord."},
    )
    note = forms.CharField(
        max_length=_MAX_NOTE,
        required=False,
        error_messages={"max_length": f"Hou je toelichting onder de {_MAX_NOTE} tekens."},
    )


def facts(practice: Practice) -> list[tuple[str, list[str]]]:
    """Organisation, place and facets, as on the page of the practice but without links."""
    rows: dict[str, list[str]] = {
        "Organisatie": [practice.organisation],
        "Gemeente": [practice.municipality],
    }
    for value in practice.values.select_related("facet").order_by("facet__order", "order", "id"):
        rows.setdefault(value.facet.label, []).append(value.label)
    return list(rows.items())


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def confirm_practice(request: HttpRequest, token: str) -> HttpResponse:
    """Show a question; a POST answers it, once. The token is the authority, so no session can be in the way."""
    asked = confirming.find(token)
    if asked is None or asked.dossier.practice is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            if form.cleaned_data["answer"] != _RENEW:
                return _answered(request, asked, form)
            if is_allowed(request, "renew_confirmation", _RENEW_RATES, key=str(asked.dossier.uuid)):
                return _renewed(request, asked)
            form.add_error(None, "Je vroeg al een paar keer een nieuwe link. Probeer het morgen opnieuw.")
            status = 429
        else:
            status = 422
    standing = confirming.standing(asked, asked.dossier, timezone.now())
    practice = asked.dossier.practice
    context: dict[str, Any] = {
        "asked": asked,
        "dossier": asked.dossier,
        "practice": practice,
        "standing": standing.value,
        "rows": facts(practice) if standing is Standing.OPEN else [],
        "can_renew": asked.dossier.state == State.DUE and standing in (Standing.EXPIRED, Standing.REPLACED),
        "is_public": practice.is_visible_to(None),
        "form": form,
        "errors": [error for errors in form.errors.values() for error in errors],
        "max_note": _MAX_NOTE,
    }
    return render(request, "practices/confirm.html", context, status=status)


def _answered(request: HttpRequest, asked: Any, form: AnswerForm) -> HttpResponse:
    """Take the answer and go on: to the form when something has to change, else to this page, which says so."""
    given = Answer(form.cleaned_data["answer"])
    note = form.cleaned_data["note"] if given is Answer.GONE else ""
    try:
        dossier = confirming.answer(asked, given, note)
    except TransitionRefused:
        # Somebody was first, or the link expired meanwhile: the page says what became of it.
        return redirect(request.path)
    return HttpResponseRedirect(link_to(dossier)) if given is Answer.CHANGE else redirect(request.path)


def _renewed(request: HttpRequest, asked: Any) -> HttpResponse:
    """Mail a new link to the address that the portal has, and show that it did."""
    # When there is nothing to confirm any more, the page says so.
    with contextlib.suppress(TransitionRefused):
        confirming.renew(asked)
    return redirect(request.path)
