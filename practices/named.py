"""Practices that another page names by the last part of their address, as far as its reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from .catalogue import Catalogue
from .models import FormerSlug, Practice


@dataclass(frozen=True)
class Named:
    """A practice to link to."""

    pk: int
    slug: str
    name: str

    @property
    def href(self) -> str:
        return reverse("practice_detail", args=[self.slug])


class NamedPractices:
    """The practices behind these slugs, those of before included; kept with the catalogue."""

    def __init__(self, catalogue: Catalogue, user: Any, slugs: Iterable[str]) -> None:
        self._catalogue = catalogue
        key = (NamedPractices, tuple(slugs))
        self._by_slug: dict[str, Named] = catalogue.answers.get([key], lambda _: {key: _find(user, key[1])})[
            key
        ]

    def at(self, slugs: Iterable[str]) -> list[Named]:
        """These ones, in this order, each once."""
        return list(dict.fromkeys(self._by_slug[slug] for slug in slugs if slug in self._by_slug))

    @property
    def cards(self) -> list[str]:
        """The cards of all of them."""
        found = dict.fromkeys(practice.pk for practice in self._by_slug.values())
        return [card.html() for card in self._catalogue.cards(list(found))]


def _find(user: Any, slugs: tuple[str, ...]) -> dict[str, Named]:
    """By slug, in the order asked for; one query, and one more for addresses of before."""
    if not slugs:
        return {}
    rows = Practice.objects.visible_to(user).filter(slug__in=slugs)
    found = {slug: Named(pk, slug, name) for pk, slug, name in rows.values_list("pk", "slug", "name")}
    if missing := [slug for slug in slugs if slug not in found]:
        former = (
            FormerSlug.objects.visible_to(user)
            .filter(slug__in=missing)
            .values_list("slug", "practice_id", "practice__slug", "practice__name")
        )
        for slug, pk, today, name in former:
            found[slug] = Named(pk, today, name)
    return {slug: found[slug] for slug in slugs if slug in found}
