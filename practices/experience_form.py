"""The form for a note of somebody who adapted a practice."""

from __future__ import annotations

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from expoo_portal.form_fields import LineField

from .experiences import TEXTS
from .models import Experience

_TOO_SHORT = "Vertel iets meer: minstens %(limit_value)d tekens, nu zijn het er %(show_value)d."
_TOO_LONG = "Maak het iets korter: hoogstens %(limit_value)d tekens, nu zijn het er %(show_value)d."


class ExperienceForm(forms.ModelForm):
    """Three questions, where and who when the sender likes, and the address for the mail that confirms it."""

    use_required_attribute = False

    email = forms.EmailField(
        label="Je e-mailadres",
        max_length=254,
        help_text="Hier komt de link om je verhaal te bevestigen. Het adres komt nooit op de site. "
        "Na een jaar wissen we het.",
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    # Made with the empty form: the same form sent twice is one note.
    start_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # People do not see it; programs fill it in.
    website = forms.CharField(required=False, max_length=500)

    class Meta:
        model = Experience
        fields = ("context", "changed", "learned", "place", "author")
        field_classes = {"context": LineField, "changed": LineField, "learned": LineField}
        widgets = {name: forms.Textarea(attrs={"rows": 5}) for name in ("context", "changed", "learned")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("context", "changed", "learned"):
            field = self.fields[name]
            field.error_messages |= {"min_length": _TOO_SHORT, "max_length": _TOO_LONG}
            # A browser would cut what somebody pastes without a word.
            del field.widget.attrs["maxlength"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_start_key(self) -> uuid.UUID:
        return self.cleaned_data["start_key"] or uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        """Refuse what a program filled in, with words that help a person whose browser did."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("website"):
            raise ValidationError("Het versturen lukte niet. Alles staat er nog: probeer het nog eens.")
        return cleaned

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, without the address."""
        return {name: self.cleaned_data[name] for name in TEXTS}
