"""The editable pages in the frame of every page."""

from __future__ import annotations

from django import template

from ..pages import footer_links

register = template.Library()


@register.simple_tag
def footer_pages() -> list[tuple[str, str]]:
    """Title and address of the pages in the footer."""
    return footer_links()
