"""Suggested lines for an agreement sheet between partners. What visitors make of them is stored nowhere."""

from __future__ import annotations

from django.db import models

from expoo_portal.visibility import Restricted

from .theme import Theme


class AgreementGroup(Restricted):
    """A subject to agree on: roles, the room, volunteers."""

    audience_path = "theme"
    theme = models.ForeignKey(
        Theme, on_delete=models.CASCADE, related_name="agreement_groups", verbose_name="thema"
    )
    slug = models.SlugField("kenmerk", max_length=60)
    label = models.CharField("naam", max_length=80)
    hint = models.CharField("uitleg", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "groep afspraken"
        verbose_name_plural = "groepen afspraken"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "slug"],
                name="themes_agreementgroup_slug",
                violation_error_message="Dit kenmerk bestaat al bij dit thema.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class AgreementLine(Restricted):
    """One sentence that partners can take over, with gaps such as [naam]."""

    audience_path = "group__theme"
    group = models.ForeignKey(
        AgreementGroup, on_delete=models.CASCADE, related_name="lines", verbose_name="groep"
    )
    text = models.CharField("afspraak", max_length=400)
    order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "afspraak"
        verbose_name_plural = "afspraken"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text
