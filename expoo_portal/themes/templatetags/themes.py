"""The themes in the frame of every page, and how a date of an event reads."""

from __future__ import annotations

from django import template
from django.template import Context
from django.urls import reverse

from ..pages import theme_pages

register = template.Library()


@register.simple_tag(takes_context=True)
def theme_menu(context: Context) -> tuple[str, str] | None:
    """Name and address for the menu: of the one theme there is, or of the list of themes; None without any."""
    pages = list(theme_pages(context.get("user")).values())
    if not pages:
        return None
    if len(pages) == 1:
        return pages[0].about.title, pages[0].about.get_absolute_url()
    return "Thema's", reverse("themes")
