"""Checks that inspect the project itself: its models, code, templates and database.

Each is a function of what it looks at, so that a test can give it something broken. All raise AssertionError
with one line per fault.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models
from django.db.models import ForeignObjectRel, OneToOneRel

from expoo_portal.visibility import Restricted, RestrictedQuerySet, StaffOnly

from .sources import Source, imports, name_of, names_used

Model = type[models.Model]


def report(faults: Iterable[str]) -> None:
    """Raise AssertionError with these faults, if there are any."""
    found = list(dict.fromkeys(faults))
    assert not found, "\n".join(["", *found])


def is_restricted(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, Restricted)


# Models ------------------------------------------------------------------------------------------------------


def check_models_are_restricted_or_open(
    found: Iterable[Model], open_models: Mapping[str, str], open_apps: Mapping[str, str]
) -> None:
    """Each model is restricted, or stands with a reason in `open_models` ("app.Model") or `open_apps` ("app")."""
    labels = {model._meta.label: model for model in found}
    faults = [
        f"{label} is neither Restricted nor on the list of open models: say why anybody's code may read it"
        for label, model in labels.items()
        if not is_restricted(model) and label not in open_models and model._meta.app_label not in open_apps
    ]
    faults += [
        f"{label} is on the list of open models, but is restricted"
        for label in open_models
        if label in labels and is_restricted(labels[label])
    ]
    faults += [
        f"{label} is on the list of open models, but does not exist"
        for label in open_models
        if label not in labels
    ]
    known_apps = {model._meta.app_label for model in labels.values()}
    faults += [
        f"{app} is on the list of open apps, but has no models" for app in open_apps if app not in known_apps
    ]
    faults += [
        f"{name} has no reason of a few words"
        for name, reason in {**open_models, **open_apps}.items()
        if len(reason.split()) < 4
    ]
    report(faults)


def check_restricted_models_have_a_rule_and_guards(found: Iterable[Model]) -> None:
    """Each has a rule of its own or a path to a parent's, all its managers are guarded, none can be reached around.

    A one-to-one relation gives the other row by itself, without any manager: only the row that has the same rule
    may be reached like that.
    """
    faults = []
    for model in found:
        for relation in model._meta.get_fields(include_hidden=True):
            if (
                not isinstance(relation, OneToOneRel)
                or not is_restricted(relation.related_model)
                or relation.hidden
            ):
                continue
            if relation.related_model.audience_path != relation.field.name:  # type: ignore[union-attr]
                faults.append(
                    f"{model.__name__}.{relation.name} gives a {relation.related_model.__name__} past its rule"
                )
        if not is_restricted(model):
            continue
        if model.audience_path:  # type: ignore[attr-defined]
            parent: Any = model
            for step in model.audience_path.split("__"):  # type: ignore[attr-defined]
                parent = parent._meta.get_field(step).related_model
            if not is_restricted(parent):
                faults.append(f"{model.__name__} takes its audience from {parent.__name__}, which is open")
        elif model.visibility.__func__ is Restricted.visibility.__func__:  # type: ignore[attr-defined]
            faults.append(f"{model.__name__} has neither audience_path nor a visibility() of its own")
        for manager in [model._default_manager, *(m for m in model._meta.managers if m.name != "history")]:
            if not isinstance(manager.get_queryset(), RestrictedQuerySet):
                faults.append(f"{model.__name__}.{manager.name} is a manager without guards")
    report(faults)


# Code --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """Names that only some files may use. `allowed` maps a path (or a folder, ending on "/") to the reason."""

    names: frozenset[str]
    why: str
    allowed: Mapping[str, str]

    def allows(self, path: str) -> str | None:
        """The entry under which this file may use the names."""
        return next(
            (
                place
                for place in self.allowed
                if path == place or place.endswith("/") and path.startswith(place)
            ),
            None,
        )


def check_names(sources: Sequence[Source], rules: Iterable[Rule]) -> None:
    """Each rule's names are used in the files that it allows, and in each of those."""
    faults = []
    for rule in rules:
        used = set()
        for source in sources:
            for line, name in names_used(source, rule.names):
                place = rule.allows(source.path)
                used.add(place)
                if place is None:
                    faults.append(f"{source.path}:{line} uses {name}: {rule.why}")
        faults += [
            f"{place} may use {sorted(rule.names)[0]} but does not"
            for place in rule.allowed
            if place not in used
        ]
        faults += [
            f"{place} has no reason of a few words"
            for place, reason in rule.allowed.items()
            if len(reason.split()) < 4
        ]
    report(faults)


