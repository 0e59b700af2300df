"""What happens to a request for membership: each step in one transaction, once, with a row of history.

The asker acts by a private link, facilitators (and staff who manage the network) with their account. Which step is
possible stands in `request_flow.py`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from expoo_portal.letters import send_letter
from practices.models import FacetValue

from . import private_links
from .joining import AccountClosed, Newcomer, Place, is_member, let_in, membership_of
from .letters import BELONGS_GUARD, address_of, tell_facilitators
from .models import Group, MembershipRequest, RequestState, RequestStep
from .request_flow import DECIDED, NEEDS_TEXT, TARGETS, Actor, Verb, move

PURPOSE = "network-request"
# How long a request waits until its sender confirms the address; then it is deleted.
CONFIRM_WITHIN = timedelta(days=30)
# Within how many working days a request is answered.
ANSWER_WITHIN = 5
# The same form sent again within this time is a double click and brings no second mail.
_DOUBLE_CLICK = timedelta(minutes=1)
_SAME_FORM_SECONDS = 24 * 3600
# The facet whose values say what kind of work somebody does.
WORK_FACET = "type-organisatie"


class StepRefused(Exception):
    """This cannot be done now; the message is a Dutch sentence for whoever tried."""


@dataclass(frozen=True)
class Asked:
    """What somebody filled in."""

    name: str
    email: str
    organisation: str
    type_of_work: FacetValue | None
    municipality: str
    why: str
    rules_version: int


# Asking -------------------------------------------------------------------------------------------------------


def submit(group: Group, start_key: uuid.UUID, asked: Asked) -> None:
    """Keep a request until its sender confirms the address, and mail the link for that.

    Somebody who is a member already gets a mail that says so, and nothing is kept: the page says the same to all. The
    same form sent again (a double click, a corrected address) changes that request as long as it is not confirmed.
    """
    with transaction.atomic():
        if is_member(group, asked.email):
            _tell_member(group, start_key, asked.email)
            return
        typed = {field.name: getattr(asked, field.name) for field in fields(asked)}
        rows = MembershipRequest.objects.unrestricted().select_for_update(of=("self",))
        request, is_new = rows.get_or_create(start_key=start_key, defaults={"group": group, **typed})
        if is_new:
            RequestStep.objects.create(request=request, to_state=RequestState.UNCONFIRMED)
        elif request.state != RequestState.UNCONFIRMED or request.group_id != group.pk:
            return
        else:
            is_same = all(getattr(request, name) == value for name, value in typed.items())
            if is_same and request.created > timezone.now() - _DOUBLE_CLICK:
                return
            for name, value in typed.items():
                setattr(request, name, value)
            request.save()
        # Without a name: as long as the address may be a stranger's, nothing that was typed goes along.
        context = {"group": group, "link": link_of(request), "days": CONFIRM_WITHIN.days}
        send_letter(request.email, "network-confirm", context, is_secret=True)


def _tell_member(group: Group, start_key: uuid.UUID, email: str) -> None:
    # In the database, so in this transaction: a second request waits for the first, and then finds the key.
    if cache.add(f"network-member:{start_key}:{email}", 1, _SAME_FORM_SECONDS):
        context = {"group": group, "link": address_of("group", group.slug)}
        own = membership_of(group, email)
        guard = f"{BELONGS_GUARD}:{own.pk}" if own else ""
        send_letter(email, "network-already-member", context, guard=guard)


def link_of(request: MembershipRequest) -> str:
    """The private page of a request, for a mail."""
    return private_links.link_to("membership_request", PURPOSE, request)


def find(token: str) -> MembershipRequest | None:
    """The request of this private link; None for anything else."""
    key = private_links.key_of(token)
    request = MembershipRequest.objects.unrestricted().filter(uuid=key).first() if key else None
    return request if request and private_links.is_token(token, PURPOSE, request) else None


def is_expired(request: MembershipRequest) -> bool:
    """Whether its sender waited too long to confirm it."""
    return request.state == RequestState.UNCONFIRMED and request.created <= timezone.now() - CONFIRM_WITHIN


# Steps of who asked -------------------------------------------------------------------------------------------


def confirm(request: MembershipRequest) -> None:
    """Take the address as the sender's own and put the request in the queue, once; an earlier one makes place for it.

    Raises StepRefused when it waited too long.
    """
    with transaction.atomic():
        group = _serialised(request)
        locked, is_done = _begin(request, Verb.CONFIRM, Actor.ASKER)
        if is_done:
            return
        if is_expired(locked):
            raise StepRefused("Je wachtte te lang met bevestigen. Vul het formulier opnieuw in.")
        open_states = (RequestState.PENDING, RequestState.ASKED)
        rows = MembershipRequest.objects.unrestricted().select_for_update(of=("self",))
        for earlier in rows.filter(group=group, email=locked.email, state__in=open_states):
            _end(earlier, Verb.WITHDRAW, None)
        now = timezone.now()
        locked.confirmed_at = locked.waiting_since = now
        _end(locked, Verb.CONFIRM, None)
        context = {"group": group, "name": locked.name, "link": link_of(locked), "days": ANSWER_WITHIN}
        send_letter(locked.email, "network-received", context, is_secret=True)
        tell_facilitators(group, "network-new-request", _about(locked))


def answer(request: MembershipRequest, text: str) -> None:
    """Answer the facilitators' question, once; the request waits for them again. Raises StepRefused."""
    with transaction.atomic():
        locked, is_done = _begin(request, Verb.ANSWER, Actor.ASKER, text)
        if is_done and locked.answer == text.strip():
            return
        if is_done:
            raise StepRefused("Je antwoordde al op deze vraag.")
        locked.answer = text.strip()
        locked.waiting_since = timezone.now()
        _end(locked, Verb.ANSWER, None)
        tell_facilitators(group_of(locked), "network-answered", _about(locked))


