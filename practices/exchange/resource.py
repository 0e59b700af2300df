"""What a row of a file means for the practice it is about: the library's resource, with batches and our own rules.

`PracticeResource.import_row` changes a practice in memory and nothing else; `writing.py` stores it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Q
from django.utils import timezone
from import_export import resources
from import_export.instance_loaders import BaseInstanceLoader

from expoo_portal.admin import everything
from expoo_portal.search.analysis import fold

from ..applying import slug_of
from ..facet_form import facets_with_values
from ..models import BasedOn, Practice, PracticeKind, PracticeLink, PracticeSource
from ..models.practice import RESERVED_SLUGS
from . import cells, widgets
from .columns import ADDRESS, BASED_ON, IDENTIFIER, NAME, Column, columns

# Under which a problem of the row as a whole stands.
WHOLE_ROW = ""
_EMPTY = "is leeg, en een nieuwe praktijk kan niet zonder. Vul dit in."
_MISSING = "ontbreekt in het bestand, en een nieuwe praktijk kan niet zonder."
_PARTS: tuple[tuple[str, Any, Any], ...] = (
    ("source_lines", PracticeSource, widgets.Source),
    ("link_lines", PracticeLink, widgets.Link),
)
_BASED_ON = {PracticeKind.EXAMPLE: BasedOn.EXAMPLE, PracticeKind.PUBLIC_SOURCE: BasedOn.EDITORS}
# The database's own rules, with the fields that each is about. The one about addresses is kept by `widgets.Address`
# and `Batch.free_slug`: each row has another address to ask about.
_RULES = [
    (rule, sorted(fields))
    for rule in Practice._meta.constraints
    if isinstance(rule, CheckConstraint) and (fields := rule.condition.referenced_base_fields) != {"slug"}  # type: ignore[union-attr]
]


def prepare(practices: Sequence[Any]) -> Sequence[Any]:
    """Give stored practices the attributes that the columns read, in three queries for all of them together."""
    for practice in practices:
        _start(practice)
    found = {practice.pk: practice for practice in practices}
    ties = Practice.values.through.objects.filter(practice__in=found)
    values: dict[int, set[int]] = {key: set() for key in found}
    for key, value_id in ties.values_list("practice_id", "facetvalue_id"):
        values[key].add(value_id)
    for key, practice in found.items():
        practice.value_ids = frozenset(values[key])
    for attribute, model, line in _PARTS:
        rows = everything(model.objects.filter(practice__in=found)).order_by("order", "id")
        for key, *fields in rows.values_list("practice_id", *line._fields):
            setattr(found[key], attribute, (*getattr(found[key], attribute), line(*fields)))
    return practices


def _start(practice: Any) -> None:
    """The attributes of a practice that has nothing yet."""
    practice.value_ids = frozenset()
    practice.source_lines = practice.link_lines = ()
    practice.changes = []
    practice.changed_attributes = set()


def batched(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The items in lists of this size."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


class Batch(BaseInstanceLoader):
    """The practices that some rows are about, read in a few queries. One `Memory` goes through all batches."""

    def __init__(
        self, resource: Any, rows: Sequence[Mapping[str, str]], memory: Memory, *, lock: bool = False
    ) -> None:
        super().__init__(resource, None)
        self.memory = memory
        identifiers = {text for row in rows if (text := row.get(IDENTIFIER, "").strip())}
        slugs = {text for row in rows if (text := row.get(ADDRESS, "").strip().lower())}
        slugs |= {slug_of(row.get(NAME, "")) for row in rows}
        keys = {fold(text)[:160] for row in rows if (text := row.get(NAME, "").strip())}
        practices = everything(Practice.objects.filter(Q(identifier__in=identifiers) | Q(slug__in=slugs)))
        if lock:
            # In one order, so that two imports wait for each other instead of for ever.
            list(practices.order_by("pk").select_for_update().values_list("pk", flat=True))
        found = prepare(list(practices))
        self._by_identifier = {practice.identifier: practice for practice in found if practice.identifier}
        self._by_slug = {practice.slug: practice for practice in found}
        twins = everything(Practice.objects.filter(name_key__in=keys))
        self._twins = {
            _identity(*texts): (pk, identifier, slug)
            for pk, identifier, slug, *texts in twins.values_list(
                "pk", "identifier", "slug", "name", "organisation", "municipality"
            )
        }

    def get_instance(self, row: Mapping[str, str]) -> Any:
        """The practice of this row by its number, else by its address; None for a new one. ValidationError."""
        identifier, slug = row.get(IDENTIFIER, "").strip(), row.get(ADDRESS, "").strip().lower()
        practice = self._by_identifier.get(identifier) if identifier else None
        at_address = self._by_slug.get(slug) if slug else None
        if practice is None and at_address is not None:
            if identifier and at_address.identifier:
                raise ValidationError(
                    {
                        ADDRESS: f"“{slug}” is al het adres van {at_address.name} (nummer {at_address.identifier})."
                        " Is het dezelfde praktijk, neem dan dat nummer."
                    }
                )
            practice = at_address
        elif practice is not None and at_address is not None and at_address.pk != practice.pk:
            raise ValidationError(
                {ADDRESS: f"“{slug}” is al het adres van een andere praktijk, {at_address.name}."}
            )
        return practice

    def twin_of(self, practice: Any) -> tuple[int, str, str] | None:
        """Key, number and address of a stored practice with this name, organisation and place."""
        return self._twins.get(_identity(practice.name, practice.organisation, practice.municipality))

    def free_slug(self, name: str) -> str:
        """An address from this name that neither the catalogue nor this file has."""
        base = slug_of(name)
        taken = self.memory.slugs
        slug = base
        if slug in self._by_slug or slug in taken or slug in RESERVED_SLUGS:
            number = self.memory.numbers.get(base, 1)
            stored = set(
                everything(Practice.objects.filter(slug__startswith=f"{base}-")).values_list(
                    "slug", flat=True
                )
            )
            while slug == base or slug in stored or slug in taken:
                number += 1
                slug = f"{base}-{number}"
            self.memory.numbers[base] = number
        return slug


class Memory:
    """What earlier rows of the same file were about."""

    def __init__(self) -> None:
        self.began = timezone.now()
        self.slugs: dict[str, int] = {}
        self.identifiers: dict[str, int] = {}
        self.identities: dict[tuple[str, str, str], int] = {}
        self.numbers: dict[str, int] = {}


def _identity(name: str, organisation: str, municipality: str) -> tuple[str, str, str]:
    return fold(name.strip()), fold(organisation.strip()), fold(municipality.strip())


class PracticeResource(resources.ModelResource):
    """The columns of a practice. It belongs to one set of facets: make a new one for each import or export."""

    class Meta:
        model = Practice
        fields = ()
        clean_model_instances = True
        skip_diff = True
        store_instance = True

    def __init__(self) -> None:
        super().__init__()
        # Headers that a file has under another name: its rows are not blamed for missing them.
        self.meant: set[str] = set()
        self.columns: list[Column] = columns(facets_with_values())
        self.fields = {column.header: column for column in self.columns}
        self._by_attribute = {str(column.attribute): column.header for column in self.columns}
        self._names = {field.name for field in Practice._meta.concrete_fields}
        self._sanitised = {
            str(column.attribute) for column in self.columns if isinstance(column.widget, widgets.RichText)
        }
        self._answers: dict[tuple[Any, ...], list[str]] = {}

    def cells_of(self, practice: Any) -> list[str]:
        """A practice (see `prepare`) as a row of text."""
        return [column.export(practice) for column in self.columns]

    def get_instance(self, instance_loader: Any, row: Mapping[str, str]) -> Any:
        """The practice that the batch finds; the library would first ask for one column that always tells."""
        return instance_loader.get_instance(row)

    def get_import_fields(self) -> list[Column]:
        return self.columns

    def import_instance(self, instance: Any, row: Mapping[str, str], **kwargs: Any) -> None:
        """Put the cells that say something else than what is stored into the practice."""
        problems: dict[str, Any] = {}
        is_new = instance.pk is None
        if is_new:
            _start(instance)
            instance.publish_at = kwargs["batch"].memory.began
        for column in self.columns:
            try:
                if is_new and column.is_required and not row.get(column.header, "").strip():
                    if column.header not in self.meant:
                        problems[column.header] = (
                            "is leeg, en een nieuwe praktijk kan niet zonder. Vul dit in."
                        )
                elif column.header in row:
                    self._take_over(column, instance, row)
            except ValueError as error:
                problems[column.header] = str(error)
        if is_new:
            self._complete(instance, row, kwargs["batch"], problems)
        try:
            keep_apart(instance, is_new, kwargs["batch"], kwargs["row_number"])
        except ValidationError as error:
            problems |= error.message_dict
        if problems:
            raise ValidationError(problems)

    def _take_over(self, column: Column, practice: Any, row: Mapping[str, str]) -> None:
        cell = row[column.header]
        before = column.export(practice)
        if cell == before or cell == cells.TOO_LONG and practice.pk is not None:
            return
        if cell == cells.TOO_LONG:
            raise ValueError("was te lang voor Excel en staat niet in dit bestand. Neem de uitvoer als csv.")
        if cells.has_invisible(cell):
            raise ValueError("bevat een teken dat je niet ziet (zoals een NUL-byte). Typ de tekst opnieuw.")
        if column.keeps_when_empty and not cell.strip():
            return
        value = column.clean(row)
        after = column.widget.render(value)
        if after != before:
            column.assign(practice, value)
            practice.changes.append((column.header, before, after))
            practice.changed_attributes.add(str(column.attribute))

    def _complete(
        self, practice: Any, row: Mapping[str, str], batch: Batch, problems: dict[str, Any]
    ) -> None:
        """What a new practice gets by itself: an address, and on what its description rests."""
        if not row.get(BASED_ON, "").strip():
            practice.based_on = _BASED_ON.get(practice.kind, practice.based_on)
        if not practice.slug and practice.name and ADDRESS not in problems:
            practice.slug = batch.free_slug(practice.name)

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Whether a row says nothing new."""
        return not import_validation_errors and instance.pk is not None and not instance.changes

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """The model's own rules for what this row brings; ValidationError with a Dutch sentence per header."""
        problems: dict[str, Any] = dict(import_validation_errors or {})
        faulty = {
            str(self.fields[header].attribute) for header in self.meant | problems.keys() & self.fields.keys()
        }
        unchanged = self._names - instance.changed_attributes if instance.pk else set()
        # Made when it is stored.
        made = {"name_key", "municipality_key"} | (set() if instance.slug else {"slug"})
        try:
            instance.clean_fields(exclude=faulty | unchanged | made | self._sanitised)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                problems.setdefault(self._by_attribute.get(name, WHOLE_ROW), " ".join(messages))
        if not problems:
            problems |= self._broken_rules(instance)
        if problems:
            raise ValidationError(problems)

    def _broken_rules(self, practice: Any) -> dict[str, str]:
        """What the database would refuse. It is asked once for each combination of values, not for each row."""
        broken = []
        for rule, fields in _RULES:
            key = (rule.name, *(getattr(practice, name) for name in fields))
            if key not in self._answers:
                self._answers[key] = _answer(rule, practice)
            broken += self._answers[key]
        return {WHOLE_ROW: " ".join(broken)} if broken else {}

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Nothing yet: see `writing.py`."""

    def save_m2m(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Nothing yet: see `writing.py`."""


