"""The forms of sharing: beginning, a lost link, each step, pictures and files."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst

from expoo_portal.uploads import Kind, extensions
from practices.content import (
    REQUIRED_FACETS,
    REQUIRED_TEXTS,
    RICH_FIELDS,
    SENDER_BASED_ON,
    SUMMARY_LENGTH,
    WELCOME_TYPE,
    label_of,
)
from practices.models import (
    BasedOn,
    DossierFile,
    DossierImage,
    Facet,
    FacetValue,
    Practice,
    PracticeContact,
    PracticeLink,
)

from .parts import CONTACT, FACET, UNKNOWN, Typed, shown
from .steps import Step, parts_of

MAX_RICH = 10_000
MAX_PARTNERS = 2_000
LINKS = 5
# The database's answer to "not told"; a sender has "weet ik niet" for that.
_NOT_TOLD = "niet-vermeld"
_SELECT_FROM = 8

# Part -> help; what is not here has the help of the catalogue's own form.
_HELPS = {
    "name": "Zoals gezinnen haar kennen. Hoogstens 100 tekens.",
    "organisation": "Wie organiseert het? Bijvoorbeeld het Huis van het Kind of de vzw.",
    "municipality": "Waar gebeurt het? Bij meer gemeenten: zet er een komma tussen.",
    "summary": "Twee tot vier zinnen: wat gebeurt er, voor wie, waar? Tussen 150 en 600 tekens.",
    "special": "Eén zin die blijft hangen, van hoogstens 200 tekens. Ze komt op het kaartje in de lijst.",
    "approach": "Hoe verloopt het, wie doet wat, hoe vaak?",
    "welcome": "Iemand komt voor het eerst binnen. Wat gebeurt er dan?",
    "space_note": "Wat zie je als je binnenkomt? Wat maakt dat mensen blijven?",
    "background": "Waar komt het vandaan? Waarom doen jullie het zo?",
    "partners": "Met wie werken jullie samen? Eén per lijn.",
    "strengths": "Wat loopt goed? Waar zijn jullie blij mee?",
    "challenges": "Wat blijft moeilijk? Waar botsen jullie op?",
    "tips": "Wat zou je een collega aanraden die morgen begint?",
    "discussion_questions": "Voor wie dit in een team bespreekt: hoogstens drie vragen, één per lijn.",
    "facet-opdracht": "Denk aan de werking zelf, niet aan de hele organisatie.",
    "facet-doelgroepen": "Voor wie is het in de eerste plaats?",
    "contact-role": (
        "Liever een functie dan een naam, bijvoorbeeld ‘coördinatie’. Alleen leden van het netwerk zien dit."
    ),
    "contact-email": "Een functie-adres, geen privéadres.",
    "contact-phone": "Geen privénummer.",
    "reference_year": "In welk jaar klopt wat je hier beschrijft?",
}
_LABELS = {
    "contact-role": "Functie of dienst",
    "contact-email": "E-mailadres van de werking",
    "contact-phone": "Telefoon van de werking",
    "reference_year": "Peiljaar",
    "kept_images": "Beelden die al op de site staan",
    "kept_files": "Bestanden die al op de site staan",
}
_RICH_HINT = "Laat een lijn open tussen twee alinea’s. Begin een lijn met “- ” voor een opsomming."


class Honeypot(forms.Form):
    """A field that people do not see: programs fill it in."""

    website = forms.CharField(required=False, max_length=500)

    def clean_website(self) -> str:
        """Refuse with words that help a person whose browser filled it in."""
        if self.cleaned_data["website"]:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["website"] = ""  # type: ignore[index]
            raise ValidationError("Het versturen lukte niet. Alles staat er nog: probeer het nog eens.")
        return ""


def _refuse_addresses(name: str) -> None:
    """Names stand in mails to addresses that nobody confirmed yet: they lead nowhere."""
    if "://" in name or "www." in name.lower():
        raise ValidationError(
            "Zet hier een naam, geen webadres. Voor links is er een eigen plaats in het formulier."
        )


class _Name(forms.CharField):
    """A name: one line, without a web address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[_refuse_addresses], **kwargs)

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


