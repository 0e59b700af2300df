"""Stores many practices at once, each with its values, sources, links and one version in its history.

Rows that only change in memory are what `PracticeResource` made of a file. All of it happens in the caller's
transaction; search entries are written once at the end instead of at each save.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from expoo_portal.admin import everything

from ..indexing import index_practices
from ..models import Practice, PracticeLink, PracticeSource
from ..versions import keep_versions

_AT_ONCE = 250
_NUMBER = re.compile(r"N(\d{1,9})")
_UPDATED = [
    field.name
    for field in Practice._meta.concrete_fields
    if not field.primary_key and field.name != "created"
]


def give_numbers(practices: Iterable[Any]) -> None:
    """Give each practice without a number the next free one of the form N0001."""
    stored = everything(Practice.objects.filter(identifier__startswith="N")).values_list(
        "identifier", flat=True
    )
    numbers = (int(found[1]) for identifier in stored if (found := _NUMBER.fullmatch(identifier)))
    last = max(numbers, default=0)
    for practice in practices:
        if not practice.identifier:
            last += 1
            practice.identifier = f"N{last:04}"


def store(practices: Sequence[Any], user: Any, reason: str) -> None:
    """Write these practices (see `resource.prepare`), new and changed ones."""
    new = [practice for practice in practices if practice.pk is None]
    changed = [practice for practice in practices if practice.pk is not None]
    give_numbers(new)
    for practice in practices:
        practice.set_sort_keys()
    for practice in changed:
        if "slug" in practice.changed_attributes:
            practice.keep_former_slug()
    Practice.objects.bulk_create(new, batch_size=_AT_ONCE)
    _update(changed)
    _store_values(practices)
    _store_parts(practices)
    keep_versions([practice.pk for practice in new], "+", user, reason)
    keep_versions([practice.pk for practice in changed], "~", user, reason)
    index_practices([practice.pk for practice in practices])


def _update(practices: Sequence[Any]) -> None:
    """All columns of existing practices in one statement per batch; Django's bulk_update takes seconds for each."""
    created = {practice.pk: practice.created for practice in practices}
    Practice.objects.bulk_create(
        practices, batch_size=_AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=_UPDATED
    )
    for practice in practices:
        # An insert, which this is to Django, sets the moment of creation in memory.
        practice.created = created[practice.pk]


def _store_values(practices: Sequence[Any]) -> None:
    touched = {practice.pk: practice for practice in practices if "value_ids" in practice.changed_attributes}
    ties = Practice.values.through
    existing = ties.objects.filter(practice__in=touched).values_list("pk", "practice_id", "facetvalue_id")
    kept, gone = set(), []
    for key, practice_id, value_id in existing:
        if value_id in touched[practice_id].value_ids:
            kept.add((practice_id, value_id))
        else:
            gone.append(key)
    ties.objects.filter(pk__in=gone).delete()
    ties.objects.bulk_create(
        (
            ties(practice_id=practice.pk, facetvalue_id=value_id)
            for practice in touched.values()
            for value_id in sorted(practice.value_ids)
            if (practice.pk, value_id) not in kept
        ),
        batch_size=2_000,
    )


def _store_parts(practices: Sequence[Any]) -> None:
    parts: dict[str, Any] = {"source_lines": PracticeSource, "link_lines": PracticeLink}
    for attribute, model in parts.items():
        touched = [practice for practice in practices if attribute in practice.changed_attributes]
        everything(model.objects.filter(practice__in=touched)).delete()
        model.objects.bulk_create(
            (
                model(practice=practice, order=order, **line._asdict())
                for practice in touched
                for order, line in enumerate(getattr(practice, attribute), 1)
            ),
            batch_size=2_000,
        )
