"""Jobs in tests. `run_due_jobs` is for nearly all of them; `run_worker` is the real thing, and slower."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def due_jobs() -> list[ProcrastinateJob]:
    """The jobs that a worker would start now."""
    waiting = ProcrastinateJob.objects.filter(status="todo")
    return list(waiting.filter(Q(scheduled_at=None) | Q(scheduled_at__lte=timezone.now())).order_by("id"))


def run_due_jobs() -> int:
    """Run each job that is due in the test's own transaction, and forget it; return how many ran.

    What a job raises reaches the test. Only for tasks that are plain functions.
    """
    jobs = due_jobs()
    for job in jobs:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
        app.tasks[job.task_name].func(**job.args)
    return len(jobs)


def run_worker() -> None:
    """Let a real worker do what is due, on connections of its own: needs `transactional_db`."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def forget_committed() -> None:
    """Empty the tables that Django does not know as models, which a transactional test leaves behind."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, portal_cache CASCADE")


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Import this where transactional tests queue jobs or meet rate limits."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    forget_committed()
    yield
    forget_committed()
