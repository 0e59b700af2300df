"""Loads facets and practices from JSON files: repeatable, all or nothing, with an error per faulty row.

The shape is that of `practices/starter/*.json`. A practice is recognised by its `id`: loading again updates it and
never makes a second one. What editors wrote in fields that the file does not know stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from expoo_portal.themes.models import Topic
from expoo_portal.visibility import Audience, PublicationState
from practices.applying import free_slug
from practices.catalogue import TOPIC_FACET
from practices.models import BasedOn, Facet, FacetValue, FormerValue, Practice, PracticeKind, PracticeSource

# Key in the file -> facet slug. The file names facets with an underscore where the slug has a hyphen.
FACET_KEYS = {
    "type_organisatie": "type-organisatie",
    "opdracht": "opdracht",
    "ruimte": "ruimte",
    "begeleiding": "begeleiding",
    "focus": "focus",
    "doelgroepen": "doelgroepen",
    "leeftijd": "leeftijd",
    "vorm": "vorm",
    "doelen": "doelen",
    "prijs": "prijs",
    "inschrijven": "inschrijven",
    "ritme": "ritme",
    "erkenning": "erkenning",
    "thema": "thema",
}
TEXT_KEYS = {
    "naam": "name",
    "samenvatting": "summary",
    "onderscheidend": "special",
    "organisatie": "organisation",
    "gemeente": "municipality",
}
RICH_KEYS = {
    "achtergrond": "background",
    "aanpak": "approach",
    "eerste_bezoek": "welcome",
    "plek": "space_note",
    "sterktes": "strengths",
    "uitdagingen": "challenges",
    "tips": "tips",
    "partners": "partners",
    "teamvragen": "discussion_questions",
}
OTHER_KEYS = {"id", "soort", "provincie", "bronnen", "niet_bevestigd", "peiljaar"}
KINDS = {"openbare-bron": PracticeKind.PUBLIC_SOURCE, "voorbeeld": PracticeKind.EXAMPLE}


class LoadError(Exception):
    """The file is not right; `problems` holds one Dutch sentence per fault. Nothing was changed."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Report:
    """What loading did: how many were new, changed and left as they were, by what kind of thing."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, kind: str, what: str) -> None:
        self.counts.setdefault(kind, {"nieuw": 0, "gewijzigd": 0, "ongewijzigd": 0})[what] += 1

    def lines(self) -> list[str]:
        """One line per kind of thing."""
        return [
            f"{kind}: " + ", ".join(f"{number} {what}" for what, number in numbers.items())
            for kind, numbers in self.counts.items()
        ]


def _save(instance: Any, values: Mapping[str, Any], report: Report, kind: str) -> None:
    """Set the values; save only when something differs, so that loading twice leaves no history."""
    is_new = instance.pk is None
    changed = is_new or any(getattr(instance, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(instance, name, value)
    if changed:
        instance.full_clean()
        instance.save()
    report.add(kind, "nieuw" if is_new else "gewijzigd" if changed else "ongewijzigd")


@transaction.atomic
def load_facets(data: Any, report: Report) -> None:
    """Load facets, their values, and for the facet `thema` the topics. Raises LoadError."""
    rows = data.get("facetten") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise LoadError(["Het facettenbestand heeft geen lijst “facetten”."])
    problems: list[str] = []
    for number, row in enumerate(rows, 1):
        try:
            facet = Facet.objects.filter(slug=row["slug"]).first() or Facet(slug=row["slug"])
            _save(
                facet,
                {
                    "label": row["label"],
                    "multiple": row["meervoudig"],
                    "origin": row.get("herkomst", ""),
                    "order": facet.order or number,
                },
                report,
                "facetten",
            )
            for order, value_row in enumerate(row["waarden"], 1):
                _load_value(facet, order, value_row, report)
        except (KeyError, TypeError) as error:
            problems.append(f"Facet {number}: {_missing(error)}.")
        except ValidationError as error:
            problems.append(f"Facet {number}: {' '.join(error.messages)}")
    if problems:
        raise LoadError(problems)


def _load_value(facet: Facet, order: int, row: Mapping[str, Any], report: Report) -> None:
    if facet.pk and FormerValue.objects.filter(facet=facet, slug=row["slug"]).exists():
        # Renamed or merged by editors, and theirs since.
        report.add("facetwaarden", "ongewijzigd")
        return
    topic = None
    if facet.slug == TOPIC_FACET:
        topic = Topic.objects.filter(slug=row["slug"]).first() or Topic(slug=row["slug"])
        _save(
            topic,
            {
                "label": row["label"],
                "order": topic.order or order,
                # What editors asked stays; an emptied field is filled again.
                "discussion_questions": topic.discussion_questions or row.get("teamvragen", ""),
            },
            report,
            "onderwerpen",
        )
    value = FacetValue.objects.filter(facet=facet, slug=row["slug"]).first() or FacetValue(
        facet=facet, slug=row["slug"]
    )
    _save(
        value,
        {
            "label": row["label"],
            "description": row.get("toelichting", ""),
            "topic": topic,
            "order": value.order or order,
        },
        report,
        "facetwaarden",
    )


def _missing(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"het veld “{error.args[0]}” ontbreekt"
    return "de rij heeft niet de verwachte vorm"


class _Row:
    """One practice of the file, checked; `problems` names each fault with row and field."""

    def __init__(self, number: int, row: Any, values: Mapping[tuple[str, str], FacetValue]) -> None:
        self.problems: list[str] = []
        self._values = values
        self._row = row if isinstance(row, dict) else {}
        self.identifier = str(self._row.get("id", ""))
        self._where = f"Rij {number}" + (f" ({self.identifier})" if self.identifier else "")
        self.facet_values: set[int] = set()
        self.sources: list[dict[str, Any]] = []
        self.fields: dict[str, Any] = {}
        if not isinstance(row, dict):
            self._problem("is geen praktijk")
            return
        for key in self._row.keys() - TEXT_KEYS.keys() - RICH_KEYS.keys() - FACET_KEYS.keys() - OTHER_KEYS:
            self._problem(f"onbekend veld “{key}”")
        self._read_texts()
        self._read_facets()
        self._read_sources()

    def _problem(self, text: str) -> None:
        self.problems.append(f"{self._where}: {text}.")

    def _read_texts(self) -> None:
        if not self.identifier:
            self._problem("het veld “id” ontbreekt")
        for key, name in TEXT_KEYS.items():
            value = self._row.get(key)
            if not isinstance(value, str) or not value.strip():
                self._problem(f"het veld “{key}” ontbreekt of is leeg")
                continue
            maximum = getattr(Practice._meta.get_field(name), "max_length", None)
            if maximum and len(value) > maximum:
                self._problem(f"“{key}” telt {len(value)} tekens, hoogstens {maximum} mag")
            self.fields[name] = value
        for key, name in RICH_KEYS.items():
            if value := self._row.get(key):
                self.fields[name] = value
        kind = self._row.get("soort")
        if kind not in KINDS:
            self._problem(f"“soort” is “{kind}”, kies uit: {', '.join(KINDS)}")
        else:
            self.fields["kind"] = KINDS[kind]
            self.fields["based_on"] = (
                BasedOn.EXAMPLE if KINDS[kind] == PracticeKind.EXAMPLE else BasedOn.EDITORS
            )
        year = self._row.get("peiljaar")
        if year is not None and (
            isinstance(year, bool) or not isinstance(year, int) or not 1950 <= year <= 2100
        ):
            self._problem(f"“peiljaar” is “{year}”, een jaartal tussen 1950 en 2100 mag, of niets")
        else:
            self.fields["reference_year"] = year
        self.fields["unconfirmed"] = self._row.get("niet_bevestigd") or ""

    def _read_facets(self) -> None:
        for key, facet in FACET_KEYS.items():
            given = self._row.get(key)
            for slug in given if isinstance(given, list) else [given] if given else []:
                value = self._values.get((facet, slug)) if isinstance(slug, str) else None
                if value is None:
                    allowed = ", ".join(known for of, known in self._values if of == facet)
                    self._problem(f"“{key}” kent de waarde “{slug}” niet, kies uit: {allowed}")
                else:
                    self.facet_values.add(value.pk)
        provinces = {value.label: value.pk for (of, _), value in self._values.items() if of == "provincie"}
        # "Limburg en Oost-Vlaanderen": a practice can be at home in more than one.
        for label in re.split(r" en |, ", self._row.get("provincie") or ""):
            if label and label not in provinces:
                self._problem(f"“provincie” kent “{label}” niet, kies uit: {', '.join(provinces)}")
            elif label:
                self.facet_values.add(provinces[label])

    def _read_sources(self) -> None:
        for source in self._row.get("bronnen") or []:
            if not isinstance(source, dict) or not str(source.get("url", "")).startswith(
                ("http://", "https://")
            ):
                self._problem("een van de “bronnen” heeft geen adres dat met http begint")
                continue
            self.sources.append({"url": source["url"], "description": source.get("soort", "")})


def load_practices(data: Any, report: Report) -> None:
    """Load practices and examples. Raises LoadError with all faults of all rows; then nothing was changed."""
    if not isinstance(data, dict) or not isinstance(data.get("praktijken"), list):
        raise LoadError(["Het praktijkenbestand heeft geen lijst “praktijken”."])
    raw = [*data["praktijken"], *data.get("voorbeelden", [])]
    values = {
        (value.facet.slug, value.slug): value
        for value in FacetValue.objects.select_related("facet").order_by("order")
    }
    for former in FormerValue.objects.select_related("facet", "value__facet"):
        values.setdefault((former.facet.slug, former.slug), former.value)
    rows = [_Row(number, row, values) for number, row in enumerate(raw, 1)]
    problems = [problem for row in rows for problem in row.problems]
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        if row.identifier and row.identifier in seen:
            problems.append(f"Rij {number} ({row.identifier}): dit id staat al hoger in het bestand.")
        seen.add(row.identifier)
    if problems:
        raise LoadError(problems)
    with transaction.atomic():
        for row in rows:
            try:
                _store(row, report)
            except ValidationError as error:
                problems.append(f"{row.identifier}: {' '.join(error.messages)}")
        if problems:
            raise LoadError(problems)


def _store(row: _Row, report: Report) -> None:
    existing = Practice.objects.unrestricted().filter(identifier=row.identifier).first()
    practice = existing or Practice(
        identifier=row.identifier,
        slug=free_slug(row.fields["name"]),
        audience=Audience.PUBLIC,
        state=PublicationState.PUBLISHED,
    )
    _save(practice, row.fields, report, "praktijken")
    have = set(practice.values.values_list("pk", flat=True))
    if have != row.facet_values:
        practice.values.set(row.facet_values)
    for order, source in enumerate(row.sources, 1):
        found = PracticeSource.objects.unrestricted().filter(practice=practice, url=source["url"]).first()
        _save(
            found or PracticeSource(practice=practice, url=source["url"]),
            {"description": source["description"], "order": order},
            report,
            "bronnen",
        )
