"""The page on which an editor merges a value of a facet with another one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from expoo_portal.admin import RestrictedAdmin

from .merging import MergeForm, effect_of, merge
from .models import FacetValue


class MergingAdmin(RestrictedAdmin):
    """An admin of facet values with a page to merge one."""

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses and `<pk>/samenvoegen/`."""
        view = self.admin_site.admin_view(self.merge_view)
        name = "practices_facetvalue_merge"
        return [path("<path:object_id>/samenvoegen/", view, name=name), *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose the value that stays (GET), read what would happen (GET with a target), do it (POST)."""
        source = self.get_object(request, unquote(object_id))
        if source is None:
            raise Http404
        if not self.has_change_permission(request, source) or not self.has_delete_permission(request, source):
            raise PermissionDenied
        facet_url = reverse("admin:practices_facet_change", args=[source.facet_id])
        given = request.POST if request.method == "POST" else request.GET
        form = MergeForm(source, given if "target" in given else None)
        target = form.cleaned_data["target"] if form.is_valid() else None
        if target and "_merge" in request.POST:
            return self._merge(request, source, target, facet_url)
        context = {
            **self.admin_site.each_context(request),
            "title": f"‘{source}’ samenvoegen",
            "opts": self.opts,
            "source": source,
            "target": target,
            "form": form,
            "facet_url": facet_url,
            "effect": effect_of(source, target) if target else None,
        }
        return TemplateResponse(request, "admin/practices/facetvalue/merge.html", context)

    def _merge(
        self, request: HttpRequest, source: FacetValue, target: FacetValue, facet_url: str
    ) -> HttpResponse:
        try:
            with transaction.atomic():
                total = merge(source, target, request.user)
                text = f"‘{source}’ is samengevoegd met ‘{target}’, bij {total} praktijken."
                self.log_change(request, target, text)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        else:
            self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(facet_url)
