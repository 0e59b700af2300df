"""What a section of each kind shows on a theme page, in short; higher floors register theirs at start-up.

Two keys each kind may give: `address`, the page where all of it is, and `line`, what somebody finds there, in a few
words. The ways in at the top of the page are made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from expoo_portal.visibility import Viewer

from . import dates
from .models import (
    AgreementGroup,
    Broadcast,
    ContactPerson,
    Document,
    Event,
    SectionKind,
    Theme,
    Tip,
)

Shown = Mapping[str, Any]
Source = Callable[[Theme, Viewer], Shown | None]

TIPS = 3
LAST_EVENTS = 2
COMING_EVENTS = 3

_sources: dict[str, Source] = {}


def register(kind: SectionKind, source: Source) -> None:
    """Say what sections of this kind show; None where there is nothing, so that the section stays away."""
    _sources[kind] = source


def shown_by(kind: str, theme: Theme, viewer: Viewer) -> Shown | None:
    """What a section of this kind shows this viewer of this theme, for its template; None for nothing."""
    source = _sources.get(kind)
    return source(theme, viewer) if source else None


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _tips(theme: Theme, viewer: Viewer) -> Shown | None:
    """The first tip of as many topics as there is room for, so that they differ."""
    tips = list(Tip.objects.visible_to(viewer).filter(theme=theme).select_related("topic"))
    first = {tip.topic_id: tip for tip in reversed(tips)}
    chosen = [tip for tip in tips if first[tip.topic_id] is tip][:TIPS]
    if not tips:
        return None
    return {
        "tips": chosen,
        "total": len(tips),
        "address": reverse("theme_tips", args=[theme.slug]),
        "line": _counted(len(tips), "tip met een vraag", "tips, elk met een vraag"),
    }


def _agreements(theme: Theme, viewer: Viewer) -> Shown | None:
    groups = list(AgreementGroup.objects.visible_to(viewer).filter(theme=theme))
    if not groups:
        return None
    address = reverse("theme_agreements", args=[theme.slug])
    return {"groups": groups, "address": address, "line": "Kies, pas aan en druk af"}


def _broadcasts(theme: Theme, viewer: Viewer) -> Shown | None:
    """The newest that was on the radio; else an example."""
    broadcasts = Broadcast.objects.visible_to(viewer).filter(theme=theme)
    found = list(broadcasts.order_by("is_example", F("aired_on").desc(nulls_last=True), "-id"))
    if not found:
        return None
    return {
        "newest": found[0],
        "total": len(found),
        "address": reverse("broadcasts", args=[theme.slug]),
        "line": _counted(len(found), "uitzending", "uitzendingen"),
    }


def _documents(theme: Theme, viewer: Viewer) -> Shown | None:
    documents = list(Document.objects.visible_to(viewer).filter(theme=theme))
    if not documents:
        return None
    return {
        "first": documents[0],
        "total": len(documents),
        "address": reverse("documents", args=[theme.slug]),
        "line": _counted(len(documents), "document", "documenten"),
    }


class EventInShort(NamedTuple):
    """An event and when it is, in words."""

    event: Event
    when: str


def _in_short(event: Event) -> EventInShort:
    return EventInShort(event, dates.in_words(event.starts_on, event.ends_on, event.precision))


def _events(theme: Theme, viewer: Viewer) -> Shown | None:
    """What comes next, soonest first, and what was last. Each day has a content version of its own."""
    events = Event.objects.visible_to(viewer).filter(theme=theme).defer("body").order_by("starts_on", "id")
    today = timezone.localdate()
    coming: list[Event] = []
    past: list[Event] = []
    for event in events:
        is_over = dates.last_day(event.starts_on, event.ends_on, event.precision) < today
        (past if is_over else coming).append(event)
    if not coming and not past:
        return None
    return {
        "coming": [_in_short(event) for event in coming[:COMING_EVENTS]],
        "past": [_in_short(event) for event in reversed(past[-LAST_EVENTS:])],
        "address": reverse("events", args=[theme.slug]),
        "line": f"Eerstvolgend: {_in_short(coming[0]).when}" if coming else "Wat er was, en wat bijbleef",
    }


def _join(theme: Theme, viewer: Viewer) -> Shown | None:
    return {"line": "Deel een praktijk of schrijf ons"}


def _contact(theme: Theme, viewer: Viewer) -> Shown | None:
    """The form reaches somebody, with or without names."""
    people = list(ContactPerson.objects.visible_to(viewer).filter(theme=theme))
    return {
        "people": people,
        "address": reverse("theme_contact", args=[theme.slug]),
        "line": f"Stuur {people[0].name} een bericht" if len(people) == 1 else "Stuur ons een bericht",
    }


register(SectionKind.TIPS, _tips)
register(SectionKind.AGREEMENTS, _agreements)
register(SectionKind.BROADCASTS, _broadcasts)
register(SectionKind.DOCUMENTS, _documents)
register(SectionKind.EVENTS, _events)
register(SectionKind.JOIN, _join)
register(SectionKind.CONTACT, _contact)
