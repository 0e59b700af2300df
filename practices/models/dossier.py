"""The dossier of a shared practice: what its sender typed, where it stands, and each step it took.

Nothing of it is ever public: the catalogue shows the `Practice` that the editors make of it.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from expoo_portal.files import Attachment
from expoo_portal.uploads import Kind
from expoo_portal.visibility import StaffOnly, Viewer
from practices.workflow import Actor, State

from .practice import Practice


class Dossier(StaffOnly):
    """One shared practice on its way, or a published one with the contact who keeps it true.

    Staff see it in the admin; its sender reaches it by the private link (`practices/private_links.py`).
    The state changes only through `practices/dossiers.py`; the database refuses anything else.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Made with the empty form, so that a double click starts one dossier.
    start_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # The "+" closes the way back: a public row must not lead to a dossier.
    practice = models.OneToOneField(
        Practice,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="dossier+",
        verbose_name="praktijk in de catalogus",
    )
    state = models.CharField(
        "status", max_length=20, choices=State.choices, default=State.CONCEPT, editable=False
    )
    step_count = models.PositiveIntegerField(default=0, editable=False)
    email = models.EmailField(
        "e-mailadres", help_text="Hier komen de berichten over deze praktijk aan. Nooit zichtbaar op de site."
    )
    email_confirmed_at = models.DateTimeField("e-mailadres bevestigd op", null=True, blank=True)
    sender_name = models.CharField("naam van de indiener", max_length=120, blank=True)
    # Sent in before the e-mail address was confirmed: goes to the editors as soon as it is.
    submit_when_confirmed = models.BooleanField(default=False, editable=False)
    # What was typed, in the shape of `practices/content.py`; empty while nothing is being changed.
    content = models.JSONField(default=dict, blank=True, editable=False)
    # Raising it revokes every link that was mailed.
    link_number = models.PositiveSmallIntegerField(default=1, editable=False)
    planned_for = models.DateTimeField("publiceren op", null=True, blank=True)
    checklist = models.JSONField("nagekeken punten", default=list, blank=True)
    editor_note = models.TextField(
        "notitie voor de redactie", max_length=4000, blank=True, help_text="De indiener ziet dit niet."
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="dossiers+",
        verbose_name="in behandeling bij",
    )
    ask_after = models.DateField("bevestiging vragen vanaf", null=True, blank=True)
    submitted_at = models.DateTimeField("laatst ingediend", null=True, blank=True, editable=False)
    # When the sender was told that this draft, untouched for months, is about to be deleted.
    draft_warned_at = models.DateTimeField(null=True, blank=True, editable=False)
    created = models.DateTimeField("begonnen", auto_now_add=True)
    updated = models.DateTimeField("gewijzigd", auto_now=True)

    class Meta:
        verbose_name = "inzending"
        verbose_name_plural = "inzendingen"
        ordering = ["submitted_at", "id"]
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="practices_dossier_queue"),
            models.Index(fields=["state", "ask_after"], name="practices_dossier_ask"),
            models.Index(fields=["email"], name="practices_dossier_email"),
            models.Index(
                fields=["planned_for"],
                name="practices_dossier_planned",
                condition=Q(planned_for__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="practices_dossier_state"),
            models.CheckConstraint(condition=~Q(email=""), name="practices_dossier_email_given"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.PUBLISHED, State.DUE]) | Q(practice__isnull=False),
                name="practices_dossier_published_is_somewhere",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SUBMITTED) | Q(email_confirmed_at__isnull=False),
                name="practices_dossier_editors_see_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(planned_for__isnull=True) | Q(state=State.IN_REVIEW),
                name="practices_dossier_planned_in_review",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name that was typed last, or that of the practice in the catalogue."""
        typed = " ".join(str(self.content.get("name", "")).split())
        return typed or (self.practice.name if self.practice else "Praktijk zonder naam")


class DossierStep(StaffOnly):
    """One transition that was made: who, when, with which words. Never changed, never deleted by itself."""

    dossier = models.ForeignKey(
        Dossier, on_delete=models.CASCADE, related_name="steps", verbose_name="inzending"
    )
    number = models.PositiveIntegerField("nummer")
    verb = models.CharField("handeling", max_length=20)
    from_state = models.CharField("van", max_length=20, choices=State.choices)
    to_state = models.CharField("naar", max_length=20, choices=State.choices)
    actor = models.CharField("door", max_length=10, choices=Actor.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField("op", default=timezone.now)
    note = models.TextField("toelichting", max_length=4000, blank=True)
    # For "vraag aanvulling": checklist number -> the editor's own words; the sender sees them.
    points = models.JSONField("punten", default=dict, blank=True)

    class Meta:
        verbose_name = "stap"
        verbose_name_plural = "stappen"
        ordering = ["dossier", "number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="practices_step_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="practices_step_number"),
            models.CheckConstraint(condition=Q(actor__in=Actor.values), name="practices_step_actor"),
            models.CheckConstraint(condition=~Q(from_state=F("to_state")), name="practices_step_moves"),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"


class DossierAttachment(StaffOnly, Attachment):
    """What a sender adds: seen in the admin by its rights, and at the private page; at the site's address by nobody."""

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        return Q(pk__in=[])


class DossierFile(DossierAttachment):
    """A document that the sender adds."""

    family = "inzending-bestand"
    kinds = frozenset({Kind.DOCUMENT})
    dossier = models.ForeignKey(
        Dossier, on_delete=models.CASCADE, related_name="files", verbose_name="inzending"
    )

    class Meta:
        verbose_name = "bestand bij een inzending"
        verbose_name_plural = "bestanden bij inzendingen"
        ordering = ["id"]


class DossierImage(DossierAttachment):
    """A picture that the sender adds, with consent and a description."""

    family = "inzending-beeld"
    kinds = frozenset({Kind.IMAGE})
    dossier = models.ForeignKey(
        Dossier, on_delete=models.CASCADE, related_name="images", verbose_name="inzending"
    )
    alt = models.CharField(
        "beschrijving van het beeld", max_length=200, help_text="Voor wie het beeld niet ziet."
    )
    consent = models.BooleanField(
        "toestemming", default=False, help_text="Wie herkenbaar in beeld is, gaf toestemming om dit te tonen."
    )

    class Meta:
        verbose_name = "beeld bij een inzending"
        verbose_name_plural = "beelden bij inzendingen"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent=True),
                name="practices_dossierimage_consent",
                violation_error_message="Zonder toestemming kan een beeld niet bewaard worden.",
            ),
            models.CheckConstraint(condition=~Q(alt=""), name="practices_dossierimage_alt"),
        ]
