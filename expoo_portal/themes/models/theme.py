"""A theme of the portal and the sections of its page."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from expoo_portal.richtext import RichTextField
from expoo_portal.visibility import Publishable, Restricted

from .topic import Topic


class Theme(Publishable):
    """A theme of the portal, such as "ontmoeting"; its pages hang under it."""

    slug = models.SlugField("adres", max_length=60, unique=True)
    title = models.CharField("titel", max_length=120)
    intro = models.TextField("in het kort", max_length=600)
    body = RichTextField("inleiding")
    topics = models.ManyToManyField(Topic, verbose_name="onderwerpen", blank=True, related_name="themes")
    order = models.PositiveSmallIntegerField("volgorde", default=0)
    reviewed_on = models.DateField("laatst nagekeken", null=True, blank=True)
    updated = models.DateTimeField("gewijzigd", auto_now=True)
    history = HistoricalRecords(verbose_name="versie", app="themes")

    class Meta(Publishable.Meta):
        verbose_name = "thema"
        verbose_name_plural = "thema's"
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("theme", args=[self.slug])


class SectionKind(models.TextChoices):
    """What a section of a theme page shows: its own text, or what is kept of that kind."""

    TEXT = "tekst", "Tekst"
    PRACTICES = "praktijken", "Praktijken uit de catalogus"
    TIPS = "visie", "Werken aan visie (tips)"
    AGREEMENTS = "afspraken", "Afsprakenlijst voor partners"
    BROADCASTS = "herbeluister", "Herbeluister"
    DOCUMENTS = "documenten", "Documenten"
    EVENTS = "agenda", "Agenda en terugblik"
    REPORTS = "verslagen", "Verslagen"
    JOIN = "doe-mee", "Doe mee"
    CONTACT = "contact", "Contact"


# What the frame of every page calls its own parts: an anchor with such a name would lead there.
_TAKEN_ANCHOR = re.compile(r"inhoud|menu|zoek-kop(-lijst.*)?")


class ThemeSection(Restricted):
    """One part of a theme page, in the order that staff drag; its text comes first, then what its kind shows."""

    audience_path = "theme"
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="sections", verbose_name="thema")
    kind = models.CharField("soort", max_length=20, choices=SectionKind.choices, default=SectionKind.TEXT)
    slug = models.SlugField("anker", max_length=60, help_text="Staat in het adres, na het hekje.")
    title = models.CharField("titel", max_length=120)
    body = RichTextField("tekst")
    order = models.PositiveSmallIntegerField("volgorde", default=0)
    history = HistoricalRecords(verbose_name="versie", app="themes")

    class Meta:
        verbose_name = "onderdeel"
        verbose_name_plural = "onderdelen"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "slug"],
                name="themes_section_slug",
                violation_error_message="Dit anker heeft al een ander onderdeel van dit thema.",
            ),
            models.CheckConstraint(condition=Q(kind__in=SectionKind.values), name="themes_section_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse an anchor that the page already has for something else."""
        super().clean()
        if _TAKEN_ANCHOR.fullmatch(self.slug):
            message = (
                f"‘{self.slug}’ gebruikt de pagina zelf al. Kies een ander anker, zoals ‘thema-{self.slug}’."
            )
            raise ValidationError({"slug": ValidationError(message, code="taken")})


class SectionLink(Restricted):
    """A way from a section into the catalogue, such as all toy libraries; the page says how many it leads to."""

    audience_path = "section__theme"
    section = models.ForeignKey(
        ThemeSection, on_delete=models.CASCADE, related_name="links", verbose_name="onderdeel"
    )
    group = models.CharField("groep", max_length=80, blank=True)
    text = models.CharField("tekst", max_length=120)
    query = models.CharField(
        "keuze in de catalogus",
        max_length=200,
        help_text="Wat na het vraagteken staat in het adres van de catalogus: ruimte=buiten&vorm=wandeling.",
    )
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "link naar de catalogus"
        verbose_name_plural = "links naar de catalogus"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text
