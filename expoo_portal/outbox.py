"""The outbox: each mail is a row first, written in the transaction of whatever caused it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone


class MailState(models.TextChoices):
    """How far a mail is."""

    QUEUED = "queued", "Wacht"
    SENT = "sent", "Verzonden"
    FAILED = "failed", "Mislukt"
    WITHDRAWN = "withdrawn", "Niet meer verzonden"


class OutgoingMail(models.Model):
    """One mail to be sent once. Open as a model: only the mail jobs and the admin's list read it.

    `headers` holds extra headers as name → value. `is_secret` says that the texts hold a code or a link that
    lets somebody in: such texts are wiped as soon as the mail has left; others 7 days later. `guard` says what must
    still hold when it leaves (`mail.register_guard`).
    """

    to = ArrayField(models.EmailField(), verbose_name="aan")
    from_email = models.CharField("van", max_length=320)
    subject = models.CharField("onderwerp", max_length=300)
    text = models.TextField("tekst", blank=True)
    html = models.TextField("html", blank=True)
    headers = models.JSONField("kopregels", default=dict, blank=True)
    is_secret = models.BooleanField("vertrouwelijk", default=False)
    guard = models.CharField("voorwaarde", max_length=80, blank=True, default="", db_default="")
    state = models.CharField("status", max_length=9, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField("pogingen", default=0)
    created = models.DateTimeField("gemaakt", default=timezone.now)
    finished_at = models.DateTimeField("afgehandeld", null=True, blank=True)
    last_error = models.TextField("laatste fout", blank=True)
    wiped = models.BooleanField("tekst gewist", default=False)

    class Meta:
        verbose_name = "uitgaande mail"
        verbose_name_plural = "uitgaande mails"
        ordering = ["-created", "-id"]
        indexes = [
            models.Index(fields=["created"], name="portal_mail_queued", condition=Q(state="queued")),
            models.Index(fields=["finished_at"], name="portal_mail_to_wipe", condition=Q(wiped=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="portal_mail_state"),
            models.CheckConstraint(
                condition=Q(state="queued", finished_at__isnull=True)
                | ~Q(state="queued") & Q(finished_at__isnull=False),
                name="portal_mail_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.get_state_display()})"

    def finish(self, state: MailState) -> None:
        """Set the final state; a secret text is wiped at once. Does not save."""
        self.state = state
        self.finished_at = timezone.now()
        if self.is_secret:
            self.wipe()

    def wipe(self) -> None:
        """Remove the texts, and where an answer goes: that may be a visitor's address. Does not save."""
        self.text = self.html = ""
        self.headers = {name: value for name, value in self.headers.items() if name != "Reply-To"}
        self.wiped = True
