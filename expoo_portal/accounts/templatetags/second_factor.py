"""What the account pages show and allauth's views do not say."""

from __future__ import annotations

import re

from allauth.mfa.models import Authenticator
from django import template
from django.template import Context

from expoo_portal.accounts import second_factor

register = template.Library()

# The first that fits: each browser also claims to be the ones further down.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@register.simple_tag(takes_context=True)
def second_factor_missing(context: Context) -> bool:
    """Whether this user must have a second factor and has none."""
    user = context["request"].user
    has_one = Authenticator.objects.filter(user_id=user.pk, type__in=second_factor.MAIN_TYPES).exists()
    return not has_one and second_factor.is_required(user)


@register.filter
def browser(user_agent: str) -> str:
    """A browser's name and system in plain words ("Firefox op Windows"), from what it says of itself."""
    names = [name for mark, name in _BROWSERS if mark in user_agent][:1]
    systems = [name for mark, name in _SYSTEMS if re.search(rf"\b{mark}", user_agent)][:1]
    return " op ".join(names + systems) or "Onbekende browser"
