"""The sender's private page: where the practice stands, what happens next, and what can be done now."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from expoo_portal.files import Attachment
from expoo_portal.rate_limits import is_allowed
from practices.checklist import question
from practices.dossier_detail import render_dossier
from practices.dossiers import TransitionRefused, advance
from practices.models import Dossier, Practice
from practices.private_links import find, token_of
from practices.private_pages import private_page
from practices.workflow import SENDER_WRITES, Actor, State, Verb, possible

from . import words
from .drafts import (
    change_email,
    confirm_email,
    discard,
    is_confirmation,
    marks_of,
    may_change_email,
    may_discard,
    send_confirmation,
    send_in,
    steps_taken,
    what_misses,
)
from .forms import EmailForm
from .steps import STEPS, Step

MAIL_RATES = "30/h/ip,5/h/key"
# What asks for a second look before it is done.
_ASK_FIRST = frozenset({Verb.STOP, Verb.KEEP})


def find_or_404(token: str) -> Dossier:
    """The dossier of a private link."""
    dossier = find(token)
    if dossier is None:
        raise Http404
    return dossier


def to_private_page(token: str, done: str) -> HttpResponse:
    """Lead to the private page, which says once what was done."""
    return redirect(reverse("share_dossier", args=[token], query={"gedaan": done}))


def file_address(dossier: Dossier, row: Attachment) -> str:
    """Where the holder of the link gets a picture or file."""
    return reverse("share_file", args=[token_of(dossier), row.uuid])


def masked(email: str) -> str:
    """Enough of an address to recognise one's own."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}***@{domain}"


def asked_points(dossier: Dossier, step: Step | None = None) -> list[dict[str, Any]]:
    """What the editors asked last, as long as it is to be answered; of one step, or of all."""
    if dossier.state != State.SUPPLEMENT:
        return []
    asked = next((taken for taken in steps_taken(dossier) if taken.verb == Verb.ASK), None)
    points = asked.points if asked else {}
    return [
        {
            "question": question(number),
            "words": text,
            "steps": [one for one in STEPS if str(number) in one.points],
        }
        for number, text in points.items()
        if step is None or str(number) in step.points
    ]


@private_page
@require_safe
def share_dossier(request: HttpRequest, token: str) -> HttpResponseBase:
    """The private page."""
    return _page(request, find_or_404(token), done=request.GET.get("gedaan", ""))


