"""The catalogue in the pages of others: {% load practices %}."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from expoo_portal.themes.models import Topic

from ..theme_section import link_groups
from ..ways_in import topic_link

register = template.Library()


@register.inclusion_tag("practices/_catalogue_links.html", takes_context=True)
def catalogue_links(context: Context, links: Iterable[Any]) -> dict[str, Any]:
    """Ways into the catalogue (rows with `group`, `text` and `query`), each with how many practices it leads to."""
    return {"groups": link_groups(context["user"], links)}


@register.inclusion_tag("practices/_about_topic.html", takes_context=True)
def practices_about(context: Context, topic: Topic) -> dict[str, Any]:
    """The way to the practices about a topic, with how many there are; nothing without any."""
    return {"link": topic_link(context["user"], topic)}


@register.inclusion_tag("practices/_topic_practices.html", takes_context=True)
def topic_practices(context: Context, topics: Iterable[Topic]) -> dict[str, Any]:
    """The same for each of these topics, as a part of a page; nothing where none has practices."""
    links = (topic_link(context["user"], topic) for topic in topics)
    return {"links": [link for link in links if link]}
