"""One's own membership, for members and guests: the house rules, mail, and leaving."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from ..house_rules import current_rules
from ..introduction import my_group
from ..leaving import end_membership, is_last_facilitator
from ..models import Group, MailRhythm, Membership, MembershipRole
from ..moments import last_day
from ..request_form import AgreeForm

# What becomes of what somebody wrote, when they leave.
KEEP, REMOVE = "blijven", "weg"


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def my_membership(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody is in this group, and what they can change about it. For others there is nothing."""
    mine = my_group(request.user, slug)
    if mine is None:
        raise Http404
    group, membership = mine
    if request.method != "POST":
        return _page(request, group, membership, AgreeForm(current_rules(group)))
    match request.POST.get("stap"):
        case "huisregels":
            return _agree(request, group, membership)
        case "mail":
            return _choose_mail(request, group, membership)
        case "verlaten":
            return _leave(request, group, membership)
        case _:
            messages.error(request, "Dat lukte niet. Probeer het nog eens.")
            return redirect("my_membership", group.slug)


def _page(
    request: HttpRequest, group: Group, membership: Membership, form: AgreeForm, status: int = 200
) -> HttpResponse:
    is_guest = membership.role == MembershipRole.GUEST
    context = {
        "group": group,
        "membership": membership,
        "is_guest": is_guest,
        "form": form,
        "rules": form.rules,
        "must_agree": form.rules is not None and (membership.rules_version or 0) < form.version,
        "rhythms": MailRhythm.choices,
        "leaving": _chosen(request.GET.get("verlaten")),
        "last_day": last_day(membership.ends_at) if membership.ends_at else None,
        "is_last_facilitator": is_last_facilitator(membership),
    }
    template = "guest.html" if is_guest else "member.html"
    return render(request, f"network/membership/{template}", context, status=status)


def _chosen(value: Any) -> str:
    return value if value in (KEEP, REMOVE) else ""


def _agree(request: HttpRequest, group: Group, membership: Membership) -> HttpResponse:
    form = AgreeForm(current_rules(group), request.POST)
    if not form.is_valid():
        return _page(request, group, membership, form, status=422)
    if form.rules is not None:
        _update(request, membership, rules_version=form.version)
    messages.success(request, "Bedankt. We bewaarden je akkoord met de huisregels.")
    return redirect("my_membership", group.slug)


def _choose_mail(request: HttpRequest, group: Group, membership: Membership) -> HttpResponse:
    rhythm = request.POST.get("ritme")
    if rhythm in MailRhythm.values and membership.role != MembershipRole.GUEST:
        _update(request, membership, mail_rhythm=rhythm)
        messages.success(request, f"Mail uit deze groep: {MailRhythm(rhythm).label.lower()}.")
    else:
        messages.error(request, "Kies hoe vaak je mail wil krijgen.")
    return redirect("my_membership", group.slug)


def _update(request: HttpRequest, membership: Membership, **fields: Any) -> None:
    Membership.objects.visible_to(request.user).filter(pk=membership.pk).update(**fields)


def _leave(request: HttpRequest, group: Group, membership: Membership) -> HttpResponse:
    chosen = _chosen(request.POST.get("bijdragen"))
    if not chosen:
        messages.error(request, "Kies eerst wat er met je bijdragen gebeurt.")
        return redirect("my_membership", group.slug)
    end_membership(membership, remove_contributions=chosen == REMOVE)
    what = (
        "Je bijdragen zijn verwijderd." if chosen == REMOVE else "Wat je schreef, blijft staan als ‘oud-lid’."
    )
    messages.success(request, f"Je bent geen lid meer van {group.title}. {what} Tot een volgende keer.")
    return redirect("groups")
