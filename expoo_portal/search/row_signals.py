"""Keeps search rows true, in the transaction of the change itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from .rows import RowKind, SearchRow, Wholes, write_rows

_kinds: dict[str, RowKind] = {}
_postponed: ContextVar[dict[str, set[int]] | None] = ContextVar("postponed", default=None)


def row_kinds() -> dict[str, RowKind]:
    """The kinds whose rows are kept, by slug."""
    return _kinds


@contextlib.contextmanager
def written_once() -> Iterator[None]:
    """Write the rows at the end of this block and its transaction, once for each thing that changed in it.

    For a transcript of hundreds of sentences, each of which is part of the same chapter.
    """
    with transaction.atomic():
        changed: dict[str, set[int]] = {}
        token = _postponed.set(changed)
        try:
            yield
        finally:
            _postponed.reset(token)
        for slug, ids in changed.items():
            write_rows(_kinds[slug], ids)


def _changed(kind: RowKind, ids: Iterable[int]) -> None:
    postponed = _postponed.get()
    if postponed is None:
        with transaction.atomic():
            write_rows(kind, ids)
    else:
        postponed.setdefault(kind.label.slug, set()).update(ids)


def keep_true(kind: RowKind) -> None:
    """Add a kind, and listen to its model, its many-to-many ties and its parts; called from an app's `ready()`."""
    slug = kind.label.slug
    if slug in _kinds:
        return
    _kinds[slug] = kind

    def saved(instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
        if not raw:
            _changed(kind, [instance.pk])

    def gone(instance: models.Model, **kwargs: Any) -> None:
        SearchRow.objects.filter(kind=slug, object_id=instance.pk).delete()

    def tied(
        instance: models.Model, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
    ) -> None:
        if action.startswith("post_"):
            _changed(kind, (pk_set or ()) if reverse else [instance.pk])

    post_save.connect(saved, sender=kind.model, weak=False)
    post_delete.connect(gone, sender=kind.model, weak=False)
    for field in kind.model._meta.many_to_many:
        m2m_changed.connect(tied, sender=field.remote_field.through, weak=False)
    for part, wholes in kind.parts().items():
        _listen_to(part, kind, wholes)


def _listen_to(part: type[models.Model], kind: RowKind, wholes: Wholes) -> None:
    def changed(instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
        if not raw:
            _changed(kind, wholes(instance))

    post_save.connect(changed, sender=part, weak=False)
    post_delete.connect(changed, sender=part, weak=False)
