"""The steps of the form: filling in, keeping while typing, pictures and files."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import date as date_format
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from expoo_portal.files import serve
from expoo_portal.images import Size
from practices.content import missing
from practices.models import Dossier, Facet
from practices.private_links import find, token_of
from practices.private_pages import private_page
from practices.workflow import SENDER_WRITES

from . import words
from .drafts import (
    MAX_FILES,
    MAX_IMAGES,
    NotWritable,
    Saved,
    added_attachments,
    attach,
    find_attachment,
    marks_of,
    opened,
    published_attachments,
    remove_attachment,
    save_step,
    what_misses,
)
from .forms import FileForm, ImageForm
from .pages import asked_points, file_address, find_or_404, overview_of, to_private_page
from .start import too_large
from .steps import REVIEW, STEPS, Step, find_step

_ATTACHING = STEPS[5]
_NOW_CLOSED = (
    "Dit kan nu niet bewaard worden: je praktijk is intussen bij de redactie. "
    "Kopieer wat je hier typte, en neem je praktijk eerst terug."
)


def _step_or_404(number: int) -> Step:
    step = find_step(number)
    if step is None:
        raise Http404
    return step


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def share_step(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    """One step of the form; whichever button is pressed, what was typed is kept first."""
    if number == REVIEW and request.method != "POST":
        return _review(request, find_or_404(token))
    step = _step_or_404(number)
    if request.method != "POST":
        dossier = find_or_404(token)
        if dossier.state not in SENDER_WRITES:
            return redirect("share_dossier", token)
        saved = opened(dossier, step)
        if "nakijken" in request.GET:
            saved.form.say_missing(missing(dossier.content, dict(Facet.objects.values_list("slug", "label"))))
        return _step_page(request, saved)
    try:
        data = request.POST
    except SuspiciousOperation:
        return too_large(request)
    try:
        saved_or_none = save_step(token, step, data)
    except NotWritable as closed:
        if closed.typed is None:
            raise Http404 from None
        closed.typed.problem = _NOW_CLOSED
        return _step_page(request, closed.typed, status=409)
    if saved_or_none is None:
        raise Http404
    return _after_saving(request, token, saved_or_none)


def _after_saving(request: HttpRequest, token: str, saved: Saved) -> HttpResponse:
    """Where the pressed button leads; back to this page as long as it has something to say."""
    go = request.POST.get("naar", "")
    forms = _attach(request, token, saved, go) if saved.form.step is _ATTACHING else {}
    if saved.conflicts or saved.problem or forms:
        return _step_page(request, saved, forms, status=409 if saved.conflicts else 200)
    if go == "later":
        return to_private_page(token, "bewaard")
    if go.startswith("weg-"):
        return _to_removal(token, go.removeprefix("weg-"))
    if go in ("beeld", "bestand"):
        return redirect(f"{reverse('share_step', args=[token, saved.form.step.number])}#{go}")
    target = int(go) if go.isascii() and go.isdigit() and len(go) == 1 else saved.form.step.number + 1
    # What cannot be used is said once, on the way forward; going back or elsewhere is always free.
    if saved.form.errors and target == saved.form.step.number + 1:
        return _step_page(request, saved)
    return redirect("share_step", token, min(max(target, 1), REVIEW))


def _to_removal(token: str, key: str) -> HttpResponse:
    try:
        return redirect("share_file_remove", token, uuid.UUID(key))
    except ValueError:
        raise Http404 from None


def _attach(request: HttpRequest, token: str, saved: Saved, go: str) -> dict[str, Any]:
    """Add what was chosen; the forms that could not be followed, with why."""
    failed: dict[str, Any] = {}
    form_class: type[ImageForm | FileForm]
    for name, form_class in (("beeld", ImageForm), ("bestand", FileForm)):
        if go != name and not request.FILES.get(f"{name}-file"):
            continue
        form = form_class(request.POST, request.FILES)
        if form.is_valid():
            try:
                attach(token, form.build())
                continue
            except ValidationError as error:
                form.add_error(None if "file" not in error.message_dict else "file", _sentences(error))
            except NotWritable:
                form.add_error("file", _NOW_CLOSED)
        failed[name] = form
    return failed


def _sentences(error: ValidationError) -> list[str]:
    return [sentence for sentences in error.message_dict.values() for sentence in sentences]


def _step_page(
    request: HttpRequest, saved: Saved, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    dossier, form = saved.dossier, saved.form
    context = frame(dossier, form.step.number) | {
        "saved": saved,
        "form": form,
        "step": form.step,
        "points": asked_points(dossier, form.step),
        "page": form.data.get("page") or secrets.token_urlsafe(9),
        "sent": form.data.get("number") or 0,
        "form_error_title": form.error_title,
        "notice": words.NOTICES.get(request.GET.get("gedaan", ""), ""),
    }
    if form.step is _ATTACHING:
        context |= _attachments(dossier, forms or {})
    return render(request, "practices/sharing/step.html", context, status=status)


def _attachments(dossier: Dossier, failed: dict[str, Any]) -> dict[str, Any]:
    added, published = added_attachments(dossier), published_attachments(dossier)
    return {
        "images": [shown_attachment(dossier, row) for row in added["images"]],
        "files": [shown_attachment(dossier, row) for row in added["files"]],
        "published": [shown_attachment(dossier, row) for rows in published.values() for row in rows],
        "image_form": failed.get("beeld") or ImageForm(),
        "file_form": failed.get("bestand") or FileForm(),
        "max_images": MAX_IMAGES,
        "max_files": MAX_FILES,
    }


def shown_attachment(dossier: Dossier, row: Any) -> dict[str, Any]:
    """A picture or file for the sender's own pages."""
    address = file_address(dossier, row)
    return {
        "key": row.uuid,
        "name": row.name,
        "alt": getattr(row, "alt", ""),
        "size": row.human_size,
        "type": row.type_label,
        "address": address,
        "thumbnail": f"{address}?maat={Size.CARD.slug}" if row.is_image else "",
    }


