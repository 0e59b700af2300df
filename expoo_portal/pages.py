"""Editable pages: privacy, accessibility, "over"."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from . import content_version
from .richtext import RichTextField
from .visibility import Publishable

# First parts of addresses that the portal uses itself, now or as planned.
RESERVED_SLUGS = (
    "account",
    "beheer",
    "bestanden",
    "gezond",
    "netwerk",
    "praktijken",
    "reflectie",
    "static",
    "stijlgids",
    "themas",
    "verslagen",
    "zoeken",
)


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
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS),
                name="portal_page_slug_free",
                violation_error_message="Dit adres gebruikt het portaal zelf. Kies een ander.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])


class _Footer:
    """The links of the footer, as of one content version."""

    version = ""
    links: list[tuple[str, str]] = []


def footer_links() -> list[tuple[str, str]]:
    """Title and address of the public pages that staff put in the footer; asked once per content version."""
    version = content_version.current()
    if _Footer.version != version:
        pages = Page.objects.public().filter(in_footer=True)
        _Footer.links = [(page.title, page.get_absolute_url()) for page in pages]
        _Footer.version = version
    return _Footer.links
