"""The addresses of the network that anybody may visit, for the sitemap."""

from __future__ import annotations

from django.urls import reverse

from .announced import announced_groups


def public_places() -> list[str]:
    """The introductions of groups; none without a group that introduces itself."""
    slugs = [group.slug for group in announced_groups()]
    return [reverse("groups"), *(reverse("group", args=[slug]) for slug in slugs)] if slugs else []
