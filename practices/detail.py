"""What the page of one practice shows, part by part; an empty part leaves no heading."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from expoo_portal.themes.models import Topic

from .catalogue import TOPIC_FACET, Catalogue
from .drawing import Drawing, drawing
from .models import Practice, PracticeContact, PracticeFile, PracticeImage, PracticeLink, PracticeSource

# Heading on the page -> field, in reading order (domain.md 2.2).
SECTIONS = (
    ("Visie en achtergrond", "background"),
    ("Hoe werkt het?", "approach"),
    ("Een eerste bezoek", "welcome"),
    ("Hoe ziet de plek eruit?", "space_note"),
    ("Sterktes", "strengths"),
    ("Uitdagingen", "challenges"),
    ("Wat zouden ze anders doen?", "tips"),
)


class Section(NamedTuple):
    """A heading with its rich text and an id to link to."""

    heading: str
    anchor: str
    html: str


class Detail:
    """A practice with everything that belongs to it, as one viewer sees it. At most seven queries."""

    def __init__(self, practice: Practice, user: Any, catalogue: Catalogue, *, preview: bool = False) -> None:
        self.practice = practice
        self._user = user
        self._catalogue = catalogue
        self._preview = preview

    def _parts(self, model: Any) -> list[Any]:
        """The rows of a part. In a preview, whose caller has checked who is asking, as soon as it is published."""
        if self._preview:
            rows = list(model._base_manager.filter(practice=self.practice))
            for row in rows:
                row.for_staff = True  # files: at the address that works before publication
            return rows
        return list(model.objects.visible_to(self._user).filter(practice=self.practice))

    @cached_property
    def value_ids(self) -> list[int]:
        return list(self.practice.values.order_by("facet__order", "order").values_list("pk", flat=True))

    @property
    def kicker(self) -> str:
        """The type and place, as on the card."""
        types = self._labels("type-organisatie")
        return " · ".join([*types, self.practice.municipality])

    def _labels(self, facet: str) -> list[str]:
        info = self._catalogue.by_slug.get(facet)
        return [value.label for value in info.values if value.id in self.value_ids] if info else []

    @cached_property
    def fiche(self) -> list[tuple[str, list[Any]]]:
        """The short, structured part: organisation, place, and each facet with links into the catalogue."""
        base = reverse("practice_list")
        rows: list[tuple[str, list[Any]]] = [
            ("Organisatie", [self.practice.organisation]),
            ("Gemeente", [self.practice.municipality]),
        ]
        for facet in self._catalogue.facets:
            if facet.slug == TOPIC_FACET:  # shown as topics
                continue
            links = [
                {"text": value.label, "href": f"{base}?{urlencode({facet.slug: value.slug})}"}
                for value in facet.values
                if value.id in self.value_ids
            ]
            if links:
                rows.append((facet.label, links))
        return rows

    @property
    def sections(self) -> list[Section]:
        """The filled text parts."""
        return [
            Section(heading, field.replace("_", "-"), html)
            for heading, field in SECTIONS
            if (html := getattr(self.practice, field))
        ]

    @cached_property
    def sources(self) -> list[PracticeSource]:
        return self._parts(PracticeSource)

    @cached_property
    def links(self) -> list[PracticeLink]:
        return self._parts(PracticeLink)

    @cached_property
    def files(self) -> list[PracticeFile]:
        return self._parts(PracticeFile)

    @cached_property
    def images(self) -> list[PracticeImage]:
        return self._parts(PracticeImage)

    @cached_property
    def contact(self) -> PracticeContact | None:
        """The contact, for members; others are told that there may be one for members, never that there is."""
        if self._preview:
            return None
        return next(iter(self._parts(PracticeContact)), None)

    @cached_property
    def topics(self) -> list[Topic]:
        """The topics that the practice's values stand for."""
        return list(Topic.objects.filter(facet_values__in=self.value_ids).distinct())

    @cached_property
    def related(self) -> list[str]:
        """Cards of related practices."""
        ids = self._catalogue.related(self.practice.pk)
        return [card.plain for card in self._catalogue.cards(ids)]

    @cached_property
    def drawing(self) -> Drawing:
        return drawing(self.practice.slug, self._catalogue.tags_of(self.value_ids))
