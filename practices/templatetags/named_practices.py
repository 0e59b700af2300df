"""Practices in a page that only knows their slugs: {% load named_practices %}."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from ..catalogue import catalogue_for
from ..named import NamedPractices

register = template.Library()


@register.simple_tag(takes_context=True)
def practices_named(context: Context, slugs: Iterable[str]) -> NamedPractices:
    """The practices with these slugs that the reader of the page may see; for the two tags below."""
    user = context["request"].user
    return NamedPractices(catalogue_for(user), user, slugs)


@register.inclusion_tag("practices/_named_links.html")
def practice_links(practices: NamedPractices, slugs: Iterable[str], intro: str) -> dict[str, Any]:
    """A line with links to these ones, after the words of `intro`; nothing when there are none to show."""
    return {"practices": practices.at(slugs), "intro": intro}


@register.inclusion_tag("practices/_named_cards.html")
def practice_cards(practices: NamedPractices, title: str) -> dict[str, Any]:
    """A section with the cards of all of them, under this heading; nothing when there are none to show."""
    return {"cards": practices.cards, "title": title}
