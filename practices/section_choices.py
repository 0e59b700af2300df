"""What is wrong with a choice in the catalogue that a theme page links to."""

from __future__ import annotations

from django.http import QueryDict

from .address import parse
from .models import FacetValue, FormerValue

_TOO_MUCH = "Zet hier enkel wat na het vraagteken staat, zonder paginanummer of weergave."


def problem_with(query: str) -> str:
    """Empty when the catalogue knows all of it; otherwise what it does not know."""
    choices: dict[str, list[str]] = {}
    for facet, value in FacetValue.objects.values_list("facet__slug", "slug"):
        choices.setdefault(facet, []).append(value)
    former = {
        (facet, before): today
        for facet, before, today in FormerValue.objects.values_list("facet__slug", "slug", "value__slug")
    }
    address = parse(QueryDict(query), choices, former)
    if address.ignored:
        return f"De catalogus kent dit niet: {', '.join(address.ignored)}. Kies in de catalogus en neem het adres over."
    if not (address.chosen or address.q):
        return "Hier is niets gekozen. Kies in de catalogus en neem over wat na het vraagteken staat."
    if address != address.choice():
        return _TOO_MUCH
    return ""
