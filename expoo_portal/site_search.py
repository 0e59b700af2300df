"""The site search: one box for everything that this visitor may see, in groups per kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from .page_cache import public_page
from .paging import page_links
from .per_version import PerVersion
from .search import kinds, suggestions
from .search.analysis import MAX_QUERY_CHARACTERS, Query
from .search.counting import count_search
from .search.kinds import Found, Hit, Label
from .search.lexicon import lexicon
from .search.pins import PinnedAnswer, pinned_to
from .search.words import suggestion
from .themes.models import Theme, Topic
from .visibility import Level, Viewer, viewer_of

# Hits of each kind before "alle ...".
BEST = 4
PAGE_SIZE = 20
MAX_PAGE = 10_000
# With fewer results than this, another spelling may be what was meant.
FEW = 3
MAX_NEAR = 6
MAX_TOPICS = 12


class Group(NamedTuple):
    """What was found of one kind: the best of it, and where all of it stands."""

    label: Label
    total: int
    hits: list[Hit]
    href: str

    @property
    def name(self) -> str:
        """The kind in words that fit the number: "1 tip", "12 tips"."""
        return self.label.named(self.total)


class Near(NamedTuple):
    """Another search that does find something."""

    text: str
    total: int
    href: str

    @property
    def shown(self) -> str:
        """How much it finds, in figures."""
        return kinds.shown(self.total)


@dataclass(frozen=True)
class SiteSearch:
    """What one address of the search finds for whoever asks. Each part is computed when the page asks for it."""

    text: str
    kind: str
    asked_page: int
    user: Any

    @classmethod
    def of(cls, parameters: Mapping[str, str], user: Any) -> SiteSearch:
        """The search that this address asks for; what it does not understand is left out."""
        text = " ".join(parameters.get("q", "").replace("\0", " ").split())
        if len(text) > MAX_QUERY_CHARACTERS:
            # Without the word that is cut through: nobody means that.
            text = text[:MAX_QUERY_CHARACTERS].rpartition(" ")[0] or text[:MAX_QUERY_CHARACTERS]
        kind = parameters.get("soort", "")
        page = parameters.get("pagina", "")
        number = int(page) if page.isdecimal() and page.isascii() and len(page) < 6 else 1
        return cls(text, kind if kind in kinds.labels() else "", min(max(1, number), MAX_PAGE), user)

    def href(self, kind: str = "", page: int = 1, text: str | None = None) -> str:
        """The address of this search within one kind, or with other words."""
        values = {
            "q": self.text if text is None else text,
            "soort": kind,
            "pagina": str(page) if page > 1 else "",
        }
        return f"{reverse('search')}?{urlencode({name: value for name, value in values.items() if value})}"

    @property
    def catalogue_query(self) -> str:
        """The same words as an address of the catalogue has them."""
        return urlencode({"q": self.text})

    @cached_property
    def query(self) -> Query:
        """The parsed search words."""
        return lexicon().query(self.text)

    @cached_property
    def found(self) -> dict[str, Found]:
        """What is found, by kind, in the order of the page."""
        return kinds.find(self.query, self.user)

    @cached_property
    def total(self) -> int:
        """How much there is of all kinds together."""
        return sum(found.total for found in self.found.values())

    @property
    def open_total(self) -> int:
        """The same without what is inside groups: whoever reads how much was found learns nothing of that."""
        labels = kinds.labels()
        return sum(found.total for slug, found in self.found.items() if not labels[slug].closed)

    @property
    def only_excludes(self) -> bool:
        """Whether it says what must not be there, and nothing that must."""
        return bool(self.query.tsquery()) and not self.query.stems

    @cached_property
    def groups(self) -> list[Group]:
        """Each kind with its best hits, or the one kind that is asked for with a page of them."""
        labels = kinds.labels()
        return [
            Group(labels[slug], found.total, self._hits(found), self.href(slug))
            for slug, found in self.found.items()
            if not self.kind or slug == self.kind
        ]

    def _hits(self, found: Found) -> list[Hit]:
        return found.hits((self.page - 1) * PAGE_SIZE, PAGE_SIZE) if self.kind else found.hits(0, BEST)

    @property
    def counts(self) -> list[dict[str, Any]]:
        """The kinds to choose from, each with how much there is."""
        labels = kinds.labels()
        rows = [
            {
                "label": labels[slug].plural,
                "total": found.total,
                "href": self.href(slug),
                "current": slug == self.kind,
            }
            for slug, found in self.found.items()
        ]
        everything = {"label": "Alles", "total": self.total, "href": self.href(), "current": not self.kind}
        return [everything, *rows] if len(rows) > 1 or self.kind else []

    @property
    def page_count(self) -> int:
        """How many pages the one kind has."""
        found = self.found.get(self.kind)
        return max(1, -(-found.total // PAGE_SIZE)) if found else 1

    @property
    def page(self) -> int:
        """The page shown: the last one when the address asks for a later one."""
        return min(self.asked_page, self.page_count)

    @cached_property
    def pages(self) -> dict[str, Any] | None:
        """Links to the other pages."""
        return page_links(self.page, self.page_count, lambda number: self.href(self.kind, number))

    @cached_property
    def pinned(self) -> list[PinnedAnswer]:
        """What staff recommend for this search."""
        return pinned_to(self.text, self.user) if not self.kind else []

    @cached_property
    def suggestion(self) -> Near | None:
        """ "Bedoelde je ...?": better spelled words that find more, when these find little."""
        found = self._others.get(self._better)
        return found if found and found.total > self.total else None

    @cached_property
    def near(self) -> list[Near]:
        """When nothing is found: what each of the words finds by itself."""
        return [found for word in self._single_words if (found := self._others[word]).total]

    @cached_property
    def _better(self) -> str:
        is_little = self.total < FEW and self.query.stems
        return suggestion(self.text) or "" if is_little else ""

    @property
    def _single_words(self) -> Sequence[str]:
        words = self.query.words
        return words[:MAX_NEAR] if not self.total and len(words) > 1 else ()

    @cached_property
    def _others(self) -> dict[str, Near]:
        """What other searches find than the one that finds too little: all counted at once."""
        texts = list(dict.fromkeys([*([self._better] if self._better else []), *self._single_words]))
        totals = kinds.count([lexicon().query(text) for text in texts], self.user)
        return {
            text: Near(text, total, self.href(text=text)) for text, total in zip(texts, totals, strict=True)
        }

    @cached_property
    def topics(self) -> list[Near]:
        """Subjects to start from, each with how much there is."""
        level = viewer_of(self.user).level
        totals = _topics.get(level, lambda: _topic_totals(Viewer.at(level)))
        return [Near(label, total, self.href(text=label)) for label, total in totals if total]

    @cached_property
    def contact_href(self) -> str:
        """Where to ask a person of the first theme; empty without a theme."""
        level = viewer_of(self.user).level
        return _contact.get(level, lambda: _contact_href(Viewer.at(level)))


_topics = PerVersion[Level, list[tuple[str, int]]]()
_contact = PerVersion[Level, str]()


def _contact_href(viewer: Viewer) -> str:
    found = Theme.objects.visible_to(viewer).first()
    return reverse("theme_contact", args=[found.slug]) if found else ""


def _topic_totals(viewer: Viewer) -> list[tuple[str, int]]:
    """The first subjects, each with how much this level of viewer finds with it."""
    labels = list(Topic.objects.values_list("label", flat=True)[:MAX_TOPICS])
    return list(zip(labels, kinds.count([lexicon().query(label) for label in labels], viewer), strict=True))


@require_safe
@public_page
def search(request: HttpRequest) -> HttpResponse:
    """The results of a search over everything, or the box alone."""
    search = SiteSearch.of(request.GET, request.user)
    response = render(request, "search/results.html", {"search": search})
    # Going on to one kind or page is no new search.
    if search.text and not search.kind:
        count_search(request, response, search.open_total)
    return response


@require_safe
@public_page
def suggest(request: HttpRequest) -> HttpResponse:
    """How the words that are being typed may go on, each with how much it finds."""
    text = request.GET.get("q", "").replace("\0", " ")
    found = suggestions.complete(text, request.user)
    return JsonResponse({"suggestions": [each._asdict() for each in found]})