def check_keyword(sources: Sequence[Source], keyword: str, allowed: Mapping[str, str]) -> None:
    """Only these files pass `keyword=True` (or any value but the constant False) in a call."""
    report(
        f"{source.path}:{node.value.lineno} passes {keyword}="
        for source in sources
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call)
        for node in call.keywords
        if node.arg == keyword and not (isinstance(node.value, ast.Constant) and node.value.value is False)
        if source.path not in allowed
    )


class Hop(NamedTuple):
    """One step of a relation path: from a model along a field to another model, with what follows it."""

    model: Model
    field: Any
    target: Model
    rest: tuple[str, ...]


def hops(model: Model, path: str) -> Iterator[Hop] | None:
    """The steps of a path such as `facet_values__practices__name`; None when it does not start in this model."""
    steps = path.lstrip("-").split("__")
    try:
        model._meta.get_field(steps[0])
    except FieldDoesNotExist:
        return None
    return _hops(model, steps)


def _hops(model: Model, steps: Sequence[str]) -> Iterator[Hop]:
    for place, step in enumerate(steps):
        try:
            field: Any = model._meta.get_field(step)
        except FieldDoesNotExist:
            return
        target = field.related_model if field.is_relation else None
        if not isinstance(target, type):
            return
        yield Hop(model, field, target, tuple(steps[place + 1 :]))
        model = target


# After a relation these compare its key and show nothing of the row.
KEY_LOOKUPS = frozenset({"in", "exact", "isnull", "pk", "id", "gt", "gte", "lt", "lte", "range"})
LOADING = frozenset({"select_related", "prefetch_related", "Prefetch"})
QUERYING = LOADING | {
    *("filter", "exclude", "get", "values", "values_list", "annotate", "alias", "aggregate", "order_by"),
    *("distinct", "only", "defer", "latest", "earliest", "in_bulk", "dates", "datetimes", "update"),
    *("get_or_create", "update_or_create", "F", "Q", "OuterRef", "Count", "Sum", "Max", "Min", "Avg"),
    *("ArrayAgg", "StringAgg", "JSONBAgg", "Coalesce", "When", "Case", "Lower", "Upper", "Concat"),
    "FilteredRelation",
}


def is_leak(hop: Hop, method: str) -> bool:
    """Whether this step of a query enters a restricted model past its rule."""
    if not is_restricted(hop.target):
        return False
    if is_restricted(hop.model):
        # Whoever sees one end sees the other when its audience is taken from there.
        name, back = hop.field.name, hop.field.remote_field
        own_path, other_path = hop.model.audience_path, hop.target.audience_path  # type: ignore[attr-defined]
        if own_path.split("__")[0] == name or name in hop.model.seen_with:  # type: ignore[attr-defined]
            return False
        if isinstance(hop.field, ForeignObjectRel) and other_path in {back.name, f"{back.name}__{own_path}"}:
            return False
    if hop.field.one_to_many or hop.field.many_to_many:
        return method != "prefetch_related"  # its manager is guarded
    return method in LOADING or any(step not in KEY_LOOKUPS for step in hop.rest)


def root_model(call: ast.Call, named: Mapping[str, Model]) -> Model | None:
    """The model that a chain of calls begins with (`Practice.objects.filter(...)`), when that can be seen."""
    node: ast.expr = call.func
    while True:
        if isinstance(node, ast.Attribute):
            if node.attr in ("objects", "_base_manager", "_default_manager") and isinstance(
                node.value, ast.Name
            ):
                return named.get(node.value.id)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return None


_PATH = re.compile(r"-?[a-z][a-z0-9]*(?:_{1,2}[a-z0-9]+)*\Z")


