"""Warnings before saving: the form comes back once with what may read badly, and the editor decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst

from expoo_portal.richtext import RichTextField, sanitize

from .concurrency import SeenVersionForm
from .writing_checks import problems_in_description, problems_in_rich_text, problems_in_text

# What the form sends along once the editor has read the warnings and wants to save all the same.
ACCEPTED = "toch_bewaren"
CODE = "writing"


class Remark(NamedTuple):
    """What may read badly, and in which field of which part of the form."""

    field: str
    text: str
    part: str = ""


class WritingForm(forms.ModelForm):
    """A form that reads what an editor changed in its texts, unless the editor has seen the warnings.

    Only the admin's forms do so: what is saved in another way is saved as it is.
    """

    writing_warnings: tuple[Remark, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Hold the save back while there are warnings that the editor has not seen."""
        cleaned = super().clean() or self.cleaned_data
        if ACCEPTED not in self.data:
            self.writing_warnings = tuple(self._warnings(cleaned))
        if self.writing_warnings:
            raise ValidationError("Nog niet bewaard: lees eerst de tips hierboven.", code=CODE)
        return cleaned

    def _warnings(self, cleaned: dict[str, Any]) -> Iterable[Remark]:
        for name in self.changed_data:
            value = cleaned.get(name)
            if not isinstance(value, str) or not value:
                continue
            label = capfirst(str(self.fields[name].label or ""))
            for problem in self._problems(name, value):
                yield Remark(label, problem)

    def _problems(self, name: str, value: str) -> list[str]:
        fields = {field.name: field for field in self._meta.model._meta.fields}
        field = fields.get(name)
        if isinstance(field, RichTextField):
            # As it will be stored; what nobody closed would also take the reader of the standard library minutes.
            return problems_in_rich_text(sanitize(value))
        if isinstance(field, models.TextField):
            return problems_in_text(value)
        return problems_in_description(value) if name == "alt" else []


class PublishableForm(WritingForm, SeenVersionForm):
    """What an editor writes: warned of what reads badly, and of somebody else who saved meanwhile."""


class WritingAdmin:
    """Mixin for an admin whose form, or whose inlines' forms, are `WritingForm`s."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """The form with all its warnings in one place, above it."""
        formsets = [inline.formset for inline in context.get("inline_admin_formsets", ())]
        forms_sent = [context["adminform"].form, *(form for formset in formsets for form in formset.forms)]
        if any(map(_is_warned, forms_sent)) and not _has_mistakes(forms_sent, formsets):
            # Nothing is wrong: "correct the error below" would say so above the warnings.
            context["errors"] = None
        context |= {
            "writing_warnings": [
                *_with_part(context["adminform"].form, ""),
                *(
                    warning
                    for formset in formsets
                    for form in formset.forms
                    for warning in _with_part(form, _name_of(form))
                ),
            ],
            "warnings_accepted": ACCEPTED in request.POST,
        }
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]


def _is_warned(form: Any) -> bool:
    return bool(getattr(form, "writing_warnings", ()))


def _has_mistakes(forms_sent: Iterable[Any], formsets: Iterable[Any]) -> bool:
    """Whether something cannot be saved at all, apart from what reads badly."""
    errors = [error for form in forms_sent for found in form.errors.as_data().values() for error in found]
    return any(error.code != CODE for error in errors) or any(
        formset.non_form_errors() for formset in formsets
    )


def _with_part(form: Any, part: str) -> list[Remark]:
    return [warning._replace(part=part) for warning in getattr(form, "writing_warnings", ())]


def _name_of(form: Any) -> str:
    """What an editor calls this row."""
    given = form.data.get(form.add_prefix("title"), "").strip()
    kind = capfirst(str(form._meta.model._meta.verbose_name))
    return f"{kind} “{given}”" if given else kind
