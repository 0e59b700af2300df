"""The form with which somebody asks to become a member."""

from __future__ import annotations

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from expoo_portal.form_fields import LineField
from practices.models import FacetValue

from .models import HouseRules
from .requests import WORK_FACET, Asked

_TOO_LONG = "Maak het iets korter: hoogstens %(limit_value)d tekens, nu zijn het er %(show_value)d."
RULES_CHANGED = "De huisregels werden net gewijzigd. Lees ze nog eens na en ga dan akkoord."


class AgreementMixin(forms.Form):
    """Agreeing to the house rules as they stood on the page."""

    agreed = forms.BooleanField(
        label="Ik las de huisregels en hou me eraan",
        error_messages={"required": "Zonder akkoord met de huisregels kun je niet meedoen."},
    )
    rules_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def expect_rules(self, rules: HouseRules | None) -> None:
        """Ask to agree with these; a group without house rules asks nothing."""
        self.rules = rules
        if rules is None:
            del self.fields["agreed"]

    @property
    def version(self) -> int:
        """The version that the page shows, and that is agreed to."""
        return self.rules.version if self.rules else 0

    def clean(self) -> dict[str, Any]:
        """Refuse what was agreed to while the rules changed."""
        cleaned = super().clean() or self.cleaned_data
        if self.rules and cleaned.get("agreed") and cleaned.get("rules_version") != self.version:
            self.add_error("agreed", RULES_CHANGED)
        return cleaned


def plain(form: forms.Form) -> FormHelper:
    """Crispy's fields without a form tag or token around them."""
    helper = FormHelper(form)
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class RequestForm(AgreementMixin):
    """Who you are, where you work, and why you want to join."""

    use_required_attribute = False

    name = forms.CharField(
        label="Je naam", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Je e-mailadres",
        max_length=254,
        help_text="Hier komt een link om je aanvraag te bevestigen. Later meld je je met dit adres aan.",
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    organisation = forms.CharField(
        label="Je organisatie",
        max_length=160,
        help_text="Bijvoorbeeld een Huis van het Kind, een vzw of een lokaal bestuur.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    type_of_work = forms.ModelChoiceField(
        label="Soort werk", queryset=FacetValue.objects.none(), empty_label="Kies wat het dichtst aansluit"
    )
    municipality = forms.CharField(
        label="Gemeente", max_length=80, help_text="Waar je werkt. Bij meer gemeenten: de grootste."
    )
    why = LineField(
        label="Waarom wil je lid worden?",
        max_length=2000,
        help_text="Een paar zinnen volstaan: wat doe je met gezinnen, en wat zoek je bij collega’s?",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": _TOO_LONG},
    )
    # Made with the empty form: the same form sent twice is one request.
    start_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # People do not see it; programs fill it in.
    website = forms.CharField(required=False, max_length=500)

    field_order = ("name", "email", "organisation", "type_of_work", "municipality", "why", "agreed")

    def __init__(self, rules: HouseRules | None, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial={"start_key": uuid.uuid4(), **(initial or {})})
        self.expect_rules(rules)
        work = FacetValue.objects.filter(facet__slug=WORK_FACET)
        self.fields["type_of_work"].queryset = work  # type: ignore[attr-defined]
        self.fields["type_of_work"].required = work.exists()
        # A browser would cut what somebody pastes without a word.
        for name in ("name", "organisation", "municipality", "why"):
            self.fields[name].widget.attrs.pop("maxlength", None)
        self.helper = plain(self)

    def _one_line(self, name: str) -> str:
        return " ".join(self.cleaned_data[name].split())

    def clean_name(self) -> str:
        # It stands in the subject of a letter, which is one line.
        return self._one_line("name")

    def clean_organisation(self) -> str:
        return self._one_line("organisation")

    def clean_municipality(self) -> str:
        return self._one_line("municipality")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean_start_key(self) -> uuid.UUID:
        return self.cleaned_data["start_key"] or uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        """Refuse what a program filled in, with words that help a person whose browser did."""
        cleaned = super().clean()
        if cleaned.get("website"):
            raise ValidationError("Het versturen lukte niet. Alles staat er nog: probeer het nog eens.")
        return cleaned

    @property
    def key(self) -> str:
        """The start key as the form was first shown; one that cannot be read is replaced."""
        try:
            return str(uuid.UUID(str(self["start_key"].value())))
        except ValueError:
            return str(uuid.uuid4())

    @property
    def asked(self) -> Asked:
        """What was filled in."""
        found = self.cleaned_data
        return Asked(
            name=found["name"],
            email=found["email"],
            organisation=found["organisation"],
            type_of_work=found["type_of_work"],
            municipality=found["municipality"],
            why=found["why"],
            rules_version=self.version,
        )


class InvitationForm(AgreementMixin):
    """What somebody who was invited still has to say."""

    use_required_attribute = False

    name = forms.CharField(
        label="Je naam", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    field_order = ("name", "agreed")

    def __init__(self, rules: HouseRules | None, *, needs_name: bool, data: Any = None) -> None:
        super().__init__(data)
        self.expect_rules(rules)
        if not needs_name:
            del self.fields["name"]
        self.helper = plain(self)

    @property
    def typed_name(self) -> str:
        """The name that was typed, on one line; empty when it was known."""
        return " ".join(self.cleaned_data.get("name", "").split())


class AgreeForm(AgreementMixin):
    """A member agrees to a newer version of the house rules."""

    use_required_attribute = False

    def __init__(self, rules: HouseRules | None, data: Any = None) -> None:
        super().__init__(data)
        self.expect_rules(rules)
        self.helper = plain(self)


class AnswerForm(forms.Form):
    """What somebody answers to the facilitators' question."""

    use_required_attribute = False

    text = LineField(
        label="Je antwoord",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Schrijf je antwoord.", "max_length": _TOO_LONG},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        # A browser would cut what somebody pastes without a word.
        del self.fields["text"].widget.attrs["maxlength"]
        self.helper = plain(self)
