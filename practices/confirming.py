"""Keeps published practices true: asks their contacts whether they still are, reminds them once, takes the answer.

A question is a mail with one link. Looking at the page behind it changes nothing: mail scanners follow links too.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from expoo_portal.letters import send_letter
from expoo_portal.visibility import PublicationState

from .dossiers import TransitionRefused, advance
from .models import Answer, ConfirmationRequest, Dossier, Practice
from .private_links import is_signature, sign
from .workflow import Actor, State, Verb

REMIND_AFTER = timedelta(weeks=3)
# How long a change that was begun may lie before the portal asks on.
LEFT_LYING_AFTER = timedelta(days=30)
# Who asks for a new link twice in a row gets one mail.
ASKED_JUST_NOW = timedelta(minutes=10)
# Mails of one run of the job; what is left over waits a day.
BATCH = 500
_UUID_LENGTH = 32
_VERBS = {Answer.TRUE: Verb.CONFIRM, Answer.CHANGE: Verb.AMEND, Answer.GONE: Verb.STOP}

logger = logging.getLogger(__name__)


class Standing(Enum):
    """Whether a question still takes an answer, and if not, why."""

    OPEN = "open"
    ANSWERED = "answered"
    # A newer question took its place.
    REPLACED = "replaced"
    # Something else answered it: an editor who called, or the sender on the private page.
    OVER = "over"
    EXPIRED = "expired"


# Links -------------------------------------------------------------------------------------------------------


def token_of(request: ConfirmationRequest) -> str:
    """What stands in the address of a question."""
    return request.uuid.hex + sign("confirm", request.uuid, request.dossier.link_number)


def find(token: str) -> ConfirmationRequest | None:
    """The question of this token, with its dossier; None for anything else."""
    try:
        key = uuid.UUID(hex=token[:_UUID_LENGTH])
    except ValueError:
        return None
    rows = ConfirmationRequest.objects.unrestricted().select_related("dossier")
    request = rows.filter(uuid=key).first()
    if request is None or token[:_UUID_LENGTH] != key.hex:
        return None
    signature = token[_UUID_LENGTH:]
    return request if is_signature(signature, "confirm", key, request.dossier.link_number) else None


def standing(request: ConfirmationRequest, dossier: Dossier, now: datetime) -> Standing:
    """Whether this question of this dossier takes an answer now."""
    if request.answer:
        return Standing.ANSWERED
    if dossier.state != State.DUE:
        return Standing.OVER
    if request.closed_at:
        return Standing.REPLACED
    return Standing.OPEN if request.is_open(now) else Standing.EXPIRED


# Asking ------------------------------------------------------------------------------------------------------


def ask(dossier: Dossier) -> ConfirmationRequest:
    """Ask the contact of a practice that fell due, in place of an earlier question; TransitionRefused otherwise."""
    with transaction.atomic():
        locked = _locked(dossier)
        if locked.state != State.DUE:
            raise TransitionRefused("Deze praktijk hoeft nu niet bevestigd te worden.")
        now = timezone.now()
        earlier = ConfirmationRequest.objects.unrestricted().filter(dossier=locked)
        earlier.filter(closed_at=None).update(closed_at=now)
        last = earlier.aggregate(last=Max("number"))["last"] or 0
        request = ConfirmationRequest.objects.create(
            dossier=locked,
            number=last + 1,
            sent_at=now,
            expires_at=now + timedelta(days=settings.CONFIRMATION_LINK_DAYS),
        )
        _send(request, "confirm")
        return request


def remind(request: ConfirmationRequest) -> None:
    """Send the question once more, with the same link."""
    request.reminded_at = timezone.now()
    request.save(update_fields=["reminded_at"])
    _send(request, "reminder")


def renew(request: ConfirmationRequest) -> None:
    """Mail a new link to whoever holds one that expired; TransitionRefused when there is nothing to confirm."""
    with transaction.atomic():
        dossier = _locked(request.dossier)
        rows = ConfirmationRequest.objects.unrestricted().filter(dossier=dossier)
        if not rows.filter(closed_at=None, sent_at__gt=timezone.now() - ASKED_JUST_NOW).exists():
            ask(dossier)


def _locked(dossier: Dossier) -> Dossier:
    """The dossier as it stands now, held until the end of the transaction."""
    return Dossier.objects.unrestricted().select_for_update(of=("self",)).get(pk=dossier.pk)


def _send(request: ConfirmationRequest, name: str) -> None:
    dossier = request.dossier
    context: dict[str, Any] = {
        "name": dossier.sender_name,
        "practice": dossier.practice,
        "link": f"{settings.SITE_URL}{reverse('confirm_practice', args=[token_of(request)])}",
        "expires": timezone.localdate(request.expires_at),
    }
    send_letter(dossier.email, f"practices/{name}", context, is_secret=True)


# Answering ---------------------------------------------------------------------------------------------------


def answer(request: ConfirmationRequest, given: Answer, note: str = "") -> Dossier:
    """Take the one answer to this question and do what it says; TransitionRefused when it takes none any more."""
    with transaction.atomic():
        # In this order everywhere: the dossier first.
        dossier = _locked(request.dossier)
        rows = ConfirmationRequest.objects.unrestricted()
        asked = rows.select_for_update(of=("self",)).get(pk=request.pk)
        now = timezone.now()
        if standing(asked, dossier, now) is not Standing.OPEN:
            raise TransitionRefused("Deze vraag is al beantwoord of verlopen.")
        asked.answer, asked.answered_at, asked.closed_at = given, now, now
        asked.save(update_fields=["answer", "answered_at", "closed_at"])
        # The mail arrived: that proves the address.
        Dossier.objects.unrestricted().filter(pk=dossier.pk, email_confirmed_at=None).update(
            email_confirmed_at=now
        )
        return advance(dossier, _VERBS[given], Actor.SENDER, note=note)


# Jobs --------------------------------------------------------------------------------------------------------


def ask_whom_it_is_time_for() -> int:
    """Ask the contact of each practice whose time has come; return how many were asked.

    These are published ones past their date, ones that an editor or an import brought here, and changes that were
    begun and left lying. What a person does meanwhile goes first.
    """
    asked = 0
    for pk in list(_to_ask().values_list("pk", flat=True)[:BATCH]):
        try:
            with transaction.atomic():
                dossier = _to_ask().select_for_update(of=("self",)).filter(pk=pk).first()
                if dossier is None:
                    continue
                if dossier.state == State.PUBLISHED:
                    dossier = advance(dossier, Verb.FALL_DUE, Actor.SYSTEM)
                elif dossier.state == State.CONCEPT:
                    dossier = advance(dossier, Verb.LEAVE_LYING, Actor.SYSTEM)
                ask(dossier)
                asked += 1
        except ValueError:
            # One address that no mail can go to must not keep the others waiting.
            logger.exception("dossier %s cannot be asked", pk)
    return asked


def _to_ask() -> Any:
    """The dossiers whose contact is to be asked now."""
    now = timezone.now()
    past = Q(ask_after__lte=timezone.localdate(now))
    rows = ConfirmationRequest.objects.unrestricted()
    # Who just answered "ik pas aan" and then kept the text is not asked again the next day.
    recently = Q(pk__in=rows.filter(sent_at__gt=now - REMIND_AFTER).values("dossier"))
    is_asked = Q(pk__in=rows.filter(closed_at=None).values("dossier"))
    left_lying = Q(state=State.CONCEPT, updated__lt=now - LEFT_LYING_AFTER)
    return (
        Dossier.objects.unrestricted()
        .filter(
            Q(state=State.PUBLISHED) & past & ~recently | Q(state=State.DUE) & ~is_asked | left_lying & past
        )
        .filter(practice__in=_going_on())
        .order_by("ask_after", "pk")
    )


def _going_on() -> Any:
    """The practices that are worth a question: on the site, and not stopped."""
    return Practice.objects.unrestricted().filter(state=PublicationState.PUBLISHED, archived_on=None)


def remind_who_did_not_answer() -> int:
    """Remind everybody whose answer is three weeks late, once; return how many."""
    reminded = 0
    for pk in list(_to_remind().values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            request = _to_remind().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if request:
                remind(request)
                reminded += 1
    return reminded


def _to_remind() -> Any:
    now = timezone.now()
    due = Dossier.objects.unrestricted().filter(state=State.DUE, practice__in=_going_on())
    return (
        ConfirmationRequest.objects.unrestricted()
        .filter(closed_at=None, reminded_at=None, sent_at__lte=now - REMIND_AFTER, expires_at__gt=now)
        .filter(dossier__in=due)
        .order_by("sent_at")
    )


def unanswered() -> Any:
    """The questions that are open three weeks after their reminder: the editors take over."""
    late = timezone.now() - REMIND_AFTER
    return ConfirmationRequest.objects.unrestricted().filter(closed_at=None, reminded_at__lte=late)
