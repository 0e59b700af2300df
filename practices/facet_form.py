"""The facets in the form of a practice: one question per facet, made from the facets that staff keep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch

from .models import Facet, FacetValue, Practice

PREFIX = "facet_"
NOTHING = ("", "Niet ingevuld")


class _Named(forms.widgets.ChoiceWidget):
    """Choices whose group has a name, for who does not see the heading beside it."""

    template_name = "admin/widgets/choices.html"
    role = "group"
    legend = ""

    def get_context(self, *args: Any) -> dict[str, Any]:
        context = super().get_context(*args)
        context["widget"] |= {"role": self.role, "legend": self.legend}
        return context


class ManyChoices(_Named, forms.CheckboxSelectMultiple):
    """Checkboxes."""


class OneChoice(_Named, forms.RadioSelect):
    """Radio buttons that read all that was sent, so that two answers are an error and not a guess."""

    role = "radiogroup"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return data.getlist(name) if hasattr(data, "getlist") else list(data.get(name, []))


class FacetField(forms.TypedMultipleChoiceField):
    """The answers to one facet: checkboxes, or radio buttons when there can be one answer only."""

    def __init__(self, facet: Facet, values: Iterable[FacetValue]) -> None:
        self.facet = facet
        choices = [(str(value.pk), value.label) for value in values]
        super().__init__(
            choices=choices if facet.multiple else [NOTHING, *choices],
            coerce=int,
            required=False,
            label=facet.label,
            help_text=facet.help_text,
            widget=ManyChoices if facet.multiple else OneChoice,
        )
        self.widget.legend = facet.label

    def to_python(self, value: Any) -> list[str]:
        return [chosen for chosen in super().to_python(value) if chosen]

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if not self.facet.multiple and len(value) > 1:
            raise ValidationError(f"Kies hoogstens één antwoord bij ‘{self.facet.label}’.", code="one_value")

    def show_all(self, chosen: list[int]) -> None:
        """Show checkboxes for a practice that holds more answers than allowed, so that none is lost unseen."""
        if not self.facet.multiple and len(chosen) > 1:
            self.choices = [choice for choice in self.choices if choice != NOTHING]  # type: ignore[misc, union-attr]
            self.widget = ManyChoices(choices=self.choices)
            self.widget.legend = self.facet.label


def facets_with_values() -> list[Facet]:
    """All facets in order with their `values` prefetched in order."""
    values = FacetValue.objects.order_by("order", "id")
    return list(Facet.objects.prefetch_related(Prefetch("values", queryset=values)))


def field_name(facet: Facet) -> str:
    """The name of a facet's field in the form."""
    return f"{PREFIX}{facet.slug}"


def facet_fields(facets: Iterable[Facet]) -> dict[str, FacetField]:
    """The form fields of these facets by name."""
    return {field_name(facet): FacetField(facet, facet.values.all()) for facet in facets}


class FacetForm(forms.ModelForm):
    """A practice's form with a field per facet; a subclass adds the fields of `facet_fields`."""

    instance: Practice

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = dict(self.instance.values.values_list("pk", "facet_id")) if self.instance.pk else {}
        for name, field in self._facet_fields():
            answers = [pk for pk, facet_id in chosen.items() if facet_id == field.facet.pk]
            field.show_all(answers)
            self.initial[name] = answers or ([""] if not field.facet.multiple else [])

    def _facet_fields(self) -> list[tuple[str, FacetField]]:
        return [(name, field) for name, field in self.fields.items() if isinstance(field, FacetField)]

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        chosen = [pk for name, _ in self._facet_fields() for pk in self.cleaned_data[name]]
        self.instance.values.set(chosen)
