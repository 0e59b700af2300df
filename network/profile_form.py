"""The form of one's own profile, and of a message to another member."""

from __future__ import annotations

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from expoo_portal.form_fields import LineField
from expoo_portal.themes.models import Topic
from practices.models import FacetValue

from .directory import PROVINCE_FACET
from .models import MemberPhoto, MemberProfile
from .requests import WORK_FACET

_TOO_LONG = "Maak het iets korter: hoogstens %(limit_value)d tekens, nu zijn het er %(show_value)d."


class ProfileForm(forms.ModelForm):
    """What a member tells the others. Only the name is required: it stands with what they write."""

    use_required_attribute = False

    name = forms.CharField(
        label="Je naam", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    about = LineField(
        label="Over je werk",
        max_length=600,
        required=False,
        help_text="Een paar zinnen: wat doe je, en met wie?",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _TOO_LONG},
    )
    photo = forms.FileField(
        label="Foto",
        required=False,
        help_text="Een jpg, png of webp. We halen eruit waar en wanneer ze gemaakt is.",
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    remove_photo = forms.BooleanField(label="Mijn foto weghalen", required=False)

    class Meta:
        model = MemberProfile
        fields = (
            "organisation",
            "type_of_work",
            "municipality",
            "province",
            "about",
            "can_help",
            "seeks_help",
            "shows_email",
        )
        widgets = {  # noqa: RUF012 - Django's way to say it
            "can_help": forms.CheckboxSelectMultiple,
            "seeks_help": forms.CheckboxSelectMultiple,
        }
        help_texts = {  # noqa: RUF012
            "can_help": "Collega's met een vraag vinden je zo. Je belooft niets.",
            "shows_email": "Zonder dit schrijven leden je via het portaal en blijft je adres verborgen.",
        }

    field_order = (
        "name",
        "organisation",
        "type_of_work",
        "municipality",
        "province",
        "about",
        "can_help",
        "seeks_help",
        "photo",
        "remove_photo",
        "shows_email",
    )

    def __init__(self, profile: MemberProfile, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, instance=profile, initial={"name": profile.user.name})
        for name, facet in (("type_of_work", WORK_FACET), ("province", PROVINCE_FACET)):
            field: Any = self.fields[name]
            field.queryset = FacetValue.objects.filter(facet__slug=facet).order_by("order", "label")
            field.empty_label = "Zeg ik liever niet"
        for name in ("can_help", "seeks_help"):
            choice: Any = self.fields[name]
            choice.queryset = Topic.objects.all()
        self.photo_now: MemberPhoto | None = (
            MemberPhoto.objects.visible_to(profile.user).filter(profile=profile).first()
            if profile.pk
            else None
        )
        if self.photo_now is None:
            del self.fields["remove_photo"]
        # A browser would cut what somebody pastes without a word.
        for name in ("name", "organisation", "municipality", "about"):
            self.fields[name].widget.attrs.pop("maxlength", None)
        self.new_photo: MemberPhoto | None = None
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_name(self) -> str:
        # It stands in the subject of letters, which is one line.
        return " ".join(self.cleaned_data["name"].split())

    def clean_photo(self) -> Any:
        """Refuse what is no picture, and clean the rest."""
        upload = self.cleaned_data["photo"]
        if upload:
            photo = self.photo_now or MemberPhoto()
            photo.file, photo.name = upload, ""
            try:
                photo.clean_fields(exclude=["profile"])
            except ValidationError as error:
                raise ValidationError(error.messages) from None
            self.new_photo = photo
        return upload

    def save(self, commit: bool = True) -> MemberProfile:
        """Keep the profile, the name of its owner and the picture, together."""
        with transaction.atomic():
            profile = super().save(commit)
            user = profile.user
            if user.name != self.cleaned_data["name"]:
                user.name = self.cleaned_data["name"]
                user.save(update_fields=["name"])
            if self.new_photo is not None:
                self.new_photo.profile = profile
                self.new_photo.save()
            elif self.cleaned_data.get("remove_photo") and self.photo_now is not None:
                self.photo_now.delete()
        return profile


class MessageForm(forms.Form):
    """A message to one member."""

    use_required_attribute = False

    message = LineField(
        label="Je bericht",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Schrijf eerst iets.", "max_length": _TOO_LONG},
    )
    # Made with the empty form: the same form sent twice is one letter.
    start_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"start_key": uuid.uuid4()})
        del self.fields["message"].widget.attrs["maxlength"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_start_key(self) -> uuid.UUID:
        return self.cleaned_data["start_key"] or uuid.uuid4()

    @property
    def key(self) -> str:
        """The start key as the form was first shown; one that cannot be read is replaced."""
        try:
            return str(uuid.UUID(str(self["start_key"].value())))
        except ValueError:
            return str(uuid.uuid4())
