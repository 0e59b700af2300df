"""The pages on which an editor takes a step with a dossier, and what else is done with it outside its text."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from expoo_portal.admin.concurrency import stamp
from expoo_portal.admin.history import moment
from expoo_portal.letters import send_letter
from practices import checklist, confirming
from practices.dossiers import Stale, TransitionRefused, advance, letter_context
from practices.models import Dossier
from practices.private_links import link_to
from practices.sharing.drafts import confirmation_of
from practices.workflow import Actor, State, Verb

from .notes import add_note
from .problems import publication_problems, sentences
from .reading import hide_unsubmitted
from .steps import NOTE_FOR_SENDER, WORDS, PublishForm, StepForm, form_for, letter_for, open_steps


class NoteForm(forms.Form):
    """A note for colleagues."""

    text = forms.CharField(
        label="Nieuwe notitie",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text="Enkel voor de redactie: de indiener leest dit nooit.",
    )


class AddressForm(forms.Form):
    """The new contact of a dossier."""

    email = forms.EmailField(
        label="Nieuw e-mailadres", max_length=254, widget=forms.EmailInput(attrs={"class": "vTextField"})
    )
    sender_name = forms.CharField(
        label="Naam", max_length=120, required=False, widget=forms.TextInput(attrs={"class": "vTextField"})
    )


class StepPages:
    """Mixin for the admin of dossiers: an address for each step, for notes, links, plan and e-mail address."""

    admin_site: Any
    message_user: Any
    log_change: Any

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses, and one for each thing to do."""
        pages: dict[str, Any] = {verb.value: partial(self.step_view, verb=verb) for verb in WORDS}
        pages |= {
            "notitie": self.note_view,
            "overnemen": self.take_over_view,
            "planning": self.unplan_view,
            "links": self.revoke_view,
            "e-mailadres": self.address_view,
        }
        return [
            *(
                path(
                    f"<path:object_id>/{name}/",
                    self.admin_site.admin_view(view),
                    name=f"practices_dossier_{name}",
                )
                for name, view in pages.items()
            ),
            *super().get_urls(),  # type: ignore[misc]
        ]

    # Finding -------------------------------------------------------------------------------------------------

    def dossier_to_change(self, request: HttpRequest, object_id: str) -> Dossier:
        """The dossier at this address, for who may review. Http404, PermissionDenied."""
        dossier = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if not self.has_change_permission(request, dossier):  # type: ignore[attr-defined]
            raise PermissionDenied
        return dossier

    def locked(self, request: HttpRequest, dossier: Dossier) -> Dossier:
        """The row as it stands now, held until the end of the transaction."""
        rows = self.get_queryset(request).select_for_update(of=("self",))  # type: ignore[attr-defined]
        return rows.get(pk=dossier.pk)

    def _back(self, dossier: Dossier) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:practices_dossier_change", args=[dossier.pk]))

    def _page(self, request: HttpRequest, dossier: Dossier, **context: Any) -> HttpResponse:
        whole = {
            **self.admin_site.each_context(request),
            "opts": Dossier._meta,
            "original": dossier,
            "subtitle": dossier.title,
            "keeps_drafts": True,
            "explanation": "",
            "is_danger": False,
            "form": None,
            "reads_letter": False,
            **context,
        }
        return TemplateResponse(request, "admin/practices/dossier/step.html", whole)

    # Steps ---------------------------------------------------------------------------------------------------

    def step_view(self, request: HttpRequest, object_id: str, verb: Verb) -> HttpResponse:
        """GET: what a step means, with what it asks. POST: take it, after the letter was read where there is one."""
        dossier = self.dossier_to_change(request, object_id)
        words = WORDS[verb]
        if request.method != "POST":
            if verb not in open_steps(dossier):
                text = f"‘{verb.label}’ kan nu niet: de praktijk is ‘{dossier.get_state_display().lower()}’."
                messages.warning(request, text)
                return self._back(dossier)
            return self._step_page(request, dossier, verb, form_for(dossier, verb))
        form = form_for(dossier, verb, request.POST)
        is_ready = form.is_valid() and "terug" not in request.POST
        if is_ready and words.shows_letter_first and "versturen" not in request.POST:
            return self._step_page(request, dossier, verb, form, reads_letter=True)
        if is_ready:
            try:
                return self._take(request, dossier, form)
            except TransitionRefused as refusal:
                form.add_error(None, str(refusal))
            except ValidationError as error:
                form.add_error(None, ["Dit lukt niet.", *sentences(error)])
        if not words.explanation and not form.is_valid():
            # A button on the dossier's own page: what went wrong is told there.
            for problem in form.non_field_errors() or ["Open de inzending opnieuw en probeer nog eens."]:
                messages.error(request, str(problem))
            return self._back(dossier)
        return self._step_page(request, dossier, verb, form)

    def _step_page(
        self,
        request: HttpRequest,
        dossier: Dossier,
        verb: Verb,
        form: StepForm,
        *,
        reads_letter: bool = False,
    ) -> HttpResponse:
        words = WORDS[verb]
        letter = None
        if reads_letter:
            letter = letter_for(dossier, verb, form.note, form.points)
        elif not words.shows_letter_first:
            letter = letter_for(dossier, verb)
        problems, hints = publication_problems(dossier) if verb is Verb.PUBLISH else ([], [])
        return self._page(
            request,
            dossier,
            title=verb.label,
            explanation=words.explanation,
            is_danger=words.is_danger,
            button="Lees eerst de mail" if words.shows_letter_first else verb.label,
            form=form,
            letter=letter,
            reads_letter=reads_letter,
            # A decision about a text that may have changed is taken anew.
            keeps_drafts=verb is not Verb.PUBLISH,
            problems=problems,
            hints=hints,
            point_rows=getattr(form, "rows", None),
        )

    def _take(self, request: HttpRequest, dossier: Dossier, form: StepForm) -> HttpResponse:
        """Take the step and lead on. TransitionRefused and ValidationError with nothing changed."""
        words = WORDS[form.verb]
        title = dossier.title
        if form.verb is Verb.PUT_BACK and dossier.email_confirmed_at is None:
            raise TransitionRefused(
                "Het nieuwe e-mailadres is nog niet bevestigd: in de wachtrij is elk adres dat."
            )
        is_for_sender = form.verb in NOTE_FOR_SENDER
        with transaction.atomic():
            if isinstance(form, PublishForm):
                self._keep_review(request, dossier, form)
                if form.planned_for:
                    return self._plan(request, dossier, form)
            moved = advance(
                dossier,
                form.verb,
                Actor.EDITOR,
                user=request.user,
                note=form.note if is_for_sender else "",
                points=form.points,
                seen_step=form.cleaned_data["seen_step"],
            )
            if form.note and not is_for_sender:
                self.log_change(request, hide_unsubmitted(moved), f"{form.verb.label}: {form.note}")
            if form.verb is Verb.FALL_DUE:
                confirming.ask(moved)
        text: Any = words.done.format(title)
        practice = moved.practice
        if form.verb is Verb.PUBLISH and practice is not None:
            text = format_html('{} <a href="{}">Bekijk op de site</a>.', text, practice.get_absolute_url())
        self.message_user(request, text, messages.SUCCESS)
        if words.stays:
            return self._back(dossier)
        return HttpResponseRedirect(reverse("admin:practices_dossier_changelist"))

    def _keep_review(self, request: HttpRequest, dossier: Dossier, form: PublishForm) -> None:
        """Keep the ticks, and in the log why something is published without all of them."""
        locked = self.locked(request, dossier)
        _require_seen(locked, form)
        locked.checklist = checklist.known(form.cleaned_data["ticked"])
        locked.save(update_fields=["checklist"])
        if form.open_points:
            numbers = ", ".join(map(str, form.open_points))
            reason = form.cleaned_data["reason"].strip()
            self.log_change(request, locked, f"Toch publiceren zonder punt {numbers}: {reason}")

    def _plan(self, request: HttpRequest, dossier: Dossier, form: PublishForm) -> HttpResponse:
        locked = self.locked(request, dossier)
        if locked.state != State.IN_REVIEW:
            raise TransitionRefused("Plannen kan enkel zolang de tekst bij de redactie ligt.")
        if problems := publication_problems(locked)[0]:
            raise ValidationError(problems)
        locked.planned_for = form.planned_for
        locked.save(update_fields=["planned_for"])
        when = moment(locked.planned_for)
        self.log_change(request, locked, f"Gepland voor {when}")
        text = f"‘{locked.title}’ wordt gepubliceerd op {when}. Tot dan kun je de tekst nog aanpassen."
        self.message_user(request, text, messages.SUCCESS)
        return self._back(dossier)

    # What else is done with a dossier ------------------------------------------------------------------------

    def unplan_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take back a planned publication."""
        dossier = self.dossier_to_change(request, object_id)
        if request.method == "POST":
            with transaction.atomic():
                locked = self.locked(request, dossier)
                if locked.planned_for:
                    locked.planned_for = None
                    locked.save(update_fields=["planned_for"])
                    self.log_change(request, locked, "Planning geannuleerd")
            self.message_user(request, "De planning is geannuleerd.", messages.SUCCESS)
            return self._back(dossier)
        return self._page(
            request,
            dossier,
            title="Planning annuleren",
            explanation="De praktijk wordt dan niet vanzelf gepubliceerd. De tekst blijft bij de redactie.",
            button="Annuleer de planning",
        )

    def take_over_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Become the editor who has this in hand."""
        dossier = self.dossier_to_change(request, object_id)
        if request.method == "POST":
            with transaction.atomic():
                locked = self.locked(request, dossier)
                if locked.state == State.IN_REVIEW and locked.assigned_to != request.user:
                    locked.assigned_to = request.user  # type: ignore[assignment]
                    locked.save(update_fields=["assigned_to"])
                    self.log_change(request, locked, "Overgenomen van een collega")
            self.message_user(request, "Jij hebt dit nu in behandeling.", messages.SUCCESS)
            return self._back(dossier)
        return self._page(
            request,
            dossier,
            title="Overnemen",
            explanation=f"{dossier.assigned_to or 'Niemand'} heeft dit nu in behandeling. Spreek eerst even af.",
            button="Neem over",
        )

    def note_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Add a note for colleagues."""
        dossier = self.dossier_to_change(request, object_id)
        form = NoteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    add_note(self.locked(request, dossier), str(request.user), form.cleaned_data["text"])
            except ValidationError as error:
                form.add_error("text", error)
            else:
                # Not "bewaard": what is typed in the text of the dossier is not.
                messages.info(request, "De notitie staat erbij.")
                return self._back(dossier)
        return self._page(
            request,
            dossier,
            title="Notitie voor de redactie",
            form=form,
            button="Zet erbij",
            keeps_drafts=False,
        )

    def revoke_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make all links useless that were mailed; the sender gets a new one."""
        dossier = self.dossier_to_change(request, object_id)
        if request.method == "POST":
            with transaction.atomic():
                locked = self.locked(request, dossier)
                locked.link_number += 1
                locked.save(update_fields=["link_number"])
                send_letter(
                    locked.email,
                    "practices/new_link",
                    letter_context(hide_unsubmitted(locked)),
                    is_secret=True,
                )
                self.log_change(request, locked, "Links ingetrokken, nieuwe link gemaild")
            text = f"Alle vroegere links werken niet meer. {locked.email} krijgt een nieuwe."
            self.message_user(request, text, messages.SUCCESS)
            return self._back(dossier)
        return self._page(
            request,
            dossier,
            title="Links intrekken",
            explanation=(
                "Alle links die over deze praktijk gemaild zijn, werken daarna niet meer, ook die met de vraag om te "
                f"bevestigen. {dossier.email} krijgt een nieuwe persoonlijke link. Doe dit als een link in verkeerde "
                "handen kwam."
            ),
            button="Trek de links in",
            is_danger=True,
        )

    def address_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give the dossier another contact, who confirms the address by the link in the mail."""
        dossier = self.dossier_to_change(request, object_id)
        form = AddressForm(
            request.POST or None, initial={"email": dossier.email, "sender_name": dossier.sender_name}
        )
        if request.method == "POST" and form.is_valid():
            try:
                self._change_address(request, dossier, form)
            except TransitionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                text = f"{form.cleaned_data['email']} is nu het contact, en krijgt een persoonlijke link."
                self.message_user(request, text, messages.SUCCESS)
                return self._back(dossier)
        return self._page(
            request,
            dossier,
            title="Ander e-mailadres",
            explanation=(
                "Voor als het contact van werk verandert. Het nieuwe adres krijgt een mail met een persoonlijke link "
                "en moet het adres daar bevestigen. Links die naar het oude adres gingen, werken niet meer."
            ),
            form=form,
            button="Wijzig het adres",
        )

    def _change_address(self, request: HttpRequest, dossier: Dossier, form: AddressForm) -> None:
        with transaction.atomic():
            locked = self.locked(request, dossier)
            if locked.state == State.SUBMITTED:
                raise TransitionRefused(
                    "Neem de inzending eerst in behandeling: in de wachtrij is elk adres bevestigd."
                )
            if form.cleaned_data["email"].lower() == locked.email.lower():
                raise TransitionRefused("Dit is het adres dat er al staat.")
            locked.email = form.cleaned_data["email"]
            locked.sender_name = form.cleaned_data["sender_name"]
            locked.email_confirmed_at = None
            locked.link_number += 1
            locked.save(update_fields=["email", "sender_name", "email_confirmed_at", "link_number"])
            hide_unsubmitted(locked)
            confirm = link_to(locked, "share_confirm", signature=confirmation_of(locked))
            context = letter_context(locked) | {"confirm_link": confirm}
            send_letter(locked.email, "practices/new_address", context, is_secret=True)
            self.log_change(request, locked, "Ander e-mailadres")


def _require_seen(dossier: Dossier, form: PublishForm) -> None:
    """Stale when the page showed another state or text than there is now; of the state `advance` asks the same."""
    if form.cleaned_data["seen_step"] != dossier.step_count:
        raise Stale(
            f"Intussen is de status veranderd: de praktijk is nu ‘{dossier.get_state_display().lower()}’. "
            "Kijk eerst wat er veranderd is."
        )
    if form.cleaned_data["seen_version"] != stamp(dossier.updated):
        raise Stale("Intussen heeft iemand de tekst gewijzigd. Bekijk hem eerst, en kies dan opnieuw.")
