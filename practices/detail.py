"""What the page of one practice shows, part by part; an empty part leaves no heading."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import slugify

from expoo_portal.themes.models import Topic

from .catalogue import TOPIC_FACET, TYPE_FACET, Catalogue
from .drawing import Drawing, drawing
from .models import (
    Experience,
    ExperienceState,
    Practice,
    PracticeContact,
    PracticeFile,
    PracticeImage,
    PracticeLink,
    PracticeSentence,
    PracticeSource,
    SentenceField,
)

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


class RelatedCard(NamedTuple):
    """The card of a related practice, and why it is related."""

    html: str
    reason: str


class Detail:
    """A practice with everything that belongs to it, as the viewers of this catalogue see it.

    What the catalogue keeps costs no query; the first time after a change it takes at most nine.
    """

    def __init__(self, practice: Practice, catalogue: Catalogue, *, preview: bool = False) -> None:
        self.practice = practice
        self._catalogue = catalogue
        self._preview = preview

    def _parts(self, model: Any) -> list[Any]:
        """The rows of a part. In a preview, whose caller has checked who is asking, as soon as it is published."""
        if self._preview:
            rows = list(model._base_manager.filter(practice=self.practice))
            for row in rows:
                row.for_staff = True  # files: at the address that works before publication
            return rows
        return self._catalogue.parts(model, self.practice.pk)

    @cached_property
    def value_ids(self) -> list[int]:
        if self._preview:
            return list(self.practice.values.values_list("pk", flat=True))
        return self._catalogue.value_ids(self.practice.pk)

    @property
    def labels(self) -> list[str]:
        """The labels of all its facet values."""
        values = [value for facet in self._catalogue.facets for value in facet.values]
        return [value.label for value in values if value.id in self.value_ids]

    @property
    def kicker(self) -> str:
        """The type and place, as on the card."""
        return " · ".join([*self._catalogue.labels(TYPE_FACET, self.value_ids), self.practice.municipality])

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
            Section(heading, slugify(heading), html)
            for heading, field in SECTIONS
            if (html := getattr(self.practice, field))
        ]

    @cached_property
    def challenges(self) -> list[PracticeSentence]:
        """The challenges one by one, to find others' answers to; none in a preview, which searching does not know."""
        if self._preview or not self.practice.challenges:
            return []
        rows = self._catalogue.parts(PracticeSentence, self.practice.pk)
        return [row for row in rows if row.field == SentenceField.CHALLENGES]

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
    def experiences(self) -> list[Experience]:
        """What others tell who tried it, approved by the editors; newest first."""
        notes = self._parts(Experience)
        return [note for note in notes if note.state == ExperienceState.APPROVED]

    @cached_property
    def contact(self) -> PracticeContact | None:
        """The contact, for members; others are told that there may be one for members, never that there is."""
        if self._preview:
            return None
        return next(iter(self._parts(PracticeContact)), None)

    @cached_property
    def topics(self) -> list[Topic]:
        """The topics that the practice's values stand for."""
        chosen = set(self.value_ids)
        return list(dict.fromkeys(topic for pk, topic in self._catalogue.topics.items() if pk in chosen))

    @cached_property
    def related(self) -> list[RelatedCard]:
        """Cards of related practices, each with why it is related."""
        found = self._catalogue.related(self.practice.pk)
        cards = self._catalogue.cards_by_id([related.id for related in found])
        return [
            RelatedCard(cards[related.id].html(), related.reason) for related in found if related.id in cards
        ]

    @cached_property
    def drawing(self) -> Drawing:
        return drawing(self.practice.slug, self._catalogue.tags_of(self.value_ids))
