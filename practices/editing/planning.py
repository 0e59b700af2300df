"""Publishes what editors planned, when its moment has come."""

from __future__ import annotations

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from practices.dossiers import TransitionRefused, advance
from practices.models import Dossier
from practices.workflow import Actor, State, Verb

from .notes import add_note
from .problems import sentences

logger = logging.getLogger(__name__)


def publish_due(now: datetime) -> int:
    """Publish each dossier whose planned moment has passed; returns how many.

    What the catalogue refuses stays with the editors, without its plan, and a note says why. Run twice, the
    second time finds nothing to do.
    """
    due = Dossier.objects.unrestricted().filter(state=State.IN_REVIEW, planned_for__lte=now)
    return sum(_publish(pk) for pk in due.order_by("planned_for", "pk").values_list("pk", flat=True))


def _publish(pk: int) -> bool:
    with transaction.atomic():
        rows = Dossier.objects.unrestricted().select_for_update(of=("self",))
        dossier = rows.filter(pk=pk, state=State.IN_REVIEW, planned_for__lte=timezone.now()).first()
        if dossier is None:
            return False
        try:
            # A savepoint of its own: what it wrote before it failed is undone, the note stays.
            with transaction.atomic():
                advance(dossier, Verb.PUBLISH, Actor.SYSTEM, seen_step=dossier.step_count)
        except (TransitionRefused, ValidationError) as error:
            reasons = sentences(error) if isinstance(error, ValidationError) else [str(error)]
            dossier.planned_for = None
            dossier.save(update_fields=["planned_for"])
            text = f"De geplande publicatie lukte niet. {' '.join(reasons)}"
            add_note(dossier, "het portaal", text[:1_000], makes_room=True)
            logger.warning("the planned publication of dossier %s was refused", pk)
            return False
    return True
