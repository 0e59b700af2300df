"""Tags of the network's pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import dateformat, timezone
from django.utils.html import format_html

from expoo_portal.themes.models import Theme
from network.announced import groups_about
from network.models import Group
from network.moments import lately as in_words
from network.rooms import rooms_of

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
def theme_groups(theme: Theme) -> list[Group]:
    """The groups about a theme that introduce themselves."""
    return groups_about(theme)
