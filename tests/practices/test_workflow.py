"""The state machine of a shared practice: each step, allowed and forbidden, for each actor, here and in Postgres."""

from __future__ import annotations

import importlib
import itertools
import random
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from practices.dossiers import Stale, TransitionRefused, advance, review_due
from practices.models import Dossier, DossierStep, Practice
from practices.workflow import TRANSITIONS, Actor, State, Verb, possible
from tests import factories
from tests.dossiers import content, dossier, editor_user
from tests.jobs import _nothing_left_behind, forget_committed  # noqa: F401 - transactional tests queue mails
from tests.roles import STAFF, Role, person

# Who may do what, from where to where; written out once more, so that a change of the machine is noticed here.
TABLE = """
indienen            concept              ingediend            indiener
indienen            aanvulling-gevraagd  ingediend            indiener
terugnemen          ingediend            concept              indiener
behandelen          ingediend            in-redactie          redactie
teruggeven          in-redactie          ingediend            redactie
aanvulling-vragen   in-redactie          aanvulling-gevraagd  redactie
hervatten           aanvulling-gevraagd  in-redactie          redactie
publiceren          in-redactie          gepubliceerd         redactie,portaal
niet-opnemen        in-redactie          gearchiveerd         redactie
verlopen            gepubliceerd         te-bevestigen        redactie,portaal
bevestigen          te-bevestigen        gepubliceerd         indiener,redactie
aanpassen           gepubliceerd         concept              indiener
aanpassen           te-bevestigen        concept              indiener
behouden            concept              gepubliceerd         indiener
behouden            in-redactie          gepubliceerd         redactie
laten-liggen        concept              te-bevestigen        portaal
stoppen             gepubliceerd         gearchiveerd         indiener,redactie
stoppen             te-bevestigen        gearchiveerd         indiener,redactie
heropenen           gearchiveerd         in-redactie          redactie
herleven            gearchiveerd         gepubliceerd         redactie
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
ALLOWED = {
    (verb, source, actor): target for verb, source, target, actors in ROWS for actor in actors.split(",")
}
# These are about a practice in the catalogue, these about one that is not there yet.
WITH_PRACTICE = {("behouden", "concept"), ("behouden", "in-redactie"), ("laten-liggen", "concept")}
WITH_PRACTICE |= {("herleven", "gearchiveerd")}
WITHOUT_PRACTICE = {("niet-opnemen", "in-redactie"), ("heropenen", "gearchiveerd")}


def in_state(state: State, *, published: bool) -> Dossier:
    """A dossier in this state, of a practice that is in the catalogue or one that is not."""
    if not published:
        if state == State.ARCHIVED:
            made = dossier(State.IN_REVIEW)
            return advance(
                made, Verb.DECLINE, Actor.EDITOR, user=editor_user(), note="Dit gaat niet over ontmoeting."
            )
        return dossier(state)
    if state in (State.PUBLISHED, State.DUE, State.ARCHIVED):
        return dossier(state)
    made = advance(dossier(State.PUBLISHED), Verb.AMEND, Actor.SENDER)
    for verb, actor in {
        State.CONCEPT: [],
        State.SUBMITTED: [(Verb.SUBMIT, Actor.SENDER)],
        State.IN_REVIEW: [(Verb.SUBMIT, Actor.SENDER), (Verb.TAKE_UP, Actor.EDITOR)],
        State.SUPPLEMENT: [
            (Verb.SUBMIT, Actor.SENDER),
            (Verb.TAKE_UP, Actor.EDITOR),
            (Verb.ASK, Actor.EDITOR),
        ],
    }[state]:
        made = advance(made, verb, actor, user=editor_user() if actor is Actor.EDITOR else None)
    return made


def is_allowed(verb: str, source: str, actor: str, *, published: bool) -> bool:
    if (verb, source, actor) not in ALLOWED:
        return False
    return (verb, source) not in (WITHOUT_PRACTICE if published else WITH_PRACTICE)


def test_the_machine_is_the_one_of_the_table() -> None:
    machine = {
        (str(step.verb), str(step.source), str(actor)): str(step.target)
        for step in TRANSITIONS
        for actor in step.actors
    }
    assert machine == ALLOWED


# A dossier that is published or to be confirmed has its practice in the catalogue: the database sees to that.
CASES = [
    pytest.param(source, published, id=f"{source} {'in de catalogus' if published else 'nieuw'}")
    for source, published in itertools.product(State, [False, True])
    if published or source not in (State.PUBLISHED, State.DUE)
]


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "published"), CASES)
def test_each_step_is_done_or_refused_as_the_table_says(source: State, published: bool) -> None:
    made = in_state(source, published=published)
    editor = editor_user()
    for verb, actor in itertools.product(Verb, Actor):
        before = DossierStep.objects.unrestricted().filter(dossier=made).count()
        with transaction.atomic():
            user = editor if actor is Actor.EDITOR else None
            if is_allowed(verb, source, actor, published=published):
                moved = advance(made, verb, actor, user=user, note="Omdat het zo is.")
                assert moved.state == ALLOWED[verb, source, actor]
                step = DossierStep.objects.unrestricted().filter(dossier=made).last()
                assert step is not None
                assert (step.number, step.from_state, step.to_state) == (before + 1, source, moved.state)
                assert (step.actor, step.user) == (actor, user)
                assert step.note == "Omdat het zo is."
                connection.check_constraints()
            else:
                with pytest.raises(TransitionRefused):
                    advance(made, verb, actor, user=user, note="Omdat het zo is.")
                assert DossierStep.objects.unrestricted().filter(dossier=made).count() == before
            transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_nobody_but_an_editor_takes_an_editors_step(role: Role) -> None:
    user = person(role, factories.group())
    made = dossier(State.SUBMITTED)
    if role in STAFF:
        assert advance(made, Verb.TAKE_UP, Actor.EDITOR, user=user).assigned_to == user
        return
    for step in TRANSITIONS:
        if Actor.EDITOR in step.actors and step.source == State.SUBMITTED:
            with pytest.raises(TransitionRefused):
                advance(made, step.verb, Actor.EDITOR, user=user)
    made.refresh_from_db()
    assert made.state == State.SUBMITTED


@pytest.mark.django_db
def test_the_portal_and_the_sender_act_without_an_editors_name() -> None:
    made = dossier(State.PUBLISHED)
    with pytest.raises(TransitionRefused):
        advance(made, Verb.FALL_DUE, Actor.SYSTEM, user=editor_user())


@pytest.mark.django_db
def test_an_editor_without_the_right_is_refused() -> None:
    with pytest.raises(TransitionRefused):
        advance(dossier(State.SUBMITTED), Verb.TAKE_UP, Actor.EDITOR, user=factories.user(is_staff=True))


@pytest.mark.django_db
def test_possible_steps_are_those_that_succeed() -> None:
    for source, actor, published in itertools.product(State, Actor, [False, True]):
        found = {str(step.verb) for step in possible(source, actor, has_practice=published)}
        assert found == {verb for verb in Verb.values if is_allowed(verb, source, actor, published=published)}


@pytest.mark.django_db
def test_whoever_looked_at_an_older_step_is_told() -> None:
    made = dossier(State.SUBMITTED)
    seen = made.step_count
    advance(made, Verb.TAKE_UP, Actor.EDITOR, user=editor_user())
    with pytest.raises(Stale, match="in redactie"):
        advance(made, Verb.TAKE_UP, Actor.EDITOR, user=editor_user(), seen_step=seen)


@pytest.mark.django_db
@pytest.mark.parametrize("verb", [Verb.DECLINE, Verb.KEEP])
def test_a_refusal_by_the_editors_needs_a_reason(verb: Verb) -> None:
    made = in_state(State.IN_REVIEW, published=verb == Verb.KEEP)
    with pytest.raises(TransitionRefused, match="waarom"):
        advance(made, verb, Actor.EDITOR, user=editor_user(), note="  ")


@pytest.mark.django_db
def test_a_draft_that_misses_something_is_not_sent_in() -> None:
    made = dossier(content=content(strengths="", summary="Te kort."))
    with pytest.raises(TransitionRefused, match="sterktes"):
        advance(made, Verb.SUBMIT, Actor.SENDER)


@pytest.mark.django_db
def test_a_draft_is_not_sent_in_before_the_address_is_confirmed() -> None:
    made = dossier(email_confirmed_at=None)
    with pytest.raises(TransitionRefused, match="e-mailadres"):
        advance(made, Verb.SUBMIT, Actor.SENDER)


@pytest.mark.django_db
def test_a_published_text_stays_while_a_change_is_written() -> None:
    made = dossier(State.PUBLISHED)
    practice = Practice.objects.public().get(pk=made.practice_id)
    made = advance(made, Verb.AMEND, Actor.SENDER)
    assert made.content["name"] == practice.name
    made.content["name"] = "Soep in de winter"
    made.save(update_fields=["content", "updated"])
    made = advance(made, Verb.SUBMIT, Actor.SENDER)
    made = advance(made, Verb.TAKE_UP, Actor.EDITOR, user=editor_user())
    assert Practice.objects.public().get(pk=practice.pk).name == "Soep op de stoep"
    advance(made, Verb.PUBLISH, Actor.EDITOR, user=editor_user())
    changed = Practice.objects.public().get(pk=practice.pk)
    assert (changed.name, changed.slug) == ("Soep in de winter", practice.slug)


@pytest.mark.django_db
def test_a_practice_that_stopped_stays_as_archive_and_can_come_back() -> None:
    made = dossier(State.ARCHIVED)
    practice = Practice.objects.public().get(pk=made.practice_id)
    assert practice.archived_on == timezone.localdate()
    advance(made, Verb.REVIVE, Actor.EDITOR, user=editor_user())
    assert Practice.objects.public().get(pk=made.practice_id).archived_on is None


def test_a_practice_is_asked_again_after_the_set_number_of_months(settings: Any) -> None:
    from datetime import date

    settings.PRACTICE_REVIEW_MONTHS = 18
    assert review_due(date(2026, 8, 31)) == date(2028, 2, 29)
    assert review_due(date(2026, 1, 15)) == date(2027, 7, 15)


# The database's own guard ------------------------------------------------------------------------------------


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_database_holds_the_same_pairs() -> None:
    migration = importlib.import_module("practices.migrations.0006_guard_dossiers")
    assert set(migration.PAIRS) == {(str(step.source), str(step.target)) for step in TRANSITIONS}


def move_past_the_machine(made: Dossier, target: State) -> None:
    """With SQL, as a script or a later programmer would: a step in the history, then the state."""
    with transaction.atomic():
        sql(
            "UPDATE practices_dossier SET practice_id = coalesce(practice_id, %s) WHERE id = %s",
            factories.practice().pk,
            made.pk,
        )
        sql(
            "INSERT INTO practices_dossierstep (dossier_id, number, verb, from_state, to_state, actor, at, note,"
            " points) VALUES (%s, %s, 'x', %s, %s, 'portaal', now(), '', '{}')",
            made.pk,
            made.step_count + 1,
            made.state,
            target,
        )
        sql(
            "UPDATE practices_dossier SET state = %s, step_count = step_count + 1 WHERE id = %s",
            target,
            made.pk,
        )
        connection.check_constraints()
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("source", State)
def test_the_database_refuses_each_pair_that_the_machine_does_not_have(source: State) -> None:
    made = dossier(source)
    legal = {target for _verb, origin, target, _actors in ROWS if origin == source}
    for target in set(State) - {source}:
        if target in legal:
            move_past_the_machine(made, target)
        else:
            with pytest.raises(IntegrityError, match="no step leads"):
                move_past_the_machine(made, target)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        # A state without its history, two steps at once, a step without a state, history alone or changed or gone.
        "UPDATE practices_dossier SET state = 'in-redactie', step_count = step_count + 1 WHERE id = {id}",
        "UPDATE practices_dossier SET state = 'in-redactie', step_count = step_count + 2 WHERE id = {id}",
        "UPDATE practices_dossier SET state = 'in-redactie' WHERE id = {id}",
        "UPDATE practices_dossier SET step_count = step_count + 1 WHERE id = {id}",
        "INSERT INTO practices_dossierstep (dossier_id, number, verb, from_state, to_state, actor, at, note, points)"
        " VALUES ({id}, 2, 'x', 'ingediend', 'in-redactie', 'portaal', now(), '', '{{}}')",
        "UPDATE practices_dossierstep SET note = 'anders' WHERE dossier_id = {id}",
        "UPDATE practices_dossierstep SET number = 7 WHERE dossier_id = {id}",
        "DELETE FROM practices_dossierstep WHERE dossier_id = {id}",
        "UPDATE practices_dossier SET email_confirmed_at = NULL WHERE id = {id}",
        "UPDATE practices_dossier SET planned_for = now() WHERE id = {id}",
        "INSERT INTO practices_dossier (uuid, state, step_count, email, sender_name, submit_when_confirmed, content,"
        " link_number, checklist, editor_note, created, updated, email_confirmed_at) VALUES (gen_random_uuid(),"
        " 'ingediend', 0, 'a@example.org', '', false, '{{}}', 1, '[]', '', now(), now(), now())",
    ],
)
def test_the_database_refuses_what_goes_around_the_machine(statement: str) -> None:
    made = dossier(State.SUBMITTED)

    def try_it() -> None:
        with transaction.atomic():
            sql(statement.format(id=made.pk))
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        try_it()


@pytest.mark.django_db
def test_a_deleted_account_leaves_its_steps_without_a_name() -> None:
    editor = editor_user()
    made = dossier(State.IN_REVIEW, editor=editor)
    editor.delete()
    step = DossierStep.objects.unrestricted().filter(dossier=made).last()
    assert step is not None
    assert (step.actor, step.user) == (Actor.EDITOR, None)
    connection.check_constraints()


@pytest.mark.django_db
def test_a_dossier_goes_with_its_history() -> None:
    made = dossier(State.SUBMITTED)
    made.delete()
    connection.check_constraints()
    assert not DossierStep.objects.unrestricted().exists()


@pytest.mark.django_db(transaction=True)
def test_five_hundred_steps_at_once_leave_one_legal_history() -> None:
    made = dossier()
    editor = editor_user()
    successes: list[str] = []
    errors: list[BaseException] = []
    start = threading.Barrier(20)

    def work(seed: int) -> None:
        draw = random.Random(seed)
        start.wait(60)
        try:
            for _ in range(25):
                # Half of them look first and do what looked possible; by then somebody may have been faster.
                actor, verb = draw.choice(list(Actor)), draw.choice(list(Verb))
                if draw.random() < 0.5:
                    now = Dossier.objects.unrestricted().get(pk=made.pk)
                    steps = possible(now.state, actor, has_practice=now.practice_id is not None)
                    verb = draw.choice([step.verb for step in steps] or [verb])
                try:
                    # As from another process: it knows the row only from before.
                    advance(made, verb, actor, user=editor if actor is Actor.EDITOR else None, note="Omdat.")
                    successes.append(verb)
                except TransitionRefused:
                    pass
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not errors
    made.refresh_from_db()
    history = list(DossierStep.objects.unrestricted().filter(dossier=made).order_by("number"))
    # How many of the attempts were possible at their moment differs from run to run.
    assert len(successes) == len(history) == made.step_count > 20
    assert [step.number for step in history] == list(range(1, len(history) + 1))
    states = [State.CONCEPT, *(step.to_state for step in history)]
    assert [step.from_state for step in history] == states[:-1]
    assert states[-1] == made.state
    assert all((step.verb, step.from_state, step.actor) in ALLOWED for step in history)
    assert Practice.objects.unrestricted().count() <= 1
