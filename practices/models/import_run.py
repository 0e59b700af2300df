"""A file with practices that an editor brings in: first all rows are checked, then the editor decides."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from expoo_portal.files import Attachment
from expoo_portal.uploads import Kind, extension_of
from expoo_portal.visibility import Restricted, StaffOnly, Viewer

EXTENSIONS = ("xlsx", "csv")
MAX_BYTES = 10 * 1024 * 1024


class RunState(models.TextChoices):
    """Where an import stands. Only `CHECKED` can be written, and only once."""

    QUEUED = "wacht", "Wacht op controle"
    CHECKING = "controle", "Wordt nagekeken"
    UNREADABLE = "onleesbaar", "Niet te lezen"
    CHECKED = "nagekeken", "Nagekeken, nog niet ingevoerd"
    WRITING = "invoer", "Wordt ingevoerd"
    DONE = "klaar", "Ingevoerd"


class RowOutcome(models.TextChoices):
    """What a row of the file would do, or did."""

    FAULTY = "fout", "met fouten"
    NEW = "nieuw", "nieuw"
    CHANGED = "gewijzigd", "gewijzigd"
    UNCHANGED = "ongewijzigd", "ongewijzigd"


class ImportRun(StaffOnly, Attachment):
    """One file on its way into the catalogue. It leaves through the admin only, for whoever may see imports."""

    family = "invoer"
    kinds = frozenset({Kind.DOCUMENT})

    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="door",
    )
    state = models.CharField(
        "toestand", max_length=10, choices=RunState.choices, default=RunState.QUEUED, editable=False
    )
    # What is wrong with the file as a whole; then nothing of it can be written.
    problems = models.JSONField("problemen", default=list, editable=False)
    total = models.PositiveIntegerField("rijen", default=0, editable=False)
    done = models.PositiveIntegerField("nagekeken rijen", default=0, editable=False)
    only_right = models.BooleanField("enkel de juiste rijen", default=False, editable=False)
    # The job at work: one that was taken for dead and comes back finds another number here, and stops.
    attempt = models.UUIDField(default=uuid.uuid4, editable=False)
    finished_at = models.DateTimeField("ingevoerd op", null=True, editable=False)

    class Meta:
        verbose_name = "invoer uit een bestand"
        verbose_name_plural = "invoer uit bestanden"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="practices_importrun_state"),
            models.CheckConstraint(
                condition=Q(state=RunState.DONE, finished_at__isnull=False)
                | ~Q(state=RunState.DONE) & Q(finished_at__isnull=True),
                name="practices_importrun_finished",
            ),
        ]

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        """Nobody by its own address: the admin's file view asks for the right to see imports."""
        return Q(pk__in=[])

    def _accept_new_file(self) -> None:
        """Only what can be read as a table, and not larger than can be read in bounded memory."""
        if self._has_new_file():
            if extension_of(str(self.file.name)) not in EXTENSIONS:
                raise ValidationError(
                    "Kies een Excel-bestand (.xlsx) of een CSV-bestand (.csv).", "extension"
                )
            if self.file.size > MAX_BYTES:
                raise ValidationError(
                    f"Dit bestand is te groot: hoogstens {MAX_BYTES // 1024**2} MB. "
                    "Verdeel de rijen over meer bestanden.",
                    "size",
                )
        super()._accept_new_file()

    @property
    def is_at_work(self) -> bool:
        """Whether a job still has something to do for it."""
        return self.state in (RunState.QUEUED, RunState.CHECKING, RunState.WRITING)


class ImportRow(Restricted):
    """One row of the file: what it would change, or what is wrong with it."""

    audience_path = "run"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows", verbose_name="invoer")
    number = models.PositiveIntegerField("rij")
    outcome = models.CharField("gevolg", max_length=12, choices=RowOutcome.choices)
    label = models.CharField("praktijk", max_length=200)
    # The practice it changes, and as of which saving the editor saw it; none for a new one.
    practice_key = models.BigIntegerField(null=True)
    seen = models.DateTimeField(null=True)
    # Header -> text, of rows that can be written.
    cells: Any = models.JSONField(default=dict)
    # [header, before, after]
    changes: Any = models.JSONField(default=list)
    problems: Any = models.JSONField(default=list)

    class Meta:
        verbose_name = "rij van een invoer"
        verbose_name_plural = "rijen van een invoer"
        ordering = ["number"]
        indexes = [models.Index(fields=["run", "outcome", "number"], name="practices_importrow_page")]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="practices_importrow_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=RowOutcome.values), name="practices_importrow_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"rij {self.number}"
