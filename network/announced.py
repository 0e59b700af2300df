"""The groups that introduce themselves, kept per content version: the same for everybody."""

from __future__ import annotations

from collections.abc import Sequence

from expoo_portal.per_version import PerVersion
from expoo_portal.themes.models import Theme

from .models import Group

_announced: PerVersion[str, Sequence[Group]] = PerVersion()


def announced_groups() -> Sequence[Group]:
    """All of them, by name."""
    return _announced.get("all", lambda: tuple(Group.objects.public()))


def groups_about(theme: Theme) -> list[Group]:
    """Those about a theme."""
    return [group for group in announced_groups() if group.theme_id == theme.pk]
