"""The page that shows every component with sample content, for who builds or edits the portal."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from practices.drawing import drawing

from .styleguide_form import SampleForm

_COLOURS = (
    ("papier", "#fdf7ef"),
    ("inkt", "#2a2338"),
    ("aubergine", "#4a2545"),
    ("koraal", "#b83a2b"),
    ("mos", "#2f5d50"),
    ("zon", "#f4b942"),
    ("perzik", "#fbdcc4"),
    ("zon-licht", "#fae3ae"),
    ("salie", "#dfe9e0"),
    ("lila", "#eadfe8"),
    ("lijn", "#8a7d74"),
)
_SPACES = ("buiten", "mobiel", "online", "eigen-ruimte", "multifunctionele-ruimte")
_STAFF = ("vrijwilligers", "professionele-medewerkers")


def _card(number: int, *, long: bool = False) -> dict[str, Any]:
    """A sample practice card; `long` with texts of the greatest length."""
    values = [f"type-organisatie={number}", f"ruimte={_SPACES[number % len(_SPACES)]}"]
    values += [f"begeleiding={who}" for who in _STAFF[: number % 3]]
    return {
        "slug": f"voorbeeld-{number}",
        "href": "#",
        "title": "Spel- en ontmoetingsruimte van het Huis van het Kind in de deelgemeente"
        if long
        else "Speelbos",
        "kicker": "Spel- en ontmoetingsplaats · Sint-Pieters-Leeuw (meerdere locaties)"
        if long
        else "Spelotheek · Gent",
        "line": "Een bakfiets met koffie en speelgoed trekt de wijk in en brengt ouders samen. "
        * (3 if long else 1),
        "example": number % 2 == 0,
        "archived": "Archief – bestaat niet meer sinds 3 mei 2024" if number % 3 == 1 else "",
        "image": None,
        "drawing": drawing(f"voorbeeld-{number}", values),
    }


def _facet(slug: str, label: str, number: int, *, is_open: bool) -> dict[str, Any]:
    """A sample filter panel with `number` values, one of them chosen and one without results."""
    rows = [
        {
            "slug": f"waarde-{place}",
            "label": f"Waarde {place}"
            if place != 2
            else "Buurtwerk of vereniging waar armen het woord nemen",
            "css": " is-empty" if place == 3 else "",
            "state": {1: " checked", 3: " disabled"}.get(place, ""),
            "count": 0 if place == 3 else 3 * place,
        }
        for place in range(1, number + 1)
    ]
    return {
        "slug": slug,
        "label": label,
        "state": " open" if is_open else "",
        "chosen": 1,
        "rows": rows,
        "fold": 7 if number > 7 else 0,
        "fold_state": "",
    }


_PROVINCES = (
    ("antwerpen", "Antwerpen", 9),
    ("limburg", "Limburg", 4),
    ("oost-vlaanderen", "Oost-Vlaanderen", 7),
    ("vlaams-brabant", "Vlaams-Brabant", 11),
    ("west-vlaanderen", "West-Vlaanderen", 0),
    ("brussel", "Brussels Hoofdstedelijk Gewest", 3),
)


def _samples() -> dict[str, Any]:
    """The sample content of the page."""
    return {
        "colours": _COLOURS,
        "cards": [_card(number) for number in range(1, 4)] + [_card(4, long=True)],
        "fan": [_card(number) for number in range(5, 10)],
        "pictures": [_card(number)["drawing"] for number in range(10, 26)],
        "facets": [_facet("soort", "Soort", 9, is_open=True), _facet("plek", "Plek", 4, is_open=False)],
        "provinces": [
            {
                "slug": slug,
                "label": label,
                "count": count,
                "href": "#" if count else "",
                "selected": count == 9,
            }
            for slug, label, count in _PROVINCES
        ],
        "pages": {
            "previous": "#",
            "next": "#",
            "links": [{"number": number, "href": "#", "current": number == 2} for number in (1, 2, 3)]
            + [None, {"number": 42, "href": "#", "current": False}],
        },
        "pieces": [("Speelgoed ruilen in het ", False), ("ruilhuis", True)],
        "views": [
            {"label": label, "href": "#", "current": label == "Lijst"}
            for label in ("Kaarten", "Lijst", "Kaart")
        ],
        "trail": [("Start", "#"), ("Praktijken", "#")],
        "fiche": [
            ("Organisatie", ["Huis van het Kind"]),
            ("Ruimte", [{"text": "Buiten", "href": "#"}, {"text": "Mobiel", "href": "#"}]),
            ("Waarop steunt deze beschrijving?", ["Eigen ervaring van de werking"]),
        ],
        "steps": [
            {"title": "Schrijf", "text": "Vertel in gewone woorden wat jullie doen."},
            {"title": "Laat nalezen", "text": "Een redacteur leest mee en stelt vragen."},
            {"title": "Deel", "text": "De praktijk verschijnt in de waaier."},
        ],
        "form": SampleForm(),
        "form_with_errors": SampleForm({"email": "geen adres"}, auto_id="fout_%s"),
    }


@require_safe
@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """All components, for staff; for anybody else the page does not exist."""
    if not request.user.is_staff:
        raise Http404
    return render(request, "styleguide.html", _samples())
