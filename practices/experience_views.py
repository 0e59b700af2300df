""" "Wij probeerden dit": the form, and the page where its sender confirms."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from expoo_portal.rate_limits import is_allowed

from . import experiences
from .experience_form import ExperienceForm
from .models import ExperienceState, Practice
from .private_pages import private_page
from .views import moved

_RATES = "20/h/ip,5/d/key"


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def practice_tried(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what somebody tried with a practice that anybody may see, and mail a link to confirm it.

    No CSRF token, because no cookie gives any right here: a form that another site sends in does no more than one
    that it sends itself, a mail to the address typed.
    """
    practice = Practice.objects.public().filter(slug=slug).first()
    if practice is None:
        return moved(request, slug, "practice_tried")
    is_sent = request.method == "POST"
    form = ExperienceForm(request.POST if is_sent else None, initial={"start_key": uuid.uuid4()})
    status = 422 if is_sent else 200
    if is_sent and form.is_valid():
        email = form.cleaned_data["email"]
        if is_allowed(request, "experience", _RATES, key=email):
            experiences.keep(practice, form.cleaned_data["start_key"], form.texts, email)
            return render(request, "practices/tried_sent.html", {"practice": practice, "email": email})
        form.add_error(
            None, "Je verstuurde al een paar verhalen. Alles staat er nog: probeer het later opnieuw."
        )
        status = 429
    context: dict[str, Any] = {"practice": practice, "form": form, "start_key": _start_key(form)}
    return render(request, "practices/tried.html", context, status=status)


def _start_key(form: ExperienceForm) -> str:
    """The key of the form as it was first shown; one that cannot be read is replaced."""
    try:
        return str(uuid.UUID(str(form["start_key"].value())))
    except ValueError:
        return str(uuid.uuid4())


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def confirm_experience(request: HttpRequest, token: str) -> HttpResponse:
    """Show a note to its sender; a POST gives it to the editors, once. The token is the authority."""
    sent = experiences.find(token)
    if sent is None:
        raise Http404
    if request.method == "POST":
        experiences.confirm(sent.experience)
        return redirect(request.path)
    practice = sent.experience.practice
    context = {
        "experience": sent.experience,
        "practice": practice,
        "is_expired": experiences.is_expired(sent.experience),
        "is_unconfirmed": sent.experience.state == ExperienceState.UNCONFIRMED,
        "is_public": practice.is_visible_to(None),
    }
    return render(request, "practices/tried_confirm.html", context)
