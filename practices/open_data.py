"""Open data: the public practices as CSV and as JSON, streamed, with the same columns in both.

Holds what the public pages hold and nothing else: no contact, no e-mail address, no note of the editors. Memory and
the number of queries per chunk stay the same however many practices there are.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import condition, require_safe

from expoo_portal import content_version
from expoo_portal.page_cache import PUBLIC, public_page, takes_gzip
from expoo_portal.richtext import plain_text

from .catalogue import Catalogue, FacetInfo, catalogue_for
from .exchange import cells
from .models import Practice, PracticeLink, PracticeSource
from .results import Results
from .status import confirmation

CHUNK = 500
BETWEEN = " | "
LEFT_OUT = "[e-mailadres weggelaten]"
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")

Value = str | int | list[str] | None


class Column(NamedTuple):
    """A column of the open data, and what it holds, for whoever uses it."""

    name: str
    meaning: str


_FIRST = (
    Column("kenmerk", "Het vaste kenmerk van de praktijk, zoals het in het adres staat."),
    Column("adres", "De pagina van de praktijk."),
    Column("naam", "De naam, zoals gezinnen haar kennen."),
    Column("in_het_kort", "Wat er gebeurt, voor wie en waar."),
    Column("bijzonder", "Wat er bijzonder aan is, in één zin."),
    Column("organisatie", "De organisatie."),
    Column("gemeente", "De gemeente."),
)
_TEXTS = {
    "achtergrond": ("background", "Visie en achtergrond."),
    "aanpak": ("approach", "Hoe het werkt."),
    "eerste_bezoek": ("welcome", "Hoe een eerste bezoek verloopt."),
    "plek": ("space_note", "Hoe de plek eruitziet."),
    "sterktes": ("strengths", "Sterktes."),
    "uitdagingen": ("challenges", "Uitdagingen."),
    "wat_anders": ("tips", "Wat de werking anders zou doen."),
}
_LAST = (
    Column("partners", "De partners (meerdere waarden)."),
    Column("soort", "Waar de beschrijving vandaan komt. Een voorbeeld is verzonnen."),
    Column("soort_kenmerk", "Idem, als kenmerk."),
    Column("steunt_op", "Waarop de beschrijving steunt."),
    Column("steunt_op_kenmerk", "Idem, als kenmerk."),
    Column("niet_bevestigd", "Wat de bronnen openlaten."),
    Column("peiljaar", "Het jaar waarin de beschrijving klopte."),
    Column("nagekeken_op", "Wanneer de redactie de praktijk het laatst nakeek."),
    Column("bevestigd_op", "Wanneer de werking de praktijk het laatst bevestigde."),
    Column("bevestiging", "Hetzelfde in woorden, ook als de werking nog niets bevestigde."),
    Column("archief_sinds", "Sinds wanneer de praktijk niet meer bestaat. Leeg: ze bestaat nog."),
    Column("bronnen", "De adressen van de bronnen (meerdere waarden)."),
    Column("links", "De adressen van materiaal elders op het web (meerdere waarden)."),
    Column("gepubliceerd_op", "Sinds wanneer de praktijk op het portaal staat."),
    Column("gewijzigd_op", "Wanneer de beschrijving het laatst wijzigde."),
    Column("licentie", "De licentie waaronder je de gegevens gebruikt."),
)


def _facet_columns(facet: FacetInfo) -> tuple[str, str]:
    """The names of the columns with a facet's labels and slugs: no slug holds a dot, so no other column has them."""
    return f"facet.{facet.slug}.label", f"facet.{facet.slug}.kenmerk"


def columns(facets: Iterable[FacetInfo]) -> list[Column]:
    """All columns in order; a facet gives two."""
    facet_columns = [
        column
        for facet in facets
        for column in (
            Column(_facet_columns(facet)[0], f"{facet.label} (meerdere waarden)."),
            Column(_facet_columns(facet)[1], "Idem, als kenmerken."),
        )
    ]
    texts = [Column(name, meaning) for name, (_, meaning) in _TEXTS.items()]
    return [*_FIRST, *facet_columns, *texts, *_LAST]


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None


