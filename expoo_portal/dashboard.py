"""What waits for somebody on the admin's first page: each app registers a function that says so."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

# Lines with the address where the work is; empty when nothing waits or it is not for this user.
Source = Callable[[HttpRequest], list[tuple[str, str]]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Let an app say what waits. Called once, when the app's admin is loaded."""
    if source not in _sources:
        _sources.append(source)


def waiting(request: HttpRequest) -> list[tuple[str, str]]:
    """What waits for this user, in all apps."""
    return [line for source in _sources for line in source(request)]
