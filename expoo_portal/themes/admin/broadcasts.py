"""Broadcasts in the admin: the recording, the chapters, and the transcript of each."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from expoo_portal.admin import PUBLICATION_FIELDSET, RestrictedInline
from expoo_portal.admin.restricted import AttachmentOptions

from ..broadcasts import render_broadcast
from ..models import Broadcast, BroadcastAudio, Chapter
from ..transcript import moment
from .transcripts import TranscribingAdmin

_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")
_SLUG = re.compile(r"[a-z0-9-]+")


class MomentField(forms.CharField):
    """A number of seconds that editors read and type as minutes and seconds."""

    def prepare_value(self, value: Any) -> Any:
        """01:25 for 85."""
        return moment(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """85 for 01:25."""
        typed = super().clean(value).strip()
        if not typed:
            return None
        found = _CLOCK.fullmatch(typed)
        if not found:
            raise ValidationError("Schrijf het moment in minuten en seconden, zoals 01:25.", code="moment")
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return (hours * 60 + minutes) * 60 + seconds

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


class ChapterForm(forms.ModelForm):
    """A chapter, whose moment is typed as on a clock."""

    start = MomentField(label="Begint op", help_text="Minuten en seconden, zoals 01:25.")

    class Meta:
        help_texts = {
            "practice_slugs": "Plak de adressen van hun pagina's, met een komma ertussen. "
            "Enkel het laatste deel mag ook: babycafe, speelbos."
        }

    def clean_practice_slugs(self) -> str:
        """The last parts of addresses of practices, with commas between them; whole addresses may be pasted."""
        pasted = re.split(r"[,\s]+", self.cleaned_data["practice_slugs"])
        slugs = [part.strip("/").rpartition("/")[2] for part in pasted if part.strip("/")]
        if not all(_SLUG.fullmatch(slug) for slug in slugs):
            raise ValidationError(
                "Zet de laatste delen van de adressen hier met een komma ertussen: babycafe, speelbos.",
                code="slugs",
            )
        return ", ".join(slugs)


class RecordingForm(forms.ModelForm):
    """A recording, whose length is typed as on a clock."""

    seconds = MomentField(
        label="Duur", required=False, help_text="Minuten en seconden, zoals 27:30. Mag leeg blijven."
    )


class ChapterInline(RestrictedInline):
    """The chapters, in the order in which they are heard."""

    model = Chapter
    form = ChapterForm
    fields = ("title", "start", ("speaker", "role"), "practice_slugs", "transcript")
    readonly_fields = ("transcript",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Chapter]:
        """With the number of sentences."""
        return super().get_queryset(request).annotate(line_total=Count("lines")).order_by("start", "id")

    @admin.display(description="wat er gezegd wordt")
    def transcript(self, obj: Any) -> str:
        """How many sentences there are, with the way to them."""
        if obj.pk is None:
            return "Bewaar het hoofdstuk eerst."
        count = {0: "nog geen tekst", 1: "1 zin"}.get(obj.line_total, f"{obj.line_total} zinnen")
        address = reverse("admin:themes_broadcast_transcript", args=[obj.broadcast_id, obj.pk])
        return format_html(
            '{} · <a href="{}">tekst bekijken of plakken<span class="visually-hidden"> van {}</span></a>',
            count,
            address,
            obj,
        )


class RecordingInline(AttachmentOptions, RestrictedInline):
    """The recordings: the newest counts."""

    model = BroadcastAudio
    form = RecordingForm
    fields = ("file", ("name", "seconds"))
    view_on_site = False


@admin.register(Broadcast)
class BroadcastAdmin(TranscribingAdmin):
    """Radio broadcasts to listen to again."""

    can_preview = True
    list_display = ("title", "theme", "aired_on", "status", "reviewed_on")
    search_fields = ("title", "summary", "body")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (RecordingInline, ChapterInline)
    fieldsets = (
        (None, {"fields": ("theme", "title", "slug", "summary", "body")}),
        ("Uitzending", {"fields": (("aired_on", "reviewed_on"), "is_example")}),
        PUBLICATION_FIELDSET,
    )

    def preview(self, request: HttpRequest, obj: Broadcast) -> HttpResponse:
        return render_broadcast(request, obj, preview=True)
