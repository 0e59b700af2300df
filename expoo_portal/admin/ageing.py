"""What nobody has looked at again for a long time: a filter for each list, and one page for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import CharField, DateField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from expoo_portal import dashboard
from expoo_portal.visibility import PublicationState, Publishable

from .restricted import everything

REVIEWED = "reviewed_on"
_PER_PAGE = 50
# Sorts what was never looked at before all that was.
_NEVER = date(1, 1, 1)
_REASON = "Vandaag nagekeken"


def year_ago(today: date) -> date:
    """The same day a year before."""
    try:
        return today.replace(year=today.year - 1)
    except ValueError:
        return today.replace(year=today.year - 1, day=28)


def aged(today: date) -> Q:
    """Looked at longer than a year ago, or never."""
    return Q(**{f"{REVIEWED}__isnull": True}) | Q(**{f"{REVIEWED}__lt": year_ago(today)})


class ReviewedFilter(admin.SimpleListFilter):
    """The list by when somebody last looked whether it is still right."""

    title = "nagekeken"
    parameter_name = "nagekeken"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("lang-geleden", "Langer dan een jaar geleden"), ("nooit", "Nooit")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        conditions = {
            "lang-geleden": Q(**{f"{REVIEWED}__lt": year_ago(timezone.localdate())}),
            "nooit": Q(**{f"{REVIEWED}__isnull": True}),
        }
        condition = conditions.get(self.value() or "")
        return queryset.filter(condition) if condition else queryset


class Row(NamedTuple):
    """Something on the site, and when somebody last looked whether it is right."""

    obj: Any
    kind: str
    change_url: str
    review_url: str
    may_change: bool


def _admins(site: admin.AdminSite, request: HttpRequest) -> dict[str, Any]:
    """The admins of what can age and this user may see, by the name of their model."""
    return {
        model._meta.label_lower: model_admin
        for model, model_admin in site._registry.items()
        if issubclass(model, Publishable)
        and any(field.name == REVIEWED for field in model._meta.fields)
        and model_admin.has_view_permission(request)
    }


def _on_site(model: type[Model]) -> QuerySet:
    """What visitors can come across now or once its moment is there; drafts wait for their editor anyway."""
    rows = everything(model._default_manager.all())
    return rows.filter(state=PublicationState.PUBLISHED).filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    )


def _oldest_first(labels: Iterable[str], admins: dict[str, Any]) -> QuerySet:
    """Kind and key of all that can age, in one query."""
    parts = [
        _on_site(admins[label].model)
        .order_by()
        .annotate(
            item_kind=Value(label, output_field=CharField()),
            item_key=Cast("pk", CharField()),
            item_since=Coalesce(REVIEWED, Value(_NEVER), output_field=DateField()),
        )
        .values_list("item_since", "item_kind", "item_key")
        for label in sorted(labels)
    ]
    first, *others = parts
    return first.union(*others, all=True).order_by("item_since", "item_kind", "item_key")


def _rows(page: Iterable[tuple[date, str, str]], admins: dict[str, Any], request: HttpRequest) -> list[Row]:
    """The things themselves, with one query for each kind."""
    keys: dict[str, list[str]] = {}
    wanted = [(kind, key) for _, kind, key in page]
    for kind, key in wanted:
        keys.setdefault(kind, []).append(key)
    found = {
        (kind, str(obj.pk)): obj
        for kind, own in keys.items()
        for obj in everything(admins[kind].model._default_manager.filter(pk__in=own))
    }
    return [_row(found[pair], admins[pair[0]], request) for pair in wanted if pair in found]


def _row(obj: Any, model_admin: Any, request: HttpRequest) -> Row:
    opts = obj._meta
    return Row(
        obj,
        str(opts.verbose_name),
        reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk]),
        reverse("admin:mark_reviewed", args=[opts.label_lower, obj.pk]),
        model_admin.has_change_permission(request, obj),
    )


@require_safe
def ageing_list(request: HttpRequest) -> HttpResponse:
    """All that is on the site and can age, what waits longest first."""
    admins = _admins(admin.site, request)
    if not admins:
        raise PermissionDenied
    paginator = Paginator(_oldest_first(admins, admins), _PER_PAGE)
    page = paginator.get_page(request.GET.get("p"))
    context = {
        **admin.site.each_context(request),
        "title": "Wat is lang niet nagekeken?",
        "rows": _rows(page.object_list, admins, request),
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "year_ago": year_ago(timezone.localdate()),
    }
    return TemplateResponse(request, "admin/ageing.html", context)


@require_POST
def mark_reviewed(request: HttpRequest, kind: str, object_id: str) -> HttpResponse:
    """Somebody looked today: a version of its own. Raises Http404 for what cannot age or is not there."""
    model_admin = _admins(admin.site, request).get(kind)
    if model_admin is None:
        raise Http404
    with transaction.atomic():
        rows = everything(model_admin.model._default_manager.all()).select_for_update(of=("self",))
        try:
            obj = rows.filter(pk=unquote(object_id)).first()
        except (ValueError, ValidationError):
            obj = None
        if obj is None:
            raise Http404
        if not model_admin.has_change_permission(request, obj):
            raise PermissionDenied
        obj.reviewed_on = timezone.localdate()
        obj._history_user = request.user
        obj._change_reason = _REASON
        obj.save()
        model_admin.log_change(request, obj, _REASON)
    messages.success(request, f"“{obj}” is vandaag nagekeken.")
    return HttpResponseRedirect(reverse("admin:ageing"))


def on_dashboard(request: HttpRequest) -> list[tuple[str, str]]:
    """How much waits to be looked at, with the address of the list."""
    today = timezone.localdate()
    models = [model_admin.model for model_admin in _admins(admin.site, request).values()]
    count = sum(_on_site(model).filter(aged(today)).count() for model in models)
    text = "1 tekst is lang niet nagekeken" if count == 1 else f"{count} teksten zijn lang niet nagekeken"
    return [(text, reverse("admin:ageing"))] if count else []


dashboard.register(on_dashboard)
