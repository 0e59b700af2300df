"""What an editor reads of a dossier beside its form: its history, what was asked, and its text to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.db.models import Model, QuerySet
from django.utils.text import capfirst

from practices.content import RICH_FIELDS, TEXT_FIELDS, label_of
from practices.models import BasedOn, Dossier, DossierStep, Facet
from practices.workflow import Actor, State, Verb

from .reading import is_readable

_MOST_ENTRIES = 100


class Event(NamedTuple):
    """One line of a dossier's history."""

    at: datetime
    who: str
    what: str
    note: str
    points: list[str]


class Filled(NamedTuple):
    """A filled field, to read; HTML when `is_rich`."""

    label: str
    value: str
    is_rich: bool = False


def log_of(obj: Model) -> QuerySet[LogEntry]:
    """What editors did with this object outside its steps, newest first."""
    found = LogEntry.objects.filter(content_type=get_content_type_for_model(obj), object_id=str(obj.pk))
    return found.select_related("user").order_by("-action_time")


def _steps(dossier: Dossier) -> QuerySet[DossierStep]:
    return DossierStep.objects.unrestricted().filter(dossier=dossier)


def events(dossier: Dossier, log: QuerySet[LogEntry]) -> list[Event]:
    """The steps and what editors did beside them, newest first."""
    found = [
        Event(
            step.at,
            str(step.user or Actor(step.actor).label),
            f"{Verb(step.verb).label}: {step.get_from_state_display().lower()} → "
            f"{step.get_to_state_display().lower()}",
            step.note,
            _numbered(step),
        )
        for step in _steps(dossier).select_related("user")
    ]
    found += [
        Event(entry.action_time, str(entry.user), entry.get_change_message(), "", [])
        for entry in log[:_MOST_ENTRIES]
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _numbered(step: DossierStep) -> list[str]:
    return [f"{number}. {words}" for number, words in step.points.items()]


def busy_since(dossier: Dossier) -> datetime | None:
    """Since when an editor has this in review; None when nobody has."""
    if dossier.state != State.IN_REVIEW or dossier.assigned_to_id is None:
        return None
    taken = _steps(dossier).filter(to_state=State.IN_REVIEW).order_by("-number")
    return taken.values_list("at", flat=True).first()


def asked_points(dossier: Dossier) -> list[str]:
    """What was asked of the sender in this round, to see whether it was answered."""
    if not is_readable(dossier):
        return []
    last = _steps(dossier).filter(verb__in=[Verb.ASK, Verb.PUBLISH, Verb.KEEP]).order_by("-number").first()
    return _numbered(last) if last is not None else []


def unknown_facets(dossier: Dossier, facets: Iterable[Facet]) -> list[str]:
    """The facets that the sender could not answer."""
    slugs = dossier.content.get("unknown") or []
    return [facet.label for facet in facets if facet.slug in slugs]


def filled_fields(content: Mapping[str, Any], facets: Iterable[Facet]) -> list[Filled]:
    """All that was filled in, in the order of the form."""
    rows = [Filled(capfirst(label_of(name)), content.get(name) or "") for name in TEXT_FIELDS]
    for facet in facets:
        chosen = (content.get("facets") or {}).get(facet.slug) or []
        labels = [value.label for value in facet.values.all() if value.slug in chosen]
        rows.append(Filled(facet.label, ", ".join(labels)))
    rows += [Filled(capfirst(label_of(name)), content.get(name) or "", is_rich=True) for name in RICH_FIELDS]
    links = [f"{link.get('title', '')}: {link.get('url', '')}" for link in content.get("links") or []]
    contact = [value for value in (content.get("contact") or {}).values() if value]
    rows += [
        Filled("Links", "\n".join(links)),
        Filled("Contact, alleen voor leden", ", ".join(contact)),
        Filled(
            capfirst(label_of("based_on")), str(dict(BasedOn.choices).get(content.get("based_on") or "", ""))
        ),
        Filled(capfirst(label_of("reference_year")), str(content.get("reference_year") or "")),
    ]
    return [row for row in rows if row.value]
