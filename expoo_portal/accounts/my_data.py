"""What the portal holds of a person: each app says what and why, lets them take it along, and erases it.

An app registers one `Source` at start-up. The page "Mijn gegevens", the download (`my_data_zip`) and the erasure ask
them all; so does the job that erases accounts that nobody uses (`inactive`). Erasing goes from the top floor down: what
hangs on an account goes first, under the locks of its own app, and the account last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.fields.files import FieldFile

from .models import User

# What the admin's log says in place of a name.
ERASED = "(gewist)"


@dataclass(frozen=True)
class Held:
    """One kind of data, in the words of the page: what it is, why the portal keeps it, and until when."""

    what: str
    why: str
    until: str


@dataclass(frozen=True)
class HeldFile:
    """A file of a person: its place in the download, and what is stored."""

    path: str
    file: FieldFile


@dataclass(frozen=True)
class Way:
    """A link to where something can be done."""

    text: str
    address: str


class Source:
    """What one app holds of a person. An app overrides what it has something to say about."""

    # Under which its part stands in the download.
    key: str = ""

    def held(self, user: User) -> list[Held]:
        """The kinds of data that this app keeps of this person."""
        return []

    def export(self, user: User) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
        """Their data, as names of lists with their rows; read once, row by row. Nothing that others wrote."""
        yield from ()

    def files(self, user: User) -> Iterator[HeldFile]:
        """The files that go along."""
        yield from ()

    def corrections(self, user: User) -> list[Way]:
        """Where they correct what is wrong."""
        return []

    def exits(self, user: User) -> list[Way]:
        """What they can leave without losing their account."""
        return []

    def obstacles(self, user: User) -> list[str]:
        """What has to be done before the account can go, in sentences."""
        return []

    def has_contributions(self, user: User) -> bool:
        """Whether they wrote something among others, which can stay without their name."""
        return False

    def consequences(self, user: User, *, removes: bool) -> list[str]:
        """What becomes of it, in sentences; `removes`: what they wrote goes too."""
        return []

    def erase(self, user: User, *, removes: bool) -> None:
        """Erase it, in the caller's transaction."""


_sources: list[Source] = []


def register(source: Source) -> None:
    """Let an app say what it holds of people. Called once, from its `ready()`; lower floors come first."""
    if all(known.key != source.key for known in _sources):
        _sources.append(source)


def sources() -> tuple[Source, ...]:
    """All apps that hold something of people, from the ground up."""
    return tuple(_sources)


class StillNeeded(Exception):
    """The account cannot go yet; `reasons` says in Dutch what has to be done first."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def obstacles(user: User) -> list[str]:
    """Why this account cannot go yet; empty when it can."""
    return [sentence for source in _sources for sentence in source.obstacles(user)]


def has_contributions(user: User) -> bool:
    """Whether this person wrote something among others."""
    return any(source.has_contributions(user) for source in _sources)


def erase(user: User, *, removes: bool, whatever_comes_first: bool = False) -> None:
    """Erase a person: everything, or (without `removes`) all but what they wrote among others, which loses its name.

    Raises StillNeeded, unless a beheerder wants it `whatever_comes_first`. Of an account that is gone already, nothing
    is left to erase.
    """
    try:
        with transaction.atomic():
            # Whoever else erases it now waits here; whoever only refers to it goes on.
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            reasons = [] if whatever_comes_first else obstacles(user)
            if reasons:
                raise StillNeeded(reasons)
            for source in reversed(_sources):
                source.erase(user, removes=removes)
    except User.DoesNotExist:
        return


def forget_in_log(model: type[models.Model], ids: Iterable[int]) -> None:
    """Take the names out of what the admin's log says about these rows."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=[str(pk) for pk in ids]
    )
    entries.update(object_repr=ERASED, change_message="")
