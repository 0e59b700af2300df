"""The words that members choose from, the same for everybody: kept as long as the content does not change."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from expoo_portal.per_version import PerVersion
from expoo_portal.themes.models import Topic
from practices.models import FacetValue

from .models import Thread

_topics: PerVersion[None, Sequence[Topic]] = PerVersion()
_values: PerVersion[str, Sequence[FacetValue]] = PerVersion()


def all_topics() -> Sequence[Topic]:
    """All topics in their own order."""
    return _topics.get(None, lambda: tuple(Topic.objects.all()))


def topic_ids() -> ArraySubquery:
    """To annotate threads with: the keys of the topics of each, which `all_topics` names."""
    ties = Thread.topics.through._default_manager.filter(thread=OuterRef("pk"))
    return ArraySubquery(ties.values("topic_id"))


def values_of(facet: str) -> Sequence[FacetValue]:
    """The values of the facet with this slug, in their own order."""
    found = FacetValue.objects.filter(facet__slug=facet).order_by("order", "label")
    return _values.get(facet, lambda: tuple(found))
