"""On the form of a practice: which dossier it has, and the way to start one by asking its organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from expoo_portal.visibility import PublicationState
from practices import confirming
from practices.dossiers import EDITOR_RIGHT
from practices.models import Dossier, Practice
from practices.workflow import State


class ContactForm(forms.Form):
    """Who in the organisation can say whether the text is true."""

    email = forms.EmailField(
        label="E-mailadres van het contact",
        max_length=254,
        help_text="Liefst een functie-adres. Nooit zichtbaar op de site.",
        widget=forms.EmailInput(attrs={"class": "vTextField"}),
    )
    sender_name = forms.CharField(
        label="Naam",
        max_length=120,
        required=False,
        help_text="Voor de aanhef van de mail. Mag leeg blijven.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


def dossier_of(practice: Practice) -> Dossier | None:
    """The dossier of a practice in the catalogue."""
    return Dossier.objects.unrestricted().filter(practice=practice).first()


def can_be_asked(practice: Practice) -> bool:
    """Whether there is something on the site that an organisation could confirm."""
    is_live = practice.state == PublicationState.PUBLISHED and practice.archived_on is None
    return is_live and not practice.is_example


class DossierOfPracticeAdmin:
    """Mixin for the admin of practices."""

    change_form_template = "admin/practices/practice/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses, and the question to an organisation."""
        view = self.admin_site.admin_view(self.ask_view)  # type: ignore[attr-defined]
        name = "practices_practice_ask"
        return [
            path("<path:object_id>/bevestiging-vragen/", view, name=name),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> Any:
        """The form, with the practice's dossier above it for who reviews dossiers."""
        if obj is not None and request.user.has_perm(EDITOR_RIGHT):
            dossier = context["dossier"] = dossier_of(obj)
            context["can_ask"] = dossier is None and can_be_asked(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)  # type: ignore[misc]

    def ask_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Who to ask; POST starts the dossier and mails the question."""
        practice = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if practice is None:
            raise Http404
        if not request.user.has_perm(EDITOR_RIGHT):
            raise PermissionDenied
        if (dossier := dossier_of(practice)) or not can_be_asked(practice):
            text = (
                "Deze praktijk heeft al een inzending met een contact."
                if dossier
                else "Enkel een praktijk die op de site staat en nog bestaat, kan iemand bevestigen."
            )
            messages.warning(request, text)
            return self._to_practice(practice)
        form = ContactForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                self._start(practice, form)
            except IntegrityError:
                # Somebody else started it at the same moment: theirs is the one.
                messages.warning(request, "Iemand anders stelde deze vraag net ook.")
            else:
                messages.success(request, f"De vraag is verstuurd naar {form.cleaned_data['email']}.")
            return self._to_practice(practice)
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": "Vraag de organisatie om te bevestigen",
            "subtitle": practice.name,
            "opts": Practice._meta,
            "original": practice,
            "form": form,
        }
        return TemplateResponse(request, "admin/practices/practice/ask.html", context)

    def _start(self, practice: Practice, form: ContactForm) -> None:
        with transaction.atomic():
            dossier = Dossier.objects.create(practice=practice, state=State.DUE, **form.cleaned_data)
            confirming.ask(dossier)

    def _to_practice(self, practice: Practice) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:practices_practice_change", args=[practice.pk]))
