"""Shared practices in the admin: the queue, the review of one, its preview and what it changes on the site."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from expoo_portal import dashboard
from expoo_portal.admin import RestrictedAdmin, RestrictedInline
from expoo_portal.admin.concurrency import ConcurrencyAdmin
from expoo_portal.admin.history import moment
from expoo_portal.admin.restricted import AttachmentOptions

from . import applying, checklist
from .content import RICH_FIELDS, TEXT_FIELDS
from .dossier_detail import render_dossier
from .editing import comparing, content_form, overview
from .editing.overview import log_of
from .editing.problems import publication_problems
from .editing.queue import QueueAdmin, state_badge
from .editing.reading import hide_unsubmitted, is_readable, without_drafts
from .editing.step_pages import NoteForm, StepPages
from .editing.steps import WORDS, open_steps
from .editing.waiting import on_dashboard, waiting_days
from .facet_form import facet_fields, facets_with_values, field_name
from .models import (
    Dossier,
    DossierFile,
    DossierImage,
    Facet,
    Practice,
    PracticeFile,
    PracticeImage,
)
from .workflow import QUEUE, State, Verb

dashboard.register(on_dashboard)

_PHONE = "telefoon"


class AddedInline(AttachmentOptions, RestrictedInline):
    """What the sender added, below the text."""

    template = "admin/edit_inline/tabular.html"
    view_on_site = False


class AddedImageInline(AddedInline):
    """Pictures."""

    model = DossierImage
    fields = ("file", "alt", "consent")
    verbose_name_plural = "beelden die erbij komen"


class AddedFileInline(AddedInline):
    """Documents."""

    model = DossierFile
    fields = ("file", "name")
    verbose_name_plural = "bestanden die erbij komen"


@admin.register(Dossier)
class DossierAdmin(StepPages, QueueAdmin, ConcurrencyAdmin, RestrictedAdmin):
    """What was sent in, on its way to the catalogue; the text is the editors' while it is in review."""

    form = content_form.DossierForm
    object_history_template = "admin/practices/dossier/history.html"

    # Who sees what ------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dossier]:
        """What was sent in, or belongs to a practice on the site; a sender's draft is nobody else's."""
        return without_drafts(super().get_queryset(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, without a text that was not sent in. Http404 for a draft as for what does not exist."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return hide_unsubmitted(found)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A dossier begins with its sender, or at a practice."""
        return False

    def _is_edited(self, request: HttpRequest, obj: Dossier | None) -> bool:
        """Whether the page is a form. What somebody typed comes back in it, also when it can no longer be saved."""
        return (
            obj is not None
            and self.has_change_permission(request, obj)
            and (obj.state == State.IN_REVIEW or request.method == "POST")
        )

    # The form -----------------------------------------------------------------------------------------------

    def _facets(self, request: HttpRequest) -> list[Facet]:
        """All facets with their values, read once per request."""
        if not hasattr(request, "_facets"):
            request._facets = facets_with_values()  # type: ignore[attr-defined]
        return request._facets  # type: ignore[attr-defined]

    def _content_fields(self, request: HttpRequest, obj: Dossier) -> dict[str, Any]:
        """The form's fields by name, made anew per request: facets and the practice's files differ."""
        if not hasattr(request, "_content_fields"):
            texts = {
                name: self.formfield_for_dbfield(Practice._meta.get_field(name), request)  # type: ignore[arg-type]
                for name in (*TEXT_FIELDS, *RICH_FIELDS)
            }
            rows = content_form.link_rows(obj.content, request.POST)
            request._content_fields = {  # type: ignore[attr-defined]
                **texts,
                **facet_fields(self._facets(request)),
                **content_form.link_fields(rows),
                **content_form.kept_fields(obj),
                **content_form.contact_fields(),
                "reference_year": content_form.year_field(),
            }
        return request._content_fields  # type: ignore[attr-defined]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form of this dossier's content; one without fields where it can only be read."""
        if isinstance(obj, Dossier) and self._is_edited(request, obj):
            kwargs["form"] = type("DossierForm", (self.form,), self._content_fields(request, obj))
        else:
            kwargs["form"] = type("DossierForm", (self.form,), {"ticked": None, "based_on": None})
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The sections of the form."""
        if not isinstance(obj, Dossier) or not self._is_edited(request, obj):
            return ()
        facets = [field_name(facet) for facet in self._facets(request)]
        return content_form.fieldsets(self._content_fields(request, obj), facets)

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        """Added pictures and files, with the form."""
        is_edited = isinstance(obj, Dossier) and self._is_edited(request, obj)
        return (AddedImageInline, AddedFileInline) if is_edited else ()

    def save_model(self, request: HttpRequest, obj: Dossier, form: Any, change: bool) -> None:
        """Write the content and the ticks; the state is not the form's."""
        obj.content = form.content()
        obj.checklist = checklist.known(form.cleaned_data["ticked"])
        obj.save(update_fields=["content", "checklist", "updated"])

    def describe_conflict(self, obj: Model) -> Any:
        """Who saved meanwhile; below it stands in what their text differs from what was typed here."""
        last = log_of(obj).first()
        return format_html(
            "Terwijl jij aan het typen was, heeft {} dit bewaard ({}). Wat jij typte, staat hieronder nog en is niet "
            "bewaard.",
            (last and last.user) or "iemand anders",
            moment(last.action_time) if last else "zonet",
        )

    def response_change(self, request: HttpRequest, obj: Dossier) -> HttpResponse:
        """On to the preview or to a step, when that button was used."""
        for button, name in (
            ("_preview", "preview"),
            ("_publish", Verb.PUBLISH.value),
            ("_ask", Verb.ASK.value),
        ):
            if button in request.POST:
                self.message_user(request, f"‘{obj.title}’ is bewaard.", messages.SUCCESS)
                return HttpResponseRedirect(self._address(obj, name))
        if "_continue" not in request.POST:
            self.message_user(request, f"‘{obj.title}’ is bewaard.", messages.SUCCESS)
            return HttpResponseRedirect(self._address(obj, "change"))
        return super().response_change(request, obj)

    # The page -----------------------------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> Any:
        """The form or the text, with where the dossier stands and what can be done."""
        may_change = self.has_change_permission(request, obj)
        is_edited = self._is_edited(request, obj)
        steps = open_steps(obj) if may_change else []
        problems, hints = publication_problems(obj)
        practice = obj.practice
        context |= {
            "title": "Inzending",
            "is_edited": is_edited,
            "may_change": may_change,
            "state_badge": state_badge(obj),
            "practice": practice,
            "practice_on_site": practice is not None and practice.is_visible_to(AnonymousUser()),
            "waiting_days": waiting_days(obj, timezone.now()) if obj.state in QUEUE else None,
            "is_unsubmitted": obj.state == State.CONCEPT,
            "is_readable": is_readable(obj),
            "problems": problems,
            "hints": hints,
            "buttons": [
                (verb, self._address(obj, verb.value)) for verb in steps if not WORDS[verb].explanation
            ],
            "step_links": [
                (verb, self._address(obj, verb.value)) for verb in steps if WORDS[verb].explanation
            ],
            "note_form": NoteForm() if may_change else None,
            "events": overview.events(obj, log_of(obj)),
            "busy_since": overview.busy_since(obj),
            "is_mine": obj.assigned_to_id == request.user.pk,
            "unknown_facets": overview.unknown_facets(obj, self._facets(request)),
            "asked_points": overview.asked_points(obj),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            "show_close": False,
        }
        form = context["adminform"].form
        if getattr(form, "conflicting_version", "") and hasattr(form, "cleaned_data"):
            context["conflict_changes"] = self._conflict(request, obj, form)
        if not is_edited and is_readable(obj):
            context |= {
                "shown": overview.filled_fields(obj.content, self._facets(request)),
                "added_images": self._added(DossierImage, obj),
                "added_files": self._added(DossierFile, obj),
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _conflict(self, request: HttpRequest, obj: Dossier, form: Any) -> list[Any]:
        """From what the other editor saved to what was typed here; nothing when the typed text has other faults."""
        stored = self.get_queryset(request).get(pk=obj.pk)
        try:
            typed = form.content()
        except KeyError:
            return []
        return comparing.changes(stored.content, typed, self._facets(request), {})

    def _added(self, model: Any, obj: Dossier) -> list[Any]:
        rows = list(model.objects.unrestricted().filter(dossier=obj))
        for row in rows:
            row.for_staff = True
        return rows

    # Preview and comparison ---------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses, the steps, the preview with its page, and the comparison."""
        pages = {"voorbeeld": "preview", "voorbeeld/bladzijde": "page", "vergelijk": "compare"}
        return [
            *(
                path(
                    f"<path:object_id>/{address}/",
                    self.admin_site.admin_view(getattr(self, f"{name}_view")),
                    name=f"practices_dossier_{name}",
                )
                for address, name in pages.items()
            ),
            *super().get_urls(),
        ]

    def _address(self, obj: Dossier, name: str) -> str:
        return reverse(f"admin:practices_dossier_{name}", args=[obj.pk])

    def _to_read(self, request: HttpRequest, object_id: str) -> Dossier:
        """The dossier, for who may read what was typed. Http404, PermissionDenied."""
        dossier = self.get_object(request, unquote(object_id))
        if not is_readable(dossier):
            raise Http404
        if not self.has_view_or_change_permission(request, dossier):
            raise PermissionDenied
        return dossier

    @method_decorator(require_safe)
    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page as a visitor will see it, in a frame: as wide as a phone, or as wide as this screen."""
        dossier = self._to_read(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": "Voorbeeld",
            "subtitle": dossier.title,
            "opts": self.opts,
            "original": dossier,
            "is_phone": request.GET.get("breedte") == _PHONE,
            "phone": _PHONE,
        }
        response = TemplateResponse(request, "admin/practices/dossier/preview.html", context)
        response._csp_replace = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]
        return response

    @method_decorator(require_safe)
    def page_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page of the practice as a visitor who is not signed in will see it; the admin may frame it."""
        dossier = self._to_read(request, object_id)
        visit = copy.copy(request)
        visit.user = AnonymousUser()
        # Messages for the editor wait for the admin's next page.
        visit._messages = []  # type: ignore[attr-defined]
        response = render_dossier(visit, dossier, lambda attachment: attachment.staff_url)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
        return response

    @method_decorator(require_safe)
    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What publishing would change on the site."""
        dossier = self._to_read(request, object_id)
        practice = dossier.practice
        if practice is None:
            raise Http404
        attachments = {
            "Beelden": self._attachments(dossier, "kept_images", PracticeImage, DossierImage),
            "Bestanden": self._attachments(dossier, "kept_files", PracticeFile, DossierFile),
        }
        context = {
            **self.admin_site.each_context(request),
            "title": "Vergelijk met de site",
            "subtitle": dossier.title,
            "opts": self.opts,
            "original": dossier,
            "practice": practice,
            "changes": comparing.changes(
                applying.content_of(practice), dossier.content, self._facets(request), attachments
            ),
        }
        return TemplateResponse(request, "admin/practices/dossier/compare.html", context)

    def _attachments(self, dossier: Dossier, key: str, kept: Any, added: Any) -> tuple[list[str], list[str]]:
        """What goes from the site and what comes."""
        uuids = dossier.content.get(key) or ()
        on_site = kept.objects.unrestricted().filter(practice=dossier.practice_id)
        gone = [_attachment_name(row) for row in on_site if str(row.uuid) not in uuids]
        return gone, [_attachment_name(row) for row in self._added(added, dossier)]

    # History and deleting -----------------------------------------------------------------------------------

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The steps, and what editors did beside them."""
        dossier = self.get_object(request, unquote(object_id))
        context = {
            "events": overview.events(dossier, log_of(dossier)),
            "title": "Geschiedenis",
            **(extra_context or {}),
        }
        return super().history_view(request, object_id, context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """With word of what stays."""
        lines, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        if any(obj.practice_id for obj in objs):
            lines = [
                "De praktijk in de catalogus blijft staan, zonder contact dat haar kan bevestigen.",
                *lines,
            ]
        return lines, counts, perms_needed, protected


def _attachment_name(row: Any) -> str:
    return getattr(row, "alt", "") or row.name
