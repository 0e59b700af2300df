"""The groups of staff and their rights, kept as `settings.STAFF_GROUPS` says."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db.models import Q


def give_rights(app_config: AppConfig, using: str, **kwargs: Any) -> None:
    """After an app was migrated: make the groups and give them all rights on the app's models that they keep.

    Adds what is missing and takes nothing away, so rights that a beheerder added stay. Runs for each app,
    after Django made that app's permissions (its receiver is connected first).
    """
    for name, kept in settings.STAFF_GROUPS.items():
        models = [entry.split(".") for entry in kept if entry.split(".")[0] == app_config.label]
        if not models:
            continue
        group, _created = Group.objects.using(using).get_or_create(name=name)
        wanted = Q()
        for label, *model in models:
            wanted |= Q(content_type__app_label=label) & (Q(content_type__model=model[0]) if model else Q())
        group.permissions.add(*Permission.objects.using(using).filter(wanted))
