"""The strengths and challenges of a practice sentence by sentence, for searching by challenge."""

from __future__ import annotations

from hashlib import blake2b

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from .parts import PracticePart
from .practice import Practice

KEY_BYTES = 8


def sentence_key(text: str) -> str:
    """What an address calls a sentence. Made of its words alone: no number that tells how many others there are."""
    return blake2b(text.encode(errors="replace"), digest_size=KEY_BYTES).hexdigest()


class SentenceField(models.TextChoices):
    """The field of the practice in which a sentence stands."""

    STRENGTHS = "strengths", "Sterktes"
    CHALLENGES = "challenges", "Uitdagingen"


class PracticeSentence(PracticePart):
    """A sentence of the strengths or challenges. Written by `practices.indexing`, never by hand."""

    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, related_name="sentences", verbose_name="praktijk"
    )
    field = models.CharField("veld", max_length=10, choices=SentenceField.choices)
    position = models.PositiveSmallIntegerField("plaats")
    text = models.TextField("zin")
    key = models.CharField("kenmerk", max_length=2 * KEY_BYTES)
    terms = ArrayField(models.TextField(), default=list, verbose_name="zoektermen")

    class Meta:
        verbose_name = "zin"
        verbose_name_plural = "zinnen"
        ordering = ["field", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "field", "position"], name="practices_sentence_place"
            ),
            models.CheckConstraint(
                condition=Q(field__in=SentenceField.values), name="practices_sentence_field"
            ),
        ]
        indexes = [
            models.Index(fields=["key"], name="practices_sentence_key"),
            # Which practices have any.
            models.Index(
                fields=["field", "practice"], condition=Q(position=0), name="practices_sentence_first"
            ),
            # One each, so that a word of the challenges does not slow down a search in the strengths.
            *(
                GinIndex(
                    fields=["terms"],
                    condition=Q(field=field),
                    name=f"practices_sentence_{field}",
                    fastupdate=False,
                )
                for field in SentenceField.values
            ),
        ]

    def __str__(self) -> str:
        return self.text
