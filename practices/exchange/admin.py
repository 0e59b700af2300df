"""Import and export in the admin: the buttons and actions of the practices, and the pages of an import."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from expoo_portal.admin import RestrictedAdmin
from expoo_portal.admin.versions import Change, Piece, compare_words
from expoo_portal.richtext import plain_text

from ..facet_form import facets_with_values
from ..models import ImportRow, ImportRun, RowOutcome
from . import jobs, runs
from .columns import columns
from .export import Format, export
from .template import write_template

_PER_PAGE = 50
_FIRST_SHOWN = (RowOutcome.FAULTY, RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.UNCHANGED)


def _download(content: Any, wanted: Format, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=wanted.content_type)
    response.headers["Content-Disposition"] = str(
        content_disposition_header(True, f"{name}.{wanted.extension}")
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _export_answer(practices: QuerySet, wanted: Format) -> StreamingHttpResponse:
    """The file with these practices, under a name that says when it was made."""
    rows = practices.prefetch_related(None)
    return _download(export(rows, wanted), wanted, f"praktijken-{timezone.localdate():%Y-%m-%d}")


class ExchangeAdmin:
    """Mixin for the admin of practices: export of a selection (actions) and of the whole list as filtered (buttons)."""

    export_actions = ("export_xlsx", "export_csv", "export_json")

    @admin.action(description="Uitvoeren naar Excel (xlsx)", permissions=["view"])
    def export_xlsx(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | StreamingHttpResponse:
        """The chosen practices as a spreadsheet."""
        return _export_answer(queryset, Format.XLSX)

    @admin.action(description="Uitvoeren naar csv", permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | StreamingHttpResponse:
        """The chosen practices as csv."""
        return _export_answer(queryset, Format.CSV)

    @admin.action(description="Uitvoeren naar JSON", permissions=["view"])
    def export_json(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | StreamingHttpResponse:
        """The chosen practices as JSON."""
        return _export_answer(queryset, Format.JSON)

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses, and `uitvoer/<format>/`."""
        view = self.admin_site.admin_view(self.export_view)  # type: ignore[attr-defined]
        urls = super().get_urls()  # type: ignore[misc]
        return [path("uitvoer/<slug:extension>/", view, name="practices_practice_export"), *urls]

    @method_decorator(require_safe)
    def export_view(self, request: HttpRequest, extension: str) -> HttpResponse | StreamingHttpResponse:
        """All practices of the list, with the filters and the search of this address."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        wanted = next((found for found in Format if found.extension == extension), None)
        if wanted is None:
            raise Http404
        try:
            listed = self.get_changelist_instance(request)  # type: ignore[attr-defined]
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:practices_practice_changelist"))
        return _export_answer(listed.get_queryset(request), wanted)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with its ways out and in."""
        context = {
            "export_formats": list(Format),
            "may_import": may_import(request),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)  # type: ignore[misc]


def may_import(request: HttpRequest) -> bool:
    """Whether this editor may make and change practices by file."""
    wanted = ("practices.add_importrun", "practices.add_practice", "practices.change_practice")
    return request.user.has_perms(wanted)


class ImportRunForm(forms.ModelForm):
    """The file to bring in."""

    class Meta:
        model = ImportRun
        fields = ("file",)
        widgets = {"file": forms.FileInput(attrs={"accept": ".xlsx,.csv"})}


@admin.register(ImportRun)
class ImportRunAdmin(RestrictedAdmin):
    """The imports: lay a file down, see what it would do, decide, read what it did."""

    form = ImportRunForm
    add_form_template = "admin/practices/importrun/add_form.html"
    list_display = ("name", "state", "total", "started_by", "created")
    list_select_related = ("started_by",)
    list_filter = ("state",)
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_import(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody types in an import; what an editor decides has a view of its own."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses, the template, and the decision to write."""
        template, write = (self.admin_site.admin_view(view) for view in (self.template_view, self.write_view))
        return [
            path("sjabloon/", template, name="practices_importrun_template"),
            path("<int:run_id>/invoeren/", write, name="practices_importrun_write"),
            *super().get_urls(),
        ]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The imports alone: their rows may be thousands."""
        found = list(objs)
        names = [f"{run.name} ({run.get_state_display().lower()})" for run in found]
        may = self.has_delete_permission(request)
        return names, {"invoer uit bestanden": len(found)}, set() if may else {"invoer"}, []

    def save_model(self, request: HttpRequest, obj: ImportRun, form: Any, change: bool) -> None:
        """Store the file and have it checked."""
        obj.started_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        jobs.check_import.defer(run_id=obj.pk)

    def response_add(
        self, request: HttpRequest, obj: ImportRun, post_url_continue: Any = None
    ) -> HttpResponse:
        """To its page, where the editor sees how far the check is."""
        return HttpResponseRedirect(self._address(obj.pk))

    def _address(self, run_id: int) -> str:
        return reverse("admin:practices_importrun_change", args=[run_id])

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What the file would do or did, row by row."""
        run = self.get_object(request, unquote(object_id))
        if request.method not in ("GET", "HEAD") or run is None or not self.has_view_permission(request, run):
            return super().change_view(request, object_id, form_url, extra_context)
        counts = runs.counts_of(run)
        shown = _shown(request.GET.get("toon", ""), counts)
        rows = runs.rows_of(run).filter(outcome=shown)
        page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("p"))
        to_write = counts[RowOutcome.NEW] + counts[RowOutcome.CHANGED]
        context = {
            **self.admin_site.each_context(request),
            "title": run.name,
            "opts": self.opts,
            "run": run,
            "counts": [(RowOutcome(outcome), number) for outcome, number in counts.items()],
            "faulty": counts[RowOutcome.FAULTY],
            "to_write": to_write,
            "shown": shown,
            "page": page,
            "rows": [(row, _changes(row)) for row in page],
            "may_write": may_import(request) and to_write and not run.problems,
            "may_delete": self.has_delete_permission(request, run),
        }
        return TemplateResponse(request, "admin/practices/importrun/run.html", context)

    @method_decorator(require_POST)
    def write_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Bring the rows in: all, or the right ones."""
        if not may_import(request):
            raise PermissionDenied
        if not self.get_queryset(request).filter(pk=run_id).exists():
            raise Http404
        which = request.POST.get("wat")
        try:
            if which not in ("alles", "juiste"):
                raise ValidationError("Kies wat er ingevoerd moet worden.")
            with transaction.atomic():
                runs.start_writing(run_id, only_right=which == "juiste")
                jobs.write_import.defer(run_id=run_id)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(self._address(run_id))

    @method_decorator(require_safe)
    def template_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """The Excel file to fill in, with the values that there are today."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        out = io.BytesIO()
        write_template(out, columns(facets_with_values()))
        return _download([out.getvalue()], Format.XLSX, "praktijken-sjabloon")


def _shown(asked: str, counts: dict[str, int]) -> RowOutcome:
    """Which rows to list: those asked for, else the first kind there is, faults before all."""
    if asked in RowOutcome.values:
        return RowOutcome(asked)
    return next((outcome for outcome in _FIRST_SHOWN if counts[outcome]), RowOutcome.UNCHANGED)


def _changes(row: ImportRow) -> list[Change]:
    """What a row changes, as the history shows it."""
    return [Change(header, _pieces(before, after)) for header, before, after in row.changes]


def _pieces(before: str, after: str) -> list[Piece]:
    old, new = (plain_text(text) if text.startswith("<") else text for text in (before, after))
    if old == new:
        return [Piece("same", "enkel de opmaak")]
    return compare_words(old, new)
