"""The facilitators' queue: who asks to come in, and who was invited."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from .. import invitations
from ..access import facilitators_only
from ..facilitation_forms import DecisionForm, InviteForm
from ..joining import membership_of
from ..models import Group, Invitation, MembershipRequest, RequestState
from ..requests import StepRefused
from ..tidying import is_late

_WAITING = (RequestState.PENDING, RequestState.ASKED)
# How many of the latest decisions the queue still shows.
_DECIDED_SHOWN = 20
_SHOWN = 200


def _requests(request: HttpRequest, group: Group) -> Any:
    """The requests of a group; not what may still be a stranger's joke with somebody's address."""
    rows = MembershipRequest.objects.visible_to(request.user).filter(group=group)
    return rows.exclude(state=RequestState.UNCONFIRMED).exclude(confirmed_at__isnull=True)


@require_safe
@facilitators_only
def facilitation_requests(request: HttpRequest, group: Group) -> HttpResponse:
    """What waits, the longest first, and what was decided lately."""
    now = timezone.now()
    rows = _requests(request, group)
    waiting = list(rows.filter(state__in=_WAITING).order_by("waiting_since", "created", "pk")[:_SHOWN])
    context = {
        "group": group,
        "pending": [(asked, is_late(asked, now)) for asked in waiting if asked.state == RequestState.PENDING],
        "asked": [asked for asked in waiting if asked.state == RequestState.ASKED],
        "decided": rows.exclude(state__in=_WAITING).order_by("-decided_at", "-pk")[:_DECIDED_SHOWN],
    }
    return render(request, "network/facilitation/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@facilitators_only
def facilitation_request(request: HttpRequest, group: Group, asked: int) -> HttpResponse:
    """One request, with what happened to it; a POST answers it."""
    found = _requests(request, group).filter(pk=asked).select_related("type_of_work").first()
    if found is None:
        raise Http404
    form = DecisionForm(found, request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, form.act(request.user))
        except StepRefused as problem:
            form.add_error(None, str(problem))
            found.refresh_from_db()
        else:
            return redirect("facilitation_requests", group.slug)
    former = membership_of(group, found.email)
    context = {
        "group": group,
        "asked": found,
        "rows": _rows_of(found),
        "steps": found.steps.visible_to(request.user).select_related("by"),
        "form": form,
        "former": former if former is not None and former.pk != found.membership_id else None,
        "is_late": is_late(found, timezone.now()),
    }
    return render(request, "network/facilitation/request.html", context, status=status)


def _rows_of(asked: MembershipRequest) -> list[tuple[str, list[str]]]:
    """Who asks, as labels with values."""
    work = str(asked.type_of_work or "")
    rules = f"akkoord met versie {asked.rules_version}" if asked.rules_version else ""
    rows = (
        ("Organisatie", asked.organisation),
        ("Soort werk", work),
        ("Gemeente", asked.municipality),
        ("E-mailadres (bevestigd)", asked.email),
        ("Huisregels", rules),
    )
    return [(label, [value]) for label, value in rows if value]


@require_http_methods(["GET", "HEAD", "POST"])
@facilitators_only
def facilitation_invitations(request: HttpRequest, group: Group) -> HttpResponse:
    """Whom the group invited, and the form to invite somebody."""
    if request.method == "POST" and "uitnodiging" in request.POST:
        return _change_invitation(request, group)
    form = InviteForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = invitations.invite(group, form.invited, request.user)
        except invitations.InvitationRefused as problem:
            form.add_error("email", str(problem))
        else:
            messages.success(request, f"De uitnodiging voor {made.email} is onderweg.")
            return redirect("facilitation_invitations", group.slug)
    rows = Invitation.objects.visible_to(request.user).filter(group=group).select_related("invited_by")
    shown = rows.filter(revoked_at__isnull=True).order_by("-created", "-pk")[:_SHOWN]
    waiting = [
        (invitation, invitations.is_expired(invitation)) for invitation in shown if not invitation.accepted_at
    ]
    context = {
        "group": group,
        "form": form,
        "waiting": waiting,
        "accepted": [invitation for invitation in shown if invitation.accepted_at][:_DECIDED_SHOWN],
    }
    return render(request, "network/facilitation/invitations.html", context, status=status)


def _change_invitation(request: HttpRequest, group: Group) -> HttpResponse:
    """Send an invitation again, or take it back."""
    number = request.POST.get("uitnodiging", "")
    rows = Invitation.objects.visible_to(request.user).filter(group=group)
    is_number = number.isascii() and number.isdigit() and len(number) < 18
    found = rows.filter(pk=int(number)).first() if is_number else None
    if found is None:
        raise Http404
    try:
        if request.POST.get("stap") == "intrekken":
            invitations.revoke(found)
            messages.success(request, f"De uitnodiging voor {found.email} is ingetrokken.")
        else:
            invitations.send_again(found)
            messages.success(request, f"De uitnodiging voor {found.email} is opnieuw verstuurd.")
    except invitations.InvitationRefused as problem:
        messages.error(request, str(problem))
    return redirect("facilitation_invitations", group.slug)
