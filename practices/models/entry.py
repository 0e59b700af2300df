"""The narrow search table beside the practices (figures: SPEED.md)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from .practice import Practice


class PracticeEntry(models.Model):
    """What searching and filtering need of one practice, and nothing else.

    Open as a model because nobody is shown it: results are always cut with the practices that the viewer may see.
    `value_ids` are the ids of the facet values; `brief` holds name, special line and municipality (ranking),
    `full` everything (matching); `words` are the distinct folded words, for "Bedoelde je".
    """

    practice = models.OneToOneField(
        Practice, on_delete=models.CASCADE, primary_key=True, related_name="entry"
    )
    value_ids = ArrayField(models.IntegerField(), default=list)
    brief = SearchVectorField()
    full = SearchVectorField()
    words = ArrayField(models.TextField(), default=list)

    class Meta:
        verbose_name = "zoekregel"
        verbose_name_plural = "zoekregels"
        indexes = [
            GinIndex(fields=["full"], name="practices_entry_full", fastupdate=False),
            GinIndex(fields=["brief"], name="practices_entry_brief", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"zoekregel {self.pk}"
