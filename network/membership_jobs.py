"""Jobs of membership; each may run twice without doing anything twice. `jobs.py` names them, where workers look."""

from __future__ import annotations

from procrastinate.contrib.django import app

from . import leaving, tidying


@app.periodic(cron="30 6 * * 1-5")
@app.task(name="remind_facilitators", queueing_lock="remind_facilitators")
def remind_facilitators(timestamp: int) -> None:
    """Tell facilitators of requests that wait longer than was promised."""
    tidying.remind_facilitators()


@app.periodic(cron="15 3 * * *")
@app.task(name="tidy_membership", queueing_lock="tidy_membership")
def tidy_membership(timestamp: int) -> None:
    """Forget requests and invitations after their term, and end the access of guests."""
    tidying.forget_requests()
    leaving.end_guests()