def _answer(rule: CheckConstraint, practice: Any) -> list[str]:
    try:
        rule.validate(Practice, practice)
    except ValidationError as error:
        return error.messages
    return []


def keep_apart(practice: Any, is_new: bool, batch: Batch, number: int) -> None:
    """Refuse a row that makes a second one of something. Raises ValidationError."""
    memory = batch.memory
    identity = _identity(practice.name, practice.organisation, practice.municipality)
    if (
        practice.identifier
        and (other := memory.identifiers.setdefault(practice.identifier, number)) != number
    ):
        raise ValidationError({IDENTIFIER: f"“{practice.identifier}” staat ook op rij {other}."})
    if practice.slug and (other := memory.slugs.setdefault(practice.slug, number)) != number:
        raise ValidationError({ADDRESS: f"“{practice.slug}” staat ook op rij {other}."})
    if is_new and (twin := batch.twin_of(practice)):
        _key, identifier, slug = twin
        known_by = (
            f"met nummer {identifier}. Vul dat nummer in"
            if identifier
            else f"op het adres “{slug}”. Vul dat adres in"
        )
        raise ValidationError(
            {
                IDENTIFIER: f"klopt niet: deze praktijk (zelfde naam, organisatie en gemeente) bestaat al {known_by}, "
                "of geef de nieuwe praktijk een andere naam."
            }
        )
    if (
        is_new
        and not practice.identifier
        and (other := memory.identities.setdefault(identity, number)) != number
    ):
        raise ValidationError(
            {NAME: f"“{practice.name}” staat ook op rij {other}, met dezelfde organisatie en gemeente."}
        )
    memory.identities.setdefault(identity, number)
