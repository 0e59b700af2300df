"""The question to the contact of a published practice whether it is still true."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from expoo_portal.visibility import StaffOnly

from .dossier import Dossier


class Answer(models.TextChoices):
    """What the contact can answer; the label is what its button says."""

    TRUE = "klopt", "Klopt nog"
    CHANGE = "aanpassen", "Ik pas aan"
    GONE = "bestaat-niet-meer", "Bestaat niet meer"


class ConfirmationRequest(StaffOnly):
    """One time that the contact was asked. It takes one answer; closed, it stays as it is (a trigger sees to it).

    It is closed by its answer, or because a newer question took its place.
    """

    audience_path = "dossier"
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(
        Dossier, on_delete=models.CASCADE, related_name="confirmation_requests", verbose_name="inzending"
    )
    number = models.PositiveIntegerField("nummer")
    sent_at = models.DateTimeField("verstuurd op", default=timezone.now)
    expires_at = models.DateTimeField("geldig tot")
    reminded_at = models.DateTimeField("herinnerd op", null=True, blank=True)
    answered_at = models.DateTimeField("beantwoord op", null=True, blank=True)
    answer = models.CharField("antwoord", max_length=20, choices=Answer.choices, blank=True)
    closed_at = models.DateTimeField("afgesloten op", null=True, blank=True)

    class Meta:
        verbose_name = "vraag om bevestiging"
        verbose_name_plural = "vragen om bevestiging"
        ordering = ["dossier", "number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="practices_confirmation_number_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(closed_at=None), name="practices_confirmation_one_open"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="practices_confirmation_number"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=Answer.values, answered_at__isnull=False, closed_at=F("answered_at")),
                name="practices_confirmation_answered",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")), name="practices_confirmation_expires"
            ),
            models.CheckConstraint(
                condition=Q(reminded_at=None) | Q(reminded_at__gte=F("sent_at")),
                name="practices_confirmation_reminded",
            ),
        ]

    def __str__(self) -> str:
        return f"vraag {self.number}"

    def is_open(self, now: datetime) -> bool:
        """Whether it still takes an answer."""
        return self.closed_at is None and now < self.expires_at
