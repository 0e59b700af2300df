"""Tips in the admin."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from expoo_portal.admin import PUBLICATION_FIELDSET, everything

from ..models import Tip
from ..tips import render_tip
from .items import HELP, ThemeItemAdmin, ThemeItemForm

_NUMBERED = re.compile(r"T(\d+)")


def next_code() -> str:
    """The code after the last one of the kind T01."""
    codes = everything(Tip.objects.all()).values_list("code", flat=True)
    last = max((int(found[1]) for code in codes if (found := _NUMBERED.fullmatch(code))), default=0)
    return f"T{last + 1:02}"


class TipForm(ThemeItemForm):
    """A tip, with a word of help where editors hesitate."""

    class Meta:
        help_texts = HELP | {
            "code": "Een eigen nummer, zoals T01. Het staat in de adressen van actielijsten "
            "en verandert daarom later niet meer.",
            "text": "Eén of twee zinnen: wat kan een team doen?",
            "explanation": "Waarom werkt dit, en hoe begin je eraan?",
            "question": "Een vraag die een team aan het praten brengt. Ze staat op het gespreksblad.",
            "topic": "Zo vinden bezoekers praktijken die erbij passen.",
            "origin": "Enkel voor de redactie: van waar komt deze tip?",
        }


@admin.register(Tip)
class TipAdmin(ThemeItemAdmin):
    """The tips of "werken aan visie"."""

    can_preview = True
    form = TipForm
    list_display = ("title", "code", "theme", "used", "status", "reviewed_on")
    list_filter = ("used",)
    search_fields = ("code", "title", "text", "explanation", "question")
    fieldsets = (
        (None, {"fields": ("theme", "title", "text", "explanation", "question")}),
        ("Plaats", {"fields": ("used", "topic", "also", ("order", "reviewed_on"), "code", "origin")}),
        PUBLICATION_FIELDSET,
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """With the next code."""
        return {"code": next_code()} | super().get_changeform_initial_data(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Tip | None = None) -> Any:
        """The code of a tip stays: it stands in action lists that people shared."""
        return ("code",) if obj else ()

    def preview(self, request: HttpRequest, obj: Tip) -> HttpResponse:
        return render_tip(request, obj)
