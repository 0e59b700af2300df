"""The life of a request for membership, as one table: which state leads where, by which step of whom. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from .models import RequestState


class Actor(StrEnum):
    """Who takes a step: who asked, by private link, or who answers for the group."""

    ASKER = "asker"
    FACILITATOR = "facilitator"


class Verb(StrEnum):
    """A step; the values stand in forms."""

    CONFIRM = "bevestigen"
    ANSWER = "antwoorden"
    WITHDRAW = "intrekken"
    ACCEPT = "aanvaarden"
    ASK = "vragen"
    REFUSE = "weigeren"


class Move(NamedTuple):
    """Where a step leads, and whose step it is."""

    target: RequestState
    actor: Actor


_BY_ASKER = {
    (RequestState.UNCONFIRMED, Verb.CONFIRM): RequestState.PENDING,
    (RequestState.UNCONFIRMED, Verb.WITHDRAW): RequestState.WITHDRAWN,
    (RequestState.PENDING, Verb.WITHDRAW): RequestState.WITHDRAWN,
    (RequestState.ASKED, Verb.ANSWER): RequestState.PENDING,
    (RequestState.ASKED, Verb.WITHDRAW): RequestState.WITHDRAWN,
}
_BY_FACILITATOR = {
    (RequestState.PENDING, Verb.ACCEPT): RequestState.ACCEPTED,
    (RequestState.PENDING, Verb.ASK): RequestState.ASKED,
    (RequestState.PENDING, Verb.REFUSE): RequestState.REFUSED,
    (RequestState.ASKED, Verb.ACCEPT): RequestState.ACCEPTED,
    (RequestState.ASKED, Verb.REFUSE): RequestState.REFUSED,
}
MOVES: Mapping[tuple[RequestState, Verb], Move] = {
    **{key: Move(target, Actor.ASKER) for key, target in _BY_ASKER.items()},
    **{key: Move(target, Actor.FACILITATOR) for key, target in _BY_FACILITATOR.items()},
}
# Where each verb leads, from wherever it is taken.
TARGETS: Mapping[Verb, RequestState] = {verb: move.target for (_state, verb), move in MOVES.items()}
# What the other side reads with it.
NEEDS_TEXT = frozenset({Verb.ANSWER, Verb.ASK, Verb.REFUSE})
# Nothing leads away from these.
DECIDED = frozenset({RequestState.ACCEPTED, RequestState.REFUSED, RequestState.WITHDRAWN})


def move(state: str, verb: Verb, actor: Actor) -> Move | None:
    """What this step does in this state; None when this actor cannot take it."""
    found = MOVES.get((RequestState(state), verb))
    return found if found is not None and found.actor is actor else None


def verbs(state: str, actor: Actor) -> list[Verb]:
    """The steps that this actor can take in this state."""
    return [verb for verb in Verb if move(state, verb, actor)]
