"""Whether the catalogue knows a choice that a theme links to. The catalogue, a floor higher, says so itself."""

from __future__ import annotations

from collections.abc import Callable

# What is wrong with a query string such as `ruimte=buiten`, in words for an editor; empty when nothing is.
Check = Callable[[str], str]

_checks: list[Check] = []


def register(check: Check) -> None:
    """Let the catalogue judge. Called once, when its app starts."""
    if check not in _checks:
        _checks.append(check)


def problem_with(query: str) -> str:
    """The first thing that is wrong with this choice, or nothing."""
    return next((problem for check in _checks if (problem := check(query))), "")
