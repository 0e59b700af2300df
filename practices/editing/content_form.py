"""The content of a dossier as a form: the fields of a practice, kept as the JSON of `practices/content.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from expoo_portal.admin.concurrency import SeenVersionForm
from expoo_portal.richtext import sanitize
from expoo_portal.themes import questions
from practices import checklist
from practices.content import CONTACT_FIELDS, RICH_FIELDS, TEXT_FIELDS, label_of
from practices.facet_form import FacetField
from practices.models import BasedOn, Dossier, PracticeContact, PracticeFile, PracticeImage
from practices.workflow import State

CONTACT = "contact_"
LINK_TITLE, LINK_URL = "link_title_", "link_url_"
SPARE_LINKS = 2
MOST_LINKS = 20
_KEPT: dict[str, Any] = {"kept_images": PracticeImage, "kept_files": PracticeFile}


def link_rows(content: Mapping[str, Any], data: Mapping[str, Any]) -> int:
    """How many rows for links the form has: those there are and two spare ones, or as many as were sent."""
    sent = [int(name.removeprefix(LINK_URL)) for name in data if name.removeprefix(LINK_URL).isdigit()]
    wanted = max([len(content.get("links") or []) + SPARE_LINKS, *(number + 1 for number in sent)])
    return min(wanted, MOST_LINKS)


def link_fields(rows: int) -> dict[str, forms.Field]:
    """A title and an address for each row."""
    found: dict[str, forms.Field] = {}
    for row in range(rows):
        found[f"{LINK_TITLE}{row}"] = forms.CharField(
            label=f"Titel van link {row + 1}",
            max_length=160,
            required=False,
            widget=forms.TextInput(attrs={"class": "vTextField"}),
        )
        found[f"{LINK_URL}{row}"] = forms.URLField(
            label=f"Adres van link {row + 1}",
            max_length=500,
            required=False,
            assume_scheme="https",
            widget=forms.URLInput(attrs={"class": "vURLField"}),
        )
    return found


def contact_fields() -> dict[str, forms.Field]:
    """Who members can ask."""
    found = {}
    for name in CONTACT_FIELDS:
        field: Any = PracticeContact._meta.get_field(name).formfield()  # type: ignore[union-attr]
        field.required = False
        field.widget.attrs["class"] = "vTextField"
        found[f"{CONTACT}{name}"] = field
    return found


def kept_fields(dossier: Dossier) -> dict[str, forms.Field]:
    """What the practice in the catalogue has by way of pictures and files, to keep or to take away."""
    if dossier.practice_id is None:
        return {}
    found: dict[str, forms.Field] = {}
    for name, model in _KEPT.items():
        rows = model.objects.unrestricted().filter(practice=dossier.practice_id)
        choices = [(str(row.uuid), getattr(row, "alt", "") or row.name) for row in rows]
        if choices:
            found[name] = forms.MultipleChoiceField(
                label="Beelden die blijven" if model is PracticeImage else "Bestanden die blijven",
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="Wat je uitvinkt, verdwijnt van de site zodra deze versie gepubliceerd is.",
            )
    return found


def year_field() -> forms.IntegerField:
    """The year in which the description is true, within the bounds that the catalogue sets."""
    return forms.IntegerField(label=capfirst(label_of("reference_year")), min_value=1950, max_value=2100)


class DossierForm(SeenVersionForm):
    """A dossier's content and the ticks of its review; a subclass adds the fields of this dossier.

    Nothing is required: half a text may be kept, and what misses for publication is told beside the form.
    """

    instance: Dossier
    ticked = forms.MultipleChoiceField(
        label="Nagekeken",
        choices=checklist.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    based_on = forms.ChoiceField(
        label="Waarop steunt deze beschrijving?",
        choices=[
            ("", "Niet ingevuld"),
            *(choice for choice in BasedOn.choices if choice[0] != BasedOn.EXAMPLE),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "name" not in self.fields:  # shown to read only
            return
        content = self.instance.content
        for name in (*TEXT_FIELDS, *RICH_FIELDS, "based_on", "reference_year"):
            self.fields[name].required = False
            self.initial[name] = content.get(name) or ""
        contact = content.get("contact") or {}
        for name in CONTACT_FIELDS:
            self.initial[f"{CONTACT}{name}"] = contact.get(name) or ""
        for row, link in enumerate((content.get("links") or [])[:MOST_LINKS]):
            self.initial[f"{LINK_TITLE}{row}"] = link.get("title", "")
            self.initial[f"{LINK_URL}{row}"] = link.get("url", "")
        for name in _KEPT:
            self.initial[name] = content.get(name) or []
        self.initial["ticked"] = checklist.known(self.instance.checklist)
        chosen = content.get("facets") or {}
        for name, field in self._facets():
            slugs = chosen.get(field.facet.slug) or []
            answers = [value.pk for value in field.facet.values.all() if value.slug in slugs]
            field.show_all(answers)
            self.initial[name] = answers or ([""] if not field.facet.multiple else [])

    def _facets(self) -> list[tuple[str, FacetField]]:
        return [(name, field) for name, field in self.fields.items() if isinstance(field, FacetField)]

    def clean_discussion_questions(self) -> str:
        """One question a line, at most three."""
        return questions.clean(self.cleaned_data["discussion_questions"])

    def clean(self) -> dict[str, Any]:
        """Whole links only; and the dossier still lies with the editors."""
        cleaned = super().clean()
        for row in range(MOST_LINKS):
            title, url = cleaned.get(f"{LINK_TITLE}{row}"), cleaned.get(f"{LINK_URL}{row}")
            if title and url == "":
                self.add_error(f"{LINK_URL}{row}", "Vul ook het adres in, of maak de titel leeg.")
            if url and title == "":
                self.add_error(f"{LINK_TITLE}{row}", "Geef de link een titel.")
        state = self.locked_rows().values_list("state", flat=True).get(pk=self.instance.pk)
        if state != State.IN_REVIEW:
            raise ValidationError(
                f"Niet bewaard: de praktijk is intussen ‘{State(state).label.lower()}’. Wat je typte, staat hieronder "
                "nog. Kopieer wat je wil houden.",
                code="moved",
            )
        return cleaned

    def content(self) -> dict[str, Any]:
        """The dossier's content with what was typed in its place."""
        cleaned = self.cleaned_data
        facets = {
            field.facet.slug: [value.slug for value in field.facet.values.all() if value.pk in cleaned[name]]
            for name, field in self._facets()
        }
        answered = {slug: values for slug, values in facets.items() if values}
        stored = self.instance.content
        return {
            **stored,
            **{name: cleaned[name].strip() for name in TEXT_FIELDS},
            **{name: sanitize(cleaned[name]) for name in RICH_FIELDS},
            "based_on": cleaned["based_on"],
            "reference_year": cleaned["reference_year"],
            "facets": answered,
            "unknown": [slug for slug in stored.get("unknown") or [] if slug not in answered],
            "links": [{"title": title, "url": url} for title, url in self._links()],
            "contact": {name: cleaned[f"{CONTACT}{name}"] for name in CONTACT_FIELDS},
            **{name: cleaned[name] for name in _KEPT if name in self.fields},
        }

    def _links(self) -> Iterable[tuple[str, str]]:
        for row in range(MOST_LINKS):
            if url := self.cleaned_data.get(f"{LINK_URL}{row}"):
                yield self.cleaned_data[f"{LINK_TITLE}{row}"], url


