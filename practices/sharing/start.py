"""Pages that anybody may open: beginning to share a practice, and getting lost links mailed."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from expoo_portal.rate_limits import is_allowed
from practices.private_links import token_of

from .drafts import begin, send_lost_links
from .forms import EmailForm, StartForm
from .steps import STEPS

# A whole organisation may sit behind one network address, and share its practices on one team day.
START_RATES = "60/h/ip,200/d/ip,10/h/key"
LOST_RATES = "30/h/ip,5/h/key"
_BUSY = "Dit werd net heel vaak gevraagd. Wacht een kwartier en probeer het dan opnieuw. Wat je typte, staat er nog."


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@csrf_exempt
def share_start(request: HttpRequest) -> HttpResponse:
    """What sharing is, and the form to begin.

    Without a CSRF token, and so without a cookie: beginning needs no rights that another site could misuse, and
    the limits hold for everybody.
    """
    if request.method != "POST":
        return _start_page(request, StartForm(initial={"start_key": uuid.uuid4()}))
    try:
        form = StartForm(request.POST)
    except SuspiciousOperation:
        return too_large(request)
    if not form.is_valid():
        return _start_page(request, form)
    if not is_allowed(request, "share-start", START_RATES, key=form.cleaned_data["email"]):
        form.add_error(None, _BUSY)
        return _start_page(request, form, status=429)
    found = form.cleaned_data
    dossier = begin(found["email"], found["sender_name"], found["name"], found["start_key"])
    first = reverse("share_step", args=[token_of(dossier), STEPS[0].number], query={"gedaan": "begonnen"})
    return redirect(first)


def _start_page(request: HttpRequest, form: StartForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "steps": STEPS,
        "is_discarded": request.GET.get("gedaan") == "weggegooid",
    }
    return render(request, "practices/sharing/start.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@csrf_exempt
def share_lost(request: HttpRequest) -> HttpResponse:
    """Mail somebody the links of their practices; says the same to an address that has none."""
    if request.method != "POST":
        return render(request, "practices/sharing/lost.html", {"form": EmailForm()})
    try:
        form = EmailForm(request.POST)
    except SuspiciousOperation:
        return too_large(request)
    if not form.is_valid():
        return render(request, "practices/sharing/lost.html", {"form": form})
    email = form.cleaned_data["email"]
    if not is_allowed(request, "share-lost", LOST_RATES, key=email):
        form.add_error(None, _BUSY)
        return render(request, "practices/sharing/lost.html", {"form": form}, status=429)
    send_lost_links(email)
    return render(request, "practices/sharing/lost.html", {"sent_to": email})


def too_large(request: HttpRequest) -> HttpResponse:
    """The answer to a form that is larger than the portal reads."""
    return render(request, "practices/sharing/too_large.html", status=413)
