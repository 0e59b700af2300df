"""Short notes of people who adapted a practice ("Wij probeerden dit")."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from simple_history.models import HistoricalRecords

from expoo_portal.visibility import Restricted, StaffOnly, Viewer

from .practice import Practice

SHORTEST, LONGEST = 50, 1500


class ExperienceState(models.TextChoices):
    """How far a note is."""

    UNCONFIRMED = "onbevestigd", "E-mailadres nog niet bevestigd"
    SUBMITTED = "ingediend", "Wacht op de redactie"
    APPROVED = "goedgekeurd", "Goedgekeurd"
    DECLINED = "afgewezen", "Niet opgenomen"


def _long_enough(field: str) -> Q:
    """The text of this field says something."""
    return Q(GreaterThanOrEqual(Length(field), SHORTEST))


class _Versions(HistoricalRecords):
    """Versions of the words alone.

    The library would look up the rest in the row of today, without saying who asks; nothing needs it.
    """

    def get_extra_fields(self, model: Any, fields: Any) -> dict[str, Any]:
        return super().get_extra_fields(model, fields) | {"_history_excluded_fields": []}


class Experience(Restricted):
    """What somebody changed in a practice and learned. Visible once approved, to whoever sees the practice.

    Who sent it in stands in `ExperienceSender`, which no page reads.
    """

    audience_path = "practice"
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Made with the empty form, so that a double click leaves one note.
    start_key = models.UUIDField(unique=True, editable=False)
    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, related_name="experiences", verbose_name="praktijk"
    )
    state = models.CharField(
        "status",
        max_length=20,
        choices=ExperienceState.choices,
        default=ExperienceState.UNCONFIRMED,
        editable=False,
    )
    place = models.CharField(
        "waar",
        max_length=120,
        blank=True,
        help_text="Soort plek en gemeente, bijvoorbeeld: consultatiebureau in Ronse.",
    )
    author = models.CharField(
        "naam of functie",
        max_length=80,
        blank=True,
        help_text="Komt bij je verhaal te staan. Laat leeg als je dat liever niet wilt.",
    )
    context = models.TextField(
        "in welke situatie?",
        max_length=LONGEST,
        validators=[MinLengthValidator(SHORTEST)],
        help_text="Voor wie was het, met hoeveel gezinnen, hoe vaak?",
    )
    changed = models.TextField(
        "wat hebben jullie anders gedaan?",
        max_length=LONGEST,
        validators=[MinLengthValidator(SHORTEST)],
        help_text="Wat namen jullie over, en wat pasten jullie aan?",
    )
    learned = models.TextField(
        "wat lukte niet, wat leerden jullie?",
        max_length=LONGEST,
        validators=[MinLengthValidator(SHORTEST)],
        help_text="Net wat tegenviel, helpt een collega vooruit.",
    )
    reason = models.TextField(
        "reden om niet op te nemen", max_length=1000, blank=True, help_text="De inzender krijgt dit te lezen."
    )
    created = models.DateTimeField("geschreven op", default=timezone.now)
    updated = models.DateTimeField("gewijzigd", auto_now=True)
    confirmed_at = models.DateTimeField("ingediend op", null=True, blank=True, editable=False)
    approved_at = models.DateTimeField("goedgekeurd op", null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="goedgekeurd door",
    )

    # Whoever asks to have a note removed, has all of it removed.
    history = _Versions(
        verbose_name="versie",
        cascade_delete_history=True,
        excluded_fields=[
            "uuid",
            "start_key",
            "state",
            "reason",
            "confirmed_at",
            "approved_at",
            "approved_by",
        ],
    )

    class Meta:
        verbose_name = "ervaring (“Wij probeerden dit”)"
        verbose_name_plural = "ervaringen (“Wij probeerden dit”)"
        ordering = ["-approved_at", "-id"]
        indexes = [models.Index(fields=["state", "confirmed_at"], name="practices_experience_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ExperienceState.values), name="practices_experience_state"
            ),
            models.CheckConstraint(
                condition=Q(state=ExperienceState.APPROVED, approved_at__isnull=False)
                | ~Q(state=ExperienceState.APPROVED) & Q(approved_at=None, approved_by=None),
                name="practices_experience_approved",
            ),
            models.CheckConstraint(
                condition=Q(state=ExperienceState.UNCONFIRMED, confirmed_at=None)
                | ~Q(state=ExperienceState.UNCONFIRMED) & Q(confirmed_at__isnull=False),
                name="practices_experience_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExperienceState.DECLINED) | ~Q(reason=""),
                name="practices_experience_declined_why",
            ),
            *(
                models.CheckConstraint(condition=_long_enough(field), name=f"practices_experience_{field}")
                for field in ("context", "changed", "learned")
            ),
        ]

    def __str__(self) -> str:
        # Nothing that was typed: lists of what goes with a practice name it before its sender confirmed it.
        return f"verhaal bij {self.practice}"

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        return Q(state=ExperienceState.APPROVED) & super().visibility(viewer)


class ExperienceSender(StaffOnly):
    """The e-mail address of whoever sent a note in, kept apart for at most a year."""

    # The "+" closes the way back: a public row must not lead to an address.
    experience = models.OneToOneField(
        Experience, on_delete=models.CASCADE, related_name="sender+", verbose_name="ervaring"
    )
    email = models.EmailField("e-mailadres", help_text="Nooit zichtbaar op de site.")
    created = models.DateTimeField("sinds", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "inzender van een ervaring"
        verbose_name_plural = "inzenders van ervaringen"
        constraints = [models.CheckConstraint(condition=~Q(email=""), name="practices_sender_email_given")]

    def __str__(self) -> str:
        return f"inzender {self.pk}"
