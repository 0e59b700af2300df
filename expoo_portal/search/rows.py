"""The search rows of the small kinds of content: one narrow table for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

from django.db import models, transaction

from expoo_portal.visibility import Restricted

from .kinds import Badge, Label
from .models import SearchEntry, Texts, search_columns
from .passages import Passage

BATCH = 200


class SearchRow(SearchEntry):
    """The search row of one thing. Open as every search entry: what it finds is cut with what the viewer may see."""

    kind = models.CharField("soort", max_length=40)
    object_id = models.BigIntegerField("nummer")

    class Meta(SearchEntry.Meta):
        verbose_name = "zoekregel"
        verbose_name_plural = "zoekregels"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="portal_searchrow_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


# From a row of another model: the ids of the things that it is part of.
Wholes: TypeAlias = Callable[[Any], Iterable[int]]


class RowKind:
    """A kind of content with search rows; an app subclasses it and adds one with `row_signals.keep_true`."""

    label: ClassVar[Label]
    model: ClassVar[type[Restricted]]
    # What is read along with each thing, for its title and address.
    related: ClassVar[tuple[str, ...]] = ()

    def visible_to(self, user: Any) -> models.QuerySet[Any]:
        """The things that this user may see."""
        return self.model.objects.visible_to(user).select_related(*self.related)

    def texts(self, item: Any) -> tuple[Texts, Texts]:
        """By which texts it is found, with their weights: the ones that rank it, and all of them."""
        raise NotImplementedError

    def title(self, item: Any) -> str:
        """Its name in a list."""
        return str(item)

    def address(self, item: Any) -> str:
        """Its page."""
        return item.get_absolute_url()

    def about(self, item: Any) -> str:
        """What stands under its title."""
        return ""

    def badges(self, item: Any) -> Sequence[Badge]:
        """Its labels."""
        return ()

    def passages(self, items: Sequence[Any], user: Any) -> Mapping[int, Sequence[Passage]]:
        """The passages of each that may answer a search, by id; kept per content version as the items are."""
        raise NotImplementedError

    def parts(self) -> Mapping[type[models.Model], Wholes]:
        """The models whose rows are among its words, each with the things that a row belongs to."""
        return {}


def write_rows(kind: RowKind, ids: Iterable[int]) -> int:
    """Write the rows of these things anew, in the caller's transaction; returns how many there are."""
    wanted = sorted(set(ids))
    written = 0
    for start in range(0, len(wanted), BATCH):
        items = kind.model._base_manager.select_related(*kind.related).filter(
            pk__in=wanted[start : start + BATCH]
        )
        rows = [_row(kind, item) for item in items]
        SearchRow.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["kind", "object_id"],
            update_fields=["brief", "full", "words"],
        )
        written += len(rows)
    return written


def _row(kind: RowKind, item: Any) -> SearchRow:
    brief, full, words = search_columns(*kind.texts(item))
    return SearchRow(kind=kind.label.slug, object_id=item.pk, brief=brief, full=full, words=words)


def write_all(kinds: Iterable[RowKind]) -> int:
    """Write all rows of these kinds anew, and drop those of what is gone; returns how many there are."""
    written = 0
    for kind in kinds:
        with transaction.atomic():
            ids = kind.model._base_manager.values_list("pk", flat=True)
            SearchRow.objects.filter(kind=kind.label.slug).exclude(object_id__in=ids).delete()
            written += write_rows(kind, ids)
    return written
