""" "Werken aan visie": the tips of a theme, and the ones that a reader takes along. Those are their address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from expoo_portal.address_list import AddressList
from expoo_portal.page_cache import public_page

from .models import Document, Theme, Tip, TipFor, Topic
from .trail import trail_to

TOPIC = "onderwerp"
# What a form sends along: the tips of before, in the order that their reader gave them.
BEFORE = "volgorde"


@dataclass(frozen=True)
class ActionList(AddressList):
    """The codes of the tips that somebody wants to work on."""

    PARAMETER = "tips"
    MOST = 40

    def in_order_of(self, before: ActionList) -> ActionList:
        """These, the ones of before first and in their order: a form sends them as they stand on the page."""
        kept = [code for code in before.slugs if self.has(code)]
        return ActionList((*kept, *(code for code in self.slugs if code not in kept)), self.unknown)


def notices(chosen: ActionList) -> list[str]:
    """What of the address could not be followed."""
    said = []
    if chosen.unknown == 1:
        said.append("Eén tip uit dit adres staat hier niet (meer). We lieten die weg.")
    elif chosen.unknown:
        said.append(f"{chosen.unknown} tips uit dit adres staan hier niet (meer). We lieten ze weg.")
    if chosen.dropped:
        said.append(f"In een actielijst passen {ActionList.MOST} tips. Je ziet de eerste {ActionList.MOST}.")
    return said


@dataclass(frozen=True)
class Action:
    """A chosen tip, and the addresses of the list without it or in another order."""

    tip: Tip
    without: str
    earlier: str
    later: str


@dataclass(frozen=True)
class TopicChoice:
    """A topic to filter by, and how many tips are about it."""

    label: str
    href: str
    total: int
    is_chosen: bool


@dataclass(frozen=True)
class Shown:
    """A tip on the page, and how many documents of the theme are about its topic."""

    tip: Tip
    topics: list[Topic]
    documents: int
    documents_href: str


def topics_of(tip: Tip) -> list[Topic]:
    """Its own topic first, then what it is about too."""
    return list(dict.fromkeys([tip.topic, *tip.also.all()]))


class TipsPage:
    """The tips of a theme that a visitor may see, as the address asks for them."""

    def __init__(self, request: HttpRequest, theme: Theme, draft: Tip | None = None) -> None:
        self.theme = theme
        self._viewer = request.user
        rows = Tip.objects.visible_to(request.user).filter(theme=theme)
        self.tips: Sequence[Tip] = list(rows.select_related("topic").prefetch_related("also"))
        if draft is not None:
            others = [tip for tip in self.tips if tip.pk != draft.pk]
            self.tips = sorted([*others, draft], key=lambda tip: (tip.order, tip.code))
        self.by_code = {tip.code: tip for tip in self.tips}
        self.path = reverse("theme_tips", args=[theme.slug])
        asked = ActionList.parse(request.GET).in_order_of(ActionList.parse(request.GET, BEFORE))
        self.chosen = asked.known({code: code for code in self.by_code})
        self.asked_topic = request.GET.get(TOPIC, "")[:60]

    @property
    def trail(self) -> list[tuple[str, str]]:
        return trail_to(self.theme)

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """The topics of these tips, by slug, in the staff's order."""
        found = {topic.pk: topic for tip in self.tips for topic in topics_of(tip)}
        return {topic.slug: topic for topic in sorted(found.values(), key=lambda one: (one.order, one.label))}

    @property
    def topic(self) -> Topic | None:
        """The topic that the tips are filtered by."""
        return self.topics.get(self.asked_topic)

    @property
    def notices(self) -> list[str]:
        said = notices(self.chosen)
        if self.asked_topic and not self.topic:
            said.append("Over dit onderwerp staan hier geen tips. Je ziet ze allemaal.")
        return said

    @cached_property
    def shown(self) -> list[Tip]:
        """The tips about the chosen topic."""
        return [tip for tip in self.tips if self.topic is None or self.topic in topics_of(tip)]

    @cached_property
    def _documents(self) -> Counter[int]:
        """How many documents of the theme are about each topic."""
        documents = Document.objects.visible_to(self._viewer).filter(theme=self.theme)
        return Counter(documents.filter(topics__isnull=False).order_by().values_list("topics", flat=True))

    def _with_more(self, tip: Tip) -> Shown:
        address = reverse("documents", args=[self.theme.slug])
        href = f"{address}?{urlencode({TOPIC: tip.topic.slug})}"
        return Shown(tip, topics_of(tip), self._documents[tip.topic.pk], href)

    @property
    def groups(self) -> list[tuple[str, str, list[Shown]]]:
        """Per use of a tip its name in the address, its label, and the tips shown."""
        parts = (
            (use.value, use.label, [self._with_more(tip) for tip in self.shown if tip.used == use])
            for use in TipFor
        )
        return [part for part in parts if part[2]]

    @property
    def not_shown(self) -> list[str]:
        """The chosen codes that the filter hides: the form sends them along."""
        shown = {tip.code for tip in self.shown}
        return [code for code in self.chosen.slugs if code not in shown]

    @property
    def filters(self) -> list[TopicChoice]:
        """All topics, each with its tips counted; the chosen one leads back to all."""
        return [
            TopicChoice(
                topic.label,
                self.chosen.href(self.path, **{TOPIC: slug}),
                sum(topic in topics_of(tip) for tip in self.tips),
                slug == self.asked_topic,
            )
            for slug, topic in self.topics.items()
        ]

    @property
    def all_href(self) -> str:
        """To the tips about all topics."""
        return self.chosen.href(self.path)

    @property
    def actions(self) -> list[Action]:
        """The action list, in its order."""
        own, last = self.chosen, len(self.chosen) - 1
        more = {TOPIC: self.asked_topic if self.topic else ""}
        return [
            Action(
                self.by_code[code],
                own.minus(code).href(self.path, **more),
                own.moved(code, -1).href(self.path, **more) if place else "",
                own.moved(code, 1).href(self.path, **more) if place < last else "",
            )
            for place, code in enumerate(own.slugs)
        ]

    @property
    def address(self) -> str:
        """The whole address of the action list, to share."""
        return settings.SITE_URL + self.chosen.href(self.path)

    @property
    def mail(self) -> str:
        """A mail with the address, to nobody yet."""
        text = f"Met deze tips wil ik aan de slag:\n\n{self.address}\n"
        return f"mailto:?{urlencode({'subject': 'Onze actielijst', 'body': text}, quote_via=quote)}"

    @property
    def print_href(self) -> str:
        return self.chosen.href(reverse("theme_tips_print", args=[self.theme.slug]))


@require_safe
@public_page
def theme_tips(request: HttpRequest, slug: str) -> HttpResponse:
    """The tips of a theme, by topic, and above them the ones that this address takes along."""
    page = TipsPage(request, get_object_or_404(Theme.objects.visible_to(request.user), slug=slug))
    if BEFORE in request.GET:
        # What the form sent, as the short address that is shared.
        return redirect(page.chosen.href(page.path, **{TOPIC: page.asked_topic if page.topic else ""}))
    return render(request, "themes/tips.html", {"page": page})


def render_tip(request: HttpRequest, tip: Tip) -> HttpResponse:
    """A tip among the others of its theme, for an editor, published or not; its caller has checked the right."""
    return render(request, "themes/tips.html", {"page": TipsPage(request, tip.theme, tip), "preview": tip})


@require_safe
@public_page
def theme_tips_print(request: HttpRequest, slug: str) -> HttpResponse:
    """The chosen tips on paper to talk about: the question of each, and room to write."""
    page = TipsPage(request, get_object_or_404(Theme.objects.visible_to(request.user), slug=slug))
    return render(request, "themes/tips_print.html", {"page": page})
