"""The agreement sheet for partners: choose lines, change them, print or download. Nothing of it is stored here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import date as in_words
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from expoo_portal import pdf
from expoo_portal.page_cache import public_page
from expoo_portal.rate_limits import is_allowed

from .agreement_sheet import ROOM, Sheet, read_group
from .docx import MEDIA_TYPE
from .models import AgreementGroup, AgreementLine, Theme
from .trail import trail_to

TITLE = "Afspraken tussen partners"
NAME = "afspraken"
RATE = "60/h/ip"


def read_sheet(request: HttpRequest, theme: Theme, fields: QueryDict | None) -> Sheet:
    """The sheet of a theme with its suggestions, and what the form made of them."""
    lines: dict[int, list[AgreementLine]] = {}
    for line in AgreementLine.objects.visible_to(request.user).filter(group__theme=theme):
        lines.setdefault(line.group_id, []).append(line)
    groups = AgreementGroup.objects.visible_to(request.user).filter(theme=theme)
    return Sheet.read(
        [
            read_group(group.slug, group.label, group.hint, lines.get(group.pk, ()), fields)
            for group in groups
        ],
        fields,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
@public_page
@sensitive_post_parameters()
def theme_agreements(request: HttpRequest, slug: str) -> HttpResponse:
    """The form to put agreements together; a POST gives them back on paper, as a document or to go on with.

    No CSRF token, because no cookie gives any right here and nothing is stored: a form that another site sends in
    only gives its visitor a page.
    """
    theme = get_object_or_404(Theme.objects.visible_to(request.user), slug=slug)
    is_sent = request.method == "POST"
    sheet = read_sheet(request, theme, request.POST if is_sent else None)
    match request.POST.get("vorm") if is_sent else "wijzig":
        case "docx":
            response = _docx(request, theme, sheet)
        case "pdf":
            response = _pdf(request, theme, sheet)
        case "wijzig":
            response = _builder(request, theme, sheet)
        case _:
            response = render(request, "themes/agreements_print.html", _context(theme, sheet))
    if is_sent:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _context(theme: Theme, sheet: Sheet) -> dict[str, object]:
    return {
        "theme": theme,
        "sheet": sheet,
        "title": TITLE,
        "path": reverse("theme_agreements", args=[theme.slug]),
        "has_pdf": pdf.available(),
    }


def _builder(request: HttpRequest, theme: Theme, sheet: Sheet, problem: str = "") -> HttpResponse:
    own = {
        "trail": trail_to(theme),
        "room": range(ROOM),
        "problem": problem,
        "is_new": request.method != "POST",
    }
    status = 429 if problem else 200
    return render(request, "themes/agreements.html", _context(theme, sheet) | own, status=status)


def _docx(request: HttpRequest, theme: Theme, sheet: Sheet) -> HttpResponse:
    if not is_allowed(request, "agreements", RATE):
        return _builder(
            request,
            theme,
            sheet,
            "Je maakte al veel documenten. Alles staat er nog: probeer het later opnieuw.",
        )
    body = sheet.docx(TITLE, in_words(sheet.day, "j F Y") if sheet.day else "")
    response = HttpResponse(body, content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{NAME}.docx") or "attachment"
    return response


def _pdf(request: HttpRequest, theme: Theme, sheet: Sheet) -> HttpResponse:
    return pdf.pdf_response(
        request, "themes/agreements_pdf.html", lambda: _context(theme, sheet), f"{NAME}.pdf", keep=False
    )
