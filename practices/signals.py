"""Keeps search entries true when a practice, its values or a value's label change."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.dispatch import receiver

from .indexing import index_practices
from .models import FacetValue, Practice


@receiver(post_save, sender=Practice)
def practice_saved(instance: Practice, raw: bool = False, **kwargs: Any) -> None:
    """A practice's words changed."""
    if not raw:
        index_practices([instance.pk])


@receiver(m2m_changed, sender=Practice.values.through)
def values_changed(
    instance: Practice | FacetValue, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    """A practice got or lost facet values, from either side."""
    if not action.startswith("post_"):
        return
    if not reverse:
        index_practices([instance.pk])
    elif pk_set:
        index_practices(pk_set)


@receiver(post_save, sender=FacetValue)
def value_saved(instance: FacetValue, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """A value's label is among the words of all practices that have it."""
    if raw or created:
        return
    with transaction.atomic():
        index_practices(_with_value(instance))


@receiver(pre_delete, sender=FacetValue)
def value_about_to_go(instance: FacetValue, **kwargs: Any) -> None:
    """Remember who had it: afterwards nobody knows."""
    instance.former_practices = _with_value(instance)  # type: ignore[attr-defined]


@receiver(post_delete, sender=FacetValue)
def value_gone(instance: FacetValue, **kwargs: Any) -> None:
    """A label that is gone finds nothing any more."""
    index_practices(instance.former_practices)  # type: ignore[attr-defined]


def _with_value(value: FacetValue) -> list[int]:
    """Ids of the practices that have this value."""
    return list(
        Practice.values.through.objects.filter(facetvalue=value).values_list("practice_id", flat=True)
    )
