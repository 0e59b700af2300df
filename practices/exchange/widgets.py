"""How a cell becomes a value of a practice and back. What cannot be read raises ValueError with a Dutch sentence.

A widget renders what it cleaned: `render(clean(render(value))) == render(value)`. Sentences follow on
"Rij 5, kolom ‘gemeente’: ".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape as html_escape
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_slug
from django.utils import timezone
from import_export import widgets
from rapidfuzz import process

from expoo_portal.richtext import sanitize
from expoo_portal.search.analysis import fold

from ..models import Facet, FacetValue
from ..models.practice import RESERVED_SLUGS
from . import cells

NOT_SAID = "niet vermeld"
_SIMILAR = 75
_YEARS = (1900, 2100)
_MARKUP = re.compile(r"<[a-z/!]|&#?\w+;", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:p|ul|ol|h[1-6]|blockquote)\b", re.IGNORECASE)
_BLOCKS = re.compile(r"\n\s*\n")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d+)")
_ISO_DAY = re.compile(r"(\d{4,})-(\d{1,2})-(\d{1,2})")
_MOMENT = re.compile(r"(?P<day>\S+?)(?:[T ]+(?P<hour>\d{1,2})[:u](?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?)?")
# An address may hold a bar itself, so the bar between title and address is the last that stands alone.
_SPACED_LINK = re.compile(r"(.*)(?<!\S)\|(?!\S)(.*)")
_CLOSE_LINK = re.compile(r"(.*?)\|\s*(https?://.*)")
_YEAR = re.compile(r"(\d+)(?:[.,]0+)?")

_check_url = URLValidator(schemes=["http", "https"])


def similar(text: str, words: Iterable[str]) -> str:
    """The one of these words that was probably meant, or the empty string."""
    choices = {word: fold(word) for word in words}
    found = process.extractOne(fold(text), choices, score_cutoff=_SIMILAR)
    return found[2] if found else ""


class Text(widgets.Widget):
    """Plain text of limited length."""

    def __init__(self, max_length: int = cells.MAX_LENGTH, *, required: bool = False) -> None:
        super().__init__()
        self.max_length = max_length
        self.required = required

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        text = value.strip()
        if self.required and not text:
            raise ValueError("is leeg. Vul dit in.")
        if len(text) > self.max_length:
            raise ValueError(f"telt {len(text)} tekens, hoogstens {self.max_length} mag.")
        return text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return cells.plain(value or "")


class OptionalText(Text):
    """Text that is nothing at all when it is empty."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        return super().clean(value) or None


class Line(Text):
    """Text on one line."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        return " ".join(super().clean(value).split("\n"))


class Address(Text):
    """The part of an address that names the practice."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value).lower()
        if not text:
            return text
        try:
            validate_slug(text)
        except ValidationError:
            raise ValueError(
                f"kan “{text}” niet als adres nemen: enkel letters zonder accent, cijfers en streepjes."
            ) from None
        if text in RESERVED_SLUGS:
            raise ValueError(f"“{text}” gebruikt de catalogus zelf. Kies een ander adres.")
        return text


class RichText(Text):
    """HTML, or plain text of which blank lines make paragraphs; always sanitised."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value)
        if text and not _MARKUP.search(text):
            blocks = (html_escape(block.strip(), quote=False) for block in _BLOCKS.split(text))
            text = "".join(f"<p>{'<br>'.join(block.splitlines())}</p>" for block in blocks)
        return self.render(sanitize(text))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """As stored; what was stored without any block becomes one paragraph, so that it reads as HTML again."""
        text = cells.plain(value or "").strip()
        return f"<p>{text}</p>" if text and not _BLOCK.search(text) else text


class Choice(widgets.Widget):
    """One of a few labels; the stored word is accepted too."""

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.labels = {value: str(label) for value, label in choices}
        self._values = {fold(word): value for value, label in self.labels.items() for word in (value, label)}

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        found = self._values.get(fold(value.strip()))
        if found is None:
            raise ValueError(_unknown(value.strip(), list(self.labels.values())))
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.labels.get(value, cells.plain(str(value or "")))


def _unknown(given: str, allowed: Sequence[str]) -> str:
    meant = similar(given, allowed)
    hint = f" Bedoel je “{meant}”?" if meant else ""
    return f"kent “{given}” niet.{hint} Kies uit: {'; '.join(allowed)}."


class Values(widgets.Widget):
    """The values of a facet, between semicolons: a set of ids. Label or slug is accepted."""

    def __init__(self, facet: Facet, values: Sequence[FacetValue]) -> None:
        super().__init__()
        self.facet = facet
        self.ids = frozenset(value.pk for value in values)
        self._meaning: dict[str, int] = {}
        self._text: dict[int, str] = {}
        for value in values:
            self._meaning.setdefault(fold(value.label), value.pk)
        # A slug is nobody else's, so it wins from a label that reads the same.
        self._meaning |= {fold(value.slug): value.pk for value in values}
        for value in values:
            label = cells.plain(value.label).strip()
            is_clear = ";" not in label and "\n" not in label and self._meaning.get(fold(label)) == value.pk
            self._text[value.pk] = label if is_clear else value.slug

    @property
    def words(self) -> list[str]:
        """What can stand in a cell, in the order of the facet."""
        return list(self._text.values())

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> frozenset[int]:
        given = [part.strip() for part in re.split(r"[;\n]", value) if part.strip()]
        found = set()
        for part in given:
            key = self._meaning.get(fold(part))
            if key is not None:
                found.add(key)
            elif fold(part) != fold(NOT_SAID):
                raise ValueError(_unknown(part, self.words))
        if len(found) > 1 and not self.facet.multiple:
            raise ValueError(f"mag maar één waarde hebben, en er staan er {len(found)}.")
        return frozenset(found)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "; ".join(text for key, text in self._text.items() if key in (value or ()))


class Year(widgets.Widget):
    """A year, or nothing."""

    first, last = 1950, 2100

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int | None:
        text = value.strip()
        if not text:
            return None
        read = _YEAR.fullmatch(text)
        # Lengths first: a number of a million digits takes Python very long to read.
        if not read or len(read[1]) > 6 or not self.first <= int(read[1]) <= self.last:
            raise ValueError(f"“{_short(text)}” is geen jaartal tussen {self.first} en {self.last}.")
        return int(read[1])

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


def read_day(text: str) -> date:
    """A day as people write it (31/12/2026, 31-12-2026) or as machines do (2026-12-31). Raises ValueError."""
    if read := _DAY.fullmatch(text):
        day, month, year = read[1], read[2], read[3]
    elif read := _ISO_DAY.fullmatch(text):
        year, month, day = read[1], read[2], read[3]
    else:
        raise _no_date(text)
    if len(year) > 6 or not _YEARS[0] <= int(year) <= _YEARS[1]:
        raise _no_date(text)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _no_date(text) from None


def _no_date(text: str) -> ValueError:
    return ValueError(
        f"“{_short(text)}” is geen datum tussen {_YEARS[0]} en {_YEARS[1]}. "
        "Schrijf dag/maand/jaar, bijvoorbeeld 31/12/2026."
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


class Day(widgets.Widget):
    """A day, or nothing."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> date | None:
        text = value.strip()
        if not text:
            return None
        # A day that a spreadsheet took for a moment.
        return read_day(re.sub(r"[T ]00:00(:00)?$", "", text))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return cells.day(value) if value else ""


