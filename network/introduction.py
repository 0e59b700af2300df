"""How a group introduces itself: what anybody may know of it, and nothing of what is inside."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Lower, Trim

from expoo_portal.themes.models import Theme
from expoo_portal.themes.pages import theme_pages

from .house_rules import current_rules
from .models import Group, HouseRules, MemberProfile, Membership


class People(NamedTuple):
    """How many, and nothing else."""

    members: int
    organisations: int


def people_in(group: Group) -> People:
    """How many active members a group has, and of how many organisations."""
    profile = MemberProfile.objects.unrestricted().filter(user=OuterRef("user"))
    members = Membership.objects.unrestricted().active().filter(group=group)
    named = members.annotate(called=Subquery(profile.values(called=Lower(Trim("organisation")))[:1]))
    counts = named.aggregate(
        members=Count("pk"), organisations=Count("called", filter=~Q(called=""), distinct=True)
    )
    return People(**counts)


class Introduction(NamedTuple):
    """What the introduction of a group shows."""

    group: Group
    rules: HouseRules | None
    people: People
    theme: Theme | None


def introduction_of(group: Group, user: Any) -> Introduction:
    """The introduction of a group that this user may see."""
    themes = (page.about for page in theme_pages(user).values())
    theme = next((theme for theme in themes if theme.pk == group.theme_id), None)
    return Introduction(group, current_rules(group), people_in(group), theme)


class MyGroup(NamedTuple):
    """A group, and what somebody is in it."""

    group: Group
    membership: Membership


def groups_of(user: Any) -> list[MyGroup]:
    """The groups in which somebody is a member or guest now, by name."""
    if not user.is_authenticated:
        return []
    rows = Membership.objects.visible_to(user).current().filter(user=user)
    memberships = {membership.group_id: membership for membership in rows}
    groups = Group.objects.unrestricted().filter(pk__in=memberships).order_by("title")
    return [MyGroup(group, memberships[group.pk]) for group in groups]


def my_group(user: Any, slug: str) -> MyGroup | None:
    """The group of this address with what somebody is in it now; None for whoever is nothing in it."""
    group = Group.objects.unrestricted().filter(slug=slug).first()
    membership = own_membership(user, group) if group else None
    return MyGroup(group, membership) if group and membership else None


def own_membership(user: Any, group: Group) -> Membership | None:
    """What somebody is in this group now; None for whoever is nothing in it."""
    if not user.is_authenticated:
        return None
    return Membership.objects.visible_to(user).current().filter(user=user, group=group).first()
