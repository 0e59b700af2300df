"""The way from a topic to the practices about it."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from .catalogue import TOPIC_FACET, catalogue_for


class TopicLink(NamedTuple):
    """The address of the catalogue, filtered by a topic, and how many practices stand there."""

    href: str
    total: int


def topic_link(user: Any, topic_id: int) -> TopicLink | None:
    """The practices about a topic that this user may see; None when there are none."""
    catalogue = catalogue_for(user)
    facet = catalogue.by_slug.get(TOPIC_FACET)
    about = [
        value
        for value in (facet.values if facet else ())
        if (topic := catalogue.topics.get(value.id)) and topic.pk == topic_id
    ]
    mask = 0
    for value in about:
        mask |= catalogue.index.bits[value.id]
    if not mask:
        return None
    query = urlencode([(TOPIC_FACET, value.slug) for value in about])
    return TopicLink(f"{reverse('practice_list')}?{query}", mask.bit_count())
