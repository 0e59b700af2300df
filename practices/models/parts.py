"""What belongs to one practice and is seen by whoever sees the practice; the contact by members only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from expoo_portal.files import Attachment
from expoo_portal.uploads import Kind
from expoo_portal.visibility import Level, Restricted, Viewer, prefixed

from .practice import Practice


class PracticePart(Restricted):
    """Part of a practice, seen with it."""

    audience_path = "practice"

    class Meta:
        abstract = True


class PracticeSource(PracticePart):
    """A public source of the description."""

    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, related_name="sources", verbose_name="praktijk"
    )
    url = models.URLField("adres", max_length=500)
    description = models.CharField(
        "soort bron en datum", max_length=200, blank=True, help_text="Bijvoorbeeld: pers, mei 2019."
    )
    consulted_on = models.DateField("geraadpleegd op", null=True, blank=True)
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "bron"
        verbose_name_plural = "bronnen"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "url"],
                name="practices_source_once",
                violation_error_message="Deze bron staat er al bij.",
            )
        ]

    def __str__(self) -> str:
        return self.description or self.url


class PracticeLink(PracticePart):
    """Material elsewhere on the web: a script, a film, a poster."""

    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, related_name="links", verbose_name="praktijk"
    )
    title = models.CharField("titel", max_length=160)
    url = models.URLField("adres", max_length=500)
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "link"
        verbose_name_plural = "links"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title


class PracticeFile(Attachment):
    """A document to take along: a script, a poster."""

    family = "praktijk-bestand"
    audience_path = "practice"
    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, related_name="files", verbose_name="praktijk"
    )
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "bestand"
        verbose_name_plural = "bestanden"
        ordering = ["order", "id"]


class PracticeImage(Attachment):
    """A picture. No recognisable families without their consent."""

    family = "praktijk-beeld"
    kinds = frozenset({Kind.IMAGE})
    audience_path = "practice"
    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, related_name="images", verbose_name="praktijk"
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
                name="practices_image_consent",
                violation_error_message="Zonder toestemming kan een beeld niet bewaard worden.",
            ),
            models.CheckConstraint(condition=~Q(alt=""), name="practices_image_alt"),
        ]


class PracticeContact(Restricted):
    """Who to ask about a practice: a function and its address, shown to members only."""

    # The "+" closes the way back: `practice.contact` would give the row past the rule, to anybody.
    practice = models.OneToOneField(
        Practice, on_delete=models.CASCADE, related_name="contact+", verbose_name="praktijk"
    )
    role = models.CharField("functie of dienst", max_length=120, help_text="Liever een functie dan een naam.")
    email = models.EmailField("e-mailadres", blank=True, help_text="Een functie-adres, geen privéadres.")
    phone = models.CharField("telefoon", max_length=40, blank=True, help_text="Geen privénummer.")

    class Meta:
        verbose_name = "contact (alleen voor leden)"
        verbose_name_plural = "contacten (alleen voor leden)"

    def __str__(self) -> str:
        return self.role

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        if viewer.level < Level.MEMBER:
            return Q(pk__in=[])
        return prefixed(Practice.visibility(viewer), "practice")


class FormerSlug(PracticePart):
    """An address that a practice had before; it redirects."""

    slug = models.SlugField("oud adres", max_length=110, unique=True)
    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, related_name="former_slugs", verbose_name="praktijk"
    )

    class Meta:
        verbose_name = "oud adres"
        verbose_name_plural = "oude adressen"

    def __str__(self) -> str:
        return self.slug
