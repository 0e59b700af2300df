"""What a visitor takes home: a collection of practices, on paper too, a comparison, and the team sheet.

A collection is its address, so nothing of the visitor is kept here.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from expoo_portal import pdf
from expoo_portal.page_cache import public_page

from . import collection, compare, team_sheet
from .catalogue import catalogue_for
from .collection import Collection
from .collection_page import MOST_IN_PDF, CollectionPage
from .comparison import Comparison
from .detail import Detail
from .models import FormerSlug, Practice, PracticeSource
from .views import find_practice, moved

COVER_DRAWINGS = 6
# Characters of the two long parts of a team sheet: together with the longest other texts they fit one A4.
PART_LENGTH = 560


def asked_collection(request: HttpRequest, most: int = Collection.MOST) -> tuple[Collection, list[int]]:
    """The collection of this address as far as this visitor may see it, and the ids of its practices."""
    asked = Collection.parse(request.GET)
    practices = Practice.objects.visible_to(request.user)
    ids = dict(practices.filter(slug__in=asked.slugs).values_list("slug", "pk"))
    names = {slug: slug for slug in ids}
    if missing := [slug for slug in asked.slugs if slug not in ids]:
        former = FormerSlug.objects.visible_to(request.user).filter(slug__in=missing)
        owners = dict(former.values_list("slug", "practice_id"))
        today = dict(practices.filter(pk__in=owners.values()).values_list("pk", "slug"))
        names |= {slug: today[pk] for slug, pk in owners.items() if pk in today}
        ids |= {slug: pk for pk, slug in today.items()}
    known = asked.known(names, most)
    return known, [ids[slug] for slug in known.slugs]


@require_safe
@public_page
def collection_page(request: HttpRequest) -> HttpResponse:
    """ "Mijn waaier": the practices of this address, to put in order, add to, share, print and compare."""
    page = CollectionPage(request, catalogue_for(request.user), *asked_collection(request))
    return render(request, "practices/collection.html", {"page": page})


def _printed(request: HttpRequest) -> dict[str, Any]:
    """What the templates of a printed collection need."""
    own, ids = asked_collection(request)
    catalogue = catalogue_for(request.user)
    practices = Practice.objects.visible_to(request.user).in_bulk(ids)
    catalogue.parts_of(PracticeSource, ids)
    details = [Detail(practices[pk], catalogue) for pk in ids if pk in practices]
    return {
        "collection": own,
        "details": details,
        "drawings": [detail.drawing for detail in details[:COVER_DRAWINGS]],
        "address": (settings.SITE_URL + own.href(reverse("collection"))).partition("//")[2],
        "back": own.href(reverse("collection")),
        "today": timezone.localdate(),
        "notices": collection.notices(own),
    }


@require_safe
@login_not_required
def collection_print(request: HttpRequest) -> HttpResponse:
    """The collection on paper: cover, contents, a sheet per practice. Not kept, since it says of which day it is."""
    return render(request, "practices/collection_print.html", _printed(request))


@require_safe
@public_page
def compare_page(request: HttpRequest) -> HttpResponse:
    """Two or three practices side by side, differences marked."""
    own, ids = asked_collection(request, compare.MOST)
    catalogue = catalogue_for(request.user)
    practices = Practice.objects.visible_to(request.user).in_bulk(ids)
    comparison = Comparison(
        own,
        [Detail(practices[pk], catalogue) for pk in ids if pk in practices],
        ["Organisatie", "Gemeente", *(facet.label for facet in catalogue.facets)],
        Collection.parse(request.GET, "uit"),
        bool(request.GET.get("verschillen")),
    )
    return render(request, "practices/compare.html", {"comparison": comparison})


@require_safe
@login_not_required
def collection_pdf(request: HttpRequest) -> HttpResponse:
    """The collection as PDF, when it is not too large to draw at once."""
    own, _ids = asked_collection(request)
    if not 0 < len(own) <= MOST_IN_PDF:
        raise Http404
    return pdf.pdf_response(
        request, "practices/collection_pdf.html", lambda: _printed(request), "mijn-waaier.pdf"
    )


def _team_sheet(request: HttpRequest, practice: Practice) -> dict[str, Any]:
    """What the templates of a team sheet need."""
    detail = Detail(practice, catalogue_for(request.user))
    return {
        "practice": practice,
        "detail": detail,
        "address": f"{settings.SITE_URL}{practice.get_absolute_url()}".partition("//")[2],
        "strengths": team_sheet.in_brief(practice.strengths, PART_LENGTH),
        "challenges": team_sheet.in_brief(practice.challenges, PART_LENGTH),
        "questions": team_sheet.questions(
            practice.discussion_questions, [topic.discussion_questions for topic in detail.topics]
        ),
    }


@require_safe
@public_page
def practice_team_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """One practice on one A4, to talk about in a team."""
    practice = find_practice(request, slug)
    if practice is None:
        return moved(request, slug, "practice_team_sheet")
    context = _team_sheet(request, practice)
    return render(request, "practices/team_sheet.html", context | {"has_pdf": pdf.available()})


@require_safe
@login_not_required
def practice_team_sheet_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The team sheet as PDF."""
    practice = find_practice(request, slug)
    if practice is None:
        return moved(request, slug, "practice_team_sheet_pdf")
    return pdf.pdf_response(
        request,
        "practices/team_sheet_pdf.html",
        lambda: _team_sheet(request, practice),
        f"teamblad-{practice.slug}.pdf",
    )
