"""The way back from a page under a theme."""

from __future__ import annotations

from django.urls import reverse

from .models import Theme


def trail_to(theme: Theme, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """Titles and addresses from the home page to this theme, and further down."""
    return [
        ("Start", reverse("home")),
        ("Thema's", reverse("themes")),
        (theme.title, theme.get_absolute_url()),
        *further,
    ]