def fieldsets(names: Iterable[str], facets: Iterable[str]) -> list[Any]:
    """The sections of the form, in the order of the catalogue's own; `names` are all its fields."""
    given = list(names)
    rows = sum(name.startswith(LINK_URL) for name in given)
    kept = [name for name in _KEPT if name in given]
    sections: list[Any] = [
        ("Naam en plaats", {"fields": ("name", "organisation", "municipality")}),
        ("In het kort", {"fields": ("summary", "special")}),
        (
            "Facetten",
            {
                "fields": list(facets),
                "classes": ["facets"],
                "description": "Hiermee vinden collega's de praktijk. Laat open wat niemand weet.",
            },
        ),
        ("Beschrijving", {"fields": ("background", "approach", "welcome", "space_note")}),
        (
            "Wat leren we eruit?",
            {"fields": ("strengths", "challenges", "tips", "discussion_questions", "partners")},
        ),
        (
            "Links",
            {
                "fields": [(f"{LINK_TITLE}{row}", f"{LINK_URL}{row}") for row in range(rows)],
                "classes": ["rows"],
            },
        ),
    ]
    if kept:
        sections.append(("Wat al op de site staat", {"fields": kept, "classes": ["choices"]}))
    return [
        *sections,
        (
            "Contact, alleen voor leden",
            {"fields": [tuple(f"{CONTACT}{name}" for name in CONTACT_FIELDS)], "classes": ["rows"]},
        ),
        (
            "Waarop steunt deze beschrijving?",
            {"fields": ("based_on", "reference_year"), "classes": ["choices"]},
        ),
        (
            "Nakijken",
            {
                "fields": ("ticked",),
                "classes": ["choices", "checklist"],
                "description": "Vink aan wat in orde is. Wat open blijft, kun je aan de indiener vragen.",
            },
        ),
    ]