def withdraw(request: MembershipRequest) -> None:
    """Take a request back, once. Raises StepRefused when it was decided on meanwhile."""
    with transaction.atomic():
        locked, is_done = _begin(request, Verb.WITHDRAW, Actor.ASKER)
        if not is_done:
            _end(locked, Verb.WITHDRAW, None)


# Steps of the facilitators ------------------------------------------------------------------------------------


def accept(request: MembershipRequest, by: Any) -> None:
    """Let somebody in, once: account, membership, profile and a welcome. Raises StepRefused."""
    with transaction.atomic():
        locked, is_done = _begin(request, Verb.ACCEPT, Actor.FACILITATOR)
        if is_done:
            return
        group = group_of(locked)
        profile = {name: getattr(locked, name) for name in ("organisation", "type_of_work", "municipality")}
        try:
            membership = let_in(
                Newcomer(locked.email, locked.name, profile), Place(group, locked.rules_version)
            )
        except AccountClosed:
            raise StepRefused(
                "Dit e-mailadres hoort bij een account dat het EXPOO-team sloot. Vraag het team om raad."
            ) from None
        locked.membership = membership
        _end(locked, Verb.ACCEPT, by)
        guard = f"{BELONGS_GUARD}:{membership.pk}"
        send_letter(locked.email, "network-welcome", welcome(group, locked.name), guard=guard)


def ask(request: MembershipRequest, by: Any, text: str) -> None:
    """Ask the asker something, once. Raises StepRefused."""
    _write_to_asker(request, Verb.ASK, by, text, "network-question")


def refuse(request: MembershipRequest, by: Any, text: str) -> None:
    """Do not let somebody in, and say why, once. Raises StepRefused."""
    _write_to_asker(request, Verb.REFUSE, by, text, "network-refusal")


def _write_to_asker(request: MembershipRequest, verb: Verb, by: Any, text: str, letter: str) -> None:
    with transaction.atomic():
        locked, is_done = _begin(request, verb, Actor.FACILITATOR, text)
        if is_done and locked.message == text.strip():
            return
        if is_done:
            raise StepRefused("Intussen schreef iemand anders al. Lees eerst wat er staat.")
        locked.message = text.strip()
        if verb is Verb.ASK:
            locked.answer, locked.waiting_since = "", None
        _end(locked, verb, by)
        context = {"group": group_of(locked), "name": locked.name, "message": locked.message}
        send_letter(locked.email, letter, context | {"link": link_of(locked)}, is_secret=True)


def welcome(group: Group, name: str, *, is_guest: bool = False) -> dict[str, Any]:
    """What the welcome letter says: the way in, and two first steps."""
    return {
        "group": group,
        "name": name,
        "is_guest": is_guest,
        "link": address_of("my_membership", group.slug),
        "profile_link": address_of("my_profile"),
        "threads_link": address_of("threads", group.slug),
    }


# One step -----------------------------------------------------------------------------------------------------


def _begin(
    request: MembershipRequest, verb: Verb, actor: Actor, text: str | None = None
) -> tuple[MembershipRequest, bool]:
    """Lock the request for a step; True when it is there already, so that a double click does nothing more.

    Raises StepRefused when the step leads nowhere from here.
    """
    if verb in NEEDS_TEXT and not (text or "").strip():
        raise StepRefused("Schrijf er iets bij: de ander leest het.")
    rows = MembershipRequest.objects.unrestricted().select_for_update(of=("self",))
    locked = rows.get(pk=request.pk)
    if move(locked.state, verb, actor) is not None:
        return locked, False
    if locked.state == TARGETS[verb] or (verb is Verb.CONFIRM and locked.state != RequestState.WITHDRAWN):
        return locked, True
    raise StepRefused(f"Dat kan nu niet meer: de aanvraag is ‘{locked.get_state_display().lower()}’.")


def _end(locked: MembershipRequest, verb: Verb, by: Any) -> None:
    """Bring a locked request where a step leads, with its row of history."""
    before, locked.state = locked.state, TARGETS[verb]
    if locked.state in DECIDED:
        locked.decided_at = timezone.now()
        locked.waiting_since = None
    locked.save()
    RequestStep.objects.create(request=locked, by=by, from_state=before, to_state=locked.state)


def group_of(request: MembershipRequest) -> Group:
    """The group of a request, for whoever holds it or may answer it."""
    return Group.objects.unrestricted().get(pk=request.group_id)


def _serialised(request: MembershipRequest) -> Group:
    """The group, held until the end of the transaction: two requests of one person are confirmed one by one."""
    return Group.objects.unrestricted().select_for_update(no_key=True).get(pk=request.group_id)


def _about(request: MembershipRequest) -> dict[str, Any]:
    return {"asker": request.name, "organisation": request.organisation, "days": ANSWER_WITHIN}
