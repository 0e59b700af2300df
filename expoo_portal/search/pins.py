"""Answers that staff pin to a search: shown above what the search finds, as "Aanbevolen"."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from simple_history.models import HistoricalRecords

from expoo_portal.visibility import Publishable

from .analysis import stem, words
from .dutch import STOPWORDS

MAX_SEARCHES = 30
MAX_CHARACTERS = 60
MAX_SHOWN = 3


def key_of(search: str) -> str:
    """What makes two searches the same one: their terms, whatever the order; empty when there are none.

    "Ruilwinkels in Gent" and "gent ruilwinkel" are the same search.
    """
    pieces = [piece for word in words(search) for piece in word.pieces if piece not in STOPWORDS]
    return " ".join(sorted({stem(piece) for piece in pieces}))


def check_place(value: str) -> None:
    """Raises ValidationError for what is neither an address within the portal nor one that starts with https."""
    if value.startswith("/") and not value.startswith(("//", "/\\")) and not set(value) & set(" \\\n\r\t"):
        return
    try:
        URLValidator(schemes=["https"])(value)
    except ValidationError:
        raise ValidationError(
            "Geef een adres op deze site, dat begint met /, of een ander dat begint met https://."
        ) from None


class PinnedAnswer(Publishable):
    """The best answer to some searches, in the editors' words."""

    searches = models.TextField(
        "bij deze zoekvragen",
        max_length=2_000,
        help_text="Een zoekvraag per regel. Enkelvoud, hoofdletters en volgorde maken niet uit.",
    )
    keys = ArrayField(models.TextField(), default=list, editable=False)
    title = models.CharField("titel", max_length=120)
    text = models.TextField("tekst", max_length=400, blank=True)
    url = models.CharField(
        "adres",
        max_length=300,
        validators=[check_place],
        help_text="Op deze site, bijvoorbeeld /themas/ontmoeting/, of elders met https://.",
    )
    updated = models.DateTimeField("gewijzigd", auto_now=True)
    history = HistoricalRecords(verbose_name="versie", app="portal")

    class Meta(Publishable.Meta):
        verbose_name = "aanbevolen antwoord"
        verbose_name_plural = "aanbevolen antwoorden"
        ordering = ["title", "pk"]
        indexes = [GinIndex(fields=["keys"], name="portal_pinnedanswer_keys", fastupdate=False)]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what the searches are found by as well."""
        self.keys = sorted({key for line in self.lines if (key := key_of(line))})
        super().save(*args, **kwargs)

    def clean(self) -> None:
        lines = self.lines
        problems = [f"Op “{line}” kan niemand zoeken." for line in lines if not key_of(line)]
        problems += [
            f"“{line[:MAX_CHARACTERS]}…” is te lang." for line in lines if len(line) > MAX_CHARACTERS
        ]
        if len(lines) > MAX_SEARCHES:
            problems.append(f"Geef hoogstens {MAX_SEARCHES} zoekvragen.")
        if problems:
            raise ValidationError({"searches": problems})
        self.searches = "\n".join(lines)

    @property
    def lines(self) -> list[str]:
        """The searches, one by one."""
        return list(
            dict.fromkeys(" ".join(line.split()) for line in self.searches.splitlines() if line.strip())
        )


def pinned_to(text: str, user: Any) -> list[PinnedAnswer]:
    """The answers pinned to this search that this user may see; one query, or none for an empty search."""
    key = key_of(text)
    return list(PinnedAnswer.objects.visible_to(user).filter(keys__contains=[key])[:MAX_SHOWN]) if key else []
