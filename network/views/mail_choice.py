"""The page under a mail: have fewer of them, without signing in. A GET only shows; mail programs open links."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from network import mailing
from network.models import Follow, FollowState, MailRhythm, Membership

MUTE = "mute"


@login_not_required
@csrf_exempt
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def mail_choice(request: HttpRequest, token: str) -> HttpResponse:
    """Choose another rhythm, stop hearing of one thread, or (RFC 8058) no mail at all with one click.

    Exempt from CSRF: mail programs post here without a cookie, and the token alone says whose mail it is.
    """
    found = mailing.find(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("List-Unsubscribe") == "One-Click":
            _choose(found.membership, MailRhythm.NEVER)
            # No redirect, which RFC 8058 asks not to send: few mail programs follow one.
            return HttpResponse(
                "Je krijgt geen mail meer van deze groep.", content_type="text/plain; charset=utf-8"
            )
        is_done = _change(found, request.POST.get("choice", ""))
        return HttpResponseRedirect(request.path + ("?gedaan" if is_done else ""))
    context = {
        "membership": found.membership,
        "group": found.membership.group,
        "thread": found.thread,
        "is_muted": found.thread is not None and _is_muted(found),
        "rhythms": MailRhythm.choices,
        "is_done": "gedaan" in request.GET,
    }
    response = render(request, "network/mail/choice.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _change(found: mailing.MailLink, choice: str) -> bool:
    """Do what somebody chose; False when that is no choice here."""
    if choice == MUTE and found.thread is not None:
        _mute(found)
    elif choice in MailRhythm.values:
        _choose(found.membership, choice)
    else:
        return False
    return True


def _choose(membership: Membership, rhythm: str) -> None:
    rows = Membership.objects.unrestricted().current()
    rows.filter(pk=membership.pk).exclude(mail_rhythm=rhythm).update(mail_rhythm=rhythm)


def _mute(found: mailing.MailLink) -> None:
    with transaction.atomic():
        Follow.objects.unrestricted().update_or_create(
            user=found.membership.user, thread=found.thread, defaults={"state": FollowState.MUTED}
        )


def _is_muted(found: mailing.MailLink) -> bool:
    follows = Follow.objects.visible_to(found.membership.user)
    return follows.filter(thread=found.thread, state=FollowState.MUTED).exists()
