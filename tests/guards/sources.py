"""The project's own Python and templates, parsed once, for the checks that read code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("expoo_portal", "practices", "network", "selfcheck", "launch")


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the project's root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """The dotted name under which it is imported."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def is_package(self) -> bool:
        return self.path.endswith("/__init__.py")


def parse(path: str, text: str) -> Source:
    """A source from its text; for what stands on the disk see `python_sources`."""
    return Source(path, text, ast.parse(text))


@cache
def python_sources() -> tuple[Source, ...]:
    """All Python files of the apps but migrations, which describe the past."""
    found = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return tuple(
        parse(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for path in found
        if "migrations" not in path.parts
    )


@cache
def templates() -> dict[str, str]:
    """Each template of ours, by its path from the project's root."""
    places = [ROOT / "templates", *(ROOT / package for package in PACKAGES)]
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for place in places
        for path in sorted(place.rglob("*"))
        if path.is_file() and "templates" in path.parts and path.suffix in (".html", ".txt", ".xml", ".svg")
    }


def name_of(node: ast.expr) -> str:
    """The last name of an expression: "filter" of `rows.filter`, "Q" of `Q`; empty when it has none."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def names_used(source: Source, names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Line and name of each use of one of these names: as a variable, an attribute or an import.

    A name that begins with a dot counts as an attribute only, one that begins with "from " as an import only.
    """
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and f".{node.attr}" in names:
            yield node.lineno, f".{node.attr}"
        elif isinstance(node, ast.Name | ast.Attribute) and name_of(node) in names:
            yield node.lineno, name_of(node)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            for imported in node.names:
                name = imported.name.split(".")[-1]
                if name in names or f"from {name}" in names:
                    yield node.lineno, name


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of each import, those inside functions included; relative ones resolved."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for imported in node.names:
                yield node.lineno, imported.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = source.module.split(".")
                keep = len(package) - node.level + (1 if source.is_package else 0)
                base = ".".join([*package[:keep], *([base] if base else [])])
            for imported in node.names:
                yield node.lineno, f"{base}.{imported.name}"
