"""Keeps search entries true when a practice, its values or a value's label change."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_save
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
    ids = list(
        Practice.values.through.objects.filter(facetvalue=instance).values_list("practice_id", flat=True)
    )
    with transaction.atomic():
        index_practices(ids)
