"""Topics: the shared vocabulary that lets tips, practices, reports and questions find each other."""

from __future__ import annotations

from django.db import models


class Topic(models.Model):
    """A word from the shared vocabulary ("Ruimte", "Onthaal", "Vaders"). Open: a label tells nothing about anyone."""

    slug = models.SlugField("kenmerk", max_length=60, unique=True)
    label = models.CharField("naam", max_length=80)
    description = models.CharField("toelichting", max_length=300, blank=True)
    discussion_questions = models.TextField(
        "vragen voor het teamoverleg",
        max_length=600,
        blank=True,
        default="",
        db_default="",
        help_text="Hoogstens drie, één per regel, voor het teamblad van praktijken met dit onderwerp.",
    )
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "onderwerp"
        verbose_name_plural = "onderwerpen"
        ordering = ["order", "label"]

    def __str__(self) -> str:
        return self.label
