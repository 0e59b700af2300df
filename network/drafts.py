"""What somebody is typing: one draft per member for a new thread, and one per thread for an answer.

A draft's key becomes the start key of what is posted, so a draft that arrives late finds that it was posted already.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction

from expoo_portal.visibility import Viewer

from .models import Draft, Group, Post, PostFile, Thread
from .reading import own_id
from .writing import NotPossible, lock_member

MAX_FILES = 10


@dataclass(frozen=True)
class Typed:
    """What stands in the form, valid or not; `body` is sanitised."""

    key: uuid.UUID
    body: str = ""
    kind: str = ""
    title: str = ""
    topic_ids: list[int] = field(default_factory=list)
    # By key of a file of the draft: what a picture shows.
    alts: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.body or self.title.strip())


def find(viewer: Viewer, group: Group, thread: Thread | None) -> Draft | None:
    """The draft of this viewer for this place, if any."""
    return _own(viewer, group, thread).first()


def _own(viewer: Viewer, group: Group, thread: Thread | None) -> Any:
    found = Draft.objects.visible_to(viewer).filter(group=group)
    return found.filter(thread=thread) if thread else found.filter(thread__isnull=True)


def files_of(viewer: Viewer, draft: Draft | None) -> list[PostFile]:
    """The files that were uploaded to a draft."""
    return list(PostFile.objects.visible_to(viewer).filter(draft=draft)) if draft else []


def _line(text: str) -> str:
    """One line that fits."""
    return " ".join(text.replace("\x00", "").split())[:250]


def is_posted(viewer: Viewer, key: uuid.UUID) -> bool:
    """Whether what was typed under this key was posted already."""
    return Post.objects.visible_to(viewer).filter(start_key=key).exists()


@transaction.atomic
def keep(viewer: Viewer, group: Group, thread: Thread | None, typed: Typed) -> Draft | None:
    """Keep what was typed; None when it was posted already, or when there is nothing to keep."""
    lock_member(viewer, group)
    if is_posted(viewer, typed.key):
        discard(viewer, group, thread, only=typed.key)
        return None
    draft = find(viewer, group, thread)
    if typed.is_empty and not files_of(viewer, draft):
        if draft:
            draft.delete()
        return None
    return _store(viewer, group, thread, draft, typed)


def _store(viewer: Viewer, group: Group, thread: Thread | None, draft: Draft | None, typed: Typed) -> Draft:
    draft = draft or Draft(group=group, user_id=own_id(viewer), thread=thread, key=typed.key)
    draft.body = typed.body  # type: ignore[assignment]
    draft.kind, draft.title = typed.kind[:12], typed.title[:160]
    draft.topic_ids = typed.topic_ids
    draft.save()
    describe(viewer, draft, typed.alts)
    return draft


def describe(viewer: Viewer, draft: Draft, alts: Mapping[int, str]) -> None:
    """What the pictures of a draft show, for who does not see them."""
    for pk, alt in alts.items():
        PostFile.objects.visible_to(viewer).filter(draft=draft, pk=pk).update(alt=_line(alt))


@transaction.atomic
def attach(
    viewer: Viewer, group: Group, thread: Thread | None, typed: Typed, upload: File, alt: str = ""
) -> PostFile | None:
    """Add a file to the draft, which is made when there is none; None when all this was posted already.

    The same file again is the one that is there. NotPossible or ValidationError says why a file cannot be taken.
    """
    lock_member(viewer, group)
    if is_posted(viewer, typed.key):
        return None
    draft = find(viewer, group, thread) or _store(viewer, group, thread, None, typed)
    file = PostFile(draft=draft, file=upload, alt=_line(alt))
    file.full_clean(exclude=["draft", "post", "uuid"], validate_unique=False, validate_constraints=False)
    known = files_of(viewer, draft)
    for other in known:
        if (other.name, other.size) == (file.name, file.size):
            return other
    if len(known) >= MAX_FILES:
        raise NotPossible(f"Bij één bericht passen {MAX_FILES} bestanden.")
    file.save()
    return file


@transaction.atomic
def detach(viewer: Viewer, group: Group, thread: Thread | None, file_id: int) -> None:
    """Take a file out of the draft again."""
    lock_member(viewer, group)
    draft = find(viewer, group, thread)
    PostFile.objects.visible_to(viewer).filter(draft=draft, draft__isnull=False, pk=file_id).delete()


def hand_over(
    viewer: Viewer, group: Group, thread: Thread | None, post: Post, alts: Mapping[int, str]
) -> None:
    """Give the files of the draft to the post that it became; the draft goes. In the transaction of the post."""
    draft = find(viewer, group, thread)
    if draft is None:
        return
    describe(viewer, draft, alts)
    PostFile.objects.visible_to(viewer).filter(draft=draft).update(post=post, draft=None)
    draft.delete()


def discard(viewer: Viewer, group: Group, thread: Thread | None, only: uuid.UUID | None = None) -> None:
    """Throw the draft away, with its files; with `only`, when it has this key."""
    drafts = _own(viewer, group, thread)
    (drafts.filter(key=only) if only else drafts).delete()


@transaction.atomic
def carry(viewer: Viewer, group: Group, thread: Thread) -> bool:
    """Make the draft of an answer the one of a new thread; False when another one waits there, which stays."""
    lock_member(viewer, group)
    draft = find(viewer, group, thread)
    if draft is None:
        return True  # A second click.
    if find(viewer, group, None):
        return False
    draft.thread = None
    draft.save(update_fields=["thread"])
    return True


def sentences(error: ValidationError | NotPossible) -> list[str]:
    """Why a file cannot be taken, in words."""
    return error.messages if isinstance(error, ValidationError) else [str(error)]
