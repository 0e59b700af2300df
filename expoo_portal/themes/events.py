"""The events of a theme: what is coming, what was, the page of each, and a file for somebody's own calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from expoo_portal.page_cache import public_page
from expoo_portal.paging import page_links

from .dates import for_machines, in_words, known_since, last_day
from .ics import CalendarEntry, calendar_file
from .models import DatePrecision, Event, EventFile, EventImage, EventLink, Theme
from .trail import trail_to

TITLE = "Agenda en terugblik"
PER_PAGE = 20
# Longer numbers name no page of any list.
_MOST_DIGITS = 6


class Announced(NamedTuple):
    """An event as a list shows it."""

    event: Event
    when: str


class Year(NamedTuple):
    """The past events of one year."""

    year: int
    events: list[Announced]


class Belongings(NamedTuple):
    """What belongs to an event, in the staff's order."""

    files: Sequence[EventFile]
    images: Sequence[EventImage]
    links: Sequence[EventLink]


class Machines(NamedTuple):
    """An event as its page tells it to search engines: whole addresses, and dates no more exact than they are."""

    url: str
    starts: str
    ends: str
    image: str


def when(event: Event) -> str:
    """When it is, in words."""
    return in_words(event.starts_on, event.ends_on, event.precision)


def is_coming(event: Event, today: date) -> bool:
    """Whether it is not over yet, as far as its date is known."""
    return last_day(event.starts_on, event.ends_on, event.precision) >= today


def split(events: QuerySet, today: date) -> tuple[Any, Any]:
    """The coming ones of these events, soonest first, and the past ones, newest first: `is_coming` as a query."""
    coming = Q(pk__in=[])
    for precision in DatePrecision.values:
        coming |= Q(precision=precision, last__gte=known_since(today, precision))
    found = events.annotate(last=Coalesce("ends_on", "starts_on"))
    return (
        found.filter(coming).order_by("starts_on", "id"),
        found.exclude(coming).order_by("-starts_on", "-id"),
    )


def _announced(theme: Theme, events: Iterable[Event]) -> list[Announced]:
    """These events of a theme as a list shows them."""
    found = []
    for event in events:
        # Its address begins with the theme's, which is known already.
        event.theme = theme
        found.append(Announced(event, when(event)))
    return found


def _page_number(raw: str, count: int) -> int:
    """The page that an address asks for, or the nearest that there is."""
    is_number = raw.isascii() and raw.isdigit() and len(raw) <= _MOST_DIGITS
    return min(max(int(raw) if is_number else 1, 1), count)


@require_safe
@public_page
def events(request: HttpRequest, slug: str) -> HttpResponse:
    """What is coming, and what was, year by year."""
    theme = get_object_or_404(Theme.objects.visible_to(request.user), slug=slug)
    rows = Event.objects.visible_to(request.user).filter(theme=theme)
    coming, past = split(rows, timezone.localdate())
    total = past.count()
    count = max(-(-total // PER_PAGE), 1)
    number = _page_number(request.GET.get("pagina", ""), count)
    address = reverse("events", args=[theme.slug])
    shown = _announced(theme, past[(number - 1) * PER_PAGE : number * PER_PAGE])
    context = {
        "theme": theme,
        "trail": trail_to(theme),
        "coming": _announced(theme, coming) if number == 1 else [],
        "years": [
            Year(year, list(rows)) for year, rows in groupby(shown, lambda row: row.event.starts_on.year)
        ],
        "number": number,
        "pages": page_links(number, count, lambda page: address if page == 1 else f"{address}?pagina={page}"),
    }
    return render(request, "themes/events.html", context)


@require_safe
@public_page
def event(request: HttpRequest, slug: str, item: str) -> HttpResponse:
    """One event."""
    found = _find(request, slug, item)
    belongings = Belongings(
        files=list(EventFile.objects.visible_to(request.user).filter(event=found)),
        images=list(EventImage.objects.visible_to(request.user).filter(event=found)),
        links=list(EventLink.objects.visible_to(request.user).filter(event=found)),
    )
    return render_event(request, found, belongings)


def _find(request: HttpRequest, slug: str, item: str) -> Event:
    rows = Event.objects.visible_to(request.user).select_related("theme")
    return get_object_or_404(rows, theme__slug=slug, slug=item)


def render_event(
    request: HttpRequest, event: Event, belongings: Belongings, *, preview: bool = False
) -> HttpResponse:
    """The page of an event; `preview` shows it to an editor, published or not."""
    facts = [
        ("Wanneer?", when(event)),
        ("Uren", event.hours),
        ("Waar?", event.place),
        ("Soort", capfirst(event.kind)),
    ]
    context = {
        "event": event,
        "theme": event.theme,
        "trail": trail_to(event.theme, (TITLE, reverse("events", args=[event.theme.slug]))),
        "when": when(event),
        "facts": [(label, [value]) for label, value in facts if value],
        "belongings": belongings,
        "topics": list(event.topics.all()),
        "is_coming": is_coming(event, timezone.localdate()),
        "has_calendar_file": has_calendar_file(event, timezone.localdate()),
        "about": None if preview else _machines(event, belongings),
        "preview": preview,
    }
    return render(request, "themes/event.html", context)


def _machines(event: Event, belongings: Belongings) -> Machines:
    ends = for_machines(event.ends_on, event.precision) if event.ends_on else ""
    image = next((f"{settings.SITE_URL}{image.page_url}" for image in belongings.images), "")
    return Machines(
        f"{settings.SITE_URL}{event.get_absolute_url()}",
        for_machines(event.starts_on, event.precision),
        ends,
        image,
    )


def has_calendar_file(event: Event, today: date) -> bool:
    """Whether somebody can put it in a calendar: it is coming, and on a known day."""
    return event.precision == DatePrecision.DAY and is_coming(event, today)


@require_safe
@public_page
def event_calendar(request: HttpRequest, slug: str, item: str) -> HttpResponse:
    """A coming event as an iCalendar file."""
    event = _find(request, slug, item)
    if not has_calendar_file(event, timezone.localdate()):
        raise Http404
    entry = CalendarEntry(
        # Of the row and not of its address, which staff may change.
        uid=f"activiteit-{event.pk}@{urlsplit(settings.SITE_URL).hostname}",
        title=event.title,
        starts_on=event.starts_on,
        ends_on=event.ends_on or event.starts_on,
        hours=event.hours,
        place=event.place,
        text=event.summary,
        url=f"{settings.SITE_URL}{event.get_absolute_url()}",
        changed=event.updated,
    )
    disposition = content_disposition_header(True, f"{event.slug}.ics") or "attachment"
    return HttpResponse(
        calendar_file(entry),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )
