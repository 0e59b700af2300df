"""The tag for links in letters."""

from __future__ import annotations

from django import template
from django.template import Context

from ..letters import LINK_LABELS

register = template.Library()


@register.simple_block_tag(takes_context=True)
def letter_link(context: Context, content: str, address: str) -> str:
    """An address, to stand alone between empty lines; what the block says is what its link says in the HTML."""
    # Joined anew, it is no longer marked as safe: a title that somebody typed may stand in it.
    context[LINK_LABELS][address] = " ".join(content.split())
    return address
