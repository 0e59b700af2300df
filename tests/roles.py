"""Everybody who can come to the portal, as Django test clients that are signed in the way the portal asks.

`clients` holds one per `Role`; the other fixtures name the ones that tests use most.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.models import Group as StaffGroup
from django.test import Client
from django.utils import timezone

from expoo_portal.accounts import second_factor
from network.models import Group, MembershipRole, MembershipState, RequestState
from tests import factories

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
EDITORS = "Redactie"


class Role(StrEnum):
    """Who asks; the values are the names of the demo accounts where there is one."""

    ANONYMOUS = "bezoeker"
    SIGNED_IN = "aangemeld"
    REQUESTED = "in-aanvraag"
    MEMBER = "lid"
    ENDED = "oud-lid"
    REFUSED = "geweigerd"
    OTHER_MEMBER = "lid-elders"
    GUEST = "gast"
    PAST_GUEST = "gast-voorbij"
    FACILITATOR = "begeleider"
    EDITOR = "redactie"
    SUPERUSER = "beheerder"


# Members of some group; the first and the last of the group in question.
MEMBERS = frozenset({Role.MEMBER, Role.OTHER_MEMBER, Role.FACILITATOR})
INSIDERS = frozenset({Role.MEMBER, Role.FACILITATOR})
STAFF = frozenset({Role.EDITOR, Role.SUPERUSER})
# Signed in, and yet no more than the public.
OUTSIDERS = frozenset({Role.SIGNED_IN, Role.REQUESTED, Role.REFUSED, Role.ENDED, Role.GUEST, Role.PAST_GUEST})

_REQUESTS = {Role.REQUESTED: RequestState.PENDING, Role.REFUSED: RequestState.REFUSED}
# When the access of a guest ends, from now.
_ENDS = {Role.GUEST: timedelta(days=7), Role.PAST_GUEST: -timedelta(minutes=1)}
_MEMBERSHIPS: Mapping[Role, dict[str, Any]] = {
    Role.MEMBER: {"state": MembershipState.ACTIVE},
    Role.ENDED: {"state": MembershipState.ENDED},
    Role.OTHER_MEMBER: {"state": MembershipState.ACTIVE},
    Role.GUEST: {"state": MembershipState.ACTIVE, "role": MembershipRole.GUEST},
    Role.PAST_GUEST: {"state": MembershipState.ACTIVE, "role": MembershipRole.GUEST},
    Role.FACILITATOR: {"state": MembershipState.ACTIVE, "role": MembershipRole.FACILITATOR},
}


def person(role: Role, group: Group) -> Any:
    """A new user of this role, with membership of `group`, rights and second factor; None for a visitor."""
    if role is Role.ANONYMOUS:
        return None
    user = factories.user(
        name=f"{role.value.capitalize()} van dienst",
        is_staff=role in STAFF,
        is_superuser=role is Role.SUPERUSER,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if role in _MEMBERSHIPS:
        ends = {"ends_at": timezone.now() + _ENDS[role]} if role in _ENDS else {}
        place = factories.group() if role is Role.OTHER_MEMBER else group
        factories.membership(user=user, group=place, **_MEMBERSHIPS[role], **ends)
    if role in _REQUESTS:
        factories.membership_request(group=group, email=user.email, name=user.name, state=_REQUESTS[role])
    if role is Role.EDITOR:
        user.groups.add(StaffGroup.objects.get(name=EDITORS))
    if second_factor.is_required(user):
        TOTP.activate(user, TOTP_SECRET)
    return user


def sign_in(client: Client, user: Any, *, with_second_factor: bool = True) -> Client:
    """Sign this client in as the sign-in pages would: a moment ago, and with the second factor if the user has one."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": user.email}
    ]
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if factor and with_second_factor:
        session["account_authentication_methods"] += [{"method": "mfa", "at": time.time(), "type": "totp"}]
        session[second_factor.SESSION_KEY] = (user.pk, factor.pk)
    session.save()
    return client


def client_of(user: Any, **options: Any) -> Client:
    """A new client, signed in as this user; None gives a visitor's."""
    client = Client(**options)
    return client if user is None else sign_in(client, user)


def make_clients(group: Group | None = None, **options: Any) -> dict[Role, Client]:
    """A client per role; the members belong to `group` (a new one unless named)."""
    group = group or factories.group()
    return {role: client_of(person(role, group), **options) for role in Role}


def user_of(client: Client) -> Any:
    """The user whom this client is signed in as, read afresh; None for a visitor."""
    if settings.SESSION_COOKIE_NAME not in client.cookies:
        return None
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=client.session["_auth_user_id"])


@pytest.fixture
def clients(db: None) -> dict[Role, Client]:
    """One client per role."""
    return make_clients()


@pytest.fixture
def anonymous() -> Client:
    """A visitor who is not signed in."""
    return Client()


@pytest.fixture
def signed_in(db: None) -> Client:
    """Somebody with an account who belongs to no group."""
    return client_of(person(Role.SIGNED_IN, factories.group()))


@pytest.fixture
def requested(db: None) -> Client:
    """Somebody who asked to become a member."""
    return client_of(person(Role.REQUESTED, factories.group()))


@pytest.fixture
def member(db: None) -> Client:
    """An active member of one group."""
    return client_of(person(Role.MEMBER, factories.group()))


@pytest.fixture
def ended(db: None) -> Client:
    """Somebody who was a member."""
    return client_of(person(Role.ENDED, factories.group()))


@pytest.fixture
def past_guest(db: None) -> Client:
    """A guest whose end date has passed."""
    return client_of(person(Role.PAST_GUEST, factories.group()))


@pytest.fixture
def facilitator(db: None) -> Client:
    """Who facilitates one group; with second factor."""
    return client_of(person(Role.FACILITATOR, factories.group()))


@pytest.fixture
def editor(db: None) -> Client:
    """An editor: staff, in the group of editors, with second factor."""
    return client_of(person(Role.EDITOR, factories.group()))


@pytest.fixture
def superuser(db: None) -> Client:
    """Whoever may do everything; with second factor."""
    return client_of(person(Role.SUPERUSER, factories.group()))
