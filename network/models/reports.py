"""Who is called upon in a post, and which posts were reported to the facilitators."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from expoo_portal.visibility import Restricted

from .discussion import Post
from .request import ForFacilitators


class Mention(Restricted):
    """A post calls upon a member by name (@)."""

    audience_path = "post"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="mentions", verbose_name="bericht")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="wie"
    )

    class Meta:
        verbose_name = "vermelding"
        verbose_name_plural = "vermeldingen"
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="network_mention_once")]

    def __str__(self) -> str:
        return str(self.user)


class ReportState(models.TextChoices):
    OPEN = "open", "Te bekijken"
    DONE = "done", "Afgehandeld"


class PostReport(ForFacilitators):
    """A member reports a post, with a reason; only the facilitators of the group see it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+", verbose_name="bericht")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="gemeld door",
    )
    reason = models.TextField("reden", max_length=1000)
    state = models.CharField("status", max_length=4, choices=ReportState.choices, default=ReportState.OPEN)
    created = models.DateTimeField("gemeld", default=timezone.now)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="door",
    )
    handled_at = models.DateTimeField("afgehandeld", null=True, blank=True)

    class Meta:
        verbose_name = "melding"
        verbose_name_plural = "meldingen"
        ordering = ["created", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "reporter"], condition=Q(state="open"), name="network_report_once"
            ),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="network_report_state"),
        ]
        indexes = [
            models.Index(fields=["group", "created"], name="network_report_open", condition=Q(state="open"))
        ]

    def __str__(self) -> str:
        return f"Melding van {self.created:%d/%m/%Y}"
