"""Brings a dossier from one state to the next: the one way to do so.

Each transition is one transaction: the row is locked, the machine (`workflow.py`) and the actor's right are asked,
the step is written, and what follows from it (the catalogue, mails) is done or undone with it. The database
refuses a state without its step and a step that the machine does not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from expoo_portal.letters import send_letter

from . import applying
from .content import missing
from .models import ConfirmationRequest, Dossier, DossierStep, Facet, Practice
from .private_links import link_to
from .status import months_before
from .workflow import Actor, State, Verb, find, fits

EDITOR_RIGHT = "practices.change_dossier"


class TransitionRefused(Exception):
    """This cannot be done now; the message is a Dutch sentence for whoever tried."""


class Stale(TransitionRefused):
    """Somebody else moved the dossier on since the page was opened."""


def advance(
    dossier: Dossier,
    verb: Verb,
    actor: Actor,
    *,
    user: Any = None,
    note: str = "",
    points: Mapping[str, str] | None = None,
    seen_step: int | None = None,
) -> Dossier:
    """Carry out one transition and return the dossier as it stands then.

    `user` is the editor, `points` the checklist points of a question to the sender, `seen_step` the number of steps
    that the actor's page showed. Raises TransitionRefused (Stale) with nothing changed.
    """
    with transaction.atomic():
        locked = Dossier.objects.unrestricted().select_for_update(of=("self",)).get(pk=dossier.pk)
        if seen_step is not None and seen_step != locked.step_count:
            raise Stale(
                f"Intussen is de status veranderd: de praktijk is nu ‘{locked.get_state_display().lower()}’. "
                "Kijk eerst wat er veranderd is."
            )
        transition = find(verb, locked.state)
        if transition is None or not fits(transition, locked.practice_id is not None):
            raise TransitionRefused(
                f"‘{Verb(verb).label}’ kan nu niet: de praktijk is ‘{locked.get_state_display().lower()}’."
            )
        _require_right(actor, user, transition.actors)
        if transition.needs_note and not note.strip():
            raise TransitionRefused("Schrijf erbij waarom: de indiener leest het.")
        now = timezone.now()
        step = DossierStep(
            dossier=locked,
            number=locked.step_count + 1,
            verb=verb,
            from_state=locked.state,
            to_state=transition.target,
            actor=actor,
            user=user if actor is Actor.EDITOR else None,
            at=now,
            note=note.strip(),
            points=dict(points or {}),
        )
        _prepare(locked, verb, user, now)
        if locked.state == State.DUE:
            # Whatever is done with it takes the question away: the next round asks anew.
            questions = ConfirmationRequest.objects.unrestricted()
            questions.filter(dossier=locked, closed_at=None).update(closed_at=now)
        locked.state = transition.target
        locked.step_count = step.number
        if locked.state != State.IN_REVIEW:
            locked.planned_for = None
        step.save()
        locked.save()
        _tell(locked, step)
        return locked


def _require_right(actor: Actor, user: Any, allowed: frozenset[Actor]) -> None:
    """Whether this kind of actor may, and an editor is one. The holder of a link was found by that link."""
    is_editor = user is not None and user.is_active and user.is_staff and user.has_perm(EDITOR_RIGHT)
    if actor not in allowed or (actor is Actor.EDITOR) != bool(is_editor):
        raise TransitionRefused("Dat mag jij hier niet doen.")


def _prepare(dossier: Dossier, verb: Verb, user: Any, now: datetime) -> None:
    """What a transition asks of the dossier and changes in it, before it moves."""
    match verb:
        case Verb.SUBMIT:
            labels = dict(Facet.objects.values_list("slug", "label"))
            if problems := missing(dossier.content, labels):
                raise TransitionRefused(" ".join(problems.values()))
            if dossier.email_confirmed_at is None:
                raise TransitionRefused("Bevestig eerst je e-mailadres: de link staat in de mail.")
            dossier.submitted_at = now
            dossier.submit_when_confirmed = False
            dossier.checklist = []
        case Verb.WITHDRAW:
            dossier.assigned_to = None
        case Verb.TAKE_UP | Verb.RESUME:
            dossier.assigned_to = user
        case Verb.PUT_BACK:
            dossier.assigned_to = None
        case Verb.PUBLISH:
            applying.publish(dossier, user or dossier.assigned_to, now)
            dossier.ask_after = review_due(timezone.localdate(now))
            dossier.editor_note = ""
        case Verb.AMEND:
            if not dossier.content:
                dossier.content = applying.content_of(_practice_of(dossier))
        case Verb.KEEP:
            applying.forget_content(dossier)
        case Verb.CONFIRM:
            practice = _practice_of(dossier)
            practice.confirmed_on = timezone.localdate(now)
            practice.save(update_fields=["confirmed_on", "updated"])
            dossier.ask_after = review_due(timezone.localdate(now))
        case Verb.STOP:
            practice = _practice_of(dossier)
            practice.archived_on = timezone.localdate(now)
            practice.save(update_fields=["archived_on", "updated"])
            dossier.ask_after = None
        case Verb.REVIVE:
            practice = _practice_of(dossier)
            practice.archived_on = None
            practice.save(update_fields=["archived_on", "updated"])
            dossier.ask_after = review_due(timezone.localdate(now))


def _practice_of(dossier: Dossier) -> Practice:
    """The practice in the catalogue, whatever its publication; TransitionRefused when there is none."""
    if dossier.practice is None:
        raise TransitionRefused("Deze praktijk staat niet in de catalogus.")
    return dossier.practice


def review_due(start: date) -> date:
    """When the contact is asked again whether a practice is still true."""
    return months_before(start, -settings.PRACTICE_REVIEW_MONTHS)


# Which letter the sender gets after a step; each is a template under templates/mail/practices/.
LETTERS = {
    Verb.SUBMIT: "received",
    Verb.ASK: "supplement",
    Verb.PUBLISH: "published",
    Verb.DECLINE: "declined",
    Verb.STOP: "stopped",
}


def _tell(dossier: Dossier, step: DossierStep) -> None:
    """Write the letter that belongs to this step, if there is one."""
    if name := LETTERS.get(Verb(step.verb)):
        send_letter(
            dossier.email,
            f"practices/{name}",
            letter_context(dossier) | {"step": step, "points": list(step.points.values())},
            is_secret=True,
        )


def letter_context(dossier: Dossier) -> dict[str, Any]:
    """What each letter about a dossier needs."""
    practice = dossier.practice
    return {
        "name": dossier.sender_name,
        "title": dossier.title,
        "link": link_to(dossier),
        "address": f"{settings.SITE_URL}{practice.get_absolute_url()}" if practice else "",
    }
