"""Editable pages: privacy, accessibility, "over"."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from .richtext import RichTextField
from .visibility import Publishable


class Page(Publishable):
    """A page of plain text at `/<slug>/` that staff edit."""

    slug = models.SlugField("adres", max_length=60, unique=True)
    title = models.CharField("titel", max_length=120)
    intro = models.TextField("inleiding", max_length=500, blank=True)
    body = RichTextField("tekst")
    in_footer = models.BooleanField("in de voettekst", default=False)
    order = models.PositiveSmallIntegerField("volgorde", default=0)
    reviewed_on = models.DateField("laatst nagekeken", null=True, blank=True)
    updated = models.DateTimeField("gewijzigd", auto_now=True)
    history = HistoricalRecords(verbose_name="versie", app="portal")

    class Meta(Publishable.Meta):
        verbose_name = "pagina"
        verbose_name_plural = "pagina's"
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])
