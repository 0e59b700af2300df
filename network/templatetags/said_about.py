"""What members said about a practice: {% load said_about %}{% said_about practice topics %}. Others get nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string

from expoo_portal.themes.models import Topic
from expoo_portal.visibility import viewer_of
from network.said_about import threads_about

register = template.Library()


@register.simple_tag(takes_context=True)
def said_about(context: Context, practice: Any, topics: Iterable[Topic] = ()) -> str:
    """The threads about this practice, for the members of their groups; for anybody else the empty string."""
    viewer = viewer_of(context["user"])
    if not viewer.group_ids:
        return ""
    found = threads_about(viewer, practice, topics)
    return render_to_string("network/discussions/_said_about.html", {"found": found}) if found else ""
