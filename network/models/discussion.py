"""Discussions: threads of posts with pictures and files, earlier versions of posts, and drafts."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from expoo_portal.files import Attachment
from expoo_portal.richtext import RichTextField
from expoo_portal.uploads import Kind
from expoo_portal.visibility import Restricted, Viewer, prefixed

from .group import GroupContent


class ThreadKind(models.TextChoices):
    QUESTION = "question", "Vraag"
    IDEA = "idea", "Idee"
    EXPERIENCE = "experience", "Ervaring"
    CALL = "call", "Oproep"
    ANNOUNCEMENT = "announcement", "Aankondiging"
    CASE = "case", "Case"


class Thread(GroupContent):
    """A discussion: its title, and posts numbered from 1. Changes only through `network/threads.py` and `posting.py`.

    `post_count` and the `last_*` fields repeat what the posts say, so that a list of threads reads one table.
    """

    kind = models.CharField("soort", max_length=12, choices=ThreadKind.choices)
    title = models.CharField("titel", max_length=160)
    topics: models.ManyToManyField = models.ManyToManyField(
        "themes.Topic", blank=True, related_name="+", verbose_name="onderwerpen"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="gestart door",
    )
    # Made with the empty form, so that a double click starts one thread.
    start_key = models.UUIDField(unique=True, editable=False, default=uuid.uuid4)
    created = models.DateTimeField("gestart", default=timezone.now)
    post_count = models.PositiveIntegerField("berichten", default=0, editable=False)
    # The highest number that a post of this thread has had.
    last_number = models.PositiveIntegerField(default=0, editable=False)
    last_post_at = models.DateTimeField("laatste bericht", default=timezone.now, editable=False)
    last_author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    is_pinned = models.BooleanField("vastgezet", default=False)
    closed_at = models.DateTimeField("gesloten op", null=True, blank=True)
    deleted_at = models.DateTimeField("verwijderd op", null=True, blank=True, editable=False)
    helpful = models.ForeignKey(
        "Post",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nuttig antwoord",
    )
    # Where its posts went when it was merged; its old address leads there.
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "gesprek"
        verbose_name_plural = "gesprekken"
        ordering = ["-is_pinned", "-last_post_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ThreadKind.values), name="network_thread_kind"),
            models.CheckConstraint(
                condition=Q(post_count__lte=models.F("last_number")), name="network_thread_count"
            ),
        ]
        indexes = [
            models.Index(fields=["group", "-is_pinned", "-last_post_at", "-id"], name="network_thread_list"),
            models.Index(fields=["group", "kind", "-last_post_at"], name="network_thread_kinds"),
            models.Index(
                fields=["group", "created"],
                name="network_thread_unanswered",
                condition=Q(kind="question", last_number=1, deleted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        """Members see it until it is deleted."""
        return super().visibility(viewer) & Q(deleted_at__isnull=True)

    def get_absolute_url(self) -> str:
        return reverse("thread", args=[self.group.slug, self.pk])


class Post(Restricted):
    """One post. A deleted one leaves its number and its place, without text, author or files."""

    audience_path = "thread"

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts", verbose_name="gesprek")
    number = models.PositiveIntegerField("nummer")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="geschreven door",
    )
    body = RichTextField("bericht")
    start_key = models.UUIDField(unique=True, editable=False, default=uuid.uuid4)
    created = models.DateTimeField("geplaatst", default=timezone.now)
    edited_at = models.DateTimeField("gewijzigd", null=True, blank=True)
    deleted_at = models.DateTimeField("verwijderd", null=True, blank=True)
    deleted_by_facilitator = models.BooleanField("verwijderd door begeleider", default=False)

    class Meta:
        verbose_name = "bericht"
        verbose_name_plural = "berichten"
        ordering = ["thread", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "number"], name="network_post_number", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="network_post_number_from_one"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(body="", author__isnull=True),
                name="network_post_deleted_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-created"], name="network_post_author"),
            models.Index(fields=["created"], name="network_post_created"),
        ]

    def __str__(self) -> str:
        return f"Bericht {self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.thread.get_absolute_url()}#bericht-{self.number}"


class PostVersion(Restricted):
    """What a post said before it was edited; members see it."""

    audience_path = "post"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions", verbose_name="bericht")
    body = RichTextField("bericht")
    until = models.DateTimeField("geldig tot", default=timezone.now)

    class Meta:
        verbose_name = "vorige versie"
        verbose_name_plural = "vorige versies"
        ordering = ["post", "-until", "-id"]

    def __str__(self) -> str:
        return f"Versie tot {self.until:%d/%m/%Y %H:%M}"


class Draft(GroupContent):
    """What somebody is typing: a new thread (`thread` empty) or a reply. Only its writer sees it, while a member."""

    seen_with = frozenset({"group", "thread"})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="van"
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="gesprek"
    )
    # Becomes the start key of what is posted, so that a draft is posted once.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("soort", max_length=12, blank=True)
    title = models.CharField("titel", max_length=160, blank=True)
    topic_ids = models.JSONField("onderwerpen", default=list, blank=True)
    body = RichTextField("bericht")
    updated = models.DateTimeField("bewaard", auto_now=True)

    class Meta:
        verbose_name = "concept"
        verbose_name_plural = "concepten"
        ordering = ["-updated"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "thread"], condition=Q(thread__isnull=False), name="network_draft_reply"
            ),
            models.UniqueConstraint(
                fields=["user", "group"], condition=Q(thread__isnull=True), name="network_draft_thread"
            ),
        ]

    def __str__(self) -> str:
        return self.title or "Concept"

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        if not viewer.is_active:
            return Q(pk__in=[])
        is_open = Q(thread__isnull=True) | prefixed(Thread.visibility(viewer), "thread")
        return super().visibility(viewer) & Q(user_id=viewer.user.pk) & is_open


class PostFile(Attachment):
    """A picture or file of a post, or of the draft that becomes one."""

    seen_with = frozenset({"post", "draft"})
    family = "bericht"
    kinds = frozenset({Kind.IMAGE, Kind.DOCUMENT, Kind.AUDIO})

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, null=True, blank=True, related_name="files", verbose_name="bericht"
    )
    draft = models.ForeignKey(
        Draft, on_delete=models.CASCADE, null=True, blank=True, related_name="files", verbose_name="concept"
    )
    alt = models.CharField("beschrijving van het beeld", max_length=250, blank=True)

    class Meta:
        verbose_name = "bestand bij een bericht"
        verbose_name_plural = "bestanden bij berichten"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, draft__isnull=True)
                | Q(post__isnull=True, draft__isnull=False),
                name="network_postfile_one_place",
            ),
        ]

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        return prefixed(Post.visibility(viewer), "post") | prefixed(Draft.visibility(viewer), "draft")
