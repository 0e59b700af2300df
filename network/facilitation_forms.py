"""The forms of facilitators and of staff who manage the network: answering a request, inviting somebody."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from expoo_portal.form_fields import LineField

from . import requests
from .invitations import Invited
from .models import MembershipRequest, MembershipRole
from .request_flow import NEEDS_TEXT, Actor, Verb, verbs
from .request_form import plain

_LABELS = {
    Verb.ACCEPT: "Aanvaarden: de aanvrager wordt lid en krijgt een welkomstmail",
    Verb.ASK: "Eerst iets vragen",
    Verb.REFUSE: "Niet aanvaarden",
}
_DONE = {
    Verb.ACCEPT: "{name} is nu lid. De welkomstmail is onderweg.",
    Verb.ASK: "Je vraag is onderweg naar {name}.",
    Verb.REFUSE: "{name} krijgt een mail met je uitleg.",
}
_NEEDED = {
    Verb.ASK: "Schrijf je vraag.",
    Verb.REFUSE: "Schrijf waarom, vriendelijk en duidelijk: de aanvrager leest het.",
}


class DecisionForm(forms.Form):
    """What happens with a request."""

    use_required_attribute = False

    decision = forms.ChoiceField(
        label="Wat antwoord je?",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Dat kan nu niet meer. Kijk hoe het met de aanvraag staat."},
    )
    text = LineField(
        label="Je vraag of je uitleg",
        required=False,
        max_length=2000,
        help_text="Bij een vraag en bij een weigering. De aanvrager krijgt precies deze woorden.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, asked: MembershipRequest, data: Any = None) -> None:
        super().__init__(data)
        self.asked = asked
        choices = [(verb.value, _LABELS[verb]) for verb in verbs(asked.state, Actor.FACILITATOR)]
        # A double click comes back when it was decided already: it may say the same again.
        decided = [(verb.value, label) for verb, label in _LABELS.items()] if self.is_bound else choices
        self.fields["decision"].choices = decided  # type: ignore[attr-defined]
        self.can_decide = bool(choices)
        self.helper = plain(self)

    def clean(self) -> dict[str, Any]:
        """The other side reads why."""
        cleaned = super().clean() or self.cleaned_data
        verb = cleaned.get("decision")
        if verb in NEEDS_TEXT and not cleaned.get("text", "").strip():
            raise ValidationError({"text": _NEEDED[Verb(verb)]})
        return cleaned

    def act(self, by: Any) -> str:
        """Carry out the decision; the sentence says what was done. Raises requests.StepRefused."""
        verb, text = Verb(self.cleaned_data["decision"]), self.cleaned_data["text"]
        if verb is Verb.ACCEPT:
            requests.accept(self.asked, by)
        elif verb is Verb.ASK:
            requests.ask(self.asked, by, text)
        else:
            requests.refuse(self.asked, by, text)
        return _DONE[verb].format(name=self.asked.name)


def end_of(day: Any) -> datetime:
    """The end of this day here."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    use_required_attribute = False

    email = forms.EmailField(label="E-mailadres", max_length=254)
    name = forms.CharField(label="Naam", max_length=120, required=False)
    role = forms.ChoiceField(
        label="Als wat?",
        choices=[
            (MembershipRole.MEMBER, "Lid: leest en schrijft mee"),
            (MembershipRole.GUEST, "Gast: enkel voor een bijeenkomst, tot een einddatum"),
        ],
        initial=MembershipRole.MEMBER,
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label="Gast tot en met",
        required=False,
        help_text="Enkel voor een gast. Daarna stopt de toegang vanzelf.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = LineField(
        label="Een persoonlijk woord",
        max_length=1000,
        required=False,
        help_text="Komt in de mail.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = plain(self)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        """A guest comes until a day that is not past."""
        cleaned = super().clean() or self.cleaned_data
        until = cleaned.get("until")
        if cleaned.get("role") == MembershipRole.GUEST and "until" not in self.errors:
            if until is None:
                raise ValidationError({"until": "Een gast heeft een einddatum nodig."})
            if until < timezone.localdate():
                raise ValidationError({"until": "Deze dag is voorbij."})
        return cleaned

    @property
    def invited(self) -> Invited:
        """What was filled in."""
        found = self.cleaned_data
        is_guest = found["role"] == MembershipRole.GUEST
        return Invited(
            email=found["email"],
            name=found["name"],
            role=found["role"],
            ends_at=end_of(found["until"]) if is_guest else None,
            note=found["note"],
        )
