"""The house rules that count now, and the making of a new version."""

from __future__ import annotations

from django.db import transaction

from expoo_portal.richtext import sanitize

from .models import Group, HouseRules


def current_rules(group: Group) -> HouseRules | None:
    """The newest version; for whoever may see the group's introduction, or holds a link into it."""
    return HouseRules.objects.unrestricted().filter(group=group).order_by("-version").first()


def current_version(group: Group) -> int:
    """Its number; 0 while a group has no house rules."""
    rules = current_rules(group)
    return rules.version if rules else 0


def change_rules(group: Group, text: str) -> HouseRules | None:
    """Keep this text as a new version, unless the newest one says the same; earlier ones stay as they were."""
    with transaction.atomic():
        # One at a time per group, or two would take the same number.
        Group.objects.unrestricted().select_for_update(no_key=True).get(pk=group.pk)
        newest = current_rules(group)
        clean = sanitize(text)
        if not clean or (newest is not None and newest.text == clean):
            return newest
        return HouseRules.objects.create(group=group, version=newest.version + 1 if newest else 1, text=clean)
