"""The challenges that practices name, below the topics, to choose from. Kept with the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from expoo_portal.themes.models import Topic

from .catalogue import Catalogue
from .clues import Clue, clues
from .models import FacetValue, Practice, PracticeKind, PracticeSentence, SentenceField
from .sentence_search import having

# So many challenges per topic, of at most so many practices.
SHOWN_PER_TOPIC = 4
PRACTICES_PER_TOPIC = 8


class Challenge(NamedTuple):
    """A challenge to choose; one of an invented practice says so."""

    key: str
    text: str
    is_example: bool


class TopicGroup(NamedTuple):
    """A topic with challenges of practices about it."""

    topic: Topic
    challenges: tuple[Challenge, ...]


class TopicWords(NamedTuple):
    """A topic as the search uses it: its clues and the facet values that stand for it."""

    topic: Topic
    clues: tuple[Clue, ...]
    values: tuple[int, ...]


def topic_words(catalogue: Catalogue) -> dict[str, TopicWords]:
    """The topics in their order, by slug; kept with the catalogue."""

    def read(_: object) -> dict[str, dict[str, TopicWords]]:
        values: dict[Topic, list[int]] = {}
        for value_id, topic in catalogue.topics.items():
            values.setdefault(topic, []).append(value_id)
        synonyms = dict(FacetValue.objects.exclude(topic=None).values_list("pk", "synonyms"))
        return {
            "topics": {
                topic.slug: TopicWords(
                    topic,
                    clues(" . ".join([topic.label, *(synonyms.get(pk, "") for pk in ids)])),
                    tuple(ids),
                )
                for topic, ids in values.items()
            }
        }

    found: dict[str, TopicWords] = catalogue.answers.get(["topics"], read)["topics"]
    return found


def topic_groups(catalogue: Catalogue, user: Any) -> list[TopicGroup]:
    """Challenges of practices that go on, the newest first, each below one topic of its practice; kept."""

    def read(_: object) -> dict[str, list[TopicGroup]]:
        return {"groups": _groups(catalogue, user)}

    found: list[TopicGroup] = catalogue.answers.get(["groups"], read)["groups"]
    return found


def _groups(catalogue: Catalogue, user: Any) -> list[TopicGroup]:
    topics = list(topic_words(catalogue).values())
    mask = having(catalogue, SentenceField.CHALLENGES) & catalogue.live
    practices: dict[int, list[TopicWords]] = {}
    for entry in topics:
        chosen = mask & about(catalogue, entry.values)
        places = catalogue.index.page(chosen, "nieuwste", 0, PRACTICES_PER_TOPIC)
        for pk in catalogue.index.ids(places):
            practices.setdefault(pk, []).append(entry)
    rows = catalogue.parts_of(PracticeSentence, list(practices))
    invented = Practice.objects.visible_to(user).filter(pk__in=practices, kind=PracticeKind.EXAMPLE)
    examples = set(invented.values_list("pk", flat=True))
    shown: dict[str, dict[int, list[Challenge]]] = {entry.topic.slug: {} for entry in topics}
    for pk, own in practices.items():
        for row in rows[pk]:
            if row.field == SentenceField.CHALLENGES:
                home = min(
                    own, key=lambda entry: (not _shares(entry, row.terms), _size(shown[entry.topic.slug]))
                )
                shown[home.topic.slug].setdefault(pk, []).append(Challenge(row.key, row.text, pk in examples))
    return [
        TopicGroup(entry.topic, tuple(_in_turn(shown[entry.topic.slug].values()))[:SHOWN_PER_TOPIC])
        for entry in topics
        if shown[entry.topic.slug]
    ]


def about(catalogue: Catalogue, values: Iterable[int]) -> int:
    """The bitset of the practices that have one of these values."""
    mask = 0
    for value_id in values:
        mask |= catalogue.index.bits[value_id]
    return mask


def _shares(entry: TopicWords, terms: Sequence[str]) -> bool:
    return any(not clue.terms.isdisjoint(terms) for clue in entry.clues)


def _size(lists: Mapping[int, Sequence[Challenge]]) -> int:
    return sum(map(len, lists.values()))


def _in_turn(lists: Iterable[Sequence[Challenge]]) -> list[Challenge]:
    """The first of each, then the second of each: so that many practices are heard."""
    found = (challenge for turn in zip_longest(*lists) for challenge in turn if challenge)
    return list({challenge.key: challenge for challenge in found}.values())
