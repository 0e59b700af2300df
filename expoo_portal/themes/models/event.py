"""Events of a theme: what is coming, and what was, with its report, presentations and pictures."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from expoo_portal.files import Attachment
from expoo_portal.richtext import RichTextField
from expoo_portal.uploads import Kind
from expoo_portal.visibility import Restricted

from .item import ThemeItem
from .topic import Topic


class DatePrecision(models.TextChoices):
    """How much of the date is known."""

    DAY = "dag", "De dag"
    MONTH = "maand", "Alleen de maand"
    YEAR = "jaar", "Alleen het jaar"


class Event(ThemeItem):
    """A congress, a day of exchange, a broadcast evening. Dates are those of Brussels."""

    slug = models.SlugField("adres", max_length=80, unique=True)
    title = models.CharField("titel", max_length=200)
    kind = models.CharField("soort", max_length=80, blank=True, help_text="Congres, uitwisselingsdag …")
    starts_on = models.DateField("begint op")
    ends_on = models.DateField("eindigt op", null=True, blank=True)
    precision = models.CharField(
        "wat van de datum bekend is", max_length=10, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    hours = models.CharField("uren", max_length=80, blank=True, help_text="Bijvoorbeeld: 9.30 tot 12 uur.")
    place = models.CharField("plaats", max_length=160, blank=True)
    summary = models.TextField("in het kort", max_length=600)
    body = RichTextField("verslag of programma")
    to_confirm = models.TextField("te bevestigen", max_length=600, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="events+", verbose_name="onderwerpen")
    history = HistoricalRecords(verbose_name="versie", app="themes", m2m_fields=[topics])

    class Meta(ThemeItem.Meta):
        verbose_name = "activiteit"
        verbose_name_plural = "activiteiten"
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["theme", "-starts_on"], name="themes_event_when")]
        constraints = [
            *ThemeItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="themes_event_ends_after_start",
                violation_error_message="Het einde ligt vóór het begin.",
            ),
            models.CheckConstraint(
                condition=Q(precision__in=DatePrecision.values), name="themes_event_precision"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("event", args=[self.theme.slug, self.slug])


class EventLink(Restricted):
    """More about the event elsewhere, such as its page or a source."""

    audience_path = "event"
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="links", verbose_name="activiteit"
    )
    title = models.CharField("titel", max_length=200)
    url = models.URLField("adres", max_length=500)
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "link"
        verbose_name_plural = "links"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title


class EventFile(Attachment):
    """A report or a presentation."""

    family = "activiteit-bestand"
    kinds = frozenset({Kind.DOCUMENT})
    audience_path = "event"
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="files", verbose_name="activiteit"
    )
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "bestand"
        verbose_name_plural = "bestanden"
        ordering = ["order", "id"]


class EventImage(Attachment):
    """A picture of the event. No recognisable people without their consent."""

    family = "activiteit-beeld"
    kinds = frozenset({Kind.IMAGE})
    audience_path = "event"
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="images", verbose_name="activiteit"
    )
    alt = models.CharField(
        "beschrijving van het beeld", max_length=200, help_text="Voor wie het beeld niet ziet."
    )
    consent = models.BooleanField(
        "toestemming", default=False, help_text="Wie herkenbaar in beeld is, gaf toestemming om dit te tonen."
    )
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "beeld"
        verbose_name_plural = "beelden"
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent=True),
                name="themes_eventimage_consent",
                violation_error_message="Zonder toestemming kan een beeld niet bewaard worden.",
            ),
            models.CheckConstraint(condition=~Q(alt=""), name="themes_eventimage_alt"),
        ]
