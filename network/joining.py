"""Coming in: the account, the membership and the profile of somebody whose address was confirmed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from expoo_portal.accounts.models import User
from expoo_portal.content_version import raised_once

from .models import Group, MemberProfile, Membership, MembershipRole, MembershipState


class AccountClosed(Exception):
    """The account of this address was closed by the portal's staff."""


@dataclass(frozen=True)
class Newcomer:
    """Whoever comes in; the address is theirs: they opened a link that was mailed to it."""

    email: str
    name: str
    # Fills in what the profile does not say yet: organisation, type_of_work, municipality.
    profile: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """What somebody becomes in a group."""

    group: Group
    rules_version: int
    role: str = MembershipRole.MEMBER
    ends_at: datetime | None = None


def account_of(email: str) -> User | None:
    """The account that signs in with this address."""
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        known = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
        user = known.user if known else None
    return user


def membership_of(group: Group, email: str) -> Membership | None:
    """What this address is or was in the group."""
    user = account_of(email)
    rows = Membership.objects.unrestricted().filter(group=group, user=user)
    return rows.first() if user else None


def is_member(group: Group, email: str) -> bool:
    """Whether this address belongs to an active member; a guest is none."""
    user = account_of(email)
    return (
        user is not None
        and Membership.objects.unrestricted().active().filter(group=group, user=user).exists()
    )


def let_in(newcomer: Newcomer, place: Place) -> Membership:
    """Give somebody their place in a group, with an account when they have none; in the caller's transaction.

    An active member stays what they are. Raises AccountClosed.
    """
    user = _account(newcomer)
    _fill_profile(user, newcomer.profile)
    # The number of members stands on the public introduction, which caches keep.
    with raised_once():
        return _membership(user, place)


def _account(newcomer: Newcomer) -> User:
    user = account_of(newcomer.email)
    if user is None:
        try:
            with transaction.atomic():
                # Without a password: they sign in by code.
                user = User.objects.create_user(newcomer.email, name=newcomer.name)
                EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        except IntegrityError:
            # Made a moment ago, for another group.
            user = User.objects.get(email=newcomer.email.lower())
    if not user.is_active:
        raise AccountClosed
    if not user.name and newcomer.name:
        user.name = newcomer.name
        user.save(update_fields=["name"])
    return user


def _fill_profile(user: User, known: dict[str, Any]) -> None:
    profile, is_new = MemberProfile.objects.unrestricted().get_or_create(user=user, defaults=known)
    missing = {name: value for name, value in known.items() if value and not getattr(profile, name)}
    if missing and not is_new:
        for name, value in missing.items():
            setattr(profile, name, value)
        profile.save(update_fields=[*missing, "updated"])


def _membership(user: User, place: Place) -> Membership:
    rows = Membership.objects.unrestricted().select_for_update(of=("self",))
    terms = {"role": place.role, "ends_at": place.ends_at, "rules_version": place.rules_version}
    membership, is_new = rows.get_or_create(group=place.group, user=user, defaults=terms)
    if is_new:
        return membership
    now = timezone.now()
    is_current = membership.state == MembershipState.ACTIVE and (
        membership.ends_at is None or membership.ends_at > now
    )
    if is_current and membership.role != MembershipRole.GUEST:
        return membership
    if not is_current:
        membership.since, membership.caught_up_at = now, now
    membership.state, membership.ended_at = MembershipState.ACTIVE, None
    for name, value in terms.items():
        setattr(membership, name, value)
    membership.save()
    return membership


def facilitators(group: Group) -> list[Membership]:
    """Who answers for the group now, with their accounts."""
    rows = Membership.objects.unrestricted().active().filter(group=group, role=MembershipRole.FACILITATOR)
    return list(rows.filter(user__is_active=True).select_related("user").order_by("pk"))


def may_still_answer(membership_id: str) -> bool:
    """Whether this membership still is a facilitator's: asked when a mail about a request leaves."""
    if not membership_id.isdecimal():
        return False
    rows = Membership.objects.unrestricted().active().filter(role=MembershipRole.FACILITATOR)
    return rows.filter(pk=int(membership_id), user__is_active=True).exists()


def still_belongs(membership_id: str) -> bool:
    """Whether this membership, a guest's too, still holds: asked when a mail that says so leaves."""
    if not membership_id.isdecimal():
        return False
    rows = Membership.objects.unrestricted().current().filter(pk=int(membership_id))
    return rows.filter(user__is_active=True).exists()
