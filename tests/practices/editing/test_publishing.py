"""Publishing: now or planned, with every point looked at or a reason, and never a text that the catalogue refuses."""

from __future__ import annotations

import io
import threading
from datetime import datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.utils import timezone

from expoo_portal.admin.concurrency import stamp
from expoo_portal.outbox import OutgoingMail
from practices import jobs
from practices.dossiers import TransitionRefused, advance
from practices.editing.planning import publish_due
from practices.models import Dossier, DossierImage, DossierStep, Practice
from practices.workflow import Actor, State, Verb
from tests import factories
from tests.dossiers import content, dossier, editor_user
from tests.jobs import _nothing_left_behind  # noqa: F401 - an autouse fixture
from tests.practices.editing.desk import EVERY_POINT, mail_to, page, read, said, stored, take

pytestmark = pytest.mark.django_db

ALL = {"ticked": EVERY_POINT}


def plan(client, made: Dossier, moment: datetime, **data):
    local = timezone.localtime(moment)
    when = {"when": "later", "on_date": f"{local:%Y-%m-%d}", "at_time": f"{local:%H:%M}"}
    return take(client, made, Verb.PUBLISH, **{**ALL, **when, **data})


def soon(**more: float) -> datetime:
    return timezone.now() + timedelta(**(more or {"days": 2}))


def test_an_editor_publishes_and_everybody_can_read_it(editor, anonymous):
    made = dossier(State.IN_REVIEW)
    response = take(editor, made, Verb.PUBLISH, when="nu", **ALL)
    practice = stored(made).practice
    assert practice.get_absolute_url() in said(response)
    assert "Om elf uur" in read(anonymous, practice.get_absolute_url())


def test_open_points_need_a_decision_with_a_reason_that_stays_inside(editor):
    made = dossier(State.IN_REVIEW)
    first = take(editor, made, Verb.PUBLISH, when="nu", ticked=EVERY_POINT[:6])
    assert "Niet aangevinkt: punt 7, 8." in first.content.decode()
    second = take(editor, made, Verb.PUBLISH, when="nu", ticked=EVERY_POINT[:6], anyway="on")
    assert "Zeg kort waarom je toch publiceert" in second.content.decode()
    assert stored(made).state == State.IN_REVIEW
    take(editor, made, Verb.PUBLISH, when="nu", ticked=EVERY_POINT[:6], anyway="on", reason="Zeer dringend")
    assert stored(made).state == State.PUBLISHED
    assert "Toch publiceren zonder punt 7, 8: Zeer dringend" in read(editor, page(made))
    step = DossierStep.objects.unrestricted().filter(dossier=made).last()
    assert "dringend" not in step.note
    mail = mail_to(made)
    assert "dringend" not in mail.text + mail.html


def test_a_refused_publication_leaves_no_word_in_the_log(editor):
    made = dossier(State.IN_REVIEW, content=content())
    made.content = content(name="")
    made.save(update_fields=["content", "updated"])
    take(editor, made, Verb.PUBLISH, when="nu", ticked=[], anyway="on", reason="Toch")
    assert not LogEntry.objects.filter(object_id=str(made.pk)).exists()
    assert stored(made).checklist == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"name": ""}, "Naam van de praktijk: "),
        ({"links": [{"title": "x", "url": "geen-adres"}]}, "Adres van een link: "),
        ({"contact": {"role": "x" * 200, "email": "", "phone": ""}}, "Functie of dienst: "),
    ],
)
def test_what_the_catalogue_refuses_is_told_and_stays_with_the_editors(editor, fault, words):
    made = dossier(State.IN_REVIEW)
    made.content = content(**fault)
    made.save(update_fields=["content", "updated"])
    response = take(editor, made, Verb.PUBLISH, when="nu", **ALL)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert stored(made).state == State.IN_REVIEW
    assert not Practice.objects.unrestricted().exists()


def test_a_text_that_changed_meanwhile_is_not_published_unseen(editor):
    made = dossier(State.IN_REVIEW)
    before = stamp(made.updated)
    made.content = content(name="Van een collega")
    made.save(update_fields=["content", "updated"])
    for client_sends in ({"seen_version": before}, {"seen_version": ""}):
        response = take(editor, made, Verb.PUBLISH, when="nu", **ALL, **client_sends)
        assert response.status_code == 200
        assert stored(made).state == State.IN_REVIEW
    assert (
        "Intussen heeft iemand de tekst gewijzigd"
        in take(editor, made, Verb.PUBLISH, when="nu", **ALL, seen_version=before).content.decode()
    )


# Planned -----------------------------------------------------------------------------------------------------


def test_a_planned_publication_stays_in_review_until_its_moment(editor, anonymous, time_machine):
    made = dossier(State.IN_REVIEW)
    moment = soon().replace(second=0, microsecond=0)
    plan(editor, made, moment)
    assert (stored(made).state, stored(made).planned_for) == (State.IN_REVIEW, moment)
    assert "Wordt gepubliceerd op" in read(editor, page(made))
    assert publish_due(timezone.now()) == 0
    time_machine.move_to(moment + timedelta(seconds=30))
    assert publish_due(timezone.now()) == 1
    kept = stored(made)
    assert (kept.state, kept.planned_for) == (State.PUBLISHED, None)
    last = DossierStep.objects.unrestricted().filter(dossier=made).last()
    assert (last.actor, last.user) == (Actor.SYSTEM, None)
    assert kept.practice.get_absolute_url() in mail_to(made).text
    assert anonymous.get(kept.practice.get_absolute_url()).status_code == 200
    # A second run finds nothing to do.
    assert publish_due(timezone.now()) == 0
    assert stored(made).step_count == kept.step_count


