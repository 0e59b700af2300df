"""Keeping what is typed, and adding files to it: for the script while somebody types, and for buttons without it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.defaultfilters import date as date_format
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from expoo_portal.rate_limits import is_allowed
from expoo_portal.visibility import viewer_of

from .. import drafts, mentions
from ..access import members_only
from ..discussion_forms import ReplyForm, ThreadForm, WritingForm
from ..models import Group, PostFile, Thread
from ..paging import address_of, page_of
from ..writing import NotPossible
from .threads import standing_thread
from .uploads import FIELD, RATES, TOO_MANY, attach_files

COMPLETIONS = "120/m/key"


def _place(request: HttpRequest, group: Group) -> tuple[Thread | None, WritingForm]:
    """For what something is typed: a new thread, or an answer in the thread that the form names."""
    viewer, given = viewer_of(request.user), request.POST.get("gesprek", "")
    if not given:
        return None, ThreadForm(viewer, group, request.POST)
    pk = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    return standing_thread(request, group, pk), ReplyForm(viewer, group, request.POST)


def _wants_json(request: HttpRequest) -> bool:
    return request.POST.get("vorm") == "json"


def _back(group: Group, thread: Thread | None) -> HttpResponse:
    """To the form."""
    if thread is None:
        return redirect("thread_new", group.slug)
    last = page_of(thread.last_number)
    return redirect(f"{address_of(group, thread.pk)}{f'?pagina={last}' if last > 1 else ''}#antwoord")


@require_POST
@members_only
def draft_save(request: HttpRequest, group: Group) -> HttpResponse:
    """Keep what was typed, throw it away, or take it from a closed thread along to a new one."""
    viewer = viewer_of(request.user)
    thread, form = _place(request, group)
    typed = form.typed()
    if "weggooien" in request.POST:
        drafts.discard(viewer, group, thread)
        messages.success(request, "Je concept is weggegooid.")
        return _back(group, thread)
    if "meenemen" in request.POST and thread:
        if drafts.carry(viewer, group, thread):
            messages.success(request, "Je tekst staat klaar voor een nieuw gesprek. Geef het nog een titel.")
        else:
            messages.info(request, "Je was al een gesprek aan het schrijven. Plaats of wis dat eerst.")
        return _back(group, None)
    kept = drafts.keep(viewer, group, thread, typed)
    for name in request.POST.getlist("weg")[: drafts.MAX_FILES]:
        if name.isascii() and name.isdigit() and len(name) < 18:
            drafts.detach(viewer, group, thread, int(name))
    if _wants_json(request):
        return _told(viewer, typed, kept)
    for problem in attach_files(request, group, thread, typed):
        messages.error(request, problem)
    if drafts.find(viewer, group, thread):
        messages.success(request, "Je concept is bewaard. Alleen jij ziet het.")
    return _back(group, thread)


def _told(viewer: Any, typed: drafts.Typed, kept: Any) -> JsonResponse:
    """What the script hears: when it was kept, and under which key; or that all this was posted already."""
    if kept is None:
        return JsonResponse(
            {"posted": drafts.is_posted(viewer, typed.key), "key": str(typed.key), "message": ""}
        )
    clock = date_format(timezone.localtime(), "H:i")
    return JsonResponse({"posted": False, "key": str(kept.key), "message": f"Concept bewaard om {clock}."})


@require_POST
@members_only
def draft_file(request: HttpRequest, group: Group) -> HttpResponse:
    """Add one file to what is being typed, at once, or take one out again; answers the script."""
    viewer = viewer_of(request.user)
    thread, form = _place(request, group)
    taken_out = request.POST.get("weg", "")
    if taken_out.isascii() and taken_out.isdigit() and len(taken_out) < 18:
        drafts.detach(viewer, group, thread, int(taken_out))
        return JsonResponse({"removed": int(taken_out)})
    upload = request.FILES.get(FIELD)
    if upload is None:
        return JsonResponse({"message": "Kies een bestand."}, status=422)
    if not is_allowed(request, "post_file", RATES, str(request.user.pk)):
        return JsonResponse({"message": TOO_MANY}, status=429)
    try:
        file = drafts.attach(viewer, group, thread, form.typed(), upload)
    except (ValidationError, NotPossible) as error:
        return JsonResponse({"message": " ".join(drafts.sentences(error))}, status=422)
    if file is None:
        return JsonResponse({"message": "Dit bericht is al geplaatst.", "posted": True}, status=409)
    return JsonResponse(_described(file), status=201)


def _described(file: PostFile) -> dict[str, Any]:
    return {
        "id": file.pk,
        "name": file.name,
        "about": f"{file.type_label}, {file.human_size}",
        "picture": file.card_url if file.is_image else "",
    }


@require_safe
@members_only
def mention_complete(request: HttpRequest, group: Group) -> JsonResponse:
    """The members of this group whose name begins with what was typed after an @."""
    if not is_allowed(request, "mention", COMPLETIONS, str(request.user.pk)):
        return JsonResponse({"members": []}, status=429)
    found = mentions.complete(viewer_of(request.user), group, request.GET.get("q", "")[:60])
    return JsonResponse(
        {
            "members": [
                {"name": person.name, "label": person.label, "address": person.address} for person in found
            ]
        }
    )
