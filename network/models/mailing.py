"""What was mailed, so that it is mailed once: digests per period, nudges, and starters for quiet groups."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from expoo_portal.visibility import Restricted, Viewer

from .discussion import Thread
from .membership import Membership
from .request import ForFacilitators


class Digest(Restricted):
    """One mail to one membership: written in the transaction that puts it in the outbox, so that it is made once.

    `period` names the day ("2026-11-23") or the ISO week ("2026-W48") of a digest, or the post that a mail at once
    was about ("p12"). A digest for which there was nothing to tell is remembered too.
    """

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", verbose_name="lidmaatschap"
    )
    period = models.CharField("periode", max_length=10)
    # What is newer than this was not in it.
    up_to = models.DateTimeField("tot")
    created = models.DateTimeField("gemaakt", default=timezone.now)

    class Meta:
        verbose_name = "overzichtsmail"
        verbose_name_plural = "overzichtsmails"
        constraints = [
            models.UniqueConstraint(fields=["membership", "period"], name="network_digest_once"),
        ]

    def __str__(self) -> str:
        return self.period

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        """Nobody looks at it: it only remembers."""
        return Q(pk__in=[])


class Nudge(Restricted):
    """A facilitator asked a member, once, whether they can answer a question that waits."""

    audience_path = "thread"

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+", verbose_name="gesprek")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="lid"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="door"
    )
    created = models.DateTimeField("verstuurd", default=timezone.now)

    class Meta:
        verbose_name = "duwtje"
        verbose_name_plural = "duwtjes"
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="network_nudge_once")]

    def __str__(self) -> str:
        return f"{self.user} bij {self.thread}"


class StarterProposal(ForFacilitators):
    """A conversation starter, drafted for the facilitators of a group that has been quiet for a month."""

    period = models.CharField("maand", max_length=7)
    title = models.CharField("titel", max_length=160)
    body = models.TextField("voorstel", max_length=2000)
    created = models.DateTimeField("gemaakt", default=timezone.now)
    dismissed_at = models.DateTimeField("weggelegd", null=True, blank=True)

    class Meta:
        verbose_name = "gespreksstarter"
        verbose_name_plural = "gespreksstarters"
        ordering = ["-created"]
        constraints = [models.UniqueConstraint(fields=["group", "period"], name="network_starter_once")]

    def __str__(self) -> str:
        return self.title
