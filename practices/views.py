"""The catalogue's pages: list, detail, print sheet and "verras me"."""

from __future__ import annotations

import random

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from expoo_portal.kept import Kept
from expoo_portal.page_cache import public_page

from .catalogue import catalogue_for
from .detail import Detail
from .drawing import Drawing
from .models import FormerSlug, Practice
from .picture import png
from .results import Results
from .structured import structured

MAX_PICTURES = 100
# A drawing always gives the same picture, whatever changes in the catalogue.
_pictures = Kept[Drawing, bytes](MAX_PICTURES)


def results_for(request: HttpRequest) -> Results:
    """What this request's address finds for whoever asks."""
    catalogue = catalogue_for(request.user)
    return Results(catalogue, catalogue.address(request.GET))


@require_safe
@public_page
def practice_list(request: HttpRequest) -> HttpResponse:
    """The catalogue: search, facets, three views. With htmx the page asks for the same address and takes its parts."""
    return render(request, "practices/list.html", {"results": results_for(request)})


@require_safe
@login_not_required
def practice_random(request: HttpRequest) -> HttpResponse:
    """ "Verras me": leads to any practice of the current choice that goes on."""
    results = results_for(request)
    total = results.total - results.archived_total
    if not total:
        return redirect("practice_list")
    index = results.catalogue.index
    place = random.randrange(total)  # noqa: S311 - a surprise, not a secret
    (pk,) = index.ids(index.page(results.selection.mask, None, place, 1))
    practice = get_object_or_404(Practice.objects.visible_to(request.user), pk=pk)
    response = redirect(practice)
    response.headers["Cache-Control"] = "no-store"
    return response


def render_practice(request: HttpRequest, practice: Practice, *, preview: bool = False) -> HttpResponse:
    """A practice's page; `preview` shows it to an editor as visitors will see it, published or not."""
    detail = Detail(practice, catalogue_for(request.user), preview=preview)
    about = None if preview else structured(practice, detail)
    context = {"practice": practice, "detail": detail, "preview": preview, "about": about}
    return render(request, "practices/detail.html", context)


def find_practice(request: HttpRequest, slug: str) -> Practice | None:
    """The practice at this address, if this visitor may see it."""
    return Practice.objects.visible_to(request.user).filter(slug=slug).first()


def moved(request: HttpRequest, slug: str, view: str) -> HttpResponse:
    """Redirect from an address the practice had before; 404 when there is none that this visitor may see."""
    former = FormerSlug.objects.visible_to(request.user).filter(slug=slug).select_related("practice").first()
    if former is None:
        raise Http404
    return redirect(view, former.practice.slug, permanent=True)


@require_safe
@public_page
def practice_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One practice."""
    practice = find_practice(request, slug)
    return render_practice(request, practice) if practice else moved(request, slug, "practice_detail")


@require_safe
@public_page
def practice_print(request: HttpRequest, slug: str) -> HttpResponse:
    """One practice as an A4 sheet for a team day."""
    practice = find_practice(request, slug)
    if practice is None:
        return moved(request, slug, "practice_print")
    detail = Detail(practice, catalogue_for(request.user))
    return render(request, "practices/print.html", {"practice": practice, "detail": detail})


@require_safe
@public_page
def practice_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The drawing of a practice as a PNG, for sites that show a shared page."""
    practice = find_practice(request, slug)
    if practice is None:
        return moved(request, slug, "practice_picture")
    drawing = Detail(practice, catalogue_for(request.user)).drawing
    found = _pictures.get([drawing], lambda missing: {each: png(each) for each in missing})
    return HttpResponse(found[drawing], content_type="image/png")