class Moment(widgets.Widget):
    """A day with a time in Belgium; without a time it is midnight."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> datetime | None:
        text = value.strip()
        if not text:
            return None
        read = _MOMENT.fullmatch(text)
        if not read:
            raise _no_date(text)
        day = read_day(read["day"])
        hour, minute = int(read["hour"] or 0), int(read["minute"] or 0)
        if hour > 23 or minute > 59:
            raise ValueError(f"“{_short(text)}” heeft geen uur tussen 00:00 en 23:59.")
        return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        local = timezone.localtime(value)
        return f"{cells.day(local)} {local:%H:%M}"


class Source(NamedTuple):
    """A source as it stands on one line: address, description and the day on which it was read."""

    url: str
    description: str
    consulted_on: date | None


class Link(NamedTuple):
    """A link as it stands on one line."""

    title: str
    url: str


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _on_one_line(text: str) -> str:
    return " ".join(cells.plain(text).split())


def _url(text: str) -> str:
    if len(text) > 500:
        raise ValueError(f"het adres “{_short(text)}” is te lang: hoogstens 500 tekens.")
    try:
        _check_url(text)
    except ValidationError:
        raise ValueError(f"“{_short(text)}” is geen webadres. Begin met https://.") from None
    return text


class Sources(widgets.Widget):
    """One source per line: address | description | date."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> tuple[Source, ...]:
        found: dict[str, Source] = {}
        for line in _lines(value):
            url, *rest = (part.strip() for part in re.split(r"(?<!\S)\|(?!\S)", line))
            consulted_on = None
            if len(rest) > 1:
                last = rest.pop()
                consulted_on = read_day(last) if last else None
            description = " | ".join(rest)
            if len(description) > 200:
                raise ValueError(f"de beschrijving “{_short(description)}” is te lang: hoogstens 200 tekens.")
            if url in found:
                raise ValueError(f"de bron {_short(url)} staat er twee keer.")
            found[url] = Source(_url(url), description, consulted_on)
        return tuple(found.values())

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "\n".join(self._line(source) for source in value or ())

    def _line(self, source: Source) -> str:
        description = _on_one_line(source.description)
        day = cells.day(source.consulted_on) if source.consulted_on else ""
        if day or "|" in description:
            return f"{_on_one_line(source.url)} | {description} | {day}".strip()
        return " | ".join(part for part in (_on_one_line(source.url), description) if part)


class Links(widgets.Widget):
    """One link per line: title | address."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> tuple[Link, ...]:
        found = []
        for line in _lines(value):
            read = _SPACED_LINK.fullmatch(line) or _CLOSE_LINK.fullmatch(line)
            title, url = (read[1].strip(), read[2].strip()) if read else ("", "")
            if not title:
                raise ValueError(f"“{_short(line)}” heeft geen titel. Schrijf: titel | https://…")
            if len(title) > 160:
                raise ValueError(f"de titel “{_short(title)}” is te lang: hoogstens 160 tekens.")
            found.append(Link(title, _url(url)))
        return tuple(found)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "\n".join(f"{_on_one_line(link.title)} | {_on_one_line(link.url)}" for link in value or ())