def _clean(value: Value) -> Value:
    """The value without e-mail addresses."""
    if isinstance(value, list):
        return [_without_addresses(text) for text in value]
    return _without_addresses(value) if isinstance(value, str) else value


def _without_addresses(text: str) -> str:
    return _EMAIL.sub(LEFT_OUT, text) if "@" in text else text


class Export:
    """The practices that an address finds in the public catalogue, as rows."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.columns = columns(results.catalogue.facets)
        self._facets = [(*_facet_columns(facet), facet) for facet in results.catalogue.facets]

    @property
    def query(self) -> str:
        """The choice of the address, in its one fixed order."""
        return self.results.address.choice().query()

    def rows(self) -> Iterator[dict[str, Value]]:
        """The practices in order of name, what stopped last; three queries per chunk."""
        index, mask = self.results.catalogue.index, self.results.selection.mask
        for offset in range(0, self.results.total, CHUNK):
            ids = index.ids(index.page(mask, None, offset, CHUNK))
            yield from self._chunk(ids)

    def _chunk(self, ids: Sequence[int]) -> Iterator[dict[str, Value]]:
        # Asked again of the database: what was hidden since the catalogue was made is left out.
        practices = Practice.objects.public().filter(pk__in=ids).annotate(chosen=F("entry__value_ids"))
        found = {practice.pk: practice for practice in practices}
        sources, links = (_addresses(model, ids) for model in (PracticeSource, PracticeLink))
        for pk in ids:
            if pk in found:
                values = self._values(found[pk], sources.get(pk, []), links.get(pk, []))
                yield {column.name: _clean(values[column.name]) for column in self.columns}

    def _values(self, practice: Any, sources: list[str], links: list[str]) -> dict[str, Value]:
        values: dict[str, Value] = {
            "kenmerk": practice.slug,
            "adres": f"{settings.SITE_URL}{practice.get_absolute_url()}",
            "naam": practice.name,
            "in_het_kort": practice.summary,
            "bijzonder": practice.special,
            "organisatie": practice.organisation,
            "gemeente": practice.municipality,
            "partners": practice.partner_list,
            "soort": practice.get_kind_display(),
            "soort_kenmerk": practice.kind,
            "steunt_op": practice.get_based_on_display(),
            "steunt_op_kenmerk": practice.based_on,
            "niet_bevestigd": practice.unconfirmed,
            "peiljaar": practice.reference_year,
            "nagekeken_op": _iso(practice.reviewed_on),
            "bevestigd_op": _iso(practice.confirmed_on),
            "bevestiging": confirmation(practice, timezone.localdate(), settings.PRACTICE_REVIEW_MONTHS),
            "archief_sinds": _iso(practice.archived_on),
            "bronnen": sources,
            "links": links,
            "gepubliceerd_op": _iso(practice.publish_at),
            "gewijzigd_op": _iso(practice.updated),
            "licentie": settings.OPEN_DATA_LICENCE["name"],
        }
        for name, (field, _) in _TEXTS.items():
            html = getattr(practice, field)
            values[name] = plain_text(html) if html else ""
        chosen = frozenset(practice.chosen or ())
        for labels, slugs, facet in self._facets:
            own = [value for value in facet.values if value.id in chosen]
            values[labels] = [value.label for value in own]
            values[slugs] = [value.slug for value in own]
        return values


def _addresses(model: Any, ids: Sequence[int]) -> dict[int, list[str]]:
    """The public addresses of these practices' sources or links, by practice."""
    found: dict[int, list[str]] = {}
    rows = model.objects.public().filter(practice__in=ids).order_by("order", "id")
    for pk, url in rows.values_list("practice_id", "url"):
        found.setdefault(pk, []).append(url)
    return found


