"""Jobs: what happens outside a request. Tasks live in each app's `jobs.py`, which procrastinate finds.

A job deferred in a transaction exists when that transaction does. After a worker is killed its jobs run
again, so a task must bear being run twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypedDict

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import BigIntegerField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision, exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from . import content_version, mail
from .outbox import MailState, OutgoingMail
from .search.insight import close_days
from .search.words import rebuild_words

WIPE_AFTER = timedelta(days=7)
DELETE_AFTER = timedelta(days=90)
STRANDED_AFTER = timedelta(minutes=10)
WORDS_VERSION = "search-words-version"


class MailRetry(BaseRetryStrategy):
    """Tries a mail again when `MailNotSent` says so; the row in the outbox counts the tries, not the job."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, mail.MailNotSent):
            return None
        return RetryDecision(retry_in={"seconds": exception.retry_in})


@app.task(name=mail.SEND_TASK, retry=MailRetry())
def send_mail(mail_id: int) -> None:
    """Send one mail of the outbox."""
    mail.deliver(mail_id)


@app.periodic(cron="*/10 * * * *")
@app.task(name="sweep_outbox", queueing_lock="sweep_outbox")
def sweep_outbox(timestamp: int) -> None:
    """Queue mails that lost their job; wipe texts after 7 days and forget mails after 90."""
    requeue_stranded()
    now = timezone.now()
    finished = OutgoingMail.objects.exclude(state=MailState.QUEUED)
    finished.filter(wiped=False, finished_at__lt=now - WIPE_AFTER).update(text="", html="", wiped=True)
    finished.filter(finished_at__lt=now - DELETE_AFTER).delete()


@app.periodic(cron="*/5 * * * *")
@app.task(name="count_search_words", queueing_lock="count_search_words")
def count_search_words(timestamp: int) -> None:
    """Count the words of the public content anew for "Bedoelde je ...?", when it changed since the last time."""
    version = content_version.current()
    if cache.get(WORDS_VERSION) != version:
        rebuild_words()
        cache.set(WORDS_VERSION, version, timeout=None)


@app.task(name="index_search", queueing_lock="index_search")
def index_search() -> None:
    """Write what is searched anew, by the rules of a new release."""
    call_command("index_search")


@app.periodic(cron="7 * * * *")
@app.task(name="close_search_days", queueing_lock="close_search_days")
def close_search_days(timestamp: int) -> None:
    """Throw away what could tie searches of a day that is over to whoever searched."""
    close_days(timezone.localdate())


@app.periodic(cron="17 3 * * *")
@app.task(name="clear_cache_table", queueing_lock="clear_cache_table")
def clear_cache_table(timestamp: int) -> None:
    """Remove what has expired from the shared cache; Django itself does so only when the table is full."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < now()")  # noqa: S608 - a name from the settings


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled_jobs", queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(timestamp: int) -> None:
    """Run the jobs again that a killed worker left half done."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.periodic(cron="43 3 * * *")
@app.task(name="remove_finished_jobs", queueing_lock="remove_finished_jobs")
async def remove_finished_jobs(timestamp: int) -> None:
    """Forget jobs that ended a week ago, failed ones included."""
    await app.job_manager.delete_old_jobs(nb_hours=7 * 24, include_failed=True, include_cancelled=True)


def requeue_stranded() -> int:
    """Queue each mail that waits without a job (a restored backup, a job that broke); return how many."""
    at_work = ProcrastinateJob.objects.filter(task_name=mail.SEND_TASK, status__in=("todo", "doing"))
    with_job = at_work.values_list(Cast(KeyTextTransform("mail_id", "args"), BigIntegerField()), flat=True)
    stranded = OutgoingMail.objects.filter(
        state=MailState.QUEUED, created__lt=timezone.now() - STRANDED_AFTER
    ).exclude(pk__in=with_job)
    count = 0
    for row in stranded[:500]:
        try:
            with transaction.atomic():
                mail.queue(row)
        except exceptions.AlreadyEnqueued:
            continue
        count += 1
    return count


class QueueState(TypedDict):
    """How the queue does: jobs that are due, how long the oldest waits, when a worker was last seen."""

    waiting: int
    oldest_seconds: int
    worker_seen_seconds: int | None


_STATE = """
SELECT count(*),
       coalesce(extract(epoch FROM now() - min(coalesce(
           job.scheduled_at,
           (SELECT max(event.at) FROM procrastinate_events event WHERE event.job_id = job.id)
       ))), 0)::bigint,
       (SELECT extract(epoch FROM now() - max(last_heartbeat))::bigint FROM procrastinate_workers)
FROM procrastinate_jobs job
WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
"""


def state() -> QueueState:
    """The state of the job queue, for the health page, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        row: Any = cursor.fetchone()
    return {"waiting": row[0], "oldest_seconds": row[1], "worker_seen_seconds": row[2]}
