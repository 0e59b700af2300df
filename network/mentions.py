"""Calling upon members by name: `@Naam` becomes a link to the member, who is one of this group. Stored as `Mention`."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.urls import reverse
from django.utils.html import format_html

from expoo_portal.visibility import Viewer

from .models import Group, MemberProfile, Membership
from .names import FORMER, Person, folded, person_of
from .texts import pieces

MOST_SUGGESTED = 8
# Nobody calls upon half the group in one post.
MOST_MENTIONS = 20
_PUNCTUATION = ".'’-"


@dataclass(frozen=True)
class Ambiguous:
    """A name that several members have: the writer says who is meant."""

    name: str
    people: tuple[Person, ...]

    @property
    def key(self) -> str:
        """The name of the question in the form."""
        return f"wie-{folded(self.name).replace(' ', '-')}"


@dataclass
class Resolved:
    """A text with its mentions as links, whom it calls upon, and the names that are not clear yet."""

    html: str
    user_ids: list[int] = field(default_factory=list)
    unclear: list[Ambiguous] = field(default_factory=list)


def members_of(viewer: Viewer, group: Group) -> list[Person]:
    """Everybody who can be called upon, by name."""
    members = Membership.objects.visible_to(viewer).active().filter(group=group)
    found = members.select_related("user").order_by("user__name", "pk")
    profiles = MemberProfile.objects.visible_to(viewer).filter(user__in=[each.user_id for each in found])
    organisations = dict(profiles.values_list("user_id", "organisation"))
    return [person_of(group, each, organisations.get(each.user_id, "")) for each in found]


def complete(viewer: Viewer, group: Group, typed: str) -> list[Person]:
    """The first members of this group whose name, or a word of it, begins with what was typed."""
    wanted = folded(typed)
    found = [
        person
        for person in members_of(viewer, group)
        if any(f" {folded(person.name)}".startswith(f" {wanted}", place) for place in _words(person.name))
    ]
    found.sort(key=lambda person: (not folded(person.name).startswith(wanted), folded(person.name)))
    return found[:MOST_SUGGESTED]


def _words(name: str) -> list[int]:
    """Where the words of a name begin, counted from the space before it."""
    return [place for place, char in enumerate(f" {folded(name)}") if char == " "]


def resolve(viewer: Viewer, group: Group, html: str, chosen: Mapping[str, str]) -> Resolved:
    """Link the names in this sanitised text. `chosen`: for names that several have, the membership that is meant."""
    if "@" not in html:
        return Resolved(html)
    people = members_of(viewer, group)
    result = Resolved("", [person.user_id for person in _linked(html, people)])
    parts = []
    for piece, is_tag, in_link in pieces(html):
        if is_tag or in_link or "@" not in piece:
            parts.append(piece)
        else:
            parts.append(_resolve_text(entities.unescape(piece), people, chosen, result))
    result.html = "".join(parts)
    result.user_ids = list(dict.fromkeys(result.user_ids))[:MOST_MENTIONS]
    return result


def _resolve_text(text: str, people: list[Person], chosen: Mapping[str, str], result: Resolved) -> str:
    """One piece of text, escaped, with a link for each name after an @."""
    parts, rest = [], 0
    for found in re.finditer(r"(?<![\w.])@(?=\w)", text):
        if found.start() < rest:
            continue
        name, who = _longest(text[found.end() :], people)
        if not who:
            continue
        asked = Ambiguous(name, tuple(who))
        if len(who) > 1:
            picked = chosen.get(asked.key)
            if picked is None:
                if asked not in result.unclear:
                    result.unclear.append(asked)
                continue
            who = [person for person in who if str(person.membership_id) == picked]
            if not who:
                continue  # Nobody of them, said the writer.
        parts += [entities.escape(text[rest : found.start()], quote=False), _link(who[0])]
        result.user_ids.append(who[0].user_id)
        rest = found.end() + len(name)
    return "".join([*parts, entities.escape(text[rest:], quote=False)])


def _link(person: Person) -> str:
    return format_html('<a href="{}">@{}</a>', person.address, person.name)


def _longest(text: str, people: list[Person]) -> tuple[str, list[Person]]:
    """The longest name at the beginning of this text, whole or its first word, and who has it."""
    words = re.match(r"[\w'’.-]+(?: [\w'’.-]+){0,5}", text)
    given = words[0].split(" ") if words else []
    for count in range(len(given), 0, -1):
        name = " ".join(given[:count]).rstrip(_PUNCTUATION)
        whole = [person for person in people if folded(person.name) == folded(name)]
        if whole:
            return name, whole
    if given:
        name = given[0].rstrip(_PUNCTUATION)
        first = [person for person in people if folded(person.name).split(" ")[0] == folded(name)]
        return name, first
    return "", []


@cache
def _pattern() -> re.Pattern[str]:
    """A link to a member, in whatever group: threads move."""
    base = re.escape(reverse("members", args=["groep"])).replace("groep", r"[-\w]+")
    return re.compile(rf'<a [^>]*?href="(?:https?://[^/"]+)?{base}(\d+)/"[^>]*>(@[^<]*)</a>')


def _linked(html: str, people: list[Person]) -> list[Person]:
    """Who is called upon by a link already: chosen from the list while typing, or kept while editing."""
    wanted = {int(found[1]) for found in _pattern().finditer(html)}
    return [person for person in people if person.membership_id in wanted]


def mentioned_ids(html: str) -> set[int]:
    """The memberships that a stored text links to."""
    return {int(found[1]) for found in _pattern().finditer(html)} if "@" in html else set()


def without_names(html: str) -> str:
    """A stored text without the names of whom it calls upon: nobody is found by where others named them."""
    return _pattern().sub("", html) if "@" in html else html


def without_people(html: str, memberships: Collection[int]) -> str:
    """A stored text that calls these members "oud-lid" for good: their names are kept no longer."""
    return _pattern().sub(
        lambda found: f"@{FORMER}" if int(found[1]) in memberships else found[0],
        html,
    )


def shown(html: str, people: Mapping[int, Person]) -> str:
    """A stored text for its readers: who is no member any more is called "oud-lid" here as well."""
    if "@" not in html:
        return html

    def name(found: re.Match[str]) -> str:
        person = people.get(int(found[1]))
        return _link(person) if person else f"@{FORMER}"

    return _pattern().sub(name, html)
