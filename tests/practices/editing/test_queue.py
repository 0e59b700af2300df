"""The queue shows editors what needs work, and never what is still its sender's alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from practices.dossiers import advance
from practices.models import Dossier
from practices.workflow import QUEUE as WAITING
from practices.workflow import Actor, State, Verb
from tests.dossiers import content, dossier, editor_user
from tests.practices.editing.desk import QUEUE, page, read

pytestmark = pytest.mark.django_db


def named(name: str, state: State = State.SUBMITTED, **fields) -> Dossier:
    return dossier(state, content=content(name=name), **fields)


def waiting_since(made: Dossier, days: int) -> None:
    rows = Dossier.objects.unrestricted().filter(pk=made.pk)
    rows.update(submitted_at=timezone.now() - timedelta(days=days))


def test_an_editor_sees_what_needs_work_with_the_longest_waiting_first(editor):
    for state in set(State) - WAITING:
        named(f"Niet {state.value}", state)
    waiting_since(named("Net binnen"), 0)
    waiting_since(named("Lang geleden"), 9)
    taken = named("Al genomen", State.IN_REVIEW)
    waiting_since(taken, 3)
    text = read(editor, QUEUE)
    assert "Niet " not in text.split('id="result_list"')[1]
    assert text.index("Lang geleden") < text.index("Al genomen") < text.index("Net binnen")
    assert "9 dagen: lang" in text
    assert "sinds vandaag" in text
    assert str(taken.assigned_to) in text


@pytest.mark.parametrize("state", State)
def test_an_editor_filters_by_state(editor, state):
    for each in State:
        named(f"Praktijk {each.value}", each)
    listed = read(editor, f"{QUEUE}?status={state.value}")
    shown = [each for each in State if f"Praktijk {each.value}" in listed]
    # A draft belongs to its sender.
    assert shown == ([] if state == State.CONCEPT else [state])
    everything = read(editor, f"{QUEUE}?status=alles")
    assert sum(f"Praktijk {each.value}" in everything for each in State) == len(State) - 1


def test_an_editor_filters_by_kind_and_by_who_has_it(editor):
    mine = editor_user()
    named("Nieuw ding")
    changed = named("Wijziging", State.PUBLISHED)
    changed = advance(changed, Verb.AMEND, Actor.SENDER)
    advance(changed, Verb.SUBMIT, Actor.SENDER)
    named("Bij een ander", State.IN_REVIEW, editor=mine)
    assert "Nieuw ding" not in read(editor, f"{QUEUE}?soort=wijziging")
    assert "Wijziging" in read(editor, f"{QUEUE}?soort=wijziging")
    assert "Bij een ander" not in read(editor, f"{QUEUE}?bij=niemand")
    assert "Nieuw ding" not in read(editor, f"{QUEUE}?bij=mij")


@pytest.mark.parametrize("words", ["Soepkom", "soepkom", "zoeker@example.org", "Hanan", "soep hanan"])
def test_an_editor_finds_a_dossier_by_title_and_sender(editor, words):
    named("Soepkom", email="zoeker@example.org", sender_name="Hanan H.")
    named("Bakfiets")
    text = read(editor, f"{QUEUE}?q={words}")
    assert "Soepkom" in text
    assert "Bakfiets" not in text


@pytest.mark.parametrize("words", ["%00", '"', "'", '"" \\', "%25"])
def test_an_editor_searching_for_odd_signs_gets_a_page(editor, words):
    named("Soepkom")
    assert editor.get(f"{QUEUE}?q={words}").status_code == 200


def test_a_draft_is_not_listed_nor_found_at_any_address(editor, superuser):
    draft = named("Geheim concept", State.CONCEPT)
    unconfirmed = named("Onbevestigd", State.CONCEPT, email_confirmed_at=None, submit_when_confirmed=True)
    for client in (editor, superuser):
        for query in ("", "?status=alles", "?status=concept", "?status=alles&q=geheim"):
            text = read(client, QUEUE + query)
            assert "Geheim concept" not in text
            assert "Onbevestigd" not in text
        for made in (draft, unconfirmed):
            for name in (
                "change",
                "history",
                "delete",
                "preview",
                "page",
                "compare",
                "publiceren",
                "notitie",
            ):
                assert client.get(page(made, name)).status_code == 404, name
                assert client.post(page(made, name)).status_code in (404, 405), name


def changing(state: State = State.CONCEPT) -> Dossier:
    """A published practice whose organisation types a new name."""
    made = advance(named("Naam op de site", State.PUBLISHED), Verb.AMEND, Actor.SENDER)
    made.content = {**made.content, "name": "Nog niet ingediend"}
    made.save(update_fields=["content", "updated"])
    if state == State.DUE:
        made = advance(made, Verb.LEAVE_LYING, Actor.SYSTEM)
    return made


@pytest.mark.parametrize("state", [State.CONCEPT, State.DUE])
def test_an_editor_sees_that_a_practice_is_being_changed_but_not_how(editor, state):
    made = changing(state)
    for address in (page(made), page(made, "history"), page(made, "notitie"), f"{QUEUE}?status=alles"):
        text = read(editor, address)
        assert "Naam op de site" in text
        assert "Nog niet ingediend" not in text
    assert "Naam op de site" not in read(editor, f"{QUEUE}?status=alles&q=ingediend")
    for name in ("preview", "page", "compare"):
        assert editor.get(page(made, name)).status_code == 404


def test_the_queue_costs_the_same_queries_however_long_it_is(editor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(editor, f"{QUEUE}?status=alles")
        return len(captured)

    for number in range(3):
        named(f"Eerste {number}", State.IN_REVIEW)
    few = cost()
    for number in range(12):
        named(f"Tweede {number}", [State.SUBMITTED, State.PUBLISHED, State.IN_REVIEW][number % 3])
    assert cost() == few
