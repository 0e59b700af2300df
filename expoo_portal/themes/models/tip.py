"""Tips to work on a vision of meeting, for the own organisation and with partners."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from .item import ThemeItem
from .topic import Topic


class TipFor(models.TextChoices):
    """With whom a tip is used."""

    OWN = "eigen-werking", "In je eigen werking"
    PARTNERS = "partners", "Met partners"


class Tip(ThemeItem):
    """One tip with the question it puts to a team. Its code stays: it stands in action lists and results."""

    code = models.SlugField(
        "code", max_length=12, unique=True, help_text="Bijvoorbeeld T01. Wijzig dit niet."
    )
    used = models.CharField("waarvoor", max_length=20, choices=TipFor.choices, default=TipFor.OWN)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="tips+", verbose_name="onderwerp")
    also = models.ManyToManyField(Topic, blank=True, related_name="also_tips+", verbose_name="gaat ook over")
    title = models.CharField("titel", max_length=120)
    text = models.TextField("tip", max_length=600)
    explanation = models.TextField("uitleg", max_length=1500, blank=True)
    question = models.CharField("vraag om over na te denken", max_length=300, blank=True)
    origin = models.CharField("herkomst", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("volgorde", default=0)
    history = HistoricalRecords(verbose_name="versie", app="themes", m2m_fields=[also])

    class Meta(ThemeItem.Meta):
        verbose_name = "tip"
        verbose_name_plural = "tips"
        ordering = ["order", "code"]
        constraints = [
            *ThemeItem.Meta.constraints,
            models.CheckConstraint(condition=Q(used__in=TipFor.values), name="themes_tip_used"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its place among the tips of its theme."""
        return f"{reverse('theme_tips', args=[self.theme.slug])}#tip-{self.code}"
