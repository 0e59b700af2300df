"""What the catalogue knows of one content version: facets, the facet index, cards and parts of practices.

One catalogue per process, per content version and per level of viewer (public, member, staff), built from
`Practice.objects.visible_to(...)`, so that nothing is counted or shown that the viewer may not see.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models
from django.utils.safestring import SafeString

from expoo_portal import content_version
from expoo_portal.fragments import Fragment, slot
from expoo_portal.kept import Kept
from expoo_portal.search.analysis import Lexicon
from expoo_portal.search.lexicon import lexicon
from expoo_portal.themes.models import Topic
from expoo_portal.visibility import Level, Viewer, viewer_of

from .address import Address, MultiValues, parse
from .cards import Card, CardRow, make_card
from .facet_index import FacetIndex, Row
from .models import Facet, FacetValue, FormerValue, Practice, PracticeImage, PracticeKind
from .related import PHRASES, Related, Shared

TYPE_FACET = "type-organisatie"
PROVINCE_FACET = "provincie"
TOPIC_FACET = "thema"
MAX_CARDS = 10_000
MAX_PARTS = 5_000
# Whoever searches goes on to filter and to turn pages with the same words.
MAX_SEARCHES = 64
MAX_TERMS = 10_000
FAN_CARDS = 5
NEWEST = 100


class Value(NamedTuple):
    """A facet value as the catalogue shows it."""

    id: int
    slug: str
    label: str
    description: str


@dataclass(frozen=True)
class FacetInfo:
    """A facet with its values, in the staff's order."""

    id: int
    slug: str
    label: str
    multiple: bool
    in_filters: bool
    values: tuple[Value, ...]

    @cached_property
    def by_slug(self) -> dict[str, Value]:
        return {value.slug: value for value in self.values}


