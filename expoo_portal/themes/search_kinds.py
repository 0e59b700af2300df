"""What belongs to themes, as the site search finds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from expoo_portal.folding import fold, folded_anchor
from expoo_portal.richtext import plain_text
from expoo_portal.search.kinds import Badge, Label
from expoo_portal.search.models import Texts
from expoo_portal.search.passages import Passage
from expoo_portal.search.rows import RowKind, Wholes

from .models import (
    Broadcast,
    Chapter,
    Document,
    Event,
    Theme,
    ThemeSection,
    Tip,
    Topic,
    TranscriptLine,
)
from .moments import clock

EXAMPLE = Badge("Voorbeeld", "example")


def _labels(*topics: Topic) -> str:
    return " . ".join(topic.label for topic in topics)


def _with_topic(model: Any, condition: str) -> Wholes:
    """The things that have a topic, when its label changes."""
    return lambda topic: model._base_manager.filter(Q(**{condition: topic})).values_list("pk", flat=True)


class TipKind(RowKind):
    """Tips to work on a vision."""

    label = Label("tips", "Tips", "tip", 20)
    model = Tip
    related = ("theme", "topic")

    def texts(self, item: Tip) -> tuple[Texts, Texts]:
        brief: Texts = [
            (item.title, "A"),
            (_labels(item.topic, *item.also.all()), "B"),
            (item.text, "C"),
        ]
        return brief, [*brief, (item.explanation, "D"), (item.question, "D")]

    def about(self, item: Tip) -> str:
        return f"{item.get_used_display()} · {item.topic.label}"

    def passages(self, items: Sequence[Tip], user: Any) -> Mapping[int, Sequence[Passage]]:
        return {
            item.pk: [Passage(item.text), Passage(item.explanation), Passage(item.question)] for item in items
        }

    def parts(self) -> Mapping[Any, Wholes]:
        return {
            Topic: lambda topic: Tip._base_manager.filter(Q(topic=topic) | Q(also=topic)).values_list(
                "pk", flat=True
            )
        }


class BroadcastKind(RowKind):
    """Broadcasts as a whole; what is said in them is found by chapter."""

    label = Label("uitzendingen", "Uitzendingen", "uitzending", 30)
    model = Broadcast
    related = ("theme",)

    def texts(self, item: Broadcast) -> tuple[Texts, Texts]:
        brief: Texts = [(item.title, "A"), (item.summary, "C")]
        return brief, [*brief, (plain_text(item.body), "D")]

    def badges(self, item: Broadcast) -> Sequence[Badge]:
        return [EXAMPLE] if item.is_example else []

    def passages(self, items: Sequence[Broadcast], user: Any) -> Mapping[int, Sequence[Passage]]:
        return {item.pk: [Passage(item.summary), Passage(plain_text(item.body))] for item in items}


class ChapterKind(RowKind):
    """Chapters of a broadcast, by what is said in them; the link leads to the moment."""

    label = Label("fragmenten", "Fragmenten uit uitzendingen", "fragment", 40, "fragmenten")
    model = Chapter
    related = ("broadcast__theme",)

    def texts(self, item: Chapter) -> tuple[Texts, Texts]:
        lines = TranscriptLine._base_manager.filter(chapter=item).order_by("start", "id")
        brief: Texts = [(item.title, "A"), (f"{item.speaker} . {item.role}", "B")]
        return brief, [*brief, (" ".join(lines.values_list("text", flat=True)), "D")]

    def address(self, item: Chapter) -> str:
        return item.broadcast.get_absolute_url()

    def about(self, item: Chapter) -> str:
        return " · ".join(filter(None, [item.broadcast.title, item.speaker, clock(item.start)]))

    def badges(self, item: Chapter) -> Sequence[Badge]:
        return [EXAMPLE] if item.broadcast.is_example else []

    def passages(self, items: Sequence[Chapter], user: Any) -> Mapping[int, Sequence[Passage]]:
        lines: dict[int, list[TranscriptLine]] = defaultdict(list)
        visible = TranscriptLine.objects.visible_to(user).filter(chapter__in=[item.pk for item in items])
        for line in visible.order_by("start", "id"):
            lines[line.chapter_id].append(line)
        return {
            item.pk: [
                *(Passage(line.text, f"t={clock(line.start)}") for line in lines[item.pk]),
                Passage(f"{item.speaker} {item.role}".strip(), f"t={clock(item.start)}"),
            ]
            for item in items
        }

    def parts(self) -> Mapping[Any, Wholes]:
        return {TranscriptLine: lambda line: [line.chapter_id]}


class DocumentKind(RowKind):
    """Documents to read or to take along."""

    label = Label("documenten", "Documenten", "document", 50)
    model = Document
    related = ("theme",)

    def texts(self, item: Document) -> tuple[Texts, Texts]:
        brief: Texts = [
            (item.title, "A"),
            (f"{item.kind} . {item.authors} . {item.publisher}", "B"),
            (_labels(*item.topics.all()), "B"),
            (item.what, "C"),
        ]
        return brief, [*brief, (item.for_whom, "D"), (plain_text(item.body), "D")]

    def about(self, item: Document) -> str:
        return " · ".join(filter(None, [item.kind, item.authors, str(item.year or "")]))

    def passages(self, items: Sequence[Document], user: Any) -> Mapping[int, Sequence[Passage]]:
        return {
            item.pk: [Passage(item.what), Passage(item.for_whom), Passage(plain_text(item.body))]
            for item in items
        }

    def parts(self) -> Mapping[Any, Wholes]:
        return {Topic: _with_topic(Document, "topics")}


class EventKind(RowKind):
    """What is on the agenda, and what was."""

    label = Label("activiteiten", "Agenda en terugblik", "activiteit", 60, "activiteiten")
    model = Event
    related = ("theme",)

    def texts(self, item: Event) -> tuple[Texts, Texts]:
        brief: Texts = [
            (item.title, "A"),
            (f"{item.kind} . {item.place} . {item.starts_on.year}", "B"),
            (_labels(*item.topics.all()), "B"),
            (item.summary, "C"),
        ]
        return brief, [*brief, (plain_text(item.body), "D")]

    def about(self, item: Event) -> str:
        return " · ".join(filter(None, [item.kind, item.place, str(item.starts_on.year)]))

    def passages(self, items: Sequence[Event], user: Any) -> Mapping[int, Sequence[Passage]]:
        return {item.pk: [Passage(item.summary), Passage(plain_text(item.body))] for item in items}

    def parts(self) -> Mapping[Any, Wholes]:
        return {Topic: _with_topic(Event, "topics")}


class ThemeKind(RowKind):
    """Themes themselves."""

    label = Label("themas", "Thema's", "thema", 70)
    model = Theme

    def texts(self, item: Theme) -> tuple[Texts, Texts]:
        brief: Texts = [(item.title, "A"), (_labels(*item.topics.all()), "B"), (item.intro, "C")]
        return brief, [*brief, (plain_text(item.body), "D")]

    def passages(self, items: Sequence[Theme], user: Any) -> Mapping[int, Sequence[Passage]]:
        return {item.pk: [Passage(item.intro), Passage(plain_text(item.body))] for item in items}

    def parts(self) -> Mapping[Any, Wholes]:
        return {Topic: _with_topic(Theme, "topics")}


class SectionKind(RowKind):
    """Parts of a theme page, each with an address of its own."""

    label = Label(
        "onderdelen",
        "Op de themapagina's",
        "onderdeel van een themapagina",
        80,
        "onderdelen van themapagina's",
    )
    model = ThemeSection
    related = ("theme",)

    def texts(self, item: ThemeSection) -> tuple[Texts, Texts]:
        brief: Texts = [(item.title, "A")]
        return brief, [*brief, (plain_text(item.body), "D")]

    def address(self, item: ThemeSection) -> str:
        return f"{item.theme.get_absolute_url()}#{item.slug}"

    def about(self, item: ThemeSection) -> str:
        return f"Thema {item.theme.title}"

    def passages(self, items: Sequence[ThemeSection], user: Any) -> Mapping[int, Sequence[Passage]]:
        """What the page shows of the text, and what it folds: that opens at an anchor of its own."""
        texts = {item: fold(item.body) for item in items}
        return {
            item.pk: [
                Passage(plain_text(text.first)),
                Passage(plain_text(text.rest), folded_anchor(item.slug) if text.rest else ""),
            ]
            for item, text in texts.items()
        }


KINDS = (TipKind, BroadcastKind, ChapterKind, DocumentKind, EventKind, ThemeKind, SectionKind)
