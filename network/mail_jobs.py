"""Jobs that mail members; each may run twice without mailing anybody twice. `jobs.py` names them, for the workers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from . import digests, notices, starters
from .models import Post

# A post of a moment ago may not be committed yet: it waits for the next digest, or it would be in none.
SEEN_BY_ALL = timedelta(minutes=1)


@app.periodic(cron="5,25,45 * * * *")
@app.task(name="make_digests", queueing_lock="make_digests")
def make_digests(timestamp: int) -> None:
    """Make the digests that are due."""
    digests.make_due(timezone.now() - SEEN_BY_ALL)


@app.periodic(cron="50 6 * * *")
@app.task(name="propose_starters", queueing_lock="propose_starters")
def propose_starters(timestamp: int) -> None:
    """Draft a conversation starter for the facilitators of groups that were quiet for a month."""
    starters.propose_due(timezone.now())


@app.task(name="tell_of_post")
def tell_of_post(post_id: int) -> None:
    """Mail about a post to whoever wants to hear at once."""
    notices.tell_of(post_id)


def defer_notices(post: Post, **kwargs: Any) -> None:
    """Once a post is there, mail about it: deferred in its transaction, so that no page waits for mail."""
    tell_of_post.defer(post_id=post.pk)
