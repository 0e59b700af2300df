"""Herbeluister: the broadcasts of a theme, and the page of one with its sound, chapters and transcript."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from expoo_portal.page_cache import public_page

from .models import Broadcast, BroadcastAudio, Chapter, Theme, TranscriptLine
from .moments import clock, length
from .trail import trail_to

TITLE = "Herbeluister"


@dataclass(frozen=True)
class Line:
    """A sentence of the transcript and the moment at which it is said."""

    start: str
    clock: str
    text: str


@dataclass(frozen=True)
class Part:
    """A chapter as the page shows it, with its sentences in the order in which they are said."""

    number: int
    chapter: Chapter
    lines: list[Line]

    @property
    def anchor(self) -> str:
        """The id of its part of the transcript."""
        return f"hoofdstuk-{self.number}"

    @property
    def clock(self) -> str:
        return clock(self.chapter.start)

    @property
    def who(self) -> str:
        """Speaker and role, as far as they are known."""
        return ", ".join(filter(None, [self.chapter.speaker, self.chapter.role]))

    @cached_property
    def practice_slugs(self) -> list[str]:
        """The practices that are heard, as the last parts of their addresses."""
        return [slug for raw in self.chapter.practice_slugs.split(",") if (slug := raw.strip())]


class Listening:
    """A broadcast with what belongs to it. Three queries, however long it is."""

    def __init__(self, broadcast: Broadcast, viewer: Any, *, preview: bool = False) -> None:
        self.broadcast = broadcast
        self._viewer = viewer
        self._preview = preview

    def _rows(self, model: Any, path: str) -> Any:
        """The rows of a part. In a preview, whose caller has checked who is asking, as soon as it is published."""
        rows = model._base_manager.all() if self._preview else model.objects.visible_to(self._viewer)
        return rows.filter(**{path: self.broadcast})

    @cached_property
    def recording(self) -> BroadcastAudio | None:
        """The newest recording."""
        found = self._rows(BroadcastAudio, "broadcast").order_by("-created", "-id").first()
        if found and self._preview:
            found.for_staff = True  # at the address that works before publication
        return found

    @property
    def length(self) -> str:
        """How long the recording takes, in words; empty when nobody filled that in."""
        return length(self.recording.seconds) if self.recording and self.recording.seconds else ""

    @cached_property
    def parts(self) -> list[Part]:
        """The chapters in the order in which they are heard."""
        lines: dict[int, list[Line]] = {}
        said = self._rows(TranscriptLine, "chapter__broadcast").order_by("start", "id")
        for chapter_id, start, text in said.values_list("chapter_id", "start", "text"):
            lines.setdefault(chapter_id, []).append(Line(str(start), clock(start), text))
        chapters = self._rows(Chapter, "broadcast").order_by("start", "id")
        return [
            Part(number, chapter, lines.get(chapter.pk, [])) for number, chapter in enumerate(chapters, 1)
        ]

    @property
    def has_transcript(self) -> bool:
        return any(part.lines for part in self.parts)

    @property
    def practice_slugs(self) -> list[str]:
        """All practices that are heard, each once."""
        return list(dict.fromkeys(slug for part in self.parts for slug in part.practice_slugs))


@dataclass(frozen=True)
class Announced:
    """A broadcast as the list shows it."""

    broadcast: Broadcast
    chapters: int
    recording: BroadcastAudio | None

    @property
    def length(self) -> str:
        return length(self.recording.seconds) if self.recording and self.recording.seconds else ""


def _announced(theme: Theme, viewer: Any) -> list[Announced]:
    """The broadcasts of a theme, newest first. Three queries, however many there are."""
    chapters = Chapter.objects.visible_to(viewer).filter(broadcast__theme=theme)
    counts = Counter(chapters.values_list("broadcast_id", flat=True))
    recordings = BroadcastAudio.objects.visible_to(viewer).filter(broadcast__theme=theme)
    newest = {found.broadcast_id: found for found in recordings.order_by("created", "id")}
    return [
        Announced(broadcast, counts[broadcast.pk], newest.get(broadcast.pk))
        for broadcast in theme.broadcast_set.visible_to(viewer)
    ]


@require_safe
@public_page
def broadcast_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All broadcasts of a theme."""
    theme = get_object_or_404(Theme.objects.visible_to(request.user), slug=slug)
    context = {"theme": theme, "trail": trail_to(theme), "announced": _announced(theme, request.user)}
    return render(request, "themes/broadcasts.html", context)


def render_broadcast(request: HttpRequest, broadcast: Broadcast, *, preview: bool = False) -> HttpResponse:
    """The page of a broadcast; `preview` shows it to an editor as visitors will see it, published or not."""
    listening = Listening(broadcast, request.user, preview=preview)
    context = {
        "theme": broadcast.theme,
        "trail": trail_to(broadcast.theme, (TITLE, reverse("broadcasts", args=[broadcast.theme.slug]))),
        "broadcast": broadcast,
        "listening": listening,
        "preview": preview,
    }
    return render(request, "themes/broadcast.html", context)


@require_safe
@public_page
def broadcast_detail(request: HttpRequest, slug: str, item: str) -> HttpResponse:
    """One broadcast: listen, jump, read along."""
    broadcasts = Broadcast.objects.visible_to(request.user).select_related("theme")
    return render_broadcast(request, get_object_or_404(broadcasts, slug=item, theme__slug=slug))
