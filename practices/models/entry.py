"""The narrow search table beside the practices (figures: SPEED.md)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from expoo_portal.search.models import SearchEntry

from .practice import Practice


class PracticeEntry(SearchEntry):
    """What searching and filtering need of one practice: its search vectors and the ids of its facet values."""

    practice = models.OneToOneField(
        Practice, on_delete=models.CASCADE, primary_key=True, related_name="entry"
    )
    value_ids = ArrayField(models.IntegerField(), default=list)

    class Meta(SearchEntry.Meta):
        verbose_name = "zoekregel"
        verbose_name_plural = "zoekregels"

    def __str__(self) -> str:
        return f"zoekregel {self.pk}"
