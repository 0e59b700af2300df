"""How true a description still is, in the words of its page: archived, confirmed, reviewed, and as of when. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from django.utils.formats import date_format

UNCONFIRMED = "Redactionele indeling, te bevestigen"


def archive_label(archived_on: date | None) -> str:
    """The label of a practice that stopped; empty for one that goes on."""
    return f"Archief – bestaat niet meer sinds {date_format(archived_on, 'j F Y')}" if archived_on else ""


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_due(confirmed_on: date | None, today: date, months: int) -> bool:
    """Whether the organisation never confirmed the description, or longer than `months` ago."""
    return confirmed_on is None or confirmed_on <= months_before(today, months)


def confirmation(practice: Any, today: date, months: int) -> str:
    """What is known of the organisation's own word; empty for what was invented, which nobody can confirm."""
    if practice.is_example:
        return ""
    if practice.confirmed_on is None:
        return UNCONFIRMED
    text = f"Laatst bevestigd door de werking op {date_format(practice.confirmed_on, 'j F Y')}"
    asks_again = not practice.archived_on and is_due(practice.confirmed_on, today, months)
    return f"{text}, opnieuw te bevestigen" if asks_again else text


def status_lines(practice: Any, today: date, months: int) -> list[str]:
    """The lines below a description, in order: what it rests on, as of when, reviewed, confirmed."""
    lines = [practice.get_based_on_display()]
    if practice.reference_year:
        lines.append(f"Peildatum: {practice.reference_year}")
    elif not practice.is_example:
        lines.append("Peildatum: niet vermeld")
    if practice.reviewed_on:
        lines.append(f"Laatst nagekeken op {date_format(practice.reviewed_on, 'j F Y')}")
    if confirmed := confirmation(practice, today, months):
        lines.append(confirmed)
    return [f"{line}." for line in lines]
