"""What a visitor takes home: a collection of practices, its print, and the team sheet.

A collection is its address, so nothing of the visitor is kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from expoo_portal import pdf
from expoo_portal.page_cache import public_page

from . import collection, compare, team_sheet
from .address import Address, search_words
from .catalogue import Catalogue, catalogue_for
from .collection import Collection
from .detail import SECTIONS, Detail
from .models import FormerSlug, Practice, PracticeKind, PracticeSource
from .results import Results
from .textsearch import relevance_page
from .views import find_practice, moved

FOUND = 8
SPECIAL, SUMMARY = "Wat is er bijzonder aan?", "In het kort"
COVER_DRAWINGS = 6
# A PDF of so many practices is drawn in three seconds; more are for the printer of the browser.
MOST_IN_PDF = 12
# Characters of the two long parts of a team sheet: together with the longest other texts they fit one A4.
PART_LENGTH = 560


def asked_collection(request: HttpRequest, most: int = collection.MOST) -> tuple[Collection, list[int]]:
    """The collection of this address as far as this visitor may see it, and the ids of its practices."""
    asked = collection.parse(request.GET)
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


class Item(NamedTuple):
    """A practice of a collection: its card, and the addresses of the collection without it or in another order."""

    slug: str
    name: str
    html: str
    without: str
    earlier: str
    later: str


class Found(NamedTuple):
    """A practice that was searched for, and the address of the collection with it; none when it is in there."""

    name: str
    href: str
    municipality: str
    is_example: bool
    plus: str


@dataclass(frozen=True)
class CollectionPage:
    """What the page of a collection shows."""

    request: HttpRequest
    catalogue: Catalogue
    collection: Collection
    ids: Sequence[int]

    @cached_property
    def words(self) -> str:
        return search_words(self.request.GET, "zoek")

    @cached_property
    def items(self) -> list[Item]:
        own, cards = self.collection, self.catalogue.cards_by_id(self.ids)
        last = len(own) - 1
        return [
            Item(
                slug,
                cards[pk].name,
                cards[pk].html(),
                own.minus(slug).href(zoek=self.words),
                own.moved(slug, -1).href(zoek=self.words) if place else "",
                own.moved(slug, 1).href(zoek=self.words) if place < last else "",
            )
            for place, (slug, pk) in enumerate(zip(own.slugs, self.ids, strict=True))
            if pk in cards
        ]

    @property
    def notices(self) -> list[str]:
        return collection.notices(self.collection)

    @cached_property
    def results(self) -> Results:
        """What the words of the small search find."""
        return Results(self.catalogue, Address(q=self.words))

    @cached_property
    def found(self) -> list[Found]:
        """The first practices that match."""
        mask = self.results.selection.mask
        if not self.words or not mask:
            return []
        positions = relevance_page(self.catalogue, mask, self.results.tsquery, 0, FOUND)
        ids = self.catalogue.index.ids(positions)
        rows = Practice.objects.visible_to(self.request.user).filter(pk__in=ids)
        known = {pk: row for pk, *row in rows.values_list("pk", "slug", "name", "municipality", "kind")}
        return [
            Found(
                name,
                reverse("practice_detail", args=[slug]),
                municipality,
                kind == PracticeKind.EXAMPLE,
                "" if self.collection.has(slug) else self.collection.plus(slug).href(zoek=self.words),
            )
            for slug, name, municipality, kind in (known[pk] for pk in ids if pk in known)
        ]

    @property
    def suggestion(self) -> tuple[str, str] | None:
        """Better spelled words, and the address that looks for them."""
        better = self.results.suggestion
        return (better.q, self.collection.href(zoek=better.q)) if better else None

    @property
    def address(self) -> str:
        """The whole address, to share."""
        return settings.SITE_URL + self.collection.href(reverse("collection"))

    @property
    def mail(self) -> str:
        """A mail with the address, to nobody yet."""
        text = f"Deze praktijken wil ik met je delen:\n\n{self.address}\n"
        subject = "Praktijken uit EXPOO Inspiratie"
        return f"mailto:?{urlencode({'subject': subject, 'body': text}, quote_via=quote)}"

    @property
    def print_href(self) -> str:
        return self.collection.href(reverse("collection_print"))

    @property
    def pdf_href(self) -> str:
        """To the PDF; empty when there is none."""
        can_draw = pdf.available() and len(self.collection) <= MOST_IN_PDF
        return self.collection.href(reverse("collection_pdf")) if can_draw else ""


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


def _texts(detail: Detail) -> dict[str, list[str]]:
    """The texts of a practice by their heading, as HTML."""
    practice = detail.practice
    plain = {SPECIAL: practice.special, SUMMARY: practice.summary}
    found: dict[str, list[str]] = {
        heading: [format_html("<p>{}</p>", text)] for heading, text in plain.items() if text
    }
    return found | {section.heading: [section.html] for section in detail.sections}


@dataclass(frozen=True)
class Comparison:
    """Two or three practices side by side."""

    collection: Collection
    details: Sequence[Detail]
    labels: Sequence[str]
    # The collection that these were chosen from, to go back to.
    origin: Collection
    only_differences: bool

    @property
    def is_possible(self) -> bool:
        return len(self.details) >= compare.LEAST

    @cached_property
    def all_rows(self) -> list[compare.Row]:
        fiches = [(detail.practice.name, dict(detail.fiche)) for detail in self.details]
        return compare.rows(self.labels, fiches)

    @property
    def rows(self) -> list[compare.Row]:
        """The rows of the fiche, or only those that differ."""
        return [row for row in self.all_rows if row.differs or not self.only_differences]

    @property
    def different(self) -> int:
        """How many rows differ."""
        return sum(row.differs for row in self.all_rows)

    @property
    def texts(self) -> list[compare.Row]:
        """The texts that at least one of them has, as HTML."""
        texts = [(detail.practice.name, _texts(detail)) for detail in self.details]
        return compare.rows([SPECIAL, SUMMARY, *(heading for heading, _ in SECTIONS)], texts)

    @property
    def notices(self) -> list[str]:
        return collection.notices(self.collection, compare.MOST)

    @property
    def toggle_href(self) -> str:
        """The same comparison with or without the rows that are the same."""
        return self.collection.href(
            uit=",".join(self.origin.slugs), verschillen="" if self.only_differences else "1"
        )

    @property
    def back_href(self) -> str:
        """To the collection that these were chosen from."""
        return (self.origin if self.origin.slugs else self.collection).href(reverse("collection"))


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
        collection.parse(request.GET, "uit"),
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