def _page(
    request: HttpRequest, dossier: Dossier, *, done: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    writes = dossier.state in SENDER_WRITES
    misses = what_misses(dossier) if writes else {}
    taken = steps_taken(dossier)
    is_reached = {State.CONCEPT, dossier.state, *(State(step.to_state) for step in taken)}
    context = {
        "dossier": dossier,
        "token": token_of(dossier),
        "marks": marks_of(dossier),
        "practice": Practice.objects.public().filter(pk__in=[dossier.practice_id]).first(),
        "state_text": words.state_text(dossier),
        "states": [
            {"label": state.label, "is_current": state == dossier.state, "is_reached": state in is_reached}
            for state in State
        ],
        "history": [
            {
                "at": step.at,
                "text": words.DONE[Verb(step.verb)],
                "by": words.BY[Actor(step.actor)],
                "note": step.note,
                "points": list(step.points.values()),
            }
            for step in taken
        ],
        "points": asked_points(dossier),
        "points_note": next((step.note for step in taken), "") if dossier.state == State.SUPPLEMENT else "",
        "overview": overview_of(dossier, misses) if writes else [],
        "first_open": next((step for step in STEPS if misses.get(step.number)), None),
        "is_complete": writes and not misses,
        "actions": _actions(dossier),
        "email": masked(dossier.email),
        "may_change_email": may_change_email(dossier),
        "may_discard": may_discard(dossier),
        "has_content": bool(dossier.content),
        "notice": words.NOTICES.get(done, ""),
        "problem": problem,
    }
    return render(request, "practices/sharing/dossier.html", context, status=status)


def overview_of(dossier: Dossier, misses: dict[int, list[str]]) -> list[dict[str, Any]]:
    """The steps, each with what still misses there and whether the editors ask something about it."""
    asked = {step.number for point in asked_points(dossier) for step in point["steps"]}
    return [
        {
            "number": step.number,
            "title": step.title,
            "misses": misses.get(step.number, []),
            "is_asked": step.number in asked,
        }
        for step in STEPS
    ]


def _actions(dossier: Dossier) -> list[dict[str, Any]]:
    """The buttons of this moment; sending in has its own place."""
    has_practice = dossier.practice_id is not None
    return [
        {
            "verb": transition.verb.value,
            "label": words.BUTTONS[transition.verb],
            "asks_first": transition.verb in _ASK_FIRST,
            "is_first": transition.verb == Verb.CONFIRM,
        }
        for transition in possible(dossier.state, Actor.SENDER, has_practice=has_practice)
        if transition.verb != Verb.SUBMIT
    ]


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def share_act(request: HttpRequest, token: str, verb: str) -> HttpResponseBase:
    """Do something with the practice: a GET asks whether one is sure, a POST does it."""
    dossier = find_or_404(token)
    if verb not in words.BUTTONS:
        raise Http404
    if request.method != "POST":
        action = next((one for one in _actions(dossier) if one["verb"] == verb), None)
        if action is None:
            return redirect("share_dossier", token)
        context = {
            "dossier": dossier,
            "token": token,
            "action": action,
            "text": words.SURE.get(Verb(verb), ""),
        }
        return render(request, "practices/sharing/sure.html", context)
    try:
        seen = request.POST.get("seen_step", "")
        note = request.POST.get("note", "").replace("\x00", "")[:4000]
    except SuspiciousOperation:
        raise Http404 from None
    seen_step = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None
    try:
        if verb == Verb.SUBMIT:
            moved = send_in(dossier, seen_step)
        else:
            moved = advance(dossier, Verb(verb), Actor.SENDER, note=note, seen_step=seen_step)
    except TransitionRefused as refused:
        return _page(request, find_or_404(token), problem=str(refused), status=409)
    except ValidationError as error:
        return _page(request, find_or_404(token), problem=" ".join(error.messages), status=409)
    if moved.state in SENDER_WRITES and moved.submit_when_confirmed:
        return to_private_page(token, "bevestig-eerst")
    return to_private_page(token, verb)


@private_page
@require_safe
def share_preview(request: HttpRequest, token: str) -> HttpResponseBase:
    """What was typed, as the page will look."""
    dossier = find_or_404(token)
    if not dossier.content:
        return redirect("share_dossier", token)
    return render_dossier(
        request, dossier, lambda row: file_address(dossier, row), "practices/sharing/preview.html"
    )


# The e-mail address -------------------------------------------------------------------------------------------


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def share_confirm(request: HttpRequest, token: str, signature: str) -> HttpResponseBase:
    """The link of the mail: a GET shows a button, since mail scanners follow links; a POST confirms."""
    dossier = find_or_404(token)
    is_alive = is_confirmation(dossier, signature)
    if request.method != "POST" or not is_alive:
        context = {
            "dossier": dossier,
            "token": token,
            "is_alive": is_alive,
            "is_confirmed": dossier.email_confirmed_at is not None,
            "email": masked(dossier.email),
        }
        return render(request, "practices/sharing/confirm.html", context, status=200 if is_alive else 404)
    try:
        confirmed = confirm_email(token, signature)
    except (TransitionRefused, ValidationError):
        return to_private_page(token, "bevestigd-niet-ingediend")
    if confirmed is None:
        raise Http404
    done = "bevestigd-en-ingediend" if confirmed.state == State.SUBMITTED else "bevestigd"
    return to_private_page(token, done)


@private_page
@require_POST
def share_resend(request: HttpRequest, token: str) -> HttpResponseBase:
    """Mail the confirmation once more."""
    dossier = find_or_404(token)
    if dossier.email_confirmed_at is not None:
        return redirect("share_dossier", token)
    if not is_allowed(request, "share-resend", MAIL_RATES, key=dossier.uuid.hex):
        return _page(request, dossier, problem=words.TOO_MANY_MAILS, status=429)
    send_confirmation(dossier)
    return to_private_page(token, "nieuwe-mail")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def share_email(request: HttpRequest, token: str) -> HttpResponseBase:
    """Give a draft another e-mail address."""
    dossier = find_or_404(token)
    if not may_change_email(dossier):
        return redirect("share_dossier", token)
    try:
        form = EmailForm(request.POST) if request.method == "POST" else EmailForm()
    except SuspiciousOperation:
        raise Http404 from None
    status = 200
    if form.is_bound and form.is_valid():
        if is_allowed(request, "share-email", MAIL_RATES, key=dossier.uuid.hex):
            changed = change_email(dossier, form.cleaned_data["email"])
            return to_private_page(token_of(changed), "nieuw-adres")
        form.add_error(None, words.TOO_MANY_MAILS)
        status = 429
    context = {"form": form, "dossier": dossier, "token": token, "email": masked(dossier.email)}
    return render(request, "practices/sharing/email.html", context, status=status)


# Throwing away ------------------------------------------------------------------------------------------------


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def share_discard(request: HttpRequest, token: str) -> HttpResponseBase:
    """Throw a draft away for good, after asking."""
    dossier = find_or_404(token)
    if not may_discard(dossier):
        return redirect("share_dossier", token)
    if request.method == "POST" and discard(token):
        return redirect(reverse("share_start", query={"gedaan": "weggegooid"}))
    return render(request, "practices/sharing/discard.html", {"dossier": dossier, "token": token})