def check_no_query_enters_a_restricted_model_sideways(
    sources: Sequence[Source], own_models: Collection[Model], allowed: Mapping[tuple[str, str], str]
) -> None:
    """No query reads a restricted model along a relation from a model that has another rule, or none.

    Such a join is done by the database: no guard sees it. `allowed` maps (file, path) to a reason. Where the
    model that a query begins with cannot be seen, every model of ours is tried.
    """
    named = {model.__name__: model for model in own_models}
    faults = []
    used = set()
    for source in sources:
        for call in ast.walk(source.tree):
            if not isinstance(call, ast.Call) or name_of(call.func) not in QUERYING:
                continue
            method = name_of(call.func)
            given = [
                node.value
                for node in call.args
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
            given += [keyword.arg for keyword in call.keywords if keyword.arg]
            root = root_model(call, named)
            for path in filter(_PATH.match, given):
                begins = [root] if root else own_models
                leaks = [hop for model in begins for hop in hops(model, path) or () if is_leak(hop, method)]
                if not leaks:
                    continue
                if (source.path, path) in allowed:
                    used.add((source.path, path))
                    continue
                ways = ", ".join(sorted({f"{hop.model.__name__} to {hop.target.__name__}" for hop in leaks}))
                faults.append(
                    f"{source.path}:{call.lineno} {method}({path!r}) goes from {ways} past its rule"
                )
    faults += [
        f"{path} {name!r} is allowed but does not occur" for path, name in allowed if (path, name) not in used
    ]
    report(faults)


def sideways_names(own_models: Iterable[Model]) -> frozenset[str]:
    """Foreign keys of open models to restricted ones: following such an attribute gives the row past its rule.

    Not those of ties and versions: nobody gets at these without `through` or `history`, which have rules of their own.
    """
    return frozenset(
        field.name
        for model in own_models
        if not (is_restricted(model) or model._meta.auto_created or model.__name__.startswith("Historical"))
        for field in model._meta.concrete_fields
        if field.is_relation and is_restricted(field.related_model)
    )


def check_no_attribute_enters_a_restricted_model_sideways(
    sources: Sequence[Source],
    pages: Mapping[str, str],
    names: frozenset[str],
    allowed: Mapping[tuple[str, str], str],
) -> None:
    """No code and no template follows one of `names` to another attribute than the key (`entry.practice.name`).

    `allowed` maps (file, "variable.name") to a reason.
    """
    faults, used = [], set()

    def seen(path: str, line: int, expression: str) -> None:
        if (path, expression) in allowed:
            used.add((path, expression))
        else:
            faults.append(f"{path}:{line} follows {expression} past the rule of what it leads to")

    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                through = node.value
                if through.attr in names and node.attr not in ("pk", "id"):
                    seen(source.path, node.lineno, f"{name_of(through.value)}.{through.attr}")
    pattern = re.compile(rf"\b(\w+\.(?:{'|'.join(sorted(names)) or '-'}))\.(?!pk\b|id\b)\w+")
    for path, text in pages.items():
        for number, line in enumerate(text.splitlines(), 1):
            for found in re.findall(r"\{[{%](.*?)[%}]\}", line):
                for expression in pattern.findall(found):
                    seen(path, number, expression)
    faults += [
        f"{path} {name} is allowed but does not occur" for path, name in allowed if (path, name) not in used
    ]
    report(faults)


# Floors ------------------------------------------------------------------------------------------------------


def floor_of(module: str, floors: Mapping[str, int]) -> int | None:
    """The floor of a module: that of the longest listed name that it begins with."""
    names = [name for name in floors if module == name or module.startswith(f"{name}.")]
    return floors[max(names, key=len)] if names else None


def check_floors(
    sources: Sequence[Source],
    floors: Mapping[str, int],
    ours: Collection[str],
    exceptions: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> None:
    """No module imports one of a higher floor; each module of `ours` (package names) has a floor.

    `exceptions` maps (file, imported name) to a reason.
    """
    faults, used = [], set()
    for source in sources:
        floor = floor_of(source.module, floors)
        if floor is None:
            faults.append(f"{source.path} stands on no floor: list it")
            continue
        for line, name in imports(source):
            if name.split(".")[0] not in ours:
                continue
            other = floor_of(name, floors)
            if other is None:
                faults.append(f"{source.path}:{line} imports {name}, which stands on no floor")
            elif (source.path, name) in exceptions:
                used.add((source.path, name))
            elif other > floor:
                faults.append(f"{source.path}:{line} (floor {floor}) imports {name} of floor {other}")
    faults += [
        f"{path} may import {name} but does not" for path, name in exceptions if (path, name) not in used
    ]
    report(faults)


# Templates ---------------------------------------------------------------------------------------------------

_TEMPLATE_FAULTS = {
    r"\|\s*safe(?:seq)?\b": "marks text as safe",
    r"\{%-?\s*autoescape\s+off": "stops escaping",
    r"<style\b": "has a style element",
    r"<script\b(?![^>]*\bsrc=)(?![^>]*\btype=\"application/(?:ld\+)?json\")": "has a script of its own",
    r"\sstyle\s*=": "has a style attribute",
    r"<[a-z][^>]*\son[a-z]+\s*=": "has an event attribute",
    r"javascript:": "has a javascript: address",
    r"\bhx-on\b|\bhx-on:|\bhx-vars\b": "has code for htmx to evaluate",
}


def check_templates(pages: Mapping[str, str]) -> None:
    """No template marks text as safe, or holds a style or script that the content policy would have to allow.

    Plain text (mails) is no HTML, so there is nothing to escape in it.
    """
    report(
        f"{path}: {fault} ({found.group().strip()!r})"
        for path, text in pages.items()
        if not path.endswith(".txt")
        for pattern, fault in _TEMPLATE_FAULTS.items()
        for found in re.finditer(pattern, re.sub(r"\{#.*?#\}", "", text), re.IGNORECASE)
    )


# Database ----------------------------------------------------------------------------------------------------

_INSERT, _DELETE, _UPDATE, _TRUNCATE, _PER_ROW, _BEFORE = 4, 8, 16, 32, 1, 2


def is_for_staff_only(model: Any) -> bool:
    """Whether no visitor ever sees a row of this restricted model, by its own rule or by that of its parent."""
    for step in model.audience_path.split("__") if model.audience_path else ():
        model = model._meta.get_field(step).related_model
    return issubclass(model, StaffOnly)


def public_tables(open_models: Iterable[Model], closed: Callable[[Any], bool]) -> set[str]:
    """The tables of which public pages are made: restricted ones that are not closed, the open ones named, and ties."""
    restricted = {model for model in apps.get_models() if is_restricted(model) and not closed(model)}
    shown = {model for model in restricted if not is_for_staff_only(model)} | set(open_models)
    ties = {field.remote_field.through for model in shown for field in model._meta.many_to_many}
    return {model._meta.db_table for model in shown | ties if not closed(model)}


def check_content_version_triggers(tables: Iterable[str], quiet: Iterable[str]) -> None:
    """Each of `tables` raises the content version once per statement, at each kind of change; none of `quiet` does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgtype, tgenabled FROM pg_trigger JOIN pg_proc f ON f.oid = tgfoid "
            "WHERE NOT tgisinternal AND f.proname = 'portal_bump_content_version'"
        )
        found = {table.strip('"'): (kind, enabled) for table, kind, enabled in cursor.fetchall()}
    faults = [
        f"{table} raises the content version, and no public page shows it"
        for table in quiet
        if table in found
    ]
    for table in sorted(tables):
        kind, enabled = found.get(table, (0, "D"))
        if kind & (_INSERT | _DELETE | _UPDATE | _TRUNCATE) != _INSERT | _DELETE | _UPDATE | _TRUNCATE:
            faults.append(f"{table} changes without a new content version")
        elif kind & (_PER_ROW | _BEFORE) or enabled not in ("O", "A"):
            faults.append(f"the content_version trigger of {table} is not an enabled AFTER STATEMENT one")
    report(faults)


def check_indexes(wanted: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """Each table has an index that begins with each of these rows of columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indrelid::regclass::text, array_agg(a.attname::text ORDER BY k.place) "
            "FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(number, place), pg_attribute a "
            "WHERE a.attrelid = i.indrelid AND a.attnum = k.number AND i.indisvalid AND i.indpred IS NULL "
            "GROUP BY i.indexrelid, i.indrelid"
        )
        indexes: dict[str, list[list[str]]] = {}
        for table, columns in cursor.fetchall():
            indexes.setdefault(table.strip('"'), []).append(columns)
    report(
        f"{table} has no index that begins with {', '.join(columns)}"
        for table, lists in wanted.items()
        for columns in lists
        if not any(found[: len(columns)] == list(columns) for found in indexes.get(table, []))
    )
