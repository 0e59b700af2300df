"""What the catalogue knows of one content version: facets, the facet index and rendered cards.

One catalogue per process, per content version and per level of viewer (public, member, staff), built from
`Practice.objects.visible_to(...)`, so that nothing is counted or shown that the viewer may not see.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import count, islice
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from expoo_portal import content_version
from expoo_portal.fragments import Fragment, escaped, joined, slot
from expoo_portal.search.analysis import highlight
from expoo_portal.visibility import Level, Viewer, viewer_of

from .drawing import Shape, drawing
from .facet_index import FacetIndex, Row
from .models import Facet, FacetValue, Practice, PracticeImage, PracticeKind

TYPE_FACET = "type-organisatie"
PROVINCE_FACET = "provincie"
TOPIC_FACET = "thema"
MAX_CARDS = 5_000
FAN_CARDS = 5
NEWEST = 100
# What a card shows; the search vectors and the long texts stay in the database.
CARD_FIELDS = ("slug", "name", "special", "summary", "municipality", "kind", "entry__value_ids")


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


@dataclass(frozen=True, slots=True)
class Card:
    """A practice as the lists show it: a frame and the texts in it, of which title and line can be marked."""

    practice_id: int
    frame: Fragment
    name: str
    line: str
    texts: tuple[SafeString, ...]
    plain: SafeString

    def html(self, stems: frozenset[str]) -> SafeString:
        """The card, with the words that match `stems` marked."""
        if not stems:
            return self.plain
        return self.frame.fill(marked(self.name, stems), marked(self.line, stems), *self.texts)


@cache
def card_frame(has_line: bool, is_example: bool, has_image: bool, shapes: int) -> Fragment:
    """The card of all practices that have the same parts, with slots for their texts.

    The slots: title, line, slug, address, kicker; then of an image address and description, or else of a drawing
    the ground and the colour and path of each of its shapes, the shared one last.
    """
    slots = map(slot, count())
    title, line, slug, href, kicker = islice(slots, 5)
    context = {
        "title": title,
        "line": has_line and line,
        "slug": slug,
        "href": href,
        "kicker": kicker,
        "example": is_example,
    }
    if has_image:
        context["image"] = {"src": next(slots), "alt": next(slots), "width": 640, "height": 288}
    else:
        ground = next(slots)
        drawn = [{"fill": next(slots), "path": next(slots)} for _ in range(shapes)]
        context["drawing"] = {"ground": ground, "shapes": drawn[:-1], "shared": drawn[-1]}
    return Fragment("components/practice_card.html", {"card": context, "level": 3})


def marked(text: str, stems: frozenset[str]) -> SafeString:
    """`text`, escaped, with the words that match `stems` inside <mark>."""
    return joined(
        part for piece, hit in highlight(text, stems) for part in ((OPEN, piece, CLOSE) if hit else (piece,))
    )


OPEN, CLOSE = SafeString("<mark>"), SafeString("</mark>")


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
        rows = (
            Practice.objects.visible_to(viewer)
            .order_by("name_key", "id")
            .values_list("pk", "entry__value_ids", "publish_at", "municipality_key")
        )
        self.index = FacetIndex.build(
            (
                Row(pk, value_ids or (), (-publish_at.timestamp(), municipality_key))
                for pk, value_ids, publish_at, municipality_key in rows.iterator(chunk_size=5_000)
            ),
            {facet.id: [value.id for value in facet.values] for facet in self.facets},
            orders=("nieuwste", "gemeente"),
        )
        self._cards: OrderedDict[int, Card] = OrderedDict()
        self._lock = threading.Lock()

    @cached_property
    def choices(self) -> dict[str, dict[str, Value]]:
        """Facet slug -> value slug -> value: what an address may hold."""
        return {facet.slug: facet.by_slug for facet in self.facets}

    @cached_property
    def panels(self) -> dict[int, FacetPanel]:
        """The filter panel of each facet that is shown as a filter, by facet id."""
        return {facet.id: FacetPanel(facet) for facet in self.facets if facet.in_filters and facet.values}

    def cards(self, ids: Sequence[int]) -> list[Card]:
        """The cards of these practices, in this order; at most one query, for the ones not yet rendered."""
        with self._lock:
            found = {pk: self._cards[pk] for pk in ids if pk in self._cards}
            for pk in found:
                self._cards.move_to_end(pk)
        missing = [pk for pk in ids if pk not in found]
        if missing:
            made = {card.practice_id: card for card in self._render(missing)}
            found |= made
            with self._lock:
                self._cards.update(made)
                while len(self._cards) > MAX_CARDS:
                    self._cards.popitem(last=False)
        return [found[pk] for pk in ids if pk in found]

    def _render(self, ids: Iterable[int]) -> list[Card]:
        practices = Practice.objects.visible_to(self._viewer).filter(pk__in=ids).select_related("entry")
        images: dict[int, PracticeImage] = {}
        for image in PracticeImage.objects.visible_to(self._viewer).filter(practice__in=list(ids)):
            images.setdefault(image.practice_id, image)
        return [self._card(practice, images.get(practice.pk)) for practice in practices.only(*CARD_FIELDS)]

    def _card(self, practice: Practice, image: PracticeImage | None) -> Card:
        value_ids = practice.entry.value_ids
        type_facet = self.by_slug.get(TYPE_FACET)
        types = [value.label for value in type_facet.values if value.id in value_ids] if type_facet else []
        line = practice.special or practice.summary
        kicker = " · ".join([*types, practice.municipality])
        shapes: list[Shape] = []
        if image:
            picture = [image.card_url, image.alt]
        else:
            drawn = drawing(practice.slug, self.tags_of(value_ids))
            shapes = [*drawn.shapes, drawn.shared]
            picture = [drawn.ground, *(text for shape in shapes for text in (shape.fill, shape.path))]
        frame = card_frame(bool(line), practice.is_example, bool(image), len(shapes))
        texts = tuple(map(escaped, [practice.slug, practice.get_absolute_url(), kicker, *picture]))
        return Card(practice.pk, frame, practice.name, line, texts, frame.fill(practice.name, line, *texts))

    def tags_of(self, value_ids: Iterable[int]) -> list[str]:
        """Facet values written as "facet=value", for the drawing."""
        return [self.tags[value_id] for value_id in value_ids if value_id in self.tags]

    @cached_property
    def newest_real(self) -> list[int]:
        """Ids of the newest practices that are not invented, newest first."""
        practices = Practice.objects.visible_to(self._viewer).exclude(kind=PracticeKind.EXAMPLE)
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

    def related(self, practice_id: int, limit: int = 3) -> list[int]:
        """Ids of practices that share the most telling values with this one: type and form before the rest.

        Narrows the choice value by value as long as enough practices remain; no practice is scored.
        """
        position = self.index.position(practice_id)
        if position is None:
            return []
        own = 1 << position
        remaining = self.index.everything & ~own
        for slug in (TYPE_FACET, "vorm", "doelgroepen", "ruimte", "doelen", PROVINCE_FACET):
            for value in self.by_slug[slug].values if slug in self.by_slug else ():
                bits = self.index.bits[value.id]
                if bits & own and (narrowed := remaining & bits).bit_count() >= limit:
                    remaining = narrowed
        # Start after the practice itself, so that not always the same few are named.
        following = remaining >> (position + 1) << (position + 1)
        positions = self.index.page(following, None, 0, limit)
        if len(positions) < limit:
            positions += self.index.page(remaining & ~following, None, 0, limit - len(positions))
        return self.index.ids(positions)


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
            Fragment(
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