def frame(dossier: Dossier, current: int) -> dict[str, Any]:
    """What all steps show around their fields: where one is, and what misses where."""
    misses = what_misses(dossier)
    return {
        "dossier": dossier,
        "token": token_of(dossier),
        "marks": marks_of(dossier),
        "overview": overview_of(dossier, misses),
        "number": current,
        "count": REVIEW,
        "review": REVIEW,
        "previous": current - 1,
        "next": current + 1,
        "misses_any": bool(misses),
    }


def _review(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The last step: what misses, how it will look, sending in."""
    if dossier.state not in SENDER_WRITES:
        return redirect("share_dossier", token_of(dossier))
    return render(request, "practices/sharing/review.html", frame(dossier, REVIEW))


@private_page
@require_POST
def share_autosave(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    """Keep what is being typed; answers in JSON, with a sentence for whoever types."""
    step = _step_or_404(number)
    try:
        saved = save_step(token, step, request.POST)
    except SuspiciousOperation:
        return JsonResponse({"message": "Deze tekst is te groot om te bewaren. Kort ze in."}, status=413)
    except NotWritable:
        return JsonResponse({"message": _NOW_CLOSED}, status=409)
    if saved is None:
        raise Http404
    if saved.problem:
        return JsonResponse({"message": saved.problem}, status=413)
    if saved.conflicts:
        names = ", ".join(f"‘{name}’" for name in saved.conflicts)
        message = (
            f"Intussen werd {names} ook op een andere plaats gewijzigd. Wat je hier typte, blijft staan. "
            "Kies ‘Bewaar en ga verder’ om beide te vergelijken."
        )
        return JsonResponse({"message": message}, status=409)
    now = timezone.localtime()
    return JsonResponse({"message": f"Bewaard om {date_format(now, 'H:i')}", "base": saved.base})


@private_page
@require_safe
def share_file(request: HttpRequest, token: str, key: uuid.UUID) -> HttpResponseBase:
    """A picture or file of this dossier, for the holder of its link."""
    row = find_attachment(find_or_404(token), key)
    if row is None:
        raise Http404
    response = serve(request, row, is_public=False)
    # Nobody keeps it, so there is nothing to compare.
    del response.headers["ETag"]
    return response


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def share_file_remove(request: HttpRequest, token: str, key: uuid.UUID) -> HttpResponseBase:
    """Ask whether a picture or file may go, and take it away."""
    dossier = find(token)
    row = find_attachment(dossier, key) if dossier else None
    if dossier is None or row is None or row not in sum(added_attachments(dossier).values(), []):
        raise Http404
    back = reverse("share_step", args=[token, _ATTACHING.number])
    if request.method == "POST":
        try:
            remove_attachment(token, key)
        except NotWritable:
            return redirect("share_dossier", token)
        return redirect(back)
    context = {"dossier": dossier, "token": token, "file": shown_attachment(dossier, row), "back": back}
    return render(request, "practices/sharing/remove.html", context)
