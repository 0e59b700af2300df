"""The form of a link from a section into the catalogue."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from ..catalogue_choices import problem_with


class SectionLinkForm(forms.ModelForm):
    """A link whose choice the catalogue knows."""

    class Meta:
        help_texts = {
            "group": "Links met dezelfde groep staan samen onder die kop. Mag leeg blijven.",
            "query": "Kies in de catalogus wat je wilt tonen, en plak hier het adres uit je browser.",
        }

    def clean_query(self) -> str:
        """The choice without a question mark before it; refused when the catalogue would leave part of it out."""
        query = self.cleaned_data["query"].strip().rpartition("?")[2]
        if problem := problem_with(query):
            raise ValidationError(problem, code="unknown_choice")
        return query
