"""The forms of discussions: a new thread, an answer, a change of one's own post, a report, and managing a thread."""

from __future__ import annotations

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from expoo_portal.form_fields import LineField
from expoo_portal.richtext import plain_text
from expoo_portal.themes.models import Topic
from expoo_portal.visibility import Viewer

from . import mentions
from .drafts import Typed
from .models import Draft, Group, Post, ThreadKind
from .posting import STARTING_KINDS, Written
from .texts import MAX_CHARACTERS, to_html, to_plain

ALT = "alt-"


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class WritingForm(forms.Form):
    """What every post needs: its text, its start key, and who is meant by a name that several members have."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, viewer: Viewer, group: Group, data: Any = None, *, body: str = "", key: uuid.UUID | None = None
    ) -> None:
        super().__init__(data, initial={"key": key or uuid.uuid4(), "body": to_plain(body)})
        self.viewer = viewer
        self.group = group
        self.unclear: list[mentions.Ambiguous] = []
        self.mentioned: list[int] = []
        box = Post._meta.get_field("body").formfield(
            label="Je bericht",
            required=True,
            error_messages={"required": "Schrijf eerst iets."},
        )
        typed = to_html(data.get("body", "")) if data is not None else body
        # Without the editor the box shows plain text; the editor takes over what this attribute says.
        box.widget.attrs |= {"rows": 8, "data-html": typed}
        self.fields["body"] = box
        self.before = body
        self.helper = _helper()

    @property
    def typed_html(self) -> str:
        """What stands in the box, as rich text."""
        return self.fields["body"].widget.attrs["data-html"]

    @property
    def start_key(self) -> uuid.UUID:
        """The key as the form was first shown; one that cannot be read is replaced."""
        try:
            return uuid.UUID(str(self["key"].value()))
        except ValueError:
            return uuid.uuid4()

    @property
    def plain_body(self) -> str:
        """What the box shows without the editor."""
        return to_plain(self.typed_html)

    def clean_body(self) -> str:
        """The text, sanitised, with the names of members as links."""
        html = self.typed_html
        if self.before and to_plain(self.before) == self.cleaned_data["body"].replace("\r\n", "\n").strip():
            html = self.before  # Shown without the editor, and left as it was.
        text = plain_text(html)
        if not text:
            raise ValidationError("Schrijf eerst iets.")
        if len(text) > MAX_CHARACTERS:
            raise ValidationError(
                f"Maak het korter: hoogstens {MAX_CHARACTERS} tekens, nu zijn het er {len(text)}. "
                "Iets langers kun je als bestand toevoegen."
            )
        found = mentions.resolve(self.viewer, self.group, html, self.data)
        self.unclear, self.mentioned = found.unclear, found.user_ids
        if found.unclear:
            names = ", ".join(f"@{each.name}" for each in found.unclear)
            raise ValidationError(
                f"Meer dan één lid heet zo: {names}. Duid onder je bericht aan wie je bedoelt."
            )
        return found.html

    @property
    def alts(self) -> dict[int, str]:
        """What the pictures show, by key of the file."""
        given = ((name.removeprefix(ALT), name) for name in self.data if name.startswith(ALT))
        return {
            int(pk): self.data[name] for pk, name in given if pk.isascii() and pk.isdigit() and len(pk) < 18
        }

    def written(self) -> Written:
        """What was written, once the form is valid."""
        return Written(self.start_key, self.cleaned_data["body"], self.mentioned, self.alts)

    def typed(self) -> Typed:
        """What stands in the form, valid or not, to keep as a draft."""
        return Typed(self.start_key, self.typed_html, alts=self.alts)


class ReplyForm(WritingForm):
    """An answer in a thread."""

    @classmethod
    def of(cls, viewer: Viewer, group: Group, draft: Draft | None) -> ReplyForm:
        """The form with what was kept."""
        return cls(viewer, group, body=draft.body if draft else "", key=draft.key if draft else None)


class ThreadForm(WritingForm):
    """A new thread."""

    kind = forms.ChoiceField(
        label="Wat wil je delen?",
        choices=[(kind.value, kind.label) for kind in STARTING_KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wat je wilt delen."},
    )
    title = forms.CharField(
        label="Titel",
        max_length=160,
        help_text="Waarover gaat het? Een korte zin volstaat. De titel staat ook in mails.",
        error_messages={"required": "Geef je gesprek een titel."},
    )
    topics = forms.ModelMultipleChoiceField(
        label="Onderwerpen",
        queryset=Topic.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Zo staan er passende tips en praktijken bij.",
    )
    field_order = ("key", "kind", "title", "body", "topics")

    def __init__(self, viewer: Viewer, group: Group, data: Any = None, *, draft: Draft | None = None) -> None:
        super().__init__(
            viewer, group, data, body=draft.body if draft else "", key=draft.key if draft else None
        )
        self.before = ""
        self.fields["topics"].queryset = Topic.objects.all()  # type: ignore[attr-defined]
        self.order_fields(self.field_order)
        del self.fields["title"].widget.attrs["maxlength"]
        if draft:
            self.initial = {
                **self.initial,
                "kind": draft.kind,
                "title": draft.title,
                "topics": draft.topic_ids,
            }

    def clean_title(self) -> str:
        # It stands in the subject of mails, which is one line.
        return " ".join(self.cleaned_data["title"].split())

    @property
    def chosen_kind(self) -> ThreadKind:
        return ThreadKind(self.cleaned_data["kind"])

    def typed(self) -> Typed:
        kind = self.data.get("kind", "")
        given = self.data.getlist("topics")  # type: ignore[attr-defined]
        ids = [int(pk) for pk in given if pk.isascii() and pk.isdigit() and len(pk) < 10][:50]
        return Typed(
            self.start_key,
            self.typed_html,
            kind if kind in ThreadKind.values else "",
            self.data.get("title", "").replace("\x00", ""),
            ids,
            self.alts,
        )


class ReportForm(forms.Form):
    """Why a post is reported."""

    use_required_attribute = False

    reason = LineField(
        label="Wat is er aan de hand?",
        max_length=1000,
        help_text="Alleen de begeleiders van deze groep lezen dit.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf kort waarom je dit meldt."},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        del self.fields["reason"].widget.attrs["maxlength"]
        self.helper = _helper()
