"""From a topic to the practices about it: {% load topic_practices %}."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from expoo_portal.themes.models import Topic

from ..address import Address
from ..catalogue import TOPIC_FACET, catalogue_for
from ..theme_section import CatalogueLink, address_of

register = template.Library()


@register.inclusion_tag("practices/_topic_practices.html", takes_context=True)
def topic_practices(context: Context, topics: Iterable[Topic]) -> dict[str, Any]:
    """Each of these topics with the practices about it, as far as there are any: usage {% topic_practices topics %}."""
    catalogue = catalogue_for(context["user"])
    facet = catalogue.by_slug.get(TOPIC_FACET)
    values = {
        catalogue.topics[value.id].pk: value
        for value in (facet.values if facet else ())
        if value.id in catalogue.topics
    }
    links = []
    for topic in topics:
        value = values.get(topic.pk)
        count = catalogue.index.bits[value.id].bit_count() if value else 0
        if value and count:
            address = address_of(Address(chosen={TOPIC_FACET: (value.slug,)}))
            links.append(CatalogueLink(topic.label, address, count))
    return {"links": links}
