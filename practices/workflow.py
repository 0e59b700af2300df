"""The life of a practice: its states, and who may bring it from one to the next (domain.md 2.4).

The one place where the state machine stands. The database holds the same pairs (`guard_dossiers` in the
migrations); `practices/dossiers.py` carries transitions out.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class State(models.TextChoices):
    """Where a shared practice stands, as its sender sees it."""

    CONCEPT = "concept", "Concept"
    SUBMITTED = "ingediend", "Ingediend"
    IN_REVIEW = "in-redactie", "In redactie"
    SUPPLEMENT = "aanvulling-gevraagd", "Aanvulling gevraagd"
    PUBLISHED = "gepubliceerd", "Gepubliceerd"
    DUE = "te-bevestigen", "Te bevestigen"
    ARCHIVED = "gearchiveerd", "Gearchiveerd"


class Actor(models.TextChoices):
    """Who acts: the holder of the private link, an editor, or the portal itself."""

    SENDER = "indiener", "Indiener"
    EDITOR = "redactie", "Redactie"
    SYSTEM = "portaal", "Portaal"


class Verb(models.TextChoices):
    """What is done; the label is what a button says."""

    SUBMIT = "indienen", "Dien in"
    WITHDRAW = "terugnemen", "Neem terug"
    TAKE_UP = "behandelen", "Neem in behandeling"
    PUT_BACK = "teruggeven", "Geef terug aan de wachtrij"
    ASK = "aanvulling-vragen", "Vraag aanvulling"
    RESUME = "hervatten", "Werk zelf verder"
    PUBLISH = "publiceren", "Publiceer"
    DECLINE = "niet-opnemen", "Neem niet op"
    FALL_DUE = "verlopen", "Vraag bevestiging"
    CONFIRM = "bevestigen", "Klopt nog"
    AMEND = "aanpassen", "Pas aan"
    KEEP = "behouden", "Laat de gepubliceerde tekst staan"
    LEAVE_LYING = "laten-liggen", "Aanpassing bleef liggen"
    STOP = "stoppen", "Bestaat niet meer"
    REOPEN = "heropenen", "Heropen"
    REVIVE = "herleven", "Bestaat weer"


class Needs(models.TextChoices):
    """Whether a transition is for a practice that is in the catalogue, or for one that is not yet."""

    NOTHING = "", "maakt niet uit"
    PRACTICE = "praktijk", "staat in de catalogus"
    NO_PRACTICE = "geen-praktijk", "staat nog niet in de catalogus"


@dataclass(frozen=True)
class Transition:
    """One step that the machine allows."""

    verb: Verb
    source: State
    target: State
    actors: frozenset[Actor]
    needs: Needs = Needs.NOTHING
    needs_note: bool = False


_SENDER, _EDITOR, _SYSTEM = Actor.SENDER, Actor.EDITOR, Actor.SYSTEM


def _step(
    verb: Verb,
    source: State,
    target: State,
    *actors: Actor,
    needs: Needs = Needs.NOTHING,
    needs_note: bool = False,
) -> Transition:
    return Transition(verb, source, target, frozenset(actors), needs, needs_note)


TRANSITIONS: tuple[Transition, ...] = (
    _step(Verb.SUBMIT, State.CONCEPT, State.SUBMITTED, _SENDER),
    _step(Verb.SUBMIT, State.SUPPLEMENT, State.SUBMITTED, _SENDER),
    _step(Verb.WITHDRAW, State.SUBMITTED, State.CONCEPT, _SENDER),
    _step(Verb.TAKE_UP, State.SUBMITTED, State.IN_REVIEW, _EDITOR),
    _step(Verb.PUT_BACK, State.IN_REVIEW, State.SUBMITTED, _EDITOR),
    _step(Verb.ASK, State.IN_REVIEW, State.SUPPLEMENT, _EDITOR),
    _step(Verb.RESUME, State.SUPPLEMENT, State.IN_REVIEW, _EDITOR),
    # The portal publishes what an editor planned.
    _step(Verb.PUBLISH, State.IN_REVIEW, State.PUBLISHED, _EDITOR, _SYSTEM),
    _step(Verb.DECLINE, State.IN_REVIEW, State.ARCHIVED, _EDITOR, needs=Needs.NO_PRACTICE, needs_note=True),
    _step(Verb.FALL_DUE, State.PUBLISHED, State.DUE, _EDITOR, _SYSTEM),
    _step(Verb.CONFIRM, State.DUE, State.PUBLISHED, _SENDER, _EDITOR),
    # A change begins as a draft beside the published text, which stays until the change is published.
    _step(Verb.AMEND, State.PUBLISHED, State.CONCEPT, _SENDER),
    _step(Verb.AMEND, State.DUE, State.CONCEPT, _SENDER),
    _step(Verb.KEEP, State.CONCEPT, State.PUBLISHED, _SENDER, needs=Needs.PRACTICE),
    _step(Verb.KEEP, State.IN_REVIEW, State.PUBLISHED, _EDITOR, needs=Needs.PRACTICE, needs_note=True),
    _step(Verb.LEAVE_LYING, State.CONCEPT, State.DUE, _SYSTEM, needs=Needs.PRACTICE),
    _step(Verb.STOP, State.PUBLISHED, State.ARCHIVED, _SENDER, _EDITOR),
    _step(Verb.STOP, State.DUE, State.ARCHIVED, _SENDER, _EDITOR),
    _step(Verb.REOPEN, State.ARCHIVED, State.IN_REVIEW, _EDITOR, needs=Needs.NO_PRACTICE),
    _step(Verb.REVIVE, State.ARCHIVED, State.PUBLISHED, _EDITOR, needs=Needs.PRACTICE),
)

_BY_VERB: dict[tuple[str, str], Transition] = {
    (transition.verb, transition.source): transition for transition in TRANSITIONS
}
# States in which the holder of the private link can change what was typed.
SENDER_WRITES = frozenset({State.CONCEPT, State.SUPPLEMENT})
# States in which the editors have work.
QUEUE = frozenset({State.SUBMITTED, State.IN_REVIEW})


def find(verb: str, source: str) -> Transition | None:
    """The transition by this verb from this state; None when the machine has none."""
    return _BY_VERB.get((verb, source))


def possible(source: str, actor: Actor, *, has_practice: bool) -> list[Transition]:
    """What this actor can do now, in the order of the table."""
    return [
        transition
        for transition in TRANSITIONS
        if transition.source == source and actor in transition.actors and fits(transition, has_practice)
    ]


def fits(transition: Transition, has_practice: bool) -> bool:
    """Whether the transition is for a practice that is (or is not yet) in the catalogue."""
    if transition.needs == Needs.PRACTICE:
        return has_practice
    return not (transition.needs == Needs.NO_PRACTICE and has_practice)
