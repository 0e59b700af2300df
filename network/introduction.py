"""How a group introduces itself: what anybody may know of it, and nothing of what is inside."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models.functions import Lower, Trim

from expoo_portal.themes.models import Theme

from .models import Group, HouseRules, MemberProfile, Membership


class People(NamedTuple):
    """How many, and nothing else."""

    members: int
    organisations: int


def people_in(group: Group) -> People:
    """How many active members a group has, and of how many organisations."""
    members = Membership.objects.unrestricted().active().filter(group=group)
    profiles = MemberProfile.objects.unrestricted().filter(user__in=members.values("user_id"))
    named = profiles.annotate(called=Lower(Trim("organisation"))).exclude(called="")
    return People(members.count(), named.values("called").distinct().count())


class Introduction(NamedTuple):
    """What the introduction of a group shows."""

    group: Group
    rules: HouseRules | None
    people: People
    theme: Theme | None


def introduction_of(group: Group, user: Any) -> Introduction:
    """The introduction of a group that this user may see."""
    rules = HouseRules.objects.visible_to(user).filter(group=group).order_by("-version").first()
    theme = Theme.objects.visible_to(user).filter(pk=group.theme_id).first() if group.theme_id else None
    return Introduction(group, rules, people_in(group), theme)


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
