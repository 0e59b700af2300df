"""The shared vocabulary in the admin."""

from __future__ import annotations

from typing import Any

from adminsortable2.admin import SortableAdminMixin
from django import forms
from django.contrib import admin
from django.http import HttpRequest

from expoo_portal.admin import RestrictedAdmin

from .. import questions
from ..models import Topic


class TopicForm(forms.ModelForm):
    """A topic, with at most three questions."""

    def clean_discussion_questions(self) -> str:
        """One question a line."""
        return questions.clean(self.cleaned_data["discussion_questions"])


@admin.register(Topic)
class TopicAdmin(SortableAdminMixin, RestrictedAdmin):
    """The shared vocabulary in its own order: drag it in the list, or change the number."""

    list_display = ("label", "slug", "description")
    search_fields = ("label",)
    prepopulated_fields = {"slug": ("label",)}
    form = TopicForm
    fields = ("label", "slug", "description", "discussion_questions")
    actions = None

    def get_fields(self, request: HttpRequest, obj: Topic | None = None) -> Any:
        """With the place as a number too: dragging is not for everybody."""
        return [*super().get_fields(request, obj), "order"]
