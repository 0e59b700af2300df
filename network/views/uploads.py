"""Files that come with a form, one by one into the draft: a refused file loses neither the others nor the text."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from expoo_portal.rate_limits import is_allowed
from expoo_portal.visibility import viewer_of

from .. import drafts
from ..models import Group, Thread
from ..writing import NotPossible

FIELD = "bestand"
RATES = "120/h/key"
TOO_MANY = "Je voegde het laatste uur veel bestanden toe. Probeer het straks opnieuw."


def attach_files(request: HttpRequest, group: Group, thread: Thread | None, typed: drafts.Typed) -> list[str]:
    """Attach what the form holds; why some files were refused, in words."""
    problems: list[str] = []
    for upload in request.FILES.getlist(FIELD):
        if not is_allowed(request, "post_file", RATES, str(request.user.pk)):
            return [*problems, TOO_MANY]
        try:
            drafts.attach(viewer_of(request.user), group, thread, typed, upload, request.POST.get("alt", ""))
        except (ValidationError, NotPossible) as error:
            problems += [f"{upload.name}: {sentence}" for sentence in drafts.sentences(error)]
    return problems
