"""What keeps a text out of the catalogue, in sentences that name the field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.utils.text import capfirst

from practices import applying
from practices.content import label_of, missing
from practices.models import Dossier, DossierStep, Facet
from practices.workflow import Verb

from .reading import is_readable

_EDITED_SINCE = (
    "De praktijk op de site is nog gewijzigd nadat deze wijziging begon. Vergelijk eerst met de site: publiceren zet "
    "deze tekst in de plaats."
)


def publication_problems(dossier: Dossier) -> tuple[list[str], list[str]]:
    """What the catalogue would refuse, and what a sender would have been asked to fill in."""
    if not is_readable(dossier):
        return [], []
    refused = applying.check(dossier.content)
    asked = missing(dossier.content, dict(Facet.objects.values_list("slug", "label")))
    hints = [text for name, text in asked.items() if name not in refused]
    return _named(refused), [_EDITED_SINCE, *hints] if is_edited_since(dossier) else hints


def is_edited_since(dossier: Dossier) -> bool:
    """Whether the practice on the site was changed after the change in this dossier was begun from it."""
    practice = dossier.practice
    if practice is None:
        return False
    begun = DossierStep.objects.unrestricted().filter(dossier=dossier, verb=Verb.AMEND)
    last = begun.order_by("-number").values_list("at", flat=True).first()
    return last is not None and practice.updated > last


def sentences(error: ValidationError) -> list[str]:
    """The messages of a refused publication, each with the field it is about."""
    return (
        _named(error.message_dict) if hasattr(error, "error_dict") else [str(text) for text in error.messages]
    )


def _named(messages: Mapping[str, Iterable[str]]) -> list[str]:
    return [_sentence(field, text) for field, texts in messages.items() for text in texts]


def _sentence(field: str, text: str) -> str:
    if field == NON_FIELD_ERRORS:
        return text
    try:
        label = label_of(field)
    except FieldDoesNotExist:
        # Of a link or the contact.
        label = {
            "url": "adres van een link",
            "title": "titel van een link",
            "role": "functie of dienst",
        }.get(field, field)
    return f"{capfirst(label)}: {text}"
