"""The groups of staff and their rights, kept as `settings.STAFF_GROUPS` says."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db.models import Q


def give_rights(app_config: AppConfig, using: str, **kwargs: Any) -> None:
    """After an app was migrated: make the groups and give them their rights on the app's models.

    An entry names an app ("practices"), a model ("portal.page") or one permission ("accounts.add_user").

    Adds what is missing and takes nothing away, so rights that a beheerder added stay. Runs for each app,
    after Django made that app's permissions (its receiver is connected first).
    """
    for name, kept in settings.STAFF_GROUPS.items():
        entries = [entry.partition(".") for entry in kept]
        here = [rest for label, _dot, rest in entries if label == app_config.label]
        if not here:
            continue
        group, _created = Group.objects.using(using).get_or_create(name=name)
        wanted = Q(content_type__app_label=app_config.label)
        if "" not in here:
            wanted &= Q(content_type__model__in=here) | Q(codename__in=here)
        group.permissions.add(*Permission.objects.using(using).filter(wanted))
