"""Housekeeping of sessions and of accounts that nobody uses."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from procrastinate.contrib.django import app

from . import inactive


@app.periodic(cron="31 3 * * *")
@app.task(name="clear_sessions", queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Remove expired sessions, and from the lists of sessions what no longer exists."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@app.periodic(cron="40 4 * * *")
@app.task(name="tidy_accounts", queueing_lock="tidy_accounts")
def tidy_accounts(timestamp: int) -> None:
    """Tell people whose account is about to be erased because nobody uses it, and erase those who were told twice."""
    inactive.forget_notices()
    inactive.erase_quiet()
    inactive.warn()
