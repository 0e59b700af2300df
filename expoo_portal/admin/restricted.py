"""The admin's way to restricted content: the one place on the web that reads it without asking who may see it.

What the admin shows is decided by Django's permissions instead, per model.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from adminsortable2.admin import CustomInlineFormSet, SortableInlineAdminMixin
from django.contrib import admin, messages
from django.db import models
from django.db.models import Max, Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from expoo_portal import files, uploads
from expoo_portal.richtext import allow_editor, media_with_nonce
from expoo_portal.visibility import RestrictedQuerySet


def everything(queryset: QuerySet) -> QuerySet:
    """The same rows, without asking who is looking."""
    return queryset.unrestricted() if isinstance(queryset, RestrictedQuerySet) else queryset


class RestrictedOptions:
    """For admins and inlines of restricted models, and of models that point to them."""

    formfield_overrides: ClassVar[Any] = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """All rows, whatever their audience and state."""
        return everything(super().get_queryset(request))  # type: ignore[misc]

    def get_field_queryset(
        self, db: str | None, db_field: models.Field, request: HttpRequest
    ) -> QuerySet | None:
        """The rows that a relation can be set to. A restricted one needs a queryset; others may take Django's."""
        queryset = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        if queryset is None:
            queryset = db_field.remote_field.model._default_manager.using(db)  # type: ignore[union-attr]
            if not isinstance(queryset, RestrictedQuerySet):
                return None
        return everything(queryset)


class CountedDeletion:
    """For rows with which go others that staff may not read: those are counted before a deletion, and not named."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The rows themselves, how many go with them, and the rights that are lacking."""
        _, *others = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        return [str(row) for row in objs], *others


class RestrictedAdmin(RestrictedOptions, admin.ModelAdmin):
    """The admin of a model that is restricted, points to a restricted one, or holds rich text."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; an empty `_to_field` in the address names no field, on which Django would break."""
        return super().get_object(request, object_id, from_field or None)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """The form; only a page with the rich text editor gets a nonce."""
        has_editor = getattr(context["media"], "_importmap", None) is not None
        if has_editor:
            context["media"] = media_with_nonce(request, context["media"])
        context["keeps_drafts"] = True
        response = super().render_change_form(request, context, *args, **kwargs)
        return allow_editor(response) if has_editor else response

    def message_user(
        self,
        request: HttpRequest,
        message: Any,
        level: int | str = messages.INFO,
        extra_tags: str = "",
        **options: Any,
    ) -> None:
        """Mark the message of a save, so that the browser forgets what it kept of the typed text."""
        if level == messages.SUCCESS:
            extra_tags = f"{extra_tags} bewaard".strip()
        super().message_user(request, message, level, extra_tags, **options)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, called after what it lists."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


class RestrictedFormSet(BaseInlineFormSet):
    """Inline rows of a restricted model: Django looks up the rows that were sent without saying who asks."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """The stock fields; the one that says which row this is may find all rows."""
        super().add_fields(form, index)
        key = form.fields.get(self.model._meta.pk.name)
        if hasattr(key, "queryset"):
            key.queryset = everything(key.queryset)


class OrderedFormSet(CustomInlineFormSet, RestrictedFormSet):
    """Rows that can be dragged into order; the library too asks without saying who asks."""

    def get_max_order(self) -> int:
        """The last place among the parent's rows, or 0."""
        rows = everything(self.model._default_manager.filter(**{self.fk.name: self.instance}))
        return rows.aggregate(last=Max(self.default_order_field))["last"] or 0


class RestrictedInline(RestrictedOptions, admin.StackedInline):
    """A row of a restricted model below its parent."""

    extra = 0
    formset = RestrictedFormSet


class OrderedInline(RestrictedOptions, SortableInlineAdminMixin, admin.TabularInline):
    """Rows of a restricted model below their parent, that editors drag into order."""

    extra = 0
    formset = OrderedFormSet
    template = "admin/edit_inline/tabular.html"


class OrderedStackedInline(RestrictedOptions, SortableInlineAdminMixin, admin.StackedInline):
    """The same for rows with too much in them for one line of a table, such as rich text."""

    extra = 0
    formset = OrderedFormSet
    template = "admin/edit_inline/ordered_stacked.html"


class AttachmentOptions(RestrictedOptions):
    """For inlines of files: the browser offers only files of the kinds that are taken."""

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        """The stock field, with what a file dialog should offer."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.name == "file":
            kinds = self.model.kinds  # type: ignore[attr-defined]
            extensions = uploads.extensions(kinds)
            field.widget.attrs["accept"] = ",".join(f".{name}" for name in extensions)
            largest = max(kind.max_bytes for kind in kinds) // 1024**2
            field.help_text = f"{', '.join(extensions)}; hoogstens {largest} MB."
        return field


class AttachmentInline(AttachmentOptions, OrderedInline):
    """Files below their parent, that editors drag into order."""

    # The file itself is linked to, at the address for staff.
    view_on_site = False


@require_safe
def staff_attachment(request: HttpRequest, family: str, uuid: uuid.UUID, name: str) -> HttpResponseBase:
    """A file, published or not, for staff who may see its rows in the admin. Raises Http404 for all others."""
    model: type[Model] | None = files.attachment_families().get(family)
    if model is None:
        raise Http404
    rights = (f"{model._meta.app_label}.{action}_{model._meta.model_name}" for action in ("view", "change"))
    found = everything(model._default_manager.filter(uuid=uuid, name=name)).first()
    if found is None or not any(request.user.has_perm(right) for right in rights):
        raise Http404
    return files.serve(request, found, is_public=False)
