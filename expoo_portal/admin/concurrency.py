"""Two editors, one text: whoever saves last is told, keeps what they typed and decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from .history import latest_record, moment


def stamp(updated: datetime) -> str:
    """A moment of saving, as the form carries it."""
    return updated.astimezone(UTC).isoformat(timespec="microseconds")


class VersionField(forms.CharField):
    """A hidden moment of saving; it is no change that the log should mention."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class SeenVersionForm(forms.ModelForm):
    """A form of a model with `updated`, that knows on which version its text was based.

    `overwritten_version` is the version that the editor has been told about and chose to write over.
    """

    seen_version = VersionField(required=False)
    overwritten_version = VersionField(required=False)

    # Set by the admin: the row to lock, and the words for whoever comes second.
    locked_rows: Callable[[], QuerySet]
    describe_conflict: Callable[[Model], Any]

    conflicting_version = ""
    conflict: Any = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen_version"] = stamp(self.instance.updated)

    def clean(self) -> dict[str, Any]:
        """Compare with what is stored now, and hold that row until this save is done."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            stored = stamp(self.locked_rows().values_list("updated", flat=True).get(pk=self.instance.pk))
            if stored not in (cleaned.get("seen_version"), cleaned.get("overwritten_version")):
                self.conflicting_version = stored
                self.conflict = self.describe_conflict(self.instance)
                raise ValidationError(
                    "Nog niet bewaard: kies hierboven wat er moet gebeuren.", code="conflict"
                )
        return cleaned


class ConcurrencyAdmin:
    """Mixin for an admin whose form is a `SeenVersionForm`."""

    form = SeenVersionForm

    def get_form(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        """The form, told where to look for the stored version."""
        form = super().get_form(request, obj, **kwargs)  # type: ignore[misc]
        form.locked_rows = staticmethod(
            lambda: self.get_queryset(request).select_for_update(of=("self",))  # type: ignore[attr-defined]
        )
        form.describe_conflict = staticmethod(self.describe_conflict)
        return form

    def describe_conflict(self, obj: Model) -> Any:
        """Who saved when, with a way to look at it; the typed text is still in the form."""
        newest = latest_record(obj)
        opts = obj._meta
        return format_html(
            "Terwijl jij aan het typen was, heeft {} dit bewaard ({}). Wat jij typte, staat hieronder nog en is "
            'niet bewaard. <a href="{}" target="_blank">Bekijk de andere versie</a> in een nieuw tabblad.',
            (newest and newest.history_user) or "iemand anders",
            moment(newest.history_date) if newest else "zonet",
            reverse(f"admin:{opts.app_label}_{opts.model_name}_simple_history", args=[obj.pk, newest.pk])
            if newest
            else reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[obj.pk]),
        )
