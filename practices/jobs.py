"""The catalogue's jobs; each may run twice without doing anything twice."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from . import confirming, experiences
from .editing import planning, waiting
from .exchange.jobs import check_import, remove_old_imports, write_import  # noqa: F401 - found here by the worker
from .sharing import tidying


@app.periodic(cron="20 6 * * *")
@app.task(name="keep_practices_true", queueing_lock="keep_practices_true")
def keep_practices_true(timestamp: int) -> None:
    """Ask contacts whether their practice is still true, and remind who did not answer."""
    confirming.ask_whom_it_is_time_for()
    confirming.remind_who_did_not_answer()


@app.periodic(cron="40 2 * * *")
@app.task(name="tidy_up_experiences", queueing_lock="tidy_up_experiences")
def tidy_up_experiences(timestamp: int) -> None:
    """Wipe notes that nobody confirmed, and addresses after a year."""
    experiences.tidy_up()


@app.periodic(cron="50 3 * * *")
@app.task(name="tidy_drafts", queueing_lock="tidy_drafts")
def tidy_drafts(timestamp: int) -> None:
    """Warn senders of drafts that lie untouched, and delete those of whom a warning brought nobody back."""
    tidying.warn_about_drafts()
    tidying.delete_drafts()


@app.periodic(cron="* * * * *")
@app.task(name="publish_planned_practices", queueing_lock="publish_planned_practices")
def publish_planned_practices(timestamp: int) -> None:
    """Publish what editors planned, once its moment has passed."""
    planning.publish_due(timezone.now())


@app.periodic(cron="0 6 * * 1-5")
@app.task(name="mail_editors", queueing_lock="mail_editors")
def mail_editors(timestamp: int) -> None:
    """Tell the editors what waits, on working days."""
    with transaction.atomic():
        waiting.mail_editors(timezone.now())
