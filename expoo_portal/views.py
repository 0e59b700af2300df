"""The front door: home, health, pages, robots, sitemap, and the error pages."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import get_template
from django.urls import reverse
from django.views.decorators.http import require_safe
from psycopg_pool import PoolTimeout

from network import places as network
from practices.catalogue import catalogue_for
from practices.models import Practice

from . import jobs
from .page_cache import public_page
from .pages import Page
from .themes.pages import theme_pages
from .themes.places import public_places

RETRY_AFTER_SECONDS = 10
NEWEST_CARDS = 3


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """What this is, search, the theme, the fan of practices, the newest."""
    catalogue = catalogue_for(request.user)
    newest = [pk for pk in catalogue.newest_real if pk not in catalogue.fan][:NEWEST_CARDS]
    return render(
        request,
        "home.html",
        {
            "fan": [card.html() for card in catalogue.cards(catalogue.fan)],
            "newest": [card.html() for card in catalogue.cards(newest)],
            "total": len(catalogue.index),
            "themes": theme_pages(request.user).values(),
        },
    )


@require_safe
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """For the watch: 200 with the state of database and jobs, 503 while the database is away. Nothing else."""
    answer: dict[str, Any] = {"status": "ok", "version": settings.VERSION, "database": "ok"}
    status = 200
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        answer["jobs"] = jobs.state()
    except (DatabaseError, PoolTimeout):
        answer |= {"status": "unavailable", "database": "unavailable", "jobs": None}
        status = 503
    response = JsonResponse(answer, status=status)
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def render_page(request: HttpRequest, page: Page, *, preview: bool = False) -> HttpResponse:
    """An editable page; `preview` shows it to an editor, published or not."""
    return render(request, "page.html", {"page": page, "preview": preview})


@require_safe
@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """An editable page such as /privacy/."""
    return render_page(request, get_object_or_404(Page.objects.visible_to(request.user), slug=slug))


@require_safe
@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        "Disallow: /account/",
        # Every search is an address.
        "Disallow: /zoeken/",
        f"Disallow: {reverse('practice_random')}",
        # Every choice and order of practices is an address.
        f"Disallow: {reverse('collection')}",
        f"Disallow: {reverse('compare')}",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """All public pages."""
    places: list[dict[str, Any]] = [
        {"path": reverse("home"), "updated": None},
        {"path": reverse("practice_list"), "updated": None},
        {"path": reverse("open_data"), "updated": None},
        {"path": reverse("share_start"), "updated": None},
    ]
    practices = Practice.objects.public().order_by("pk").values_list("slug", "updated")
    places += [
        {"path": reverse("practice_detail", args=[slug]), "updated": updated}
        for slug, updated in practices[:49_000].iterator(chunk_size=2_000)
    ]
    places += [
        {"path": found.get_absolute_url(), "updated": found.updated} for found in Page.objects.public()
    ]
    places += [{"path": path, "updated": updated} for path, updated in public_places()]
    places += [{"path": path, "updated": None} for path in network.public_places()]
    return render(
        request,
        "sitemap.xml",
        {"places": places, "site_url": settings.SITE_URL},
        content_type="application/xml; charset=utf-8",
    )


def _error_page(name: str, status: int) -> HttpResponse:
    """A fixed page that needs no database, no session and no request."""
    response = HttpResponse(get_template(f"{name}.html").render({}), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address or the form cannot be read."""
    return _error_page("400", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but this is not for you (only where the existence of the page is no secret)."""
    return _error_page("403", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form stood open too long or came from elsewhere."""
    return _error_page("403", 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same bytes for what is hidden and for what does not exist."""
    return _error_page("404", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 "even offline" while the database is away."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError | PoolTimeout):
        response = _error_page("503", 503)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return _error_page("500", 500)