def cell(value: Value) -> str:
    """A value as a cell that no spreadsheet takes for a formula."""
    if isinstance(value, list):
        return cells.escape(BETWEEN.join(value))
    return cells.escape("" if value is None else str(value))


def as_csv(export: Export) -> Iterator[bytes]:
    """The rows as Excel in Flanders reads them: UTF-8 with its mark, semicolons, one line of headings."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([cell(column.name) for column in export.columns])
    yield "\ufeff".encode()
    for row in export.rows():
        writer.writerow([cell(value) for value in row.values()])
        yield from _taken(buffer)
    yield buffer.getvalue().encode()


def _taken(buffer: io.StringIO, enough: int = 64_000) -> Iterator[bytes]:
    """What was written, once it is worth sending; the buffer is empty again."""
    if buffer.tell() >= enough:
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def as_json(export: Export) -> Iterator[bytes]:
    """The rows in an object that says what they are and under which licence."""
    about = {
        "title": "Inspirerende praktijken – EXPOO",
        "generated": timezone.localtime().isoformat(timespec="seconds"),
        "licence": settings.OPEN_DATA_LICENCE,
        "documentation": f"{settings.SITE_URL}{reverse('open_data')}",
        "filter": export.query,
    }
    buffer = io.StringIO()
    buffer.write(json.dumps(about, ensure_ascii=False)[:-1] + ', "practices": [')
    for number, row in enumerate(export.rows()):
        buffer.write((",\n" if number else "\n") + json.dumps(row, ensure_ascii=False))
        yield from _taken(buffer)
    buffer.write("\n]}\n")
    yield buffer.getvalue().encode()


def _compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


FORMS = {
    "csv": (as_csv, "text/csv; charset=utf-8", 'attachment; filename="expoo-praktijken.csv"'),
    "json": (as_json, "application/json", 'inline; filename="expoo-praktijken.json"'),
}


def _etag(request: HttpRequest, form: str) -> str:
    """Changes with the content, with the address and, because of what has to be confirmed again, with the day."""
    parts = (content_version.current(), form, request.META.get("QUERY_STRING", ""), timezone.localdate())
    return f'W/"{hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


def _last_modified(request: HttpRequest, form: str) -> datetime:
    changed = max(int(part) for part in content_version.current().split(".")) // 1000
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return max(datetime.fromtimestamp(changed, UTC), today.astimezone(UTC))


def public_results(request: HttpRequest) -> Results:
    """What this address finds for anybody, whoever asks."""
    catalogue: Catalogue = catalogue_for(None)
    return Results(catalogue, catalogue.address(request.GET))


@require_safe
@login_not_required
@condition(etag_func=_etag, last_modified_func=_last_modified)
def practice_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The public practices of an address as a file; the same for everybody, and too large to keep in memory."""
    write, content_type, disposition = FORMS[form]
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(content_type=content_type)
    else:
        pieces = write(Export(public_results(request)))
        packs = takes_gzip(request)
        response = StreamingHttpResponse(_compressed(pieces) if packs else pieces, content_type=content_type)
        if packs:
            response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response.headers["Cache-Control"] = PUBLIC
    response.headers["Content-Disposition"] = disposition
    response.headers["Link"] = f'<{settings.OPEN_DATA_LICENCE["url"]}>; rel="license"'
    # Open means also: to the pages of others.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
@public_page
def open_data(request: HttpRequest) -> HttpResponse:
    """What the open data of a choice hold, under which licence, and how to follow what is new."""
    results = public_results(request)
    return render(
        request,
        "practices/open_data.html",
        {
            "results": results,
            "columns": columns(results.catalogue.facets),
            "licence": settings.OPEN_DATA_LICENCE,
            "site_url": settings.SITE_URL,
            "trail": [("Start", reverse("home")), ("Praktijken", reverse("practice_list"))],
        },
    )
