"""Search by challenge: who found a way with what is hard here, and who knows the same challenge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from expoo_portal.page_cache import public_page
from expoo_portal.paging import page_links
from expoo_portal.search.words import suggestion
from expoo_portal.themes.models import Topic

from .address import MAX_PAGE, MultiValues, search_words
from .cards import marked
from .catalogue import TYPE_FACET, Catalogue, catalogue_for
from .challenge_groups import TopicGroup, TopicWords, about, topic_groups, topic_words
from .clues import Clue, Match, clues
from .models import Practice, PracticeKind, PracticeSentence, SentenceField
from .sentence_search import MAX_FOUND, having, live_first, matches
from .status import archive_label

PAGE_SIZE = 12
COMPANIONS = 6

_KEY = re.compile(r"[0-9a-f]{16}\Z")


@dataclass(frozen=True)
class Question:
    """What an address asks: the key of a challenge, the slug of a topic, or own words; the first that is given."""

    key: str = ""
    topic: str = ""
    q: str = ""
    page: int = 1

    def href(self, page: int = 1) -> str:
        """A relative link to this question, within the page."""
        pairs = [("uitdaging", self.key), ("onderwerp", self.topic), ("q", self.q)]
        pairs += [("pagina", str(page))] if page > 1 else []
        given = [(name, value) for name, value in pairs if value]
        return f"?{urlencode(given)}" if given else "./"


def parse(parameters: MultiValues) -> Question:
    """Read an address. Never raises; whether the topic or challenge exists is for the caller to find out."""

    def last(name: str) -> str:
        return " ".join(parameters.getlist(name)[-1:])

    page = last("pagina")
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= 7 else 1
    number = min(max(number, 1), MAX_PAGE)
    if key := last("uitdaging"):
        return Question(key=key, page=number)
    if topic := last("onderwerp"):
        return Question(topic=topic, page=number)
    return Question(q=search_words(parameters, "q"), page=number)


class Source(NamedTuple):
    """What is shown of the practice that a sentence is from."""

    name: str
    address: str
    kicker: str
    is_example: bool
    archived: str


class Quote(NamedTuple):
    """A sentence with the words that match marked, whose it is, and why it is here."""

    sentence: str
    key: str
    source: Source
    reason: str


class Answers:
    """What the page shows for a question, for this user. Each part is computed when the page asks for it."""

    def __init__(self, catalogue: Catalogue, user: Any, question: Question) -> None:
        self.catalogue = catalogue
        self._user = user
        self.asked = question

    @cached_property
    def topics(self) -> dict[str, TopicWords]:
        return topic_words(self.catalogue)

    @cached_property
    def topic(self) -> Topic | None:
        """The topic that was chosen."""
        entry = self.topics.get(self.asked.topic)
        return entry.topic if entry else None

    @cached_property
    def challenge(self) -> PracticeSentence | None:
        """The challenge that was chosen; None when this user may not see it or it is not there."""
        if not _KEY.match(self.asked.key):
            return None
        rows = PracticeSentence.objects.visible_to(self._user)
        return rows.filter(key=self.asked.key, field=SentenceField.CHALLENGES).order_by("id").first()

    @property
    def is_asked(self) -> bool:
        """Whether there is something to answer."""
        return bool(self.topic or self.challenge or self.asked.q)

    @property
    def notice(self) -> str:
        """What of the address could not be followed."""
        if self.asked.key and not self.challenge:
            return "Deze uitdaging vinden we niet meer. Kies er hieronder een andere."
        if self.asked.topic and not self.topic:
            return "Dit onderwerp kennen we niet. Kies er hieronder een ander."
        return ""

    @property
    def title(self) -> str:
        """What was asked, in its own words."""
        return self.topic.label if self.topic else self.challenge.text if self.challenge else self.asked.q

    @cached_property
    def _clues(self) -> tuple[Clue, ...]:
        return self.topics[self.asked.topic].clues if self.topic else clues(self.title)

    @cached_property
    def _topic_values(self) -> tuple[int, ...]:
        """The facet values of the topics asked for: the chosen one, those of the challenge's practice, those named."""
        if self.topic:
            return self.topics[self.asked.topic].values
        own = self.catalogue.value_ids(self.challenge.practice_id) if self.challenge else []
        terms = {term for clue in self._clues for term in clue.terms}
        return tuple(
            value_id
            for entry in self.topics.values()
            for value_id in entry.values
            if value_id in own or any(clue.term in terms for clue in entry.clues)
        )

    def _matches(self, field: SentenceField) -> list[Match]:
        """The sentences that match; of a chosen topic also what practices about it write without naming it."""
        found = matches(self.catalogue, field, self._clues, self._topic_values)
        if self.topic:
            index = self.catalogue.index
            places = [index.position(match.practice) for match in found]
            others = having(self.catalogue, field) & about(self.catalogue, self._topic_values)
            others &= ~sum(1 << place for place in places if place is not None)
            ids = index.ids(index.page(others, None, 0, MAX_FOUND))
            found = live_first(self.catalogue, [*found, *(Match(pk, 0, ()) for pk in ids)])[:MAX_FOUND]
        own = self.challenge.practice_id if self.challenge else None
        return [match for match in found if match.practice != own]

    @cached_property
    def _answers(self) -> list[Match]:
        return self._matches(SentenceField.STRENGTHS)

    @property
    def total(self) -> int:
        return len(self._answers)

    @property
    def is_cut(self) -> bool:
        """Whether there are more answers than a list is good for; the practice that asks is not counted."""
        return self.total >= MAX_FOUND - 1

    @property
    def page_count(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def page(self) -> int:
        """The page shown: the last one when the address asks for a later one."""
        return min(self.asked.page, self.page_count)

    @property
    def pages(self) -> dict[str, Any] | None:
        """Links to the other pages; None when everything fits on one."""
        return page_links(self.page, self.page_count, self.asked.href)

    @cached_property
    def _on_page(self) -> list[Match]:
        return self._answers[(self.page - 1) * PAGE_SIZE : self.page * PAGE_SIZE]

    @cached_property
    def _of_companions(self) -> list[Match]:
        return self._matches(SentenceField.CHALLENGES)[:COMPANIONS]

    @cached_property
    def answers(self) -> list[Quote]:
        """The answers on this page."""
        return self._quotes(self._on_page, SentenceField.STRENGTHS)

    @cached_property
    def companions(self) -> list[Quote]:
        """Others who know this challenge, with the sentence that says so."""
        return self._quotes(self._of_companions, SentenceField.CHALLENGES)

    @property
    def asker(self) -> Source | None:
        """The practice whose challenge was chosen."""
        return self._sources.get(self.challenge.practice_id) if self.challenge else None

    @cached_property
    def suggestion(self) -> Question | None:
        """ "Bedoelde je ...?": better spelled words, when these find nothing."""
        if self.total or not self.asked.q:
            return None
        words = suggestion(self.asked.q)
        return replace(self.asked, q=words, page=1) if words else None

    @property
    def groups(self) -> list[TopicGroup]:
        """The challenges to choose from."""
        return topic_groups(self.catalogue, self._user)

    @cached_property
    def _practices(self) -> list[int]:
        """Ids of all practices on the page."""
        shown = [match.practice for match in (*self._on_page, *self._of_companions)]
        return list(dict.fromkeys([*shown, *([self.challenge.practice_id] if self.challenge else [])]))

    @cached_property
    def _sources(self) -> dict[int, Source]:
        rows = Practice.objects.visible_to(self._user).filter(pk__in=self._practices)
        columns = rows.values_list("pk", "slug", "name", "municipality", "kind", "archived_on")
        return {
            pk: Source(
                name,
                reverse("practice_detail", args=[slug]),
                self._kicker(pk, place),
                kind == PracticeKind.EXAMPLE,
                archive_label(stopped),
            )
            for pk, slug, name, place, kind, stopped in columns
        }

    def _kicker(self, practice_id: int, place: str) -> str:
        """Type and place, as on the card."""
        types = self.catalogue.labels(TYPE_FACET, self.catalogue.value_ids(practice_id))
        return " · ".join([*types, place])

    def _quotes(self, found: Sequence[Match], field: SentenceField) -> list[Quote]:
        rows = self.catalogue.parts_of(PracticeSentence, self._practices)
        quotes = []
        for match in found:
            source = self._sources.get(match.practice)
            row = next(
                (row for row in rows[match.practice] if (row.field, row.position) == (field, match.position)),
                None,
            )
            if source and row:
                stems = frozenset(term for clue in match.clues for term in clue.terms)
                quotes.append(Quote(marked(row.text, stems), row.key, source, self._reason(match)))
        return quotes

    def _reason(self, match: Match) -> str:
        """Why a practice is here: the words it shares, else the topic."""
        if match.clues:
            return f"over: {', '.join(clue.word for clue in match.clues)}"
        return f"onderwerp: {self.title}"


@require_safe
@public_page
def challenges(request: HttpRequest) -> HttpResponse:
    """What is hard, and who knows a way; without a question the challenges to choose from."""
    answers = Answers(catalogue_for(request.user), request.user, parse(request.GET))
    return render(request, "practices/challenges.html", {"answers": answers})
