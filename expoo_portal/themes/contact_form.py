"""The form that reaches somebody of a theme."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from expoo_portal.form_fields import LineField

from .models import ContactPerson

TEAM = "team"
_TOO_LONG = "Maak het iets korter: hoogstens %(limit_value)d tekens, nu zijn het er %(show_value)d."


class ContactForm(forms.Form):
    """To whom, from whom, and the message."""

    use_required_attribute = False

    to = forms.ChoiceField(
        label="Aan wie schrijf je?",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Deze persoon kun je niet meer kiezen. Kies iemand anders."},
    )
    name = forms.CharField(
        label="Je naam", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Je e-mailadres",
        max_length=254,
        help_text="We gebruiken het alleen om je te antwoorden.",
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    message = LineField(
        label="Je bericht",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"max_length": _TOO_LONG},
    )
    # Made with the empty form: the same form sent twice is one letter.
    start_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # People do not see it; programs fill it in.
    website = forms.CharField(required=False, max_length=500)

    def __init__(self, people: Iterable[ContactPerson], data: Any = None) -> None:
        super().__init__(data, initial={"to": TEAM, "start_key": uuid.uuid4()})
        self.people = {str(person.pk): person for person in people}
        choice = self.fields["to"]
        choice.choices = [  # type: ignore[attr-defined]
            *(
                (key, ", ".join(filter(None, [person.name, person.role])))
                for key, person in self.people.items()
            ),
            (TEAM, "Het team achter dit thema"),
        ]
        # A browser would cut what somebody pastes without a word.
        for name in ("name", "message"):
            del self.fields[name].widget.attrs["maxlength"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_name(self) -> str:
        # It stands in the subject of the letter, which is one line.
        return " ".join(self.cleaned_data["name"].split())

    def clean_start_key(self) -> uuid.UUID:
        return self.cleaned_data["start_key"] or uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        """Refuse what a program filled in, with words that help a person whose browser did."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("website"):
            raise ValidationError("Het versturen lukte niet. Alles staat er nog: probeer het nog eens.")
        return cleaned

    @property
    def person(self) -> ContactPerson | None:
        """Whom the sender chose; None for the team."""
        return self.people.get(self.cleaned_data["to"])

    @property
    def key(self) -> str:
        """The start key as the form was first shown; one that cannot be read is replaced."""
        try:
            return str(uuid.UUID(str(self["start_key"].value())))
        except ValueError:
            return str(uuid.uuid4())
