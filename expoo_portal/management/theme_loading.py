"""Loads what belongs to a theme from a folder of JSON files: repeatable, all or nothing, with an error per faulty row.

The shape is that of `expoo_portal/starter/themes/`. What a theme has already of some kind stays as it is, and
nothing of that kind is added: editors change and throw away, and loading again brings nothing back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction

from expoo_portal.themes.models import (
    AgreementGroup,
    AgreementLine,
    Broadcast,
    BroadcastAudio,
    Chapter,
    ContactPerson,
    Document,
    Event,
    EventLink,
    SectionLink,
    Theme,
    ThemeSection,
    Tip,
    Topic,
    TranscriptLine,
)
from expoo_portal.visibility import Audience, PublicationState

PUBLISHED = {"audience": Audience.PUBLIC, "state": PublicationState.PUBLISHED}


class LoadError(Exception):
    """What is wrong in the files, in Dutch; nothing was loaded."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_theme(folder: Path) -> dict[str, int]:
    """Load the theme in this folder and all that belongs to it; how many rows are new, by what they are."""
    loader = _Loader(folder)
    with transaction.atomic():
        made = loader.load()
        if loader.problems:
            raise LoadError(loader.problems)
    return made


class _Loader:
    """One run over one folder. Faults are gathered, so that all of them are told at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.topics = {topic.slug: topic for topic in Topic.objects.all()}

    def load(self) -> dict[str, int]:
        data = self._read("theme.json", dict)
        theme, is_new = self._theme(data)
        if theme is None:
            return {}
        steps: tuple[tuple[Any, str, list[Any] | None, Callable[[Theme, int, dict[str, Any]], None]], ...] = (
            (ThemeSection, "theme.json", data.get("sections", []), self._section),
            (Tip, "tips.json", None, self._tip),
            (AgreementGroup, "agreements.json", None, self._agreement_group),
            (Broadcast, "broadcasts.json", None, self._broadcast),
            (Document, "documents.json", None, self._document),
            (Event, "events.json", None, self._event),
            (ContactPerson, "contacts.json", None, self._contact),
        )
        made = {str(Theme._meta.verbose_name_plural): int(is_new)}
        for model, name, rows, load_row in steps:
            have = model.objects.unrestricted().filter(theme=theme).exists()
            todo: list[Any] = [] if have else self._read(name, list) if rows is None else rows
            for number, row in enumerate(todo, 1):
                self._row(f"{name}, rij {number}", load_row, theme, number, row)
            made[str(model._meta.verbose_name_plural)] = len(todo)
        return made

    def _read(self, name: str, shape: type) -> Any:
        try:
            data = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            self.problems.append(f"{name} kan niet gelezen worden als JSON: {error}")
            return shape()
        if not isinstance(data, shape):
            self.problems.append(f"{name} heeft niet de vorm die we verwachten.")
            return shape()
        return data

    def _row(self, place: str, load_row: Callable[..., None], *args: Any) -> None:
        """Carry out one row; what is wrong with it is told with its place."""
        try:
            with transaction.atomic():
                load_row(*args)
        except ValidationError as error:
            self.problems.append(f"{place}: {' '.join(error.messages)}")
        except KeyError as error:
            self.problems.append(f"{place}: {error} ontbreekt.")
        except (TypeError, AttributeError, OSError) as error:
            self.problems.append(f"{place}: {error}")

    def _theme(self, data: dict[str, Any]) -> tuple[Theme | None, bool]:
        """The theme, made when there is none with this address."""
        found = Theme.objects.unrestricted().filter(slug=data.get("slug", "")).first()
        if found or self.problems:
            return found, False
        made: list[Theme] = []

        def make() -> None:
            fields = _fields(data, "sections")
            made.append(_saved(Theme(**fields, **PUBLISHED)))
            made[0].topics.set(self.topics.values())

        self._row("theme.json", make)
        return (made[0], True) if made else (None, False)

    def _chosen(self, slugs: Iterable[str]) -> list[Topic]:
        """The topics with these slugs."""
        unknown = [slug for slug in slugs if slug not in self.topics]
        if unknown:
            raise ValidationError(f"Deze onderwerpen bestaan niet: {', '.join(unknown)}.")
        return [self.topics[slug] for slug in slugs]

    def _section(self, theme: Theme, number: int, row: dict[str, Any]) -> None:
        section = _saved(ThemeSection(theme=theme, order=number, **_fields(row, "links")))
        for order, link in enumerate(row["links"], 1):
            _saved(SectionLink(section=section, order=order, **link))

    def _tip(self, theme: Theme, number: int, row: dict[str, Any]) -> None:
        [topic] = self._chosen([row["topic"]])
        also = self._chosen(row["also"])
        fields = _fields(row, "topic", "also")
        _saved(Tip(theme=theme, topic=topic, order=number, **fields, **PUBLISHED)).also.set(also)

    def _agreement_group(self, theme: Theme, number: int, row: dict[str, Any]) -> None:
        group = _saved(AgreementGroup(theme=theme, order=number, **_fields(row, "lines")))
        for order, text in enumerate(row["lines"], 1):
            _saved(AgreementLine(group=group, order=order, text=text))

    def _broadcast(self, theme: Theme, number: int, row: dict[str, Any]) -> None:
        fields = _fields(row, "file", "seconds", "chapters")
        broadcast = _saved(Broadcast(theme=theme, **fields, **PUBLISHED))
        for chapter_row in row.get("chapters", []):
            chapter = _saved(Chapter(broadcast=broadcast, **_fields(chapter_row, "lines")))
            for line in chapter_row["lines"]:
                _saved(TranscriptLine(chapter=chapter, **line))
        if name := row.get("file"):
            with (self.folder / name).open("rb") as sound:
                file = File(sound, name=name)
                _saved(BroadcastAudio(broadcast=broadcast, file=file, name=name, seconds=row["seconds"]))

    def _document(self, theme: Theme, number: int, row: dict[str, Any]) -> None:
        topics = self._chosen(row["topics"])
        fields = _fields(row, "topics")
        _saved(Document(theme=theme, order=number, **fields, **PUBLISHED)).topics.set(topics)

    def _event(self, theme: Theme, number: int, row: dict[str, Any]) -> None:
        topics = self._chosen(row["topics"])
        event = _saved(Event(theme=theme, **_fields(row, "topics", "links"), **PUBLISHED))
        event.topics.set(topics)
        for order, link in enumerate(row["links"], 1):
            _saved(EventLink(event=event, order=order, **link))

    def _contact(self, theme: Theme, number: int, row: dict[str, Any]) -> None:
        _saved(ContactPerson(theme=theme, **row, **PUBLISHED))


def _fields(row: dict[str, Any], *others: str) -> dict[str, Any]:
    """What a row says of the model's own fields."""
    return {name: value for name, value in row.items() if name not in others}


def _saved(instance: Any) -> Any:
    """The instance, checked like a form does and stored."""
    instance.full_clean()
    instance.save()
    return instance
