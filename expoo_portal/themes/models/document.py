"""Documents of a theme: what each is, for whom, and where it is; old versions stay."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from expoo_portal.files import Attachment
from expoo_portal.richtext import RichTextField
from expoo_portal.uploads import Kind

from .item import ThemeItem
from .topic import Topic


class Document(ThemeItem):
    """A reference: a practice description, a guide, a book."""

    slug = models.SlugField("adres", max_length=80, unique=True)
    title = models.CharField("titel", max_length=200)
    kind = models.CharField("soort", max_length=80, blank=True, help_text="Handleiding, boek, onderzoek …")
    authors = models.CharField("wie schreef het", max_length=300, blank=True)
    publisher = models.CharField("uitgever", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(
        "jaar", null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    what = models.TextField("wat is het?", max_length=600)
    for_whom = models.TextField("voor wie?", max_length=400, blank=True)
    body = RichTextField("samenvatting")
    url = models.URLField("adres op het web", max_length=500, blank=True)
    source = models.CharField("bron van deze gegevens", max_length=300, blank=True)
    to_confirm = models.TextField("te bevestigen", max_length=600, blank=True)
    is_reference = models.BooleanField("staat bovenaan als referentie", default=False)
    topics = models.ManyToManyField(Topic, blank=True, related_name="documents+", verbose_name="onderwerpen")
    order = models.PositiveSmallIntegerField("volgorde", default=0)
    history = HistoricalRecords(verbose_name="versie", app="themes", m2m_fields=[topics])

    class Meta(ThemeItem.Meta):
        verbose_name = "document"
        verbose_name_plural = "documenten"
        ordering = ["-is_reference", "order", "-year", "id"]
        constraints = [
            *ThemeItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__range=(1900, 2100)), name="themes_document_year"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.theme.slug, self.slug])


class DocumentFile(Attachment):
    """A version of the document as a file; the newest counts, older ones stay to be found."""

    family = "document"
    kinds = frozenset({Kind.DOCUMENT})
    audience_path = "document"
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="files", verbose_name="document"
    )
    version = models.CharField("versie", max_length=60, blank=True, help_text="Bijvoorbeeld: mei 2019.")

    class Meta:
        verbose_name = "bestand"
        verbose_name_plural = "bestanden"
        ordering = ["-created", "-id"]
