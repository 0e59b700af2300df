"""The addresses of the network that anybody may visit, for the sitemap."""

from __future__ import annotations

from django.urls import reverse

from .models import Group


def public_places() -> list[str]:
    """The introductions of groups; none without a group that introduces itself."""
    slugs = list(Group.objects.public().order_by("pk").values_list("slug", flat=True))
    return [reverse("groups"), *(reverse("group", args=[slug]) for slug in slugs)] if slugs else []
