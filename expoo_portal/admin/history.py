"""The history of one thing in the admin: who changed what and when, each version to read, and a way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from expoo_portal.visibility import PublicationState, Publishable

from .restricted import RestrictedAdmin
from .versions import versions_of

_MAX_REASON = 100
# A way back brings the content back; whether the thing is on the site stays as it is now.
_PUBLICATION_FIELDS = frozenset({"state", "audience", "publish_at", "expires_at"})


class HistoryAdmin(RestrictedAdmin, SimpleHistoryAdmin):
    """An admin of a model with `history`: one save is one version, and each version can be restored."""

    object_history_template = "admin/versions/history.html"
    object_history_list_template = "admin/versions/list.html"
    object_history_form_template = "admin/versions/version.html"
    history_list_per_page = 25

    def history_view_title(self, request: HttpRequest, obj: Model) -> str:
        return "Geschiedenis"

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, foreign_keys_are_objs: bool = True
    ) -> None:
        """Tell each record of the page in what it differs from the one before it."""
        records = list(historical_records)
        if not records:
            return
        older = previous_record(records[-1])
        versions = versions_of(records + ([older] if older else []))
        for version, before in zip(versions, [*versions[1:], None], strict=True):
            version.record.history_delta_changes = version.changes_since(before) if before else []

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """One version: to read, to compare with now, and (POST) to restore."""
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        record = self._record(object_id, version_id)
        current = self.get_queryset(request).filter(pk=record.instance.pk).first()
        subject = current or record.instance
        if not self.has_view_history_or_change_history_permission(request, subject):
            raise PermissionDenied
        may_restore = self.has_change_permission(request, subject)
        if request.method == "POST":
            if not may_restore:
                raise PermissionDenied
            return self._restore_and_answer(request, record)
        newest = latest_record(record.instance)
        version, now = versions_of([record, newest]) if newest.pk != record.pk else versions_of([record]) * 2
        context = {
            **self.admin_site.each_context(request),
            "title": f"Versie van {moment(record.history_date)}",
            "subtitle": str(subject),
            "opts": self.opts,
            "original": subject,
            "record": record,
            "shown": version.shown,
            "changes": version.changes_since(now, ignored=_PUBLICATION_FIELDS),
            "is_current": newest.pk == record.pk and current is not None,
            "is_deleted": current is None,
            "may_restore": may_restore,
            "asks_confirmation": "terugzetten" in request.GET and may_restore,
            "parts": self._parts(record),
            "history_url": self._url("history", record.instance.pk),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_form_template, context)

    def _parts(self, record: Any) -> list[str]:
        """What hangs on this thing and has no place in its versions, as an editor calls it."""
        kept = {field.name for field in record._history_m2m_fields}
        ties = [str(field.verbose_name) for field in self.opts.many_to_many if field.name not in kept]
        return [*ties, *(str(inline.model._meta.verbose_name_plural).lower() for inline in self.inlines)]

    def _record(self, object_id: str, version_id: str) -> Any:
        """The record of this address; Http404 when there is none."""
        history = self.model.history  # type: ignore[attr-defined]
        try:
            return history.get(**{self.opts.pk.attname: unquote(object_id), "history_id": version_id})
        except (history.model.DoesNotExist, ValueError, ValidationError):
            raise Http404 from None

    def _url(self, name: str, *args: Any) -> str:
        return reverse(
            f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args
        )

    def _restore_and_answer(self, request: HttpRequest, record: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                lost = self.restore(request, record)
        except ValidationError as error:
            self.message_user(request, f"Terugzetten lukt niet: {' '.join(error.messages)}", messages.ERROR)
            return HttpResponseRedirect(request.path)
        text = f"De versie van {moment(record.history_date)} is teruggezet."
        if lost:
            text += f" Wat intussen niet meer bestaat, kon niet mee: {', '.join(lost)}."
        self.message_user(request, text, messages.WARNING if lost else messages.SUCCESS)
        return HttpResponseRedirect(self._url("change", record.instance.pk))

    def restore(self, request: HttpRequest, record: Any) -> list[str]:
        """Make the content what it was in this version, as a new version; something deleted comes back as a draft.

        Returns the labels of fields of which something no longer exists. Raises ValidationError when the old
        content no longer fits (an address that something else has by now). Call it inside a transaction.
        """
        old = record.instance
        obj = self.get_queryset(request).select_for_update(of=("self",)).filter(pk=old.pk).first()
        is_deleted = obj is None
        obj = obj or old
        lost = []
        for field in record.tracked_fields:
            if field.primary_key or field.name in _PUBLICATION_FIELDS:
                continue
            value = getattr(old, field.attname)
            if isinstance(field, models.ForeignKey) and value is not None:
                known = field.related_model._base_manager.filter(pk=value)  # type: ignore[union-attr]
                if not known.exists():
                    lost.append(str(field.verbose_name))
                    value = None
            setattr(obj, field.attname, value)
        if is_deleted and isinstance(obj, Publishable):
            obj.state = PublicationState.DRAFT
        obj.full_clean(exclude=[self.opts.pk.name] if is_deleted else None)
        obj._change_reason = f"Versie van {moment(record.history_date)} teruggezet"[:_MAX_REASON]
        one_version = OneVersion(obj, request.user)
        obj.save(force_insert=is_deleted)
        for field in record._history_m2m_fields:
            kept = getattr(record, field.name)
            wanted = list(kept.values_list(f"{field.m2m_reverse_field_name()}_id", flat=True))
            existing = field.related_model._base_manager.filter(pk__in=wanted)
            if len(existing) < len(wanted):
                lost.append(str(field.verbose_name))
            getattr(obj, field.name).set(existing)
        one_version.merge()
        self.log_change(request, obj, obj._change_reason)
        return lost

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """The list, with the way back: the versions of what is deleted stay."""
        response = super().response_delete(request, obj_display, obj_id)
        history = self._url("history", obj_id)
        way_back = format_html('<a href="{}">Bekijk de geschiedenis om het terug te halen.</a>', history)
        self.message_user(request, way_back, messages.INFO)
        return response

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save; the versions that follow from one form become one, once its values are saved as well."""
        form.one_version = OneVersion(obj, request.user)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save values and rows, then leave one version."""
        super().save_related(request, form, formsets, change)
        form.one_version.merge()


class OneVersion:
    """Makes one version of all that is saved of an object between here and `merge()`; it holds the outcome.

    The history library keeps a version for the object and another for each change of its many-to-many values.
    """

    def __init__(self, obj: Model, user: Any) -> None:
        self.obj = obj
        obj._history_user = user  # type: ignore[attr-defined]
        self._last_before = self._records().values_list("history_id", flat=True).last() or 0

    def merge(self) -> None:
        """Keep the last version, as made for the reason of the first, and drop what lies between."""
        *steps, outcome = self._records().filter(history_id__gt=self._last_before)
        if not steps:
            return
        outcome.history_type = steps[0].history_type
        outcome.history_change_reason = steps[0].history_change_reason
        outcome.save(update_fields=["history_type", "history_change_reason"])
        for field in outcome._history_m2m_fields:
            getattr(outcome, field.name).model.objects.filter(history__in=steps).delete()
        type(outcome).objects.filter(pk__in=[step.pk for step in steps]).delete()

    def _records(self) -> Any:
        return records_of(self.obj).order_by("history_id")


def records_of(obj: Model) -> Any:
    """All kept versions of this object."""
    return type(obj).history.filter(**{obj._meta.pk.attname: obj.pk})  # type: ignore[attr-defined]


def previous_record(record: Any) -> Any:
    """The record before this one of the same thing, or None."""
    older = records_of(record.instance).filter(history_id__lt=record.history_id)
    return older.order_by("-history_id").first()


def latest_record(obj: Model) -> Any:
    """The newest version of this object with who made it, or None."""
    return records_of(obj).select_related("history_user").order_by("-history_id").first()


def moment(when: Any) -> str:
    """A date and time as an editor reads it: 3 dec 2026 09:00."""
    return date_format(timezone.localtime(when), "j b Y H:i")
