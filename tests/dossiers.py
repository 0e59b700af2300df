"""Dossiers in every state, brought there by the steps that lead to it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import Group as StaffGroup
from django.utils import timezone

from practices.dossiers import advance
from practices.models import Dossier, Facet
from practices.workflow import Actor, State, Verb
from tests import factories

_TO: dict[State, tuple[tuple[Verb, Actor], ...]] = {
    State.CONCEPT: (),
    State.SUBMITTED: ((Verb.SUBMIT, Actor.SENDER),),
    State.IN_REVIEW: ((Verb.SUBMIT, Actor.SENDER), (Verb.TAKE_UP, Actor.EDITOR)),
    State.SUPPLEMENT: (
        (Verb.SUBMIT, Actor.SENDER),
        (Verb.TAKE_UP, Actor.EDITOR),
        (Verb.ASK, Actor.EDITOR),
    ),
    State.PUBLISHED: (
        (Verb.SUBMIT, Actor.SENDER),
        (Verb.TAKE_UP, Actor.EDITOR),
        (Verb.PUBLISH, Actor.EDITOR),
    ),
    State.DUE: (
        (Verb.SUBMIT, Actor.SENDER),
        (Verb.TAKE_UP, Actor.EDITOR),
        (Verb.PUBLISH, Actor.EDITOR),
        (Verb.FALL_DUE, Actor.SYSTEM),
    ),
    State.ARCHIVED: (
        (Verb.SUBMIT, Actor.SENDER),
        (Verb.TAKE_UP, Actor.EDITOR),
        (Verb.PUBLISH, Actor.EDITOR),
        (Verb.STOP, Actor.SENDER),
    ),
}


def content(**more: Any) -> dict[str, Any]:
    """What a sender typed in full: nothing is missing. Facets without a value are answered "weet ik niet"."""
    return {
        "name": "Soep op de stoep",
        "summary": (
            "Op de eerste woensdag van de maand staat er soep op de stoep van het buurthuis. Ouders en kinderen uit "
            "de straat eten mee, helpen mee en leren elkaar zo kennen, ook wie nog nooit binnen was."
        ),
        "special": "De tafel staat buiten: niemand moet een drempel over.",
        "organisation": "Buurthuis Voorbeeld",
        "municipality": "Voorbeeldgem",
        "approach": "<p>Om elf uur zetten we de tafels buiten.</p>",
        "strengths": "<p>Wie voorbijkomt, blijft staan.</p>",
        "challenges": "<p>Bij regen komt er bijna niemand.</p>",
        "based_on": "ervaring",
        "reference_year": 2026,
        "facets": {},
        "unknown": list(Facet.objects.values_list("slug", flat=True)),
        "links": [],
        "contact": {"role": "Onthaal buurthuis", "email": "onthaal@example.org", "phone": ""},
        **more,
    }


def editor_user() -> Any:
    """An editor: staff, in the group that keeps the catalogue."""
    user = factories.user(is_staff=True)
    user.groups.add(StaffGroup.objects.get(name="Redactie"))
    return user


def dossier(state: State = State.CONCEPT, *, editor: Any = None, **fields: Any) -> Dossier:
    """A dossier in this state, complete and with a confirmed e-mail address unless told otherwise."""
    fields.setdefault("email", f"indiener.{uuid.uuid4().hex[:8]}@example.org")
    fields.setdefault("email_confirmed_at", timezone.now())
    fields.setdefault("content", content())
    made = Dossier.objects.create(**fields)
    editor = editor or (editor_user() if _TO[state] else None)
    for verb, actor in _TO[state]:
        made = advance(made, verb, actor, user=editor if actor is Actor.EDITOR else None)
    return made


def amended(state: State = State.IN_REVIEW, *, before: Any = None, **typed: Any) -> Dossier:
    """A practice on the site of which a change is on its way; `before` is called with it once it is published."""
    made = dossier(State.PUBLISHED)
    if before is not None:
        before(made)
    made = advance(made, Verb.AMEND, Actor.SENDER)
    unknown = list(Facet.objects.values_list("slug", flat=True))
    made.content = {**made.content, "unknown": unknown, **typed}
    made.save(update_fields=["content", "updated"])
    for verb, actor in _TO[state]:
        made = advance(made, verb, actor, user=editor_user() if actor is Actor.EDITOR else None)
    return made
