"""Which threads are about a practice: those that link to it, then those about the same topics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from expoo_portal.themes.models import Topic
from expoo_portal.visibility import Viewer
from practices.models import Practice

from .models import Group, PostEntry, Thread
from .paging import address_of
from .search_entries import mark_of

MOST = 6


@dataclass(frozen=True)
class Mentioning:
    """A thread about a practice, and whether somebody named that practice in it."""

    title: str
    kind: str
    group: str
    address: str
    names_it: bool


def threads_about(viewer: Viewer, practice: Practice, topics: Iterable[Topic]) -> list[Mentioning]:
    """The threads that this viewer may read; two queries, however many there are."""
    links_to_it = SearchQuery(mark_of(practice.slug), config="simple", search_type="raw")
    naming = PostEntry.objects.visible_to(viewer).filter(full=links_to_it, post__deleted_at__isnull=True)
    threads = (
        Thread.objects.visible_to(viewer)
        .filter(merged_into__isnull=True)
        .annotate(names_it=Q(pk__in=naming.values("post__thread")))
        .filter(Q(names_it=True) | Q(topics__in=list(topics)))
        .order_by("-names_it", "-last_post_at", "-pk")
        .distinct()[:MOST]
    )
    found = list(threads)
    if not found:
        return []
    groups = {group.pk: group for group in Group.objects.visible_to(viewer).filter(pk__in=viewer.group_ids)}
    return [
        Mentioning(
            thread.title,
            thread.get_kind_display(),
            groups[thread.group_id].title,
            address_of(groups[thread.group_id], thread.pk),
            thread.names_it,
        )
        for thread in found
    ]
