"""Discussion questions of a practice or a topic: one per line, at most three. Pure."""

from __future__ import annotations

from django.core.exceptions import ValidationError

MOST = 3


def lines(text: str) -> list[str]:
    """The questions in a field, one per line."""
    return [line for raw in text.splitlines() if (line := " ".join(raw.split()))]


def clean(text: str) -> str:
    """The field as it is stored: one question a line. ValidationError when there are more than three."""
    found = lines(text)
    if len(found) > MOST:
        raise ValidationError(f"Hoogstens drie vragen, één per regel. Dit zijn er {len(found)}.")
    return "\n".join(found)
