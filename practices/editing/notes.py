"""The editors' own notes at a dossier: added below each other, so that nobody writes over somebody else's."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone

from expoo_portal.admin.history import moment
from practices.models import Dossier

_MOST: int = Dossier._meta.get_field("editor_note").max_length  # type: ignore[assignment]
_FULL = "Er staan al veel notities. Kort je notitie in."


def add_note(dossier: Dossier, writer: str, text: str, *, makes_room: bool = False) -> None:
    """Add a note to a dossier whose row the caller holds.

    ValidationError when there is no room left; with `makes_room` the oldest words give way.
    """
    line = f"{moment(timezone.now())}, {writer}: {text.strip()}"
    whole = f"{dossier.editor_note}\n\n{line}".strip()
    if len(whole) > _MOST and not makes_room:
        raise ValidationError(_FULL)
    whole = whole[-_MOST:]
    dossier.editor_note = whole
    # Not `updated`: whoever has the text open is not disturbed by a note.
    dossier.save(update_fields=["editor_note"])