class Catalogue:
    """Facets, index and cards of one content version as one level of viewer sees them."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        values: dict[int, list[Value]] = {}
        for value in FacetValue.objects.order_by("order", "id"):
            values.setdefault(value.facet_id, []).append(
                Value(value.pk, value.slug, value.label, value.description)
            )
        self.facets = tuple(
            FacetInfo(
                facet.pk,
                facet.slug,
                facet.label,
                facet.multiple,
                facet.in_filters,
                tuple(values.get(facet.pk, ())),
            )
            for facet in Facet.objects.order_by("order", "id")
        )
        self.by_slug = {facet.slug: facet for facet in self.facets}
        self.tags = {
            value.id: f"{facet.slug}={value.slug}" for facet in self.facets for value in facet.values
        }
        self.values = {value.id: value for facet in self.facets for value in facet.values}
        practices = (
            Practice.objects.visible_to(viewer)
            .annotate(is_archived=models.Q(archived_on__isnull=False))
            .order_by("is_archived", "name_key", "id")
            .values_list("pk", "entry__value_ids", "is_archived", "publish_at", "municipality_key")
        )
        # What stopped comes last in each order.
        rows = [
            Row(
                pk, value_ids or (), ((is_archived, -publish_at.timestamp()), (is_archived, municipality_key))
            )
            for pk, value_ids, is_archived, publish_at, municipality_key in practices.iterator(
                chunk_size=5_000
            )
        ]
        self.index = FacetIndex.build(
            rows,
            {facet.id: [value.id for value in facet.values] for facet in self.facets},
            orders=("nieuwste", "gemeente"),
        )
        # The positions of the practices that go on: they come first.
        self.live = (1 << sum(not row.sort_keys[0][0] for row in rows)) - 1
        images = PracticeImage.objects.visible_to(viewer)
        self._pictured = frozenset(images.values_list("practice_id", flat=True).distinct())
        self._cards = Kept[int, Card](MAX_CARDS)
        self.searches = Kept[tuple[str, str], int](MAX_SEARCHES)
        # What was found by challenge (`sentence_search`).
        self.answers = Kept[Any, Any](MAX_SEARCHES)
        self.term_counts = Kept[Any, int](MAX_TERMS)
        self._parts = Kept[tuple[type[models.Model], int], list[Any]](MAX_PARTS)

    @cached_property
    def choices(self) -> dict[str, dict[str, Value]]:
        """Facet slug -> value slug -> value: what an address may hold."""
        return {facet.slug: facet.by_slug for facet in self.facets}

    @cached_property
    def lexicon(self) -> Lexicon:
        """How searches are understood: with the words that mean the same."""
        return lexicon()

    @cached_property
    def former_values(self) -> dict[tuple[str, str], str]:
        """Facet slug and a value slug of before -> the value slug of today."""
        rows = FormerValue.objects.values_list("facet__slug", "slug", "value__slug")
        return {(facet, before): today for facet, before, today in rows}

    def address(self, parameters: MultiValues) -> Address:
        """What these parameters of an address choose."""
        return parse(parameters, self.choices, self.former_values)

    @cached_property
    def topics(self) -> dict[int, Topic]:
        """The topic that a facet value stands for, by value id, in the order of the topics."""
        values = FacetValue.objects.exclude(topic=None).order_by("topic__order", "topic__label", "id")
        return {value.pk: value.topic for value in values.select_related("topic") if value.topic}

    @cached_property
    def panels(self) -> dict[int, FacetPanel]:
        """The filter panel of each facet that is shown as a filter, by facet id."""
        return {facet.id: FacetPanel(facet) for facet in self.facets if facet.in_filters and facet.values}

    def cards(self, ids: Sequence[int]) -> list[Card]:
        """The cards of these practices, in this order; at most two queries, for the ones not yet made."""
        found = self.cards_by_id(ids)
        return [found[pk] for pk in ids if pk in found]

    def cards_by_id(self, ids: Sequence[int]) -> dict[int, Card]:
        """The cards of these practices that this level of viewer may see."""
        return self._cards.get(ids, self._make_cards)

    def _make_cards(self, ids: Sequence[int]) -> dict[int, Card]:
        practices = Practice.objects.visible_to(self._viewer).filter(pk__in=ids)
        images: dict[int, PracticeImage] = {}
        if pictured := self._pictured.intersection(ids):
            for image in PracticeImage.objects.visible_to(self._viewer).filter(practice__in=pictured):
                images.setdefault(image.practice_id, image)
        return {
            pk: make_card(
                CardRow(pk, *texts), self.labels(TYPE_FACET, ids), self.tags_of(ids), images.get(pk)
            )
            for pk, value_ids, *texts in practices.values_list("pk", "entry__value_ids", *CardRow._fields[1:])
            for ids in [value_ids or ()]
        }

    def parts(self, model: Any, practice_id: int) -> list[Any]:
        """The rows of this model that belong to a practice, as this level of viewer sees them; kept like the cards."""
        return self.parts_of(model, [practice_id])[practice_id]

    def parts_of(self, model: Any, practice_ids: Sequence[int]) -> dict[int, list[Any]]:
        """The same of several practices, in one query for those that are not kept."""

        def read(keys: list[tuple[Any, int]]) -> dict[tuple[Any, int], list[Any]]:
            found: dict[tuple[Any, int], list[Any]] = {key: [] for key in keys}
            rows = model.objects.visible_to(self._viewer).filter(practice__in=[pk for _, pk in keys])
            for row in rows:
                found[model, row.practice_id].append(row)
            return found

        kept = self._parts.get([(model, pk) for pk in practice_ids], read)
        return {pk: kept[model, pk] for pk in practice_ids}

    def value_ids(self, practice_id: int) -> list[int]:
        """Ids of the facet values of a practice, facet by facet; none when this viewer cannot see it."""
        position = self.index.position(practice_id)
        if position is None:
            return []
        return [value_id for value_id in self.values if self.index.bits[value_id] >> position & 1]

    def labels(self, facet: str, value_ids: Collection[int]) -> list[str]:
        """The labels of one facet's values among these."""
        values = self.by_slug[facet].values if facet in self.by_slug else ()
        return [value.label for value in values if value.id in value_ids]

    def labels_of(self, facet: str, practice_id: int) -> list[str]:
        """The labels of a practice's values in one facet; none when this viewer cannot see it."""
        position = self.index.position(practice_id)
        if position is None or facet not in self.by_slug:
            return []
        return [value.label for value in self.by_slug[facet].values if self._has(position, value.id)]

    def tags_of(self, value_ids: Iterable[int]) -> list[str]:
        """Facet values written as "facet=value", for the drawing."""
        return [self.tags[value_id] for value_id in value_ids if value_id in self.tags]

    @cached_property
    def newest_real(self) -> list[int]:
        """Ids of the newest practices that go on and are not invented, newest first."""
        practices = Practice.objects.visible_to(self._viewer).filter(archived_on=None)
        practices = practices.exclude(kind=PracticeKind.EXAMPLE)
        return list(practices.order_by("-publish_at", "-id").values_list("pk", flat=True)[:NEWEST])

    @cached_property
    def fan(self) -> list[int]:
        """Ids of the practices that open the fan on the home page: the newest of as many types as there is room for."""
        types = self.by_slug[TYPE_FACET].values if TYPE_FACET in self.by_slug else ()
        chosen: list[int] = []
        for value in types:
            bits = self.index.bits[value.id]
            newest = (pk for pk in self.newest_real if bits >> (self.index.position(pk) or 0) & 1)
            chosen += [pk for pk in [next(newest, None)] if pk is not None]
        return (chosen or self.newest_real)[:FAN_CARDS]

    def related(self, practice_id: int, limit: int = 3) -> list[Related]:
        """Practices that share the most telling values with this one: type and form before the rest.

        Narrows the choice value by value as long as enough practices remain; no practice is scored. One that
        stopped is named only when too few go on.
        """
        position = self.index.position(practice_id)
        if position is None:
            return []
        own = 1 << position
        remaining = self.live & ~own
        if remaining.bit_count() < limit:
            remaining = self.index.everything & ~own
        narrowing: list[int] = []
        telling: list[int] = []
        for slug in PHRASES:
            for value in self.by_slug[slug].values if slug in self.by_slug else ():
                bits = self.index.bits[value.id]
                if not bits & own:
                    continue
                telling.append(value.id)
                if (narrowed := remaining & bits).bit_count() >= limit:
                    remaining = narrowed
                    narrowing.append(value.id)
        # Start after the practice itself, so that not always the same few are named.
        following = remaining >> (position + 1) << (position + 1)
        positions = self.index.page(following, None, 0, limit)
        if len(positions) < limit:
            positions += self.index.page(remaining & ~following, None, 0, limit - len(positions))
        positions.sort(key=lambda place: not self.live >> place & 1)
        first = dict.fromkeys([*narrowing, *telling])
        return [
            Related(pk, tuple(self._shared(value_id) for value_id in first if self._has(place, value_id)))
            for place, pk in zip(positions, self.index.ids(positions), strict=True)
        ]

    def _has(self, position: int, value_id: int) -> bool:
        return bool(self.index.bits[value_id] >> position & 1)

    def _shared(self, value_id: int) -> Shared:
        facet, _, _ = self.tags[value_id].partition("=")
        return Shared(facet, self.values[value_id].label)


