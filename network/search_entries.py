"""Keeps true by which words discussions are found, in the transaction of the change itself.

Whoever changes posts or titles in bulk, which sends no signals, calls `write_posts` or `write_threads`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from expoo_portal.richtext import plain_text
from expoo_portal.search.analysis import weighted_vector

from . import mentions
from .link_cards import links_in
from .models import Post, PostEntry, Thread, ThreadEntry

BATCH = 200


def keep_true() -> None:
    """Listen to threads and posts that are saved one by one; called from the app's `ready()`."""
    post_save.connect(_post_saved, sender=Post, dispatch_uid="network.search_entries")
    post_save.connect(_thread_saved, sender=Thread, dispatch_uid="network.search_entries")


def _post_saved(instance: Post, update_fields: Collection[str] | None, raw: bool, **kwargs: Any) -> None:
    if not raw and (update_fields is None or {"body", "deleted_at"} & set(update_fields)):
        write_posts([instance.pk])


def _thread_saved(instance: Thread, update_fields: Collection[str] | None, raw: bool, **kwargs: Any) -> None:
    if not raw and (update_fields is None or "title" in update_fields):
        write_threads([instance.pk])


@transaction.atomic
def write_posts(ids: Iterable[int]) -> int:
    """Write the words of these posts anew, and drop those of deleted ones; returns how many there are."""
    written = 0
    for batch in _batches(ids):
        standing = Post.objects.unrestricted().filter(pk__in=batch, deleted_at__isnull=True)
        rows = standing.order_by("pk").select_for_update(no_key=True).values_list("pk", "body")
        entries = [PostEntry(post_id=pk, full=_vector(body)) for pk, body in rows]
        kept = [entry.pk for entry in entries]
        PostEntry.objects.unrestricted().filter(post__in=set(batch).difference(kept)).delete()
        PostEntry.objects.bulk_create(
            entries, update_conflicts=True, unique_fields=["post"], update_fields=["full"]
        )
        written += len(entries)
    return written


@transaction.atomic
def write_threads(ids: Iterable[int]) -> int:
    """Write the words of the titles of these threads anew; returns how many there are."""
    written = 0
    for batch in _batches(ids):
        threads = Thread.objects.unrestricted().filter(pk__in=batch).order_by("pk")
        rows = threads.select_for_update(no_key=True).values_list("pk", "title")
        entries = [ThreadEntry(thread_id=pk, full=weighted_vector([(title, "A")])) for pk, title in rows]
        ThreadEntry.objects.bulk_create(
            entries, update_conflicts=True, unique_fields=["thread"], update_fields=["full"]
        )
        written += len(entries)
    return written


def write_all() -> int:
    """Write all of them anew, some hundreds at a time; returns how many there are."""
    threads = list(Thread.objects.unrestricted().order_by("pk").values_list("pk", flat=True))
    posts = list(Post.objects.unrestricted().order_by("pk").values_list("pk", flat=True))
    return sum(write_threads(batch) for batch in _batches(threads)) + sum(
        write_posts(batch) for batch in _batches(posts)
    )


def words_of(body: str) -> str:
    """By what a post is found: all it says, but the names of the members whom it calls upon."""
    return plain_text(mentions.without_names(body))


def _vector(body: str) -> str:
    practices = (mark_of(slug) for kind, slug in links_in(body) if kind == "praktijk")
    return weighted_vector([(words_of(body), "D")], practices)


def mark_of(slug: str) -> str:
    """By what posts are found that link to this practice; nobody searches for it."""
    return f"praktijk{hashlib.sha256(slug.encode()).hexdigest()[:24]}"


def _batches(ids: Iterable[int]) -> Iterable[list[int]]:
    wanted = sorted(set(ids))
    return (wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH))
