"""Many at once, on Postgres: one dossier per form, and no text that overwrites another."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from practices.models import Dossier, DossierImage
from practices.sharing.steps import find_step, parts_of
from practices.workflow import State
from tests import factories
from tests.dossiers import dossier
from tests.files.samples import upload
from tests.jobs import _nothing_left_behind  # noqa: F401 - empties what these tests commit

from .sender import START, Sender

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, do: Callable[[int], Any]) -> list[Any]:
    """Do this so many times at the same time."""

    def once(number: int) -> Any:
        try:
            return do(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(once, range(count)))


def test_a_form_that_arrives_eight_times_at_once_begins_one_dossier():
    data = {"email": "an@example.org", "name": "Soep", "start_key": str(uuid.uuid4())}
    answers = at_once(8, lambda _: Client().post(START, data))

    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert Dossier.objects.unrestricted().count() == 1
    assert len(mail.outbox) == 1


def test_what_several_devices_type_in_different_fields_is_all_kept():
    sender = Sender(dossier(State.CONCEPT, content={"name": "Soep"}))
    step = find_step(4)
    assert step
    fields = parts_of(step, [])
    pages = [sender.open(4) for _ in fields]
    answers = at_once(
        len(fields),
        lambda number: Client().post(
            sender.address("stap/4/bewaar/"), pages[number] | {fields[number]: f"Tekst {number}"}
        ),
    )

    assert {answer.status_code for answer in answers} == {200}
    shown = sender.open(4)
    assert [shown[field] for field in fields] == [[f"Tekst {number}"] for number in range(len(fields))]


def test_several_devices_add_no_more_pictures_than_there_is_room_for():
    sender = Sender(dossier(State.CONCEPT))
    page = sender.open(6)

    def add(number: int) -> Any:
        picture = upload(f"{number}.png", factories.picture((number * 9, 0, 0)))
        chosen = {"beeld-file": picture, "beeld-alt": "Soep", "beeld-consent": "on", "naar": "beeld"}
        return Client().post(sender.address("stap/6/"), page | chosen)

    at_once(9, add)
    assert DossierImage.objects.unrestricted().count() == 6


def test_sending_in_from_two_devices_is_one_step():
    sender = Sender(dossier(State.CONCEPT))
    at_once(6, lambda _: Client().post(sender.address("doe/indienen/"), {"seen_step": "0"}))
    assert (sender.dossier.state, sender.dossier.step_count) == (State.SUBMITTED, 1)
    assert len([letter for letter in mail.outbox if "goed aan" in letter.subject]) == 1
