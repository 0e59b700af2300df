"""What editors see of publication: the state in words, filters, actions, and the preview."""

from __future__ import annotations

import copy
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from expoo_portal.visibility import Audience, PublicationState, Publishable

from .ageing import REVIEWED, ReviewedFilter
from .concurrency import ConcurrencyAdmin
from .history import HistoryAdmin, moment
from .writing import PublishableForm, WritingAdmin


class Stage(Enum):
    """Where content stands between draft and expired; the value goes into addresses and styles."""

    DRAFT = "concept"
    PLANNED = "gepland"
    SHOWN = "gepubliceerd"
    EXPIRED = "verlopen"


class Status(NamedTuple):
    """A stage and its Dutch words."""

    stage: Stage
    text: str


def status_of(item: Publishable, now: datetime) -> Status:
    """Whether content is on the site at this moment, and if not, why."""
    if item.state == PublicationState.DRAFT:
        return Status(Stage.DRAFT, "concept")
    if item.expires_at and item.expires_at <= now:
        return Status(Stage.EXPIRED, "verlopen")
    if item.publish_at > now:
        return Status(Stage.PLANNED, f"gepland voor {moment(item.publish_at)}")
    return Status(Stage.SHOWN, "gepubliceerd")


class StageFilter(admin.SimpleListFilter):
    """The list by stage."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(stage.value, stage.value.capitalize()) for stage in Stage]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        now = timezone.now()
        published = Q(state=PublicationState.PUBLISHED)
        expired = Q(expires_at__isnull=False, expires_at__lte=now)
        conditions = {
            Stage.DRAFT.value: Q(state=PublicationState.DRAFT),
            Stage.PLANNED.value: published & ~expired & Q(publish_at__gt=now),
            Stage.SHOWN.value: published & ~expired & Q(publish_at__lte=now),
            Stage.EXPIRED.value: published & expired,
        }
        condition = conditions.get(self.value() or "")
        return queryset.filter(condition) if condition else queryset


PUBLICATION_FIELDSET: tuple[str, Any] = (
    "Publicatie",
    {
        "fields": (("state", "audience"), ("publish_at", "expires_at")),
        "description": "Een concept ziet niemand buiten het beheer, wat er ook bij ‘zichtbaar voor’ staat.",
    },
)


class PublishableAdmin(WritingAdmin, ConcurrencyAdmin, HistoryAdmin):
    """The admin of content with an audience, a state and dates.

    A subclass that sets `can_preview` gives `preview()` the public page of an object.
    """

    form = PublishableForm
    can_preview = False
    date_hierarchy = "publish_at"
    actions = ("publish", "unpublish")
    change_form_template = "admin/publishable/change_form.html"

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Stage and audience first, when it was looked at again, then the subclass's own."""
        ages = any(field.name == REVIEWED for field in self.opts.fields)
        ageing = [ReviewedFilter] if ages else []
        return [StageFilter, "audience", *ageing, *super().get_list_filter(request)]

    @admin.display(description="status", ordering="publish_at")
    def status(self, obj: Publishable) -> str:
        """The state in words, as a badge; below it who will see it when that is not everybody."""
        stage, text = status_of(obj, timezone.now())
        badge = format_html('<span class="status status-{}">{}</span>', stage.value, text)
        if obj.audience == Audience.PUBLIC:
            return badge
        return format_html('{} <span class="audience">{}</span>', badge, obj.get_audience_display())

    @admin.action(description="Publiceren", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Publish what is a draft; a moment in the future stays the plan."""
        changed = self._set_state(request, queryset, PublicationState.PUBLISHED)
        now = timezone.now()
        waiting = [item for item in changed if status_of(item, now).stage is not Stage.SHOWN]
        hidden = [item for item in changed if item.audience != Audience.PUBLIC]
        text = f"{len(changed)} gepubliceerd."
        if waiting:
            text += f" Nog niet of niet meer op de site, door de gekozen tijdstippen: {len(waiting)}."
        if hidden:
            text += f" Niet voor iedereen zichtbaar, door ‘zichtbaar voor’: {len(hidden)}."
        self.message_user(request, text, messages.WARNING if waiting or hidden else messages.SUCCESS)

    @admin.action(description="Terug naar concept (van de site halen)", permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Make drafts of what is published."""
        changed = self._set_state(request, queryset, PublicationState.DRAFT)
        self.message_user(request, f"{len(changed)} van de site gehaald.", messages.SUCCESS)

    def _set_state(self, request: HttpRequest, queryset: QuerySet, state: PublicationState) -> list[Any]:
        """Save one by one, so that each keeps its history; returns what was not in that state yet."""
        changed = []
        with transaction.atomic():
            for item in queryset.exclude(state=state).select_for_update(of=("self",)):
                item.state = state
                item._history_user = request.user
                item.save()
                self.log_change(request, item, f"Status: {item.get_state_display()}")
                changed.append(item)
        return changed

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and publish when that button was used."""
        if "_publish" in request.POST:
            obj.state = PublicationState.PUBLISHED
        super().save_model(request, obj, form, change)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """For everybody, once it is published: until then nobody sees the draft."""
        return {"audience": Audience.PUBLIC} | super().get_changeform_initial_data(request)

    def hindrance(self, obj: Any) -> str:
        """What else keeps this from visitors though it is published, in a sentence; nothing for most content."""
        return ""

    def _tell_where_it_is(self, request: HttpRequest, obj: Any) -> None:
        """After "Bewaren en publiceren": where to look at it, or why visitors do not see it."""
        status = status_of(obj, timezone.now())
        if status.stage is not Stage.SHOWN:
            self.message_user(request, f"Nu niet op de site: {status.text}.", messages.WARNING)
        elif obj.audience != Audience.PUBLIC:
            audience = obj.get_audience_display().lower()
            self.message_user(
                request, f"Niet voor iedereen zichtbaar, maar voor: {audience}.", messages.WARNING
            )
        elif hindrance := self.hindrance(obj):
            self.message_user(request, hindrance, messages.WARNING)
        elif self.can_preview:
            link = format_html('<a href="{}">Bekijk op de site</a>', obj.get_absolute_url())
            self.message_user(request, link, messages.INFO)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        return self._preview_after_save(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._preview_after_save(request, obj) or super().response_change(request, obj)

    def _preview_after_save(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        """Where "Bewaren en voorbeeld bekijken" leads, or None when another button was used."""
        if "_publish" in request.POST:
            self._tell_where_it_is(request, obj)
        if self.can_preview and "_preview" in request.POST:
            self.message_user(request, f"“{obj}” is bewaard.", messages.SUCCESS)
            return HttpResponseRedirect(self._preview_url(obj))
        return None

    def _preview_url(self, obj: Model) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_preview", args=[obj.pk])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> Any:
        """The form with the state in words, and links to the preview and, when it is there, to the site."""
        status = status_of(obj, timezone.now()) if obj else None
        context |= {
            "status": status,
            "hindrance": self.hindrance(obj) if status and status.stage is Stage.SHOWN else "",
            "show_publish": obj is None or obj.state == PublicationState.DRAFT,
            "show_preview": self.can_preview,
            "show_save_and_add_another": False,
            "preview_url": self._preview_url(obj) if obj and self.can_preview else "",
        }
        response = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        # As it is stored: a form with errors leaves its own values in `obj`, such as an empty address.
        rows = self.model._default_manager.visible_to(request.user)
        on_site = rows.filter(pk=obj.pk).first() if obj is not None and self.can_preview else None
        response.context_data["has_absolute_url"] = on_site is not None
        response.context_data["absolute_url"] = on_site.get_absolute_url() if on_site else ""
        return response

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses and `<pk>/voorbeeld/`."""
        view = self.admin_site.admin_view(self.preview_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("<path:object_id>/voorbeeld/", view, name=name), *super().get_urls()]

    @method_decorator(require_safe)
    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The public page of an object, published or not, as a visitor who is not signed in would see it."""
        obj = self.get_object(request, unquote(object_id)) if self.can_preview else None
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        visit = copy.copy(request)
        visit.user = AnonymousUser()
        # Messages for the editor wait for the admin's next page.
        visit._messages = []  # type: ignore[attr-defined]
        response = self.preview(visit, obj)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def preview(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """The public page of this object, marked as a preview; `request` is that of an anonymous visitor."""
        raise NotImplementedError
