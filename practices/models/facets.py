"""Facets and their values: data that staff edit, not code."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from expoo_portal.themes.models import Topic

# Names that the catalogue's address uses for something else, so that a facet cannot take them.
RESERVED_SLUGS = frozenset({"q", "pagina", "sorteer", "weergave"})


class Facet(models.Model):
    """A question by which practices are described and filtered ("Ruimte"). Open: holds labels only."""

    slug = models.SlugField(
        "kenmerk", max_length=60, unique=True, help_text="Staat in het adres: wijzig dit liever niet."
    )
    label = models.CharField("naam", max_length=80)
    multiple = models.BooleanField("meerdere waarden per praktijk", default=True)
    help_text = models.CharField("hulptekst", max_length=300, blank=True)
    origin = models.CharField("herkomst", max_length=300, blank=True)
    in_filters = models.BooleanField("als filter tonen", default=True)
    order = models.PositiveSmallIntegerField("volgorde", default=0, db_index=True)

    class Meta:
        verbose_name = "facet"
        verbose_name_plural = "facetten"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError(
                {"slug": f"“{self.slug}” is al in gebruik in het adres. Kies een ander kenmerk."}
            )


class FacetValue(models.Model):
    """One possible answer of a facet ("Buiten of openbare ruimte"). Open: holds labels only."""

    facet = models.ForeignKey(Facet, on_delete=models.CASCADE, related_name="values", verbose_name="facet")
    slug = models.SlugField("kenmerk", max_length=60, help_text="Staat in het adres: wijzig dit liever niet.")
    label = models.CharField("naam", max_length=80)
    description = models.CharField("toelichting", max_length=300, blank=True)
    synonyms = models.CharField(
        "ook gezocht als",
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="Andere woorden waarmee bezoekers hiernaar zoeken, met een komma ertussen.",
    )
    topic = models.ForeignKey(
        Topic,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="facet_values",
        verbose_name="onderwerp",
        help_text="Verbindt praktijken met tips, verslagen en vragen over hetzelfde onderwerp.",
    )
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "facetwaarde"
        verbose_name_plural = "facetwaarden"
        ordering = ["facet", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facet", "slug"],
                name="practices_facetvalue_slug",
                violation_error_message="Dit kenmerk bestaat al bij deze facet.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """When the slug changes, the old one goes on filtering, and whoever had the new one before no longer does."""
        with transaction.atomic():
            stored = FacetValue.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
            super().save(*args, **kwargs)
            FormerValue.objects.filter(facet=self.facet_id, slug=self.slug).delete()
            if stored and stored != self.slug:
                FormerValue.objects.update_or_create(
                    facet_id=self.facet_id, slug=stored, defaults={"value": self}
                )


class FormerValue(models.Model):
    """A slug that a value had before, or the slug of one that was merged into it. Open: holds labels only."""

    facet = models.ForeignKey(Facet, on_delete=models.CASCADE, related_name="former_values")
    slug = models.SlugField("vroeger kenmerk", max_length=60)
    value = models.ForeignKey(FacetValue, on_delete=models.CASCADE, related_name="former_slugs")

    class Meta:
        verbose_name = "vroegere facetwaarde"
        verbose_name_plural = "vroegere facetwaarden"
        constraints = [models.UniqueConstraint(fields=["facet", "slug"], name="practices_formervalue_slug")]

    def __str__(self) -> str:
        return self.slug
