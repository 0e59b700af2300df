"""The sample form of the components page: one field of each kind."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms


class SampleForm(forms.Form):
    """Goes nowhere; shows how each kind of field looks."""

    name = forms.CharField(label="Naam", help_text="Zoals collega's je kennen.", max_length=80)
    email = forms.EmailField(label="E-mailadres")
    kind = forms.ChoiceField(
        label="Soort werking",
        choices=[("", "Kies …"), ("hvk", "Huis van het Kind"), ("spelotheek", "Spelotheek")],
    )
    spaces = forms.MultipleChoiceField(
        label="Waar ontmoeten gezinnen elkaar?",
        help_text="Je mag er meer kiezen.",
        choices=[("eigen", "Eigen ruimte"), ("buiten", "Buiten"), ("mobiel", "Mobiel")],
        widget=forms.CheckboxSelectMultiple,
    )
    role = forms.ChoiceField(
        label="Je rol",
        choices=[("coordinator", "Coördinator"), ("vrijwilliger", "Vrijwilliger")],
        widget=forms.RadioSelect,
        required=False,
    )
    date = forms.DateField(label="Datum", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    file = forms.FileField(label="Bijlage", required=False, help_text="Een pdf of een foto, tot 10 MB.")
    story = forms.CharField(label="Vertel kort", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    agree = forms.BooleanField(label="Ik las de afspraken", help_text="Je vindt ze bij privacy.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
