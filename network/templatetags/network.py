"""Tags of the network's pages."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils import dateformat, timezone
from django.utils.html import format_html

from expoo_portal.themes.models import Theme
from network.announced import groups_about
from network.models import Group
from network.moments import lately as in_words
from network.rooms import rooms_of
from network.thread_page import ShownReaction

register = template.Library()


@register.inclusion_tag("network/_rooms.html", takes_context=True)
def rooms(context: Any, group: Group) -> dict[str, Any]:
    """The bar with the rooms of a group."""
    return {"group": group, "rooms": rooms_of(context["request"], group)}


@register.simple_tag
def moment(value: datetime, style: str = "j F Y, H:i") -> str:
    """A moment as a `<time>`, written in one go: lists hold many of them."""
    here = timezone.localtime(value)
    iso = here.isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', iso, dateformat.format(here, style))


@register.simple_tag
def lately(value: datetime) -> str:
    """The same in few words, for lists: how fresh something is."""
    here = timezone.localtime(value)
    iso = here.isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', iso, in_words(here, timezone.localtime()))


@register.simple_tag
def reaction_button(reaction: ShownReaction, address: str) -> str:
    """The button of one kind of reaction with who gave it; it sends the form of the page to this address."""
    return format_html('<button formaction="{}"{}', address, _rest_of_button(reaction))


@lru_cache(maxsize=256)
def _rest_of_button(reaction: ShownReaction) -> str:
    """All of it but the address: most posts have the same three."""
    return format_html(
        ' form="bij-berichten" class="react" name="keuze" value="{}-{}" aria-pressed="{}">{}{}</button> ',
        reaction.kind,
        "uit" if reaction.is_mine else "aan",
        "true" if reaction.is_mine else "false",
        reaction.label,
        format_html(' <span class="react__names">· {}</span>', ", ".join(reaction.names))
        if reaction.names
        else "",
    )


@register.simple_tag
def theme_groups(theme: Theme) -> list[Group]:
    """The groups about a theme that introduce themselves."""
    return groups_about(theme)
