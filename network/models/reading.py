"""How members follow what is said: what they read, what they follow or mute, and their quick reactions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from expoo_portal.visibility import Restricted, Viewer, prefixed

from .discussion import Post, Thread


class Own(Restricted):
    """What somebody keeps about a thread: theirs alone, as long as they see the thread."""

    seen_with = frozenset({"thread"})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="van"
    )
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+", verbose_name="gesprek")

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        if not viewer.is_active:
            return Q(pk__in=[])
        return Q(user_id=viewer.user.pk) & prefixed(Thread.visibility(viewer), "thread")


class ReadMark(Own):
    """Up to which number somebody read a thread. Nobody else sees it, facilitators included."""

    number = models.PositiveIntegerField("gelezen tot")

    class Meta:
        verbose_name = "leesteken"
        verbose_name_plural = "leestekens"
        constraints = [models.UniqueConstraint(fields=["user", "thread"], name="network_readmark_once")]

    def __str__(self) -> str:
        return f"tot {self.number}"


class FollowState(models.TextChoices):
    FOLLOWING = "following", "Volgt"
    MUTED = "muted", "Gedempt"


class Follow(Own):
    """Somebody follows a thread (also by writing in it), or wants to hear nothing of it."""

    state = models.CharField("status", max_length=9, choices=FollowState.choices)

    class Meta:
        verbose_name = "gevolgd gesprek"
        verbose_name_plural = "gevolgde gesprekken"
        constraints = [
            models.UniqueConstraint(fields=["user", "thread"], name="network_follow_once"),
            models.CheckConstraint(condition=Q(state__in=FollowState.values), name="network_follow_state"),
        ]
        indexes = [
            models.Index(fields=["thread"], name="network_follow_thread", condition=Q(state="following")),
        ]

    def __str__(self) -> str:
        return self.get_state_display()


class ReactionKind(models.TextChoices):
    RECOGNISE = "recognise", "Herkenbaar"
    THANKS = "thanks", "Bedankt"
    WILL_TRY = "will_try", "Dit probeer ik"


class Reaction(Restricted):
    """A quick reaction to a post; members see who gave it."""

    audience_path = "post"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reactions", verbose_name="bericht")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="van"
    )
    kind = models.CharField("reactie", max_length=10, choices=ReactionKind.choices)
    created = models.DateTimeField("gegeven", default=timezone.now)

    class Meta:
        verbose_name = "reactie"
        verbose_name_plural = "reacties"
        ordering = ["post", "created", "id"]
        constraints = [
            models.UniqueConstraint(fields=["post", "user", "kind"], name="network_reaction_once"),
            models.CheckConstraint(condition=Q(kind__in=ReactionKind.values), name="network_reaction_kind"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
