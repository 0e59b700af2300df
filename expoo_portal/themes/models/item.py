"""What belongs to a theme and is published by itself: tips, broadcasts, documents, events, contact persons."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from expoo_portal.visibility import Publishable, Viewer, prefixed

from .theme import Theme


class ThemeItem(Publishable):
    """Seen by whoever may see both it and its theme."""

    seen_with = frozenset({"theme"})
    theme = models.ForeignKey(
        Theme, on_delete=models.CASCADE, related_name="%(class)s_set", verbose_name="thema"
    )
    reviewed_on = models.DateField("laatst nagekeken", null=True, blank=True)
    created = models.DateTimeField("gemaakt", auto_now_add=True)
    updated = models.DateTimeField("gewijzigd", auto_now=True)

    class Meta(Publishable.Meta):
        abstract = True

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        return super().visibility(viewer) & prefixed(Theme.visibility(viewer), "theme")
