"""Drafts that lie untouched: their sender is warned, and a month later they go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.utils import timezone

from practices.jobs import tidy_drafts
from practices.models import Dossier, DossierImage
from practices.sharing.tidying import delete_drafts, warn_about_drafts
from practices.workflow import State
from tests import factories
from tests.dossiers import dossier

from .sender import Sender, links_in_mail

NOW = timezone.now()


def untouched(days: int, state: State = State.CONCEPT) -> Dossier:
    """A dossier that nobody touched for so many days."""
    made = dossier(state)
    Dossier.objects.unrestricted().filter(pk=made.pk).update(updated=NOW - timedelta(days=days))
    mail.outbox.clear()
    return made


def exists(made: Dossier) -> bool:
    return Dossier.objects.unrestricted().filter(pk=made.pk).exists()


def test_after_half_a_year_the_sender_is_told_once(django_assert_num_queries: Any):
    made = untouched(184)
    assert [warn_about_drafts(NOW) for _ in range(3)] == [1, 0, 0]
    (letter,) = mail.outbox
    assert letter.to == [made.email]
    assert "wordt binnenkort gewist" in letter.subject
    assert links_in_mail() == [Sender(made).address()]
    assert delete_drafts(NOW) == 0


def test_a_month_after_that_it_is_gone_with_its_pictures(django_capture_on_commit_callbacks: Any):
    made = untouched(184)
    picture = ContentFile(factories.picture(), name="soep.png")
    DossierImage(dossier=made, alt="Soep", consent=True, file=picture).save()
    warn_about_drafts(NOW)
    assert delete_drafts(NOW + timedelta(days=29)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_drafts(NOW + timedelta(days=31)) == 1
    assert not exists(made)
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert delete_drafts(NOW + timedelta(days=31)) == 0


def test_whoever_goes_on_after_the_warning_keeps_the_draft():
    made = untouched(184)
    warn_about_drafts(NOW)
    Sender(made).fill(2, summary="Ik ga verder")
    assert delete_drafts(NOW + timedelta(days=40)) == 0
    assert warn_about_drafts(NOW + timedelta(days=40)) == 0
    assert warn_about_drafts(NOW + timedelta(days=200)) == 1
    assert exists(made)


def test_nothing_is_deleted_without_a_warning():
    made = untouched(4000)
    assert delete_drafts(NOW) == 0
    assert exists(made)


@pytest.mark.parametrize("days", [0, 100, 182])
def test_a_draft_of_somebody_who_was_there_lately_stays(days: int):
    untouched(days)
    assert warn_about_drafts(NOW) == 0


@pytest.mark.parametrize("state", [state for state in State if state is not State.CONCEPT])
def test_what_was_sent_in_is_never_tidied_away(state: State):
    made = untouched(4000, state)
    assert (warn_about_drafts(NOW), delete_drafts(NOW + timedelta(days=400))) == (0, 0)
    assert exists(made)


def test_the_nightly_job_does_both_and_bears_being_run_twice():
    untouched(184)
    tidy_drafts.func(timestamp=0)
    tidy_drafts.func(timestamp=0)
    assert len(mail.outbox) == 1