def _email_field(label: str, help_text: str) -> forms.EmailField:
    attrs = {"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
    return forms.EmailField(
        label=label,
        help_text=help_text,
        max_length=254,
        widget=forms.EmailInput(attrs=attrs),
        error_messages={
            "required": "Vul je e-mailadres in.",
            "invalid": "Dit e-mailadres klopt niet. Kijk het nog eens na.",
        },
    )


class StartForm(Honeypot):
    """What is needed to begin."""

    use_required_attribute = False

    email = _email_field(
        "Je e-mailadres", "Hier komt de link om verder te gaan. We tonen het nooit op de site."
    )
    sender_name = _Name(
        label="Je naam",
        help_text="Zodat we je in een mail kunnen aanspreken.",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    name = _Name(
        label="Naam van de praktijk",
        help_text="Zoals gezinnen haar kennen. Je kunt dit later nog wijzigen.",
        max_length=100,
        error_messages={"required": "Geef je praktijk een naam."},
    )
    start_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean_start_key(self) -> uuid.UUID:
        return self.cleaned_data["start_key"] or uuid.uuid4()


class EmailForm(Honeypot):
    """One e-mail address: to get lost links, or to change that of a draft."""

    use_required_attribute = False

    email = _email_field("Je e-mailadres", "")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


def facets_now() -> dict[str, Facet]:
    """The facets with their values, by slug, in the staff's order."""
    values = Prefetch("values", FacetValue.objects.order_by("order", "id"))
    return {facet.slug: facet for facet in Facet.objects.order_by("order", "id").prefetch_related(values)}


class StepForm(forms.Form):
    """The fields of one step, filled with the content or with what was just typed.

    Nothing is required here: half a step can be kept. What is asked in the end says `content.missing`.
    """

    use_required_attribute = False
    error_title = "Kijk dit nog even na"

    def __init__(
        self,
        step: Step,
        facets: Mapping[str, Facet],
        content: Mapping[str, Any],
        *,
        kept: Mapping[str, list[tuple[str, str]]] | None = None,
        data: MultiValueDict | None = None,
    ) -> None:
        self.step = step
        self._facets = facets
        self._content = content
        self._kept = kept or {}
        self.parts = [
            part
            for part in parts_of(step, facets)
            if part not in ("kept_images", "kept_files") or self._kept.get(part)
        ]
        super().__init__(data=self._as_data() if data is None else data)
        for part in self.parts:
            self.fields |= self._fields_of(part)
        self.full_clean()
        self._say_what_is_asked()

    def _as_data(self) -> MultiValueDict:
        """The content as if a browser sent it."""
        data: MultiValueDict = MultiValueDict()
        for part in self.parts:
            value = shown(self._content, part)
            if part == "links":
                for number, (title, url) in enumerate(value, 1):
                    data[f"links-{number}-title"], data[f"links-{number}-url"] = title, url
            else:
                data.setlist(part, value if isinstance(value, list) else [value])
        return data

    def _fields_of(self, part: str) -> dict[str, forms.Field]:
        if part == "links":
            return self._link_fields()
        field: forms.Field
        if part.startswith(FACET):
            field = self._facet_field(part)
        elif part == "based_on":
            choices = [(value.value, value.label) for value in SENDER_BASED_ON]
            given = str(self._content.get(part) or "")
            if given in BasedOn.values and given not in dict(choices):
                choices.append((given, BasedOn(given).label))
            field = _Choice(choices=choices, widget=forms.RadioSelect)
        elif part in self._kept:
            field = _Choices(choices=self._kept[part], widget=forms.CheckboxSelectMultiple)
        elif part == "reference_year":
            field = _year_field()
        else:
            field = _text_field(part)
        field.required = False
        field.label = field.label or _label(part)
        field.help_text = field.help_text or _HELPS.get(part, "")
        return {part: field}

    def _facet_field(self, part: str) -> forms.Field:
        facet = self._facets[part.removeprefix(FACET)]
        given = shown(self._content, part)
        choices = [
            (value.slug, value.label)
            for value in facet.values.all()
            if value.slug != _NOT_TOLD or value.slug in given
        ]
        choices.append((UNKNOWN, "Weet ik niet"))
        field: forms.ChoiceField
        if facet.multiple:
            field = _Choices(choices=choices, widget=forms.CheckboxSelectMultiple)
        elif len(choices) >= _SELECT_FROM:
            field = _Choice(choices=[("", "Kies …"), *choices], widget=forms.Select)
        else:
            field = _Choice(choices=choices, widget=forms.RadioSelect)
        field.label = facet.label
        field.help_text = facet.help_text or _HELPS.get(part, "")
        if facet.multiple and not field.help_text:
            field.help_text = "Je mag er meer kiezen."
        return field

    def _link_fields(self) -> dict[str, forms.Field]:
        """Rows for the links that there are, and two more."""
        stored = shown(self._content, "links")
        rows = min(max(len(stored) + 2, 3), max(LINKS, len(stored)))
        fields: dict[str, forms.Field] = {}
        title, url = (PracticeLink._meta.get_field(name).max_length for name in ("title", "url"))  # type: ignore[union-attr]
        for number in range(1, rows + 1):
            fields[f"links-{number}-title"] = forms.CharField(
                label=f"Titel van link {number}", required=False, max_length=title, widget=_line()
            )
            fields[f"links-{number}-url"] = forms.URLField(
                label=f"Adres van link {number}",
                required=False,
                max_length=url,
                assume_scheme="https",
                # No type=url: a phone would refuse "www.voorbeeld.be".
                widget=_line(inputmode="url", autocapitalize="none", spellcheck="false"),
                error_messages={"invalid": "Dit adres klopt niet. Schrijf het zoals www.voorbeeld.be."},
            )
        return fields

    def clean(self) -> dict[str, Any]:
        for name, title in list(self.cleaned_data.items()):
            if name.startswith("links-") and name.endswith("-title") and title:
                address = name.replace("-title", "-url")
                if address not in self.errors and not self.cleaned_data.get(address):
                    self.add_error(address, "Vul ook het adres in, of maak de titel leeg.")
        questions = str(self.cleaned_data.get("discussion_questions") or "").split("\n")
        if len([line for line in questions if line.strip()]) > 3:
            self.add_error("discussion_questions", "Kies er hoogstens drie, één per lijn.")
        return self.cleaned_data

    def _say_what_is_asked(self) -> None:
        """Mark what has to be filled in before the practice is sent in; the form itself is checked by then."""
        types = (self._content.get("facets") or {}).get("type-organisatie") or ()
        asked = {*REQUIRED_TEXTS, *(FACET + slug for slug in REQUIRED_FACETS), "based_on", "reference_year"}
        if WELCOME_TYPE in types:
            asked.add("welcome")
        for name, field in self.fields.items():
            field.required = name in asked

    def say_missing(self, missing: Mapping[str, str]) -> None:
        """Show at the fields what still has to be filled in: field or facet slug -> sentence."""
        for field, sentence in missing.items():
            if FACET + field in self.fields:
                self.add_error(FACET + field, "Kies een antwoord, of ‘weet ik niet’.")
            elif field in self.fields and field not in self.errors:
                self.add_error(field, sentence if self._raw(field) else "Vul dit nog in.")

    def typed(self) -> dict[str, Typed]:
        """What stands in the form, part by part, usable or not."""
        found: dict[str, Typed] = {}
        for part in self.parts:
            if part == "links":
                found[part] = self._typed_links()
            elif part in self.errors:
                found[part] = self._raw(part)
            else:
                value = self.cleaned_data[part]
                if isinstance(self.fields[part], _Choice | _Choices):
                    chosen = [value] if isinstance(value, str) else value
                    allowed = {key for key, _label in self.fields[part].choices if key}  # type: ignore[attr-defined]
                    found[part] = [one for one in chosen if one in allowed]
                else:
                    found[part] = "" if value is None else str(value)
        if "based_on" in found:
            found["based_on"] = "".join(found["based_on"])
        return found

    def _typed_links(self) -> list[list[str]]:
        rows = []
        for name in self.fields:
            if name.startswith("links-") and name.endswith("-url"):
                url, title = self._raw(name).strip(), self._raw(name.replace("-url", "-title")).strip()
                usable = self.cleaned_data.get(name) or url
                if title or url:
                    rows.append([title or _title_of(usable), usable])
        return rows

    def _raw(self, name: str) -> str:
        return str(self[name].value() or "").replace("\x00", "")

    def refuses(self, part: str) -> bool:
        """Whether what was typed in this part cannot be used."""
        return any(name == part or (part == "links" and name.startswith("links-")) for name in self.errors)


class _Choice(forms.ChoiceField):
    """One of the choices; what is no choice any more counts as no answer."""

    def valid_value(self, value: Any) -> bool:
        return True


class _Choices(forms.MultipleChoiceField):
    """Some of the choices; what is no choice any more counts as not chosen."""

    def valid_value(self, value: Any) -> bool:
        return True


class _Text(forms.CharField):
    """A text that may be longer in the browser than it may stay: cutting it off would lose what was typed."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs

    def to_python(self, value: Any) -> str:
        # A browser sends two characters for the end of a line; people count one.
        text = super().to_python(value) or ""
        return text.replace("\x00", "").replace("\r\n", "\n")


def _line(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


def _label(part: str) -> str:
    return _LABELS.get(part) or capfirst(label_of(part))


def _text_field(part: str) -> forms.Field:
    if part.startswith(CONTACT):
        column = part.removeprefix(CONTACT)
        longest = PracticeContact._meta.get_field(column).max_length  # type: ignore[union-attr]
        if column == "email":
            attrs = {"autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}
            return forms.EmailField(max_length=longest, widget=_line(**attrs))
        return _Text(max_length=longest, widget=_line(**({"inputmode": "tel"} if column == "phone" else {})))
    if part in RICH_FIELDS:
        hint = f"{_HELPS[part]} {_RICH_HINT}" if part in ("approach", "strengths") else _HELPS[part]
        widget = forms.Textarea(attrs={"rows": 7, "data-most": MAX_RICH})
        return _Text(max_length=MAX_RICH, widget=widget, help_text=hint)
    longest = Practice._meta.get_field(part).max_length or MAX_PARTNERS  # type: ignore[union-attr]
    if part == "summary":
        shortest, longest = SUMMARY_LENGTH
        counted = {"rows": 6, "data-least": shortest, "data-most": longest}
        return _Text(max_length=longest, widget=forms.Textarea(attrs=counted))
    if part in ("partners", "discussion_questions", "special"):
        rows = 2 if part == "special" else 4
        return _Text(max_length=longest, widget=forms.Textarea(attrs={"rows": rows, "data-most": longest}))
    validators = [_refuse_addresses] if part == "name" else []
    return _Text(max_length=longest, widget=_line(), validators=validators)


def _year_field() -> forms.IntegerField:
    this_year = timezone.localdate().year
    wrong = f"Vul een jaartal in, bijvoorbeeld {this_year}."
    return forms.IntegerField(
        min_value=1950,
        max_value=this_year,
        widget=_line(inputmode="numeric"),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


def _title_of(url: str) -> str:
    """A title for a link without one: where it leads."""
    return urlsplit(url).netloc.removeprefix("www.")[:160]


def _accept(kind: Kind) -> str:
    return ",".join(f".{extension}" for extension in extensions(frozenset({kind})))


def _megabytes(kind: Kind) -> int:
    return kind.max_bytes // (1024 * 1024)


def _upload(kind: Kind, label: str, help_text: str, when_missing: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=help_text,
        widget=forms.FileInput(attrs={"accept": _accept(kind), "data-most-bytes": kind.max_bytes}),
        # An empty file gets the words of `uploads`.
        allow_empty_file=True,
        error_messages={"required": when_missing},
    )


class ImageForm(forms.Form):
    """A picture to add."""

    use_required_attribute = False
    prefix = "beeld"

    file = _upload(
        Kind.IMAGE,
        "Foto of tekening",
        f"Een jpg, png of webp van hoogstens {_megabytes(Kind.IMAGE)} MB. "
        "Waar en wanneer de foto genomen is, halen we eruit.",
        "Kies eerst een beeld.",
    )
    alt = forms.CharField(
        label="Wat is er te zien?",
        help_text="Eén zin voor wie het beeld niet ziet.",
        max_length=200,
        error_messages={"required": "Beschrijf in één zin wat er te zien is."},
    )
    consent = forms.BooleanField(
        label="Wie herkenbaar in beeld is, vindt het goed dat dit op de site komt. Of er staat niemand herkenbaar op.",
        error_messages={"required": "Zonder toestemming kunnen we het beeld niet bewaren."},
    )

    def build(self) -> DossierImage:
        """The picture, not yet of any dossier."""
        found = self.cleaned_data
        return DossierImage(file=found["file"], alt=found["alt"], consent=found["consent"])


class FileForm(forms.Form):
    """A document to add."""

    use_required_attribute = False
    prefix = "bestand"

    file = _upload(
        Kind.DOCUMENT,
        "Document",
        "Bijvoorbeeld een draaiboek of affiche: pdf, Word, Excel, PowerPoint of tekst, "
        f"hoogstens {_megabytes(Kind.DOCUMENT)} MB.",
        "Kies eerst een bestand.",
    )

    def build(self) -> DossierFile:
        """The document, not yet of any dossier."""
        return DossierFile(file=self.cleaned_data["file"])


def labels_of(form: StepForm, parts: Iterable[str]) -> list[str]:
    """The names of these parts, as the form writes them."""
    return [str(form.fields[part].label) if part in form.fields else "Links" for part in parts]
