"""Radio broadcasts: the sound, its chapters, and every sentence with the moment at which it is said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from expoo_portal.files import Attachment
from expoo_portal.richtext import RichTextField
from expoo_portal.uploads import Kind
from expoo_portal.visibility import Restricted

from .item import ThemeItem


class Broadcast(ThemeItem):
    """A broadcast to listen to again; without a recording its page says what was broadcast."""

    slug = models.SlugField("adres", max_length=80, unique=True)
    title = models.CharField("titel", max_length=160)
    summary = models.TextField("in het kort", max_length=600)
    body = RichTextField("tekst")
    aired_on = models.DateField("uitgezonden op", null=True, blank=True)
    is_example = models.BooleanField("voorbeeld (zelfgemaakt)", default=False)
    history = HistoricalRecords(verbose_name="versie", app="themes")

    class Meta(ThemeItem.Meta):
        verbose_name = "uitzending"
        verbose_name_plural = "uitzendingen"
        ordering = ["-aired_on", "-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("broadcast", args=[self.theme.slug, self.slug])


class BroadcastAudio(Attachment):
    """The recording; the newest counts."""

    family = "uitzending"
    kinds = frozenset({Kind.AUDIO})
    audience_path = "broadcast"
    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.CASCADE, related_name="recordings", verbose_name="uitzending"
    )
    seconds = models.PositiveIntegerField("duur in seconden", null=True, blank=True)

    class Meta:
        verbose_name = "opname"
        verbose_name_plural = "opnames"
        ordering = ["-created", "-id"]


class Chapter(Restricted):
    """A part of a broadcast by one speaker, from `start` seconds on."""

    audience_path = "broadcast"
    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.CASCADE, related_name="chapters", verbose_name="uitzending"
    )
    title = models.CharField("titel", max_length=160)
    speaker = models.CharField("wie spreekt", max_length=120, blank=True)
    role = models.CharField("rol", max_length=120, blank=True)
    start = models.PositiveIntegerField("begint na (seconden)")
    practice_slugs = models.CharField(
        "praktijken die je hoort",
        max_length=400,
        blank=True,
        help_text="De laatste delen van hun adres, met een komma ertussen.",
    )

    class Meta:
        verbose_name = "hoofdstuk"
        verbose_name_plural = "hoofdstukken"
        ordering = ["start", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["broadcast", "start"],
                name="themes_chapter_start",
                violation_error_message="Op dit moment begint al een ander hoofdstuk.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class TranscriptLine(Restricted):
    """One sentence of the transcript and the second at which it begins, counted from the start of the broadcast."""

    audience_path = "chapter__broadcast"
    chapter = models.ForeignKey(
        Chapter, on_delete=models.CASCADE, related_name="lines", verbose_name="hoofdstuk"
    )
    start = models.DecimalField("begint na (seconden)", max_digits=8, decimal_places=2)
    text = models.TextField("zin", max_length=1000)

    class Meta:
        verbose_name = "zin"
        verbose_name_plural = "zinnen"
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(start__gte=0), name="themes_transcriptline_start"),
        ]

    def __str__(self) -> str:
        return self.text
