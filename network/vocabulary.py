"""The words that members choose from, the same for everybody: kept as long as the content does not change."""

from __future__ import annotations

from collections.abc import Sequence

from expoo_portal.per_version import PerVersion
from expoo_portal.themes.models import Topic
from practices.models import FacetValue

_topics: PerVersion[None, Sequence[Topic]] = PerVersion()
_values: PerVersion[str, Sequence[FacetValue]] = PerVersion()


def all_topics() -> Sequence[Topic]:
    """All topics in their own order."""
    return _topics.get(None, lambda: tuple(Topic.objects.all()))


def values_of(facet: str) -> Sequence[FacetValue]:
    """The values of the facet with this slug, in their own order."""
    found = FacetValue.objects.filter(facet__slug=facet).order_by("order", "label")
    return _values.get(facet, lambda: tuple(found))
