"""What visitors search for, in the admin: a page to read and to take out, with nothing to change."""

from __future__ import annotations

import csv
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from expoo_portal.search.insight import MIN_SEARCHERS, Asked, SearchCount, insight
from expoo_portal.search.synonyms import SynonymWord, key_of

PERIODS = {7: "7 dagen", 30: "30 dagen", 90: "3 maanden", 395: "13 maanden"}
USUAL_PERIOD = 30
MAX_ROWS = 100


class Row(NamedTuple):
    """What was searched for, with what an editor can do about it; an empty address is not for this editor.

    `in_group` says that the words have synonyms already, which is where the address of synonyms then leads.
    """

    asked: Asked
    site_url: str
    synonym_url: str
    in_group: bool
    pin_url: str


@admin.register(SearchCount)
class SearchCountAdmin(admin.ModelAdmin):
    """ "Waar zoeken bezoekers naar?": only words that enough people searched for on one day, and never who did."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """The page and its export; single rows have no address, for they may hold rare words."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="portal_searchcount_changelist"),
            path("uitvoer.csv", view(self.export_view), name="portal_searchcount_export"),
        ]

    @method_decorator(require_safe)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The page, for the period in the address."""
        days = self._days(request)
        found = insight(days)
        without = found.without_results
        context = {
            **self.admin_site.each_context(request),
            "title": "Waar zoeken bezoekers naar?",
            "opts": self.opts,
            "days": days,
            "periods": PERIODS,
            "insight": found,
            "tables": [
                ("Zonder resultaat", "leeg", _rows(request, without[:MAX_ROWS]), len(without)),
                ("Meest gezocht", "meest", _rows(request, found.most[:MAX_ROWS]), len(found.most)),
            ],
            "shown_at_most": MAX_ROWS,
            "minimum": MIN_SEARCHERS,
        }
        return TemplateResponse(request, "admin/portal/searchcount/insight.html", context)

    @method_decorator(require_safe)
    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The same, as a file for a spreadsheet. Words hold letters, digits and spaces only, never a formula."""
        days = self._days(request)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="zoekvragen-{days}-dagen.csv"'
        response.headers["Cache-Control"] = "private, no-store"
        response.write("\ufeff")
        lines = csv.writer(response, delimiter=";")
        lines.writerow(["zoekvraag", "zoekbeurten", "zoekers (per dag geteld)", "resultaten"])
        lines.writerows(insight(days).most)
        return response

    def _days(self, request: HttpRequest) -> int:
        """The period that was asked for. Raises PermissionDenied for who may not read this."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("dagen", "")
        return int(asked) if asked in map(str, PERIODS) else USUAL_PERIOD


def _rows(request: HttpRequest, found: list[Asked]) -> list[Row]:
    may_add_synonym = request.user.has_perm("portal.add_synonymgroup")
    may_pin = request.user.has_perm("portal.add_pinnedanswer")
    pin = reverse("admin:portal_pinnedanswer_add")
    keys = {asked.query: key_of(asked.query) for asked in found}
    groups = dict(SynonymWord.objects.filter(key__in=keys.values()).values_list("key", "group_id"))
    return [
        Row(
            asked,
            f"{reverse('search')}?{urlencode({'q': asked.query})}",
            _synonym_url(asked.query, groups.get(keys[asked.query])) if may_add_synonym else "",
            keys[asked.query] in groups,
            f"{pin}?{urlencode({'searches': asked.query})}" if may_pin else "",
        )
        for asked in found
    ]


def _synonym_url(query: str, group: int | None) -> str:
    """The group in which these words stand, or a new one that begins with them."""
    if group:
        return reverse("admin:portal_synonymgroup_change", args=[group])
    return f"{reverse('admin:portal_synonymgroup_add')}?{urlencode({'words': f'{query}, '})}"
