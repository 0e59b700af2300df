"""Practices as the site search finds them: with the catalogue's own index and order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from expoo_portal.richtext import plain_text
from expoo_portal.search.analysis import Query, highlight
from expoo_portal.search.kinds import MAX_COUNTED, Badge, Hit, Label
from expoo_portal.search.passages import Passage, passage

from .catalogue import TYPE_FACET, Catalogue, catalogue_for
from .indexing import RICH_FIELDS
from .models import Practice, PracticeKind
from .textsearch import count_up_to, matching, relevance_page

LABEL = Label("praktijken", "Praktijken", "praktijk", 10)
# Titles to complete what is typed are kept in memory for each level of viewer.
MAX_TITLES = 20_000


class FoundPractices:
    """What was found: a bitset over the catalogue."""

    def __init__(self, catalogue: Catalogue, query: Query, user: Any) -> None:
        self._catalogue, self._query, self._user = catalogue, query, user
        self._mask = matching(catalogue, query.tsquery()) & catalogue.index.everything
        self.total = self._mask.bit_count()

    def hits(self, offset: int, limit: int) -> list[Hit]:
        """A stretch of it, the most relevant first."""
        positions = relevance_page(self._catalogue, self._mask, self._query.tsquery(), offset, limit)
        ids = self._catalogue.index.ids(positions)
        found = {each.pk: each for each in Practice.objects.visible_to(self._user).filter(pk__in=ids)}
        return [self._hit(found[pk]) for pk in ids if pk in found]

    def _hit(self, practice: Practice) -> Hit:
        stems = self._query.stems
        pieces, _ = passage(map(Passage, _texts(practice)), stems)
        types = self._catalogue.labels_of(TYPE_FACET, practice.pk)
        return Hit(
            highlight(practice.name, stems),
            practice.get_absolute_url(),
            " · ".join([*types, practice.municipality]),
            pieces,
            list(_badges(practice)),
        )


def _texts(practice: Practice) -> Iterator[str]:
    """What may answer a search; one by one, for the first that has all words is shown."""
    yield practice.special
    yield practice.summary
    for name in RICH_FIELDS:
        yield plain_text(getattr(practice, name))
    yield practice.partners


def _badges(practice: Practice) -> Iterator[Badge]:
    if practice.kind == PracticeKind.EXAMPLE:
        yield Badge("Voorbeeld", "example")
    if practice.archived_on:
        yield Badge("Archief")


class PracticeSearcher:
    """The catalogue as one kind among others."""

    def labels(self) -> Iterable[Label]:
        """The kind it knows."""
        return [LABEL]

    def find(self, query: Query, user: Any) -> dict[str, FoundPractices]:
        """What this user finds."""
        return {LABEL.slug: FoundPractices(catalogue_for(user), query, user)}

    def count(self, queries: Sequence[Query], user: Any) -> list[int]:
        """How many practices this user finds with each of these queries, counted up to `MAX_COUNTED`."""
        return count_up_to(catalogue_for(user), [query.tsquery() for query in queries], MAX_COUNTED)

    def titles(self, user: Any) -> Iterator[str]:
        """Labels of facet values that somebody may choose, and names of practices."""
        catalogue = catalogue_for(user)
        counts = catalogue.index.select({}, None).counts()
        yield from (value.label for value in catalogue.values.values() if counts.get(value.id))
        names = Practice.objects.visible_to(user).order_by("name_key", "id").values_list("name", flat=True)
        yield from names[:MAX_TITLES]
