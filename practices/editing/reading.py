"""What editors may read of a dossier.

A draft is its sender's alone until it was sent in. Of a draft that changes a published practice editors see that
it exists, and not what was typed.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from practices.models import Dossier
from practices.workflow import State

# States in which what was typed is in the editors' hands. A declined one keeps its text; a practice that stopped
# may hold a change that was never sent in.
READABLE = Q(state__in=[State.SUBMITTED, State.IN_REVIEW, State.SUPPLEMENT]) | Q(
    state=State.ARCHIVED, practice__isnull=True
)
_DRAFT = Q(state=State.CONCEPT, practice__isnull=True)


def without_drafts(dossiers: QuerySet) -> QuerySet:
    """The dossiers that editors know of."""
    return dossiers.exclude(_DRAFT)


def is_readable(dossier: Dossier) -> bool:
    """Whether editors may read what was typed: `READABLE`, of a row that is at hand."""
    if dossier.state == State.ARCHIVED:
        return dossier.practice_id is None
    return dossier.state in (State.SUBMITTED, State.IN_REVIEW, State.SUPPLEMENT)


def hide_unsubmitted(dossier: Dossier) -> Dossier:
    """The same row; without what was typed, its name included, when that is not the editors' to read.

    It must not be saved whole afterwards.
    """
    if not is_readable(dossier):
        dossier.content = {}
    return dossier
