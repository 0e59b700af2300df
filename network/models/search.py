"""By which words discussions are found, by the members of their group alone.

A table of its own, beside the site's search rows: those raise the content version at each write, and their words
become suggestions. Of the words that are here nothing is ever gathered.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from expoo_portal.visibility import Restricted

from .discussion import Post, Thread


class ThreadEntry(Restricted):
    """The words of the title of a thread."""

    audience_path = "thread"

    thread = models.OneToOneField(
        Thread, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name="gesprek"
    )
    full = SearchVectorField()

    class Meta:
        verbose_name = "zoekregel van een gesprek"
        verbose_name_plural = "zoekregels van gesprekken"
        indexes = [GinIndex(fields=["full"], name="network_threadentry_full", fastupdate=False)]

    def __str__(self) -> str:
        return f"gesprek {self.pk}"


class PostEntry(Restricted):
    """The words of a post. It follows its post into another thread or group; of what was deleted there is none."""

    audience_path = "post"

    post = models.OneToOneField(
        Post, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name="bericht"
    )
    full = SearchVectorField()

    class Meta:
        verbose_name = "zoekregel van een bericht"
        verbose_name_plural = "zoekregels van berichten"
        indexes = [GinIndex(fields=["full"], name="network_postentry_full", fastupdate=False)]

    def __str__(self) -> str:
        return f"bericht {self.pk}"
