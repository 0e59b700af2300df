"""The content of a dossier as the form shows it, part by part, and putting together what several pages typed. Pure.

What the form shows of a part is a text or a list of texts. What was typed and cannot be used ("32 december")
is kept beside the content, under `refused`, so that it stands there again next time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from practices.content import RICH_FIELDS
from practices.plain_text import tidy, to_html, to_text

from .steps import CONTACT, FACET

# The answer to a facet by somebody who does not know.
UNKNOWN = "weet-ik-niet"
MAX_BYTES = 100_000
# Texts in which the ends of lines mean something.
_OF_LINES = {*RICH_FIELDS, "summary", "partners", "discussion_questions"}
Typed = str | list[Any]


def shown(content: Mapping[str, Any], part: str) -> Typed:
    """What the form shows of this part."""
    refused = content.get("refused") or {}
    if part in refused:
        return refused[part]
    if part.startswith(FACET):
        slug = part.removeprefix(FACET)
        is_unknown = slug in (content.get("unknown") or ())
        return list((content.get("facets") or {}).get(slug) or ()) or ([UNKNOWN] if is_unknown else [])
    if part.startswith(CONTACT):
        return str((content.get("contact") or {}).get(part.removeprefix(CONTACT)) or "")
    if part == "links":
        return [[link.get("title", ""), link.get("url", "")] for link in content.get("links") or ()]
    if part in ("kept_images", "kept_files"):
        return list(content.get(part) or ())
    if part in RICH_FIELDS:
        return to_text(str(content.get(part) or ""))
    return str(content.get(part) or "")


def put(content: dict[str, Any], part: str, typed: Typed) -> None:
    """Write a usable answer into the content."""
    _forget_refused(content, part)
    if part.startswith(FACET):
        slug = part.removeprefix(FACET)
        values = [value for value in typed if value != UNKNOWN]
        content.setdefault("facets", {})[slug] = values
        unknown = [other for other in content.get("unknown") or () if other != slug]
        content["unknown"] = unknown + ([slug] if UNKNOWN in typed and not values else [])
    elif part.startswith(CONTACT):
        content.setdefault("contact", {})[part.removeprefix(CONTACT)] = typed
    elif part == "links":
        content["links"] = [{"title": row[0], "url": row[1]} for row in typed]
    elif part in RICH_FIELDS:
        content[part] = to_html(str(typed), str(content.get(part) or ""))
    elif part == "reference_year":
        content[part] = int(str(typed)) if typed else None
    else:
        content[part] = typed


def refuse(content: dict[str, Any], part: str, typed: Typed) -> None:
    """Keep an answer that cannot be used, as it was typed."""
    content.setdefault("refused", {})[part] = typed


def _forget_refused(content: dict[str, Any], part: str) -> None:
    if content.get("refused", {}).pop(part, None) is not None and not content["refused"]:
        del content["refused"]


def tidied(part: str, typed: Typed) -> Typed:
    """The answer without what only differs in spaces, so that answers can be compared."""
    if isinstance(typed, list):
        return typed
    return tidy(typed) if part in _OF_LINES else " ".join(tidy(typed).split())


def digest(typed: Typed) -> str:
    """A short sum of an answer, by which a page says what it was based on."""
    return hashlib.blake2b(json.dumps(typed).encode(), digest_size=6).hexdigest()


def base_of(content: Mapping[str, Any], parts: Iterable[str]) -> str:
    """What a page with these parts is based on, to be sent back with what is typed."""
    return " ".join(f"{part}={digest(tidied(part, shown(content, part)))}" for part in parts)


def merge(
    content: Mapping[str, Any], typed: Mapping[str, Typed], base: str, own: Collection[str] = ()
) -> tuple[dict[str, Typed], list[str]]:
    """What a page changed, and the parts that were changed elsewhere too since the page was opened.

    A part that the page left as it was never undoes what was changed elsewhere. `own` are the parts that the same
    page wrote last, so that nobody else can have changed them since.
    """
    known = dict(pair.split("=", 1) for pair in base.split() if "=" in pair)
    changed: dict[str, Typed] = {}
    conflicts: list[str] = []
    for part, given in typed.items():
        stored = tidied(part, shown(content, part))
        answer = tidied(part, given)
        before = known.get(part, digest([] if isinstance(answer, list) else ""))
        if answer == stored:
            continue
        if part in own or digest(stored) == before:
            changed[part] = answer
        elif digest(answer) != before:
            conflicts.append(part)
    return changed, conflicts


def base_after(content: Mapping[str, Any], typed: Mapping[str, Typed], conflicts: Collection[str]) -> str:
    """What a page that goes on is based on: what it shows, and for conflicts what it was just told."""
    return " ".join(
        f"{part}={digest(tidied(part, shown(content, part) if part in conflicts else answer))}"
        for part, answer in typed.items()
    )


def size_of(content: Mapping[str, Any]) -> int:
    """The size of the content as the database keeps it, in bytes."""
    return len(json.dumps(content, ensure_ascii=False).encode())
