"""The page on which an editor types or pastes the transcript of a chapter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from expoo_portal.admin import everything
from expoo_portal.search.row_signals import written_once

from ..models import Broadcast, Chapter, TranscriptLine
from ..transcript import Sentence, TranscriptProblem, parse, written
from .items import ThemeItemAdmin


class TranscriptForm(forms.Form):
    """The sentences of a chapter, a line each; `sentences` holds them once the form is valid."""

    lines = forms.CharField(
        label="Wat er gezegd wordt",
        required=False,
        widget=forms.Textarea(attrs={"rows": 24, "cols": 90, "class": "vLargeTextField"}),
        help_text="Eén zin per regel, met het moment ervoor, geteld vanaf het begin van de uitzending: "
        "01:25 Welkom bij Radio EXPOO.",
    )
    sentences: list[Sentence]

    def __init__(self, chapter: Chapter, before: int | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._chapter, self._before = chapter, before

    def clean_lines(self) -> str:
        """Read the lines; what is wrong is said line by line."""
        typed = self.cleaned_data["lines"]
        try:
            self.sentences = parse(typed, first=self._chapter.start, before=self._before)
        except TranscriptProblem as problem:
            raise ValidationError(problem.problems) from None
        return typed


class TranscribingAdmin(ThemeItemAdmin):
    """An admin of broadcasts with a page for the transcript of each chapter."""

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses and `<pk>/hoofdstuk/<chapter>/`."""
        view = self.admin_site.admin_view(self.transcript_view)
        name = "themes_broadcast_transcript"
        return [path("<int:object_id>/hoofdstuk/<int:chapter_id>/", view, name=name), *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def transcript_view(self, request: HttpRequest, object_id: int, chapter_id: int) -> HttpResponse:
        """The sentences of a chapter to read and change (GET) and to save (POST)."""
        broadcast = self.get_object(request, unquote(str(object_id)))
        if broadcast is None:
            raise Http404
        if not self.has_change_permission(request, broadcast):
            raise PermissionDenied
        chapters = list(everything(Chapter.objects.filter(broadcast=broadcast)).order_by("start"))
        place = next((place for place, found in enumerate(chapters) if found.pk == chapter_id), None)
        if place is None:
            raise Http404
        chapter = chapters[place]
        before = chapters[place + 1].start if place + 1 < len(chapters) else None
        rows = everything(TranscriptLine.objects.filter(chapter=chapter)).order_by("start", "id")
        stored = [Sentence(*row) for row in rows.values_list("start", "text")]
        given = request.POST if request.method == "POST" else None
        form = TranscriptForm(chapter, before, given, initial={"lines": written(stored)})
        if form.is_valid():
            self._save(request, broadcast, chapter, form.sentences)
            return HttpResponseRedirect(reverse("admin:themes_broadcast_change", args=[broadcast.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Wat er gezegd wordt in ‘{chapter}’",
            "opts": self.opts,
            "original": broadcast,
            "chapter": chapter,
            "form": form,
            "keeps_drafts": True,
        }
        return TemplateResponse(request, "admin/themes/broadcast/transcript.html", context)

    def _save(
        self, request: HttpRequest, broadcast: Broadcast, chapter: Chapter, sentences: list[Sentence]
    ) -> None:
        """Put these sentences in the place of the ones before, as a version of the broadcast."""
        with transaction.atomic(), written_once():
            everything(Chapter.objects.filter(pk=chapter.pk)).select_for_update(of=("self",)).get()
            everything(TranscriptLine.objects.filter(chapter=chapter)).delete()
            for start, text in sentences:
                TranscriptLine(chapter=chapter, start=start, text=text).save()
            reason = f"Tekst van het hoofdstuk ‘{chapter}’ bewaard"
            broadcast._history_user = request.user  # type: ignore[attr-defined]
            broadcast._change_reason = reason[:100]  # type: ignore[attr-defined]
            broadcast.save()
            self.log_change(request, broadcast, reason)
        count = len(sentences)
        told = "1 zin" if count == 1 else f"{count} zinnen"
        self.message_user(request, f"‘{chapter}’ is bewaard, met {told}.", messages.SUCCESS)