def test_an_editor_still_corrects_a_planned_text(editor, time_machine):
    made = dossier(State.IN_REVIEW)
    plan(editor, made, soon())
    row = stored(made)
    row.content = content(name="Nieuwe naam")
    row.save(update_fields=["content", "updated"])
    time_machine.move_to(soon(days=3))
    publish_due(timezone.now())
    assert stored(made).practice.name == "Nieuwe naam"


def test_an_editor_takes_a_plan_back_or_changes_it(editor, time_machine):
    made = dossier(State.IN_REVIEW)
    plan(editor, made, soon())
    plan(editor, made, soon(days=5))
    time_machine.move_to(soon(days=3))
    assert publish_due(timezone.now()) == 0
    editor.post(page(made, "planning"))
    time_machine.move_to(soon(days=6))
    assert publish_due(timezone.now()) == 0
    assert stored(made).planned_for is None
    assert "Planning geannuleerd" in read(editor, page(made))


@pytest.mark.parametrize("verb", [Verb.ASK, Verb.PUT_BACK])
def test_what_leaves_the_review_loses_its_plan(editor, verb, time_machine):
    made = dossier(State.IN_REVIEW)
    plan(editor, made, soon())
    advance(made, verb, Actor.EDITOR, user=editor_user(), points={"1": "Vraag"})
    time_machine.move_to(soon(days=3))
    assert publish_due(timezone.now()) == 0
    assert stored(made).planned_for is None


@pytest.mark.parametrize("moment", [{"minutes": -5}, {"days": 400}])
def test_a_plan_lies_within_the_coming_year(editor, moment):
    made = dossier(State.IN_REVIEW)
    response = plan(editor, made, soon(**moment))
    assert "hoogstens een jaar ver" in response.content.decode()
    assert stored(made).planned_for is None


@pytest.mark.parametrize(
    "typed", [{"on_date": ""}, {"at_time": ""}, {"on_date": "99999-01-01"}, {"at_time": "25:99"}]
)
def test_a_plan_without_a_real_moment_is_refused(editor, typed):
    made = dossier(State.IN_REVIEW)
    assert plan(editor, made, soon(), **typed).status_code == 200
    assert stored(made).planned_for is None


def test_a_text_that_the_catalogue_refuses_cannot_be_planned(editor):
    made = dossier(State.IN_REVIEW)
    made.content = content(name="")
    made.save(update_fields=["content", "updated"])
    assert "Naam van de praktijk: " in plan(editor, made, soon()).content.decode()
    assert stored(made).planned_for is None


def test_a_stale_page_plans_nothing(editor):
    made = dossier(State.IN_REVIEW)
    back = advance(made, Verb.PUT_BACK, Actor.EDITOR, user=editor_user())
    advance(back, Verb.TAKE_UP, Actor.EDITOR, user=editor_user())
    assert "Intussen is de status veranderd" in plan(editor, made, soon()).content.decode()
    assert stored(made).planned_for is None


def test_a_plan_that_fails_stays_with_the_editors_who_read_why(editor, time_machine):
    broken, whole = dossier(State.IN_REVIEW), dossier(State.IN_REVIEW)
    for made in (broken, whole):
        plan(editor, made, soon())
    image = DossierImage(dossier=broken, alt="Een bank", consent=True)
    image.file.save("bank.png", io.BytesIO(factories.picture()), save=True)
    row = stored(broken)
    row.content = content(links=[{"title": "Draaiboek", "url": "geen-adres"}])
    row.save(update_fields=["content", "updated"])
    time_machine.move_to(soon(days=3))
    assert publish_due(timezone.now()) == 1
    kept = stored(broken)
    assert (kept.state, kept.planned_for) == (State.IN_REVIEW, None)
    assert "De geplande publicatie lukte niet." in read(editor, page(broken))
    assert "met notities van de redactie" in read(editor, "/beheer/practices/dossier/")
    assert kept.content["links"]
    assert DossierImage.objects.unrestricted().filter(dossier=broken).exists()
    assert Practice.objects.unrestricted().count() == 1
    assert stored(whole).state == State.PUBLISHED
    assert publish_due(timezone.now()) == 0


def test_the_jobs_publish_what_is_due_and_may_run_twice(editor, time_machine, settings):
    settings.EDITORS_EMAIL = "redactie@example.org"
    made = dossier(State.IN_REVIEW)
    plan(editor, made, soon())
    time_machine.move_to(soon(days=3))
    for _ in range(2):
        jobs.publish_planned_practices(0)
        dossier(State.SUBMITTED)
        jobs.mail_editors(0)
    assert stored(made).step_count == made.step_count + 1
    assert (
        OutgoingMail.objects.filter(to=[made.email], subject__contains="staat in de catalogus").count() == 1
    )
    assert OutgoingMail.objects.filter(to=["redactie@example.org"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_an_editor_publish_once():
    user = editor_user()
    made = dossier(State.IN_REVIEW, editor=user)
    Dossier.objects.unrestricted().filter(pk=made.pk).update(
        planned_for=timezone.now() - timedelta(minutes=1)
    )
    start = threading.Barrier(3)
    outcomes = []

    def run(publish) -> None:
        start.wait(60)
        try:
            outcomes.append(publish())
        except TransitionRefused:
            outcomes.append(0)
        finally:
            connection.close()

    ways = [lambda: publish_due(timezone.now())] * 2
    ways.append(lambda: bool(advance(made, Verb.PUBLISH, Actor.EDITOR, user=user, seen_step=made.step_count)))
    threads = [threading.Thread(target=run, args=(way,)) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcomes) == 1
    assert stored(made).step_count == made.step_count + 1
    assert Practice.objects.unrestricted().count() == 1