class FacetPanel:
    """One facet of the filter form, rendered once, with slots for what a choice changes."""

    FOLD_FROM = 8
    SHOWN_WHEN_FOLDED = 6

    def __init__(self, facet: FacetInfo) -> None:
        self.facet = facet
        fold = self.SHOWN_WHEN_FOLDED + 1 if len(facet.values) >= self.FOLD_FROM else 0
        first = 3
        rows = [
            {
                "slug": value.slug,
                "label": value.label,
                "css": slot(first + 3 * number),
                "state": slot(first + 3 * number + 1),
                "count": slot(first + 3 * number + 2),
            }
            for number, value in enumerate(facet.values)
        ]
        self.folded = range(fold - 1, len(rows)) if fold else range(0)
        self._fragments = [
            Fragment.rendered(
                "components/facet_group.html",
                {
                    "facet": {
                        "slug": facet.slug,
                        "label": facet.label,
                        "state": slot(0),
                        "chosen": chosen and slot(1),
                        "rows": rows,
                        "fold": fold,
                        "fold_state": slot(2),
                    }
                },
            )
            for chosen in (False, True)
        ]

    def html(self, counts: dict[int, int], chosen: Sequence[str], is_open: bool) -> SafeString:
        """The panel with these counts (by value id) and chosen value slugs."""
        cells: list[str | int] = []
        fold_open = ""
        for number, value in enumerate(self.facet.values):
            count = counts[value.id]
            if value.slug in chosen:
                cells += ["", CHECKED, count]
                if number in self.folded:
                    fold_open = OPEN_ATTRIBUTE
            elif count:
                cells += ["", "", count]
            else:
                cells += [EMPTY_CLASS, DISABLED, 0]
        is_open = is_open or bool(chosen)
        return self._fragments[bool(chosen)].fill(
            OPEN_ATTRIBUTE if is_open else "", len(chosen), fold_open, *cells
        )


OPEN_ATTRIBUTE, CHECKED, DISABLED = SafeString(" open"), SafeString(" checked"), SafeString(" disabled")
EMPTY_CLASS = SafeString(" is-empty")

_catalogues: dict[tuple[str, Level], Catalogue] = {}
_building = threading.Lock()


def catalogue_for(user: Any) -> Catalogue:
    """The catalogue as this user sees it now; built at the first question after a content change."""
    version, level = content_version.current(), viewer_of(user).level
    key = (version, level)
    catalogue = _catalogues.get(key)
    if catalogue is None:
        with _building:
            catalogue = _catalogues.get(key)
            if catalogue is None:
                catalogue = Catalogue(Viewer.at(level))
                for old in [kept for kept in _catalogues if kept[0] != version]:
                    del _catalogues[old]
                _catalogues[key] = catalogue
    return catalogue
