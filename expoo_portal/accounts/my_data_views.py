"""My data: what the portal keeps of somebody, to take along, to correct and to erase."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from expoo_portal.rate_limits import is_allowed

from . import my_data
from .forms import NameForm
from .models import User
from .my_data_zip import make_zip
from .recent import recently_confirmed

# What becomes of what somebody wrote among others.
KEEP, REMOVE = "blijven", "weg"
# What somebody types to erase their account.
WORD = "WISSEN"
_RATES = "5/d/key"
_BLOCK = 64 * 1024

private = cache_control(private=True, no_store=True)


@require_safe
@private
def my_data_page(request: HttpRequest) -> HttpResponse:
    """What the portal keeps of who asks, why and how long, and what they can do about it."""
    user: Any = request.user
    sources = my_data.sources()
    context = {
        "held": [held for source in sources for held in source.held(user)],
        "corrections": [way for source in reversed(sources) for way in source.corrections(user)],
        "exits": [way for source in sources for way in source.exits(user)],
    }
    return render(request, "account/my_data.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def change_name(request: HttpRequest) -> HttpResponse:
    """Change what one is called, in a group or in none."""
    user: Any = request.user
    # A copy: an invalid name must not stand in the page as the name of who is signed in.
    own = User.objects.get(pk=user.pk)
    form = NameForm(request.POST if request.method == "POST" else None, instance=own)
    if form.is_valid():
        form.save()
        messages.success(request, "Je naam is bewaard.")
        return redirect("account_my_data")
    status = 422 if form.is_bound else 200
    return render(request, "account/name.html", {"form": form}, status=status)


@require_POST
@private
def download(request: HttpRequest) -> HttpResponseBase:
    """One's own data and files, as a zip."""
    user: Any = request.user
    if not is_allowed(request, "my_data", _RATES, str(user.pk)):
        messages.error(request, "Je haalde je gegevens vandaag al vijf keer op. Probeer het morgen opnieuw.")
        return redirect("account_my_data")
    name = f"mijn-gegevens-{timezone.localdate():%Y-%m-%d}.zip"
    response = FileResponse(make_zip(user), as_attachment=True, filename=name, content_type="application/zip")
    response.block_size = _BLOCK
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@private
@recently_confirmed
def erase(request: HttpRequest) -> HttpResponse:
    """Erase one's account, in two steps: what happens to what somebody wrote, and then a word that they type."""
    user: Any = request.user
    reasons = my_data.obstacles(user)
    if request.method != "POST" or reasons:
        return _erase_page(request, _chosen(request.GET.get("bijdragen")), reasons)
    chosen = _chosen(request.POST.get("bijdragen"))
    typed = request.POST.get("woord", "")
    if not chosen or typed.strip().upper() != WORD:
        return _erase_page(request, chosen, reasons, typed=typed)
    try:
        my_data.erase(user, removes=chosen == REMOVE)
    except my_data.StillNeeded as still:
        return _erase_page(request, chosen, still.reasons)
    logout(request)
    response = redirect("account_erased")
    # The session's own cookie goes with the session.
    response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite="Lax")
    return response


@require_safe
@login_not_required
@private
def erased(request: HttpRequest) -> HttpResponse:
    """Says that it is done; a page without a session, so that nothing is left behind in the browser."""
    return render(request, "account/erased.html")


def _chosen(value: Any) -> str:
    return value if value in (KEEP, REMOVE) else ""


def _erase_page(
    request: HttpRequest, chosen: str, reasons: list[str], *, typed: str | None = None
) -> HttpResponse:
    user: Any = request.user
    removes = chosen == REMOVE
    sources = my_data.sources()
    context = {
        "reasons": reasons,
        "chosen": chosen,
        "has_contributions": my_data.has_contributions(user),
        "consequences": [line for each in sources for line in each.consequences(user, removes=removes)],
        "word": WORD,
        "typed": typed,
    }
    return render(request, "account/erase.html", context, status=422 if request.method == "POST" else 200)
