"""The network's jobs, found here by the worker; each may run twice without doing anything twice."""

from __future__ import annotations

from .mail_jobs import make_digests, propose_starters, tell_of_post  # noqa: F401 - found here by the worker
from .membership_jobs import remind_facilitators, tidy_membership  # noqa: F401 - found here by the worker
