"""The directory of a group: its members by name, narrowed down by what somebody looks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.postgres.aggregates import ArrayAgg
from django.urls import reverse

from expoo_portal.themes.models import Topic
from expoo_portal.visibility import Viewer
from practices.models import FacetValue

from .models import Group, MemberPhoto, MemberProfile, Membership
from .names import NAMELESS, folded
from .requests import WORK_FACET
from .vocabulary import all_topics, values_of

PROVINCE_FACET = "provincie"
PER_PAGE = 24
_LONGEST = 80


@dataclass(frozen=True)
class Choice:
    """What somebody looks for: words in a name, organisation or place, and slugs of topics and values."""

    words: str = ""
    helps: str = ""
    seeks: str = ""
    province: str = ""
    work: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Choice:
        """What an address says."""

        def word(name: str) -> str:
            return " ".join(given.get(name, "").replace("\x00", "").split())[:_LONGEST]

        return cls(word("q"), word("helpt"), word("zoekt"), word("provincie"), word("werk"))

    def address(self, group: Group, page: int = 1, **changes: str) -> str:
        """The address of this choice, or of one that differs in some parts."""
        parts = {
            "q": self.words,
            "helpt": self.helps,
            "zoekt": self.seeks,
            "provincie": self.province,
            "werk": self.work,
            **changes,
            "pagina": str(page) if page > 1 else "",
        }
        query = urlencode({name: value for name, value in parts.items() if value})
        return reverse("members", args=[group.slug]) + (f"?{query}" if query else "")

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was chosen."""
        return self != Choice()


def photo_of(profile: MemberProfile | None) -> MemberPhoto | None:
    """The picture of a profile, which has one or not."""
    return getattr(profile, "photo", None)


class Listed(NamedTuple):
    """A member as far as the whole list needs: hundreds of whole memberships and users would cost too much."""

    pk: int
    user_id: int
    role: str
    name: str


@dataclass(frozen=True)
class Entry:
    """A member in the directory, as a card shows them."""

    membership: Listed
    organisation: str
    municipality: str
    can_help: list[Topic]
    photo: MemberPhoto | None

    @property
    def name(self) -> str:
        """What they are called."""
        return self.membership.name or NAMELESS


class Directory:
    """The members of a group who fit a choice; as many queries for a few members as for many."""

    def __init__(self, viewer: Viewer, group: Group, choice: Choice) -> None:
        self._viewer = viewer
        self.group = group
        self.choice = choice

    @cached_property
    def _all(self) -> list[Listed]:
        rows = Membership.objects.visible_to(self._viewer).active().filter(group=self.group).order_by()
        return [Listed(*row) for row in rows.values_list("pk", "user_id", "role", "user__name")]

    @cached_property
    def _profiles(self) -> dict[int, dict[str, Any]]:
        """By user what the choice asks about, for all members: a group holds hundreds, not thousands."""
        # Hundreds of keys in a query cost more than the few members of one's other groups.
        users = {membership.user_id for membership in self._all}
        rows = MemberProfile.objects.visible_to(self._viewer)
        names = ("pk", "user_id", "organisation", "municipality", "province__slug", "type_of_work__slug")
        topics = {f"{name}_ids": ArrayAgg(name, distinct=True) for name in ("can_help", "seeks_help")}
        told = rows.order_by().values(*names, **topics)
        return {row["user_id"]: row for row in told if row["user_id"] in users}

    def topics_in_use(self, relation: str) -> list[Topic]:
        """The topics that members of the group named as `can_help` or `seeks_help`."""
        used = {pk for row in self._profiles.values() for pk in row[f"{relation}_ids"]}
        return [topic for topic in all_topics() if topic.pk in used]

    def _with_topic(self, relation: str, slug: str) -> set[int]:
        wanted = {topic.pk for topic in all_topics() if topic.slug == slug}
        return {user for user, row in self._profiles.items() if wanted.intersection(row[f"{relation}_ids"])}

    @cached_property
    def _elsewhere(self) -> list[Listed]:
        """Who fits all of the choice but the province, by name."""
        choice, found = self.choice, self._all
        if choice.words:
            sought = folded(choice.words).split()
            found = [each for each in found if all(word in self._text_of(each) for word in sought)]
        if choice.work:
            found = [each for each in found if self._says(each, "type_of_work__slug") == choice.work]
        for relation, slug in (("can_help", choice.helps), ("seeks_help", choice.seeks)):
            if slug:
                fitting = self._with_topic(relation, slug)
                found = [each for each in found if each.user_id in fitting]
        return sorted(found, key=lambda each: (folded(each.name or NAMELESS), each.pk))

    def _told(self, membership: Listed) -> dict[str, Any]:
        return self._profiles.get(membership.user_id, {})

    def _says(self, membership: Listed, name: str) -> str:
        return self._told(membership).get(name) or ""

    def _text_of(self, membership: Listed) -> str:
        about = (self._says(membership, name) for name in ("organisation", "municipality"))
        return folded(" ".join([membership.name, *about]))

    @cached_property
    def members(self) -> list[Listed]:
        """Who fits the whole choice, by name."""
        if not self.choice.province:
            return self._elsewhere
        return [
            each for each in self._elsewhere if self._says(each, "province__slug") == self.choice.province
        ]

    def entries(self, page: int) -> list[Entry]:
        """One page of them, with what the cards show."""
        shown = self.members[(page - 1) * PER_PAGE : page * PER_PAGE]
        users = [each.user_id for each in shown]
        photos = MemberPhoto.objects.visible_to(self._viewer).filter(profile__user__in=users)
        faces = {photo.profile_id: photo for photo in photos}
        return [
            Entry(
                each,
                self._says(each, "organisation"),
                self._says(each, "municipality"),
                [topic for topic in all_topics() if topic.pk in self._told(each).get("can_help_ids", ())],
                faces.get(self._told(each).get("pk", 0)),
            )
            for each in shown
        ]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-len(self.members) // PER_PAGE))

    def provinces(self) -> list[dict[str, Any]]:
        """How many fit in each province, for the map; a click chooses it, a second one lets go."""
        counts = Counter(self._says(each, "province__slug") for each in self._elsewhere)
        rows = []
        for value in values_of(PROVINCE_FACET):
            is_chosen = value.slug == self.choice.province
            href = self.choice.address(self.group, provincie="" if is_chosen else value.slug)
            rows.append(
                {
                    "slug": value.slug,
                    "label": value.label,
                    "count": counts[value.slug],
                    "href": href if counts[value.slug] or is_chosen else "",
                    "selected": is_chosen,
                }
            )
        return rows


def kinds_of_work() -> Sequence[FacetValue]:
    """The values among which members say what sort of place they work in."""
    return values_of(WORK_FACET)
