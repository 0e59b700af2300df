"""A practice: one way of letting families meet, described for colleagues."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from expoo_portal.richtext import RichTextField
from expoo_portal.search.analysis import fold
from expoo_portal.visibility import Publishable

from ..status import archive_label, status_lines
from .facets import FacetValue

# Pages of the catalogue itself, now or planned, that live beside the practices.
RESERVED_SLUGS = (
    "verras-me",
    "feed",
    "delen",
    "waaier",
    "vergelijk",
    "uitdagingen",
    "export",
    "open-data",
    "bevestigen",
    "geprobeerd",
)


class PracticeKind(models.TextChoices):
    """Where the description comes from."""

    PUBLIC_SOURCE = "openbare-bron", "Uit openbare bronnen"
    SHARED = "gedeeld", "Gedeeld door de werking"
    EXAMPLE = "voorbeeld", "Voorbeeld (verzonnen)"


class BasedOn(models.TextChoices):
    """ "Waarop steunt deze beschrijving?" (domain.md 2.1, conclusion 3): a neutral line instead of a ranking."""

    EXPERIENCE = "ervaring", "Eigen ervaring van de werking"
    EXCHANGED = "uitgewisseld", "Uitgewisseld in een intervisie of netwerk"
    RESEARCH = "onderzoek", "Beschreven in onderzoek of evaluatie"
    EDITORS = "redactie", "Overgenomen uit openbare bron door de redactie"
    EXAMPLE = "voorbeeld", "Verzonnen als voorbeeld door de redactie"


class Practice(Publishable):
    """A practice of the catalogue (fields: domain.md 2.2). An empty field means: the source does not say."""

    identifier = models.CharField(
        "nummer",
        max_length=20,
        unique=True,
        null=True,
        blank=True,
        help_text="Vast nummer, bijvoorbeeld voor invoer uit een bestand.",
    )
    slug = models.SlugField(
        "adres", max_length=110, unique=True, help_text="Een oud adres blijft doorverwijzen."
    )
    name = models.CharField("naam van de praktijk", max_length=100, help_text="Zoals gezinnen haar kennen.")
    summary = models.TextField(
        "in het kort", max_length=600, help_text="Twee tot vier zinnen: wat gebeurt er, voor wie, waar?"
    )
    special = models.CharField(
        "wat is er bijzonder aan",
        max_length=200,
        blank=True,
        help_text="Eén zin. Staat op de kaart in de lijst.",
    )
    organisation = models.CharField("organisatie", max_length=160)
    municipality = models.CharField("gemeente", max_length=100)
    kind = models.CharField("soort", max_length=20, choices=PracticeKind.choices, default=PracticeKind.SHARED)
    values = models.ManyToManyField(FacetValue, verbose_name="facetten", related_name="practices", blank=True)

    background = RichTextField("visie en achtergrond", help_text="Waar komt het vandaan?")
    approach = RichTextField("hoe werkt het?", help_text="Kernbegrippen en verloop.")
    welcome = RichTextField("hoe verloopt een eerste bezoek?")
    space_note = RichTextField("hoe ziet de plek eruit?")
    strengths = RichTextField("sterktes")
    challenges = RichTextField("uitdagingen", help_text="Wat moeilijk blijft, maakt leren mogelijk.")
    tips = RichTextField("wat zou je anders doen?")
    partners = models.TextField("partners", blank=True, help_text="Eén per regel.")
    discussion_questions = models.TextField(
        "vragen voor het teamoverleg",
        max_length=600,
        blank=True,
        default="",
        db_default="",
        help_text="Hoogstens drie, één per regel. Leeg: het teamblad neemt de vragen van de onderwerpen.",
    )

    based_on = models.CharField(
        "waarop steunt deze beschrijving?", max_length=20, choices=BasedOn.choices, default=BasedOn.EXPERIENCE
    )
    unconfirmed = models.TextField("niet bevestigd", blank=True, help_text="Wat de bronnen openlaten.")
    reference_year = models.PositiveSmallIntegerField(
        "peiljaar",
        null=True,
        blank=True,
        validators=[MinValueValidator(1950), MaxValueValidator(2100)],
        help_text="Het jaar waarin de beschrijving klopte.",
    )
    reviewed_on = models.DateField("laatst nagekeken", null=True, blank=True)
    confirmed_on = models.DateField("bevestigd door de werking", null=True, blank=True)
    archived_on = models.DateField(
        "bestaat niet meer sinds",
        null=True,
        blank=True,
        help_text="De praktijk blijft als archief staan, met dat label en onder de praktijken die bestaan.",
    )
    created = models.DateTimeField("gemaakt", auto_now_add=True)
    updated = models.DateTimeField("gewijzigd", auto_now=True)

    name_key = models.CharField(max_length=160, editable=False, db_index=True)
    municipality_key = models.CharField(max_length=160, editable=False, db_index=True)

    history = HistoricalRecords(verbose_name="versie", m2m_fields=[values])

    class Meta(Publishable.Meta):
        verbose_name = "praktijk"
        verbose_name_plural = "praktijken"
        ordering = ["name_key", "id"]
        indexes = [models.Index(fields=["-publish_at", "-id"], name="practices_practice_newest")]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS),
                name="practices_practice_slug_free",
                violation_error_message="Dit adres gebruikt de catalogus zelf. Kies een ander.",
            ),
            models.CheckConstraint(condition=Q(kind__in=PracticeKind.values), name="practices_practice_kind"),
            models.CheckConstraint(
                condition=Q(based_on__in=BasedOn.values), name="practices_practice_based_on"
            ),
            models.CheckConstraint(
                condition=Q(reference_year__isnull=True) | Q(reference_year__range=(1950, 2100)),
                name="practices_practice_reference_year",
                violation_error_message="Het peiljaar ligt tussen 1950 en 2100.",
            ),
            models.CheckConstraint(
                condition=Q(archived_on__isnull=True)
                | Q(archived_on__range=(date(1950, 1, 1), date(2100, 12, 31))),
                name="practices_practice_archived_on",
                violation_error_message="‘Bestaat niet meer sinds’ ligt tussen 1950 en 2100.",
            ),
            models.CheckConstraint(
                condition=Q(kind=PracticeKind.EXAMPLE, based_on=BasedOn.EXAMPLE)
                | ~Q(kind=PracticeKind.EXAMPLE) & ~Q(based_on=BasedOn.EXAMPLE),
                name="practices_practice_example_says_so",
                violation_error_message="Een verzonnen voorbeeld zegt ook bij ‘waarop steunt’ dat het verzonnen is.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.archived_on and self.archived_on > timezone.localdate():
            raise ValidationError({"archived_on": "Een praktijk komt pas in het archief als ze gestopt is."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the sort keys, and let an address that changed redirect."""
        self.set_sort_keys()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "name_key", "municipality_key"}
        with transaction.atomic():
            self.keep_former_slug()
            super().save(*args, **kwargs)

    def set_sort_keys(self) -> None:
        """The embedded Postgres sorts by code point, "Émile" would follow "Zon": sort by keys. For bulk writes."""
        self.name_key = fold(self.name)[:160]
        self.municipality_key = fold(self.municipality)[:160]

    def keep_former_slug(self) -> None:
        """When the address changes, let the old one redirect, and the new one no longer. For bulk writes."""
        if self.pk is None:
            return
        stored = type(self)._base_manager.filter(pk=self.pk).values_list("slug", flat=True).first()
        if stored and stored != self.slug:
            former = self.former_slugs.model._base_manager
            former.filter(slug=self.slug).delete()
            former.update_or_create(slug=stored, defaults={"practice": self})

    def get_absolute_url(self) -> str:
        return reverse("practice_detail", args=[self.slug])

    @property
    def is_example(self) -> bool:
        """Invented by the editors to fill a gap: must be labelled "voorbeeld" wherever it is shown."""
        return self.kind == PracticeKind.EXAMPLE

    @property
    def archive_label(self) -> str:
        """What stands wherever a practice that stopped is shown; empty for one that goes on."""
        return archive_label(self.archived_on)

    @property
    def status_lines(self) -> list[str]:
        """What the description rests on, as of when, and whether the organisation confirmed it."""
        return status_lines(self, timezone.localdate(), settings.PRACTICE_REVIEW_MONTHS)

    @property
    def partner_list(self) -> list[str]:
        """The partners, one per line of the field."""
        return [line.strip() for line in self.partners.splitlines() if line.strip()]
