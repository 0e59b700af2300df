"""What every kind of searchable content has in common: a narrow row of search vectors beside it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from .analysis import Weight, weighted_vector, words

Texts = list[tuple[str, Weight]]


class SearchEntry(models.Model):
    """The search row of one piece of content; a subclass adds the key to it.

    Open as a model because nobody is shown it: what a search finds is always cut with what the viewer may see.
    `full` holds every word (matching), `brief` only the telling ones (ranking stays cheap, SPEED.md); `words` are
    the distinct folded words, for "Bedoelde je".
    """

    brief = SearchVectorField()
    full = SearchVectorField()
    words = ArrayField(models.TextField(), default=list)

    class Meta:
        abstract = True
        indexes = [
            GinIndex(fields=["full"], name="%(app_label)s_%(class)s_full", fastupdate=False),
            GinIndex(fields=["brief"], name="%(app_label)s_%(class)s_brief", fastupdate=False),
        ]


def search_columns(brief: Texts, full: Texts) -> tuple[str, str, list[str]]:
    """The values of `brief`, `full` and `words` for texts with their weights: two tsvectors and the words."""
    distinct = {word.folded for text, _ in full for word in words(text)}
    return weighted_vector(brief), weighted_vector(full), sorted(distinct)
