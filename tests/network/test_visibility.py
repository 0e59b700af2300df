"""Who sees each row of the network: tables by role, for what belongs to a group and for what belongs to one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone

from expoo_portal.visibility import Level, Restricted, Viewer
from network.models import (
    Digest,
    Draft,
    Follow,
    Group,
    HouseRules,
    Invitation,
    MemberPhoto,
    MemberProfile,
    Membership,
    MembershipRequest,
    Mention,
    Nudge,
    Post,
    PostEntry,
    PostFile,
    PostReport,
    PostVersion,
    Reaction,
    ReadMark,
    RequestStep,
    StarterProposal,
    Thread,
    ThreadEntry,
)
from tests import factories
from tests.guards.inside import network_models
from tests.roles import INSIDERS, STAFF, Role, person

from .discussing import posts_of

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(Role)
LEADING = frozenset({Role.FACILITATOR})
NOBODY: frozenset[Role] = frozenset()
SIGNED_IN = EVERYBODY - {Role.ANONYMOUS}

# What makes a row in this group, by somebody else than who looks, and who sees it.
Making = tuple[Callable[[Group], models.Model], frozenset[Role]]


def post_in(group: Group) -> Post:
    (post,) = posts_of(factories.thread(group=group))
    return post


def profile_in(group: Group) -> MemberProfile:
    return factories.member_profile(user=factories.membership(group=group).user)


def photo_of(profile: MemberProfile) -> MemberPhoto:
    made = MemberPhoto(profile=profile, file=ContentFile(factories.picture(), name="ik.png"))
    made.save()
    return made


def draft_of(group: Group, user: Any, **fields: Any) -> Draft:
    return Draft.objects.create(group=group, user=user, body="<p>Nog niet.</p>", **fields)


def file_of(draft: Draft) -> PostFile:
    made = PostFile(draft=draft, file=ContentFile(b"Nog niet.", name="later.txt"))
    made.save()
    return made


def request_in(group: Group) -> MembershipRequest:
    return factories.membership_request(group=group)


def other(group: Group) -> Any:
    return factories.membership(group=group).user


ROWS: dict[type[models.Model], Making] = {
    Group: (lambda group: group, EVERYBODY),
    HouseRules: (lambda group: factories.house_rules(group=group), EVERYBODY),
    Membership: (lambda group: factories.membership(group=group), INSIDERS),
    MemberProfile: (profile_in, INSIDERS),
    MemberPhoto: (lambda group: photo_of(profile_in(group)), INSIDERS),
    Thread: (lambda group: factories.thread(group=group), INSIDERS),
    ThreadEntry: (
        lambda group: ThreadEntry.objects.unrestricted().get(thread=factories.thread(group=group)),
        INSIDERS,
    ),
    Post: (post_in, INSIDERS),
    PostEntry: (lambda group: PostEntry.objects.unrestricted().get(post=post_in(group)), INSIDERS),
    PostVersion: (
        lambda group: PostVersion.objects.create(post=post_in(group), body="<p>Eerst.</p>"),
        INSIDERS,
    ),
    PostFile: (lambda group: factories.post_file(post=post_in(group)), INSIDERS),
    Reaction: (lambda group: factories.reaction(post=post_in(group)), INSIDERS),
    Mention: (lambda group: Mention.objects.create(post=post_in(group), user=other(group)), INSIDERS),
    Nudge: (
        lambda group: Nudge.objects.create(thread=factories.thread(group=group), user=other(group)),
        INSIDERS,
    ),
    MembershipRequest: (request_in, LEADING),
    RequestStep: (
        lambda group: RequestStep.objects.create(request=request_in(group), to_state="pending"),
        LEADING,
    ),
    Invitation: (lambda group: Invitation.objects.create(group=group, email="in@example.org"), LEADING),
    PostReport: (
        lambda group: PostReport.objects.create(
            group=group, post=post_in(group), reporter=other(group), reason="Dit is privé."
        ),
        LEADING,
    ),
    StarterProposal: (
        lambda group: StarterProposal.objects.create(group=group, period="2026-10", title="Hoe?", body="?"),
        LEADING,
    ),
    Draft: (lambda group: draft_of(group, other(group)), NOBODY),
    ReadMark: (
        lambda group: ReadMark.objects.create(
            user=other(group), thread=factories.thread(group=group), number=1
        ),
        NOBODY,
    ),
    Follow: (
        lambda group: Follow.objects.create(
            user=other(group), thread=factories.thread(group=group), state="following"
        ),
        NOBODY,
    ),
    Digest: (
        lambda group: Digest.objects.create(
            membership=factories.membership(group=group), period="2026-W48", up_to=timezone.now()
        ),
        NOBODY,
    ),
}

# The same of who looks: what makes it, and who then sees it. Some rows are theirs whatever they are in the group.
OWN: dict[str, tuple[Callable[[Group, Any], models.Model], frozenset[Role]]] = {
    "membership": (
        lambda group, user: (
            Membership.objects.unrestricted().filter(user=user).first()
            or factories.membership(group=group, user=user, state="ended")
        ),
        SIGNED_IN,
    ),
    "profile": (lambda group, user: factories.member_profile(user=user), SIGNED_IN),
    "photo": (lambda group, user: photo_of(factories.member_profile(user=user)), SIGNED_IN),
    "draft of a thread": (lambda group, user: draft_of(group, user), INSIDERS),
    "draft of an answer": (
        lambda group, user: draft_of(group, user, thread=factories.thread(group=group)),
        INSIDERS,
    ),
    "draft in a deleted thread": (
        lambda group, user: draft_of(
            group, user, thread=factories.thread(group=group, deleted_at=timezone.now())
        ),
        NOBODY,
    ),
    "file of a draft": (lambda group, user: file_of(draft_of(group, user)), INSIDERS),
    "read mark": (
        lambda group, user: ReadMark.objects.create(
            user=user, thread=factories.thread(group=group), number=1
        ),
        INSIDERS,
    ),
    "follow": (
        lambda group, user: Follow.objects.create(
            user=user, thread=factories.thread(group=group), state="muted"
        ),
        INSIDERS,
    ),
    "request": (
        lambda group, user: factories.membership_request(group=group, email=f"{user.pk}@example.org"),
        LEADING,
    ),
    "report": (
        lambda group, user: PostReport.objects.create(
            group=group, post=post_in(group), reporter=user, reason="Dit is privé."
        ),
        LEADING,
    ),
}


def sees(user: Any, row: Any) -> bool:
    """Whether this row is among those that this user sees; the row itself says the same."""
    model = type(row)
    found = model.objects.visible_to(user).filter(pk=row.pk).exists()
    assert row.is_visible_to(user) == found
    assert (row.pk in set(model.objects.visible_to(user).values_list("pk", flat=True))) == found
    return found


def test_every_restricted_model_of_the_network_is_in_the_table() -> None:
    assert set(ROWS) == {model for model in network_models() if issubclass(model, Restricted)}


@pytest.mark.parametrize("role", Role)
def test_role_sees_of_a_group_what_the_table_says(role: Role) -> None:
    group = factories.group()
    user = person(role, group)
    seen = {model.__name__ for model, (make, _) in ROWS.items() if sees(user, make(group))}
    assert seen == {model.__name__ for model, (_, readers) in ROWS.items() if role in readers}


@pytest.mark.parametrize("role", Role)
def test_nobody_sees_more_of_a_group_that_is_not_theirs_than_everybody(role: Role) -> None:
    user = person(role, factories.group())
    elsewhere = factories.group()
    seen = {model.__name__ for model, (make, _) in ROWS.items() if sees(user, make(elsewhere))}
    assert seen == {"Group", "HouseRules"}


@pytest.mark.parametrize("role", Role)
def test_a_group_that_nobody_announced_is_known_to_its_members_and_staff(role: Role) -> None:
    group = factories.group(is_announced=False)
    user = person(role, group)
    assert sees(user, group) == (role in INSIDERS | STAFF)
    assert sees(user, factories.house_rules(group=group)) == (role in INSIDERS | STAFF)


@pytest.mark.parametrize("role", sorted(SIGNED_IN))
def test_role_sees_of_their_own_what_the_table_says(role: Role) -> None:
    seen = set()
    for name, (make, _) in OWN.items():
        group = factories.group()
        user = person(role, group)
        if sees(user, make(group, user)):
            seen.add(name)
    assert seen == {name for name, (_, readers) in OWN.items() if role in readers}


@pytest.mark.parametrize("role", sorted(INSIDERS))
def test_what_hangs_on_a_deleted_thread_is_gone_for_everybody(role: Role) -> None:
    group = factories.group()
    user = person(role, group)
    parts = (Thread, ThreadEntry, Post, PostEntry, PostVersion, PostFile, Reaction, Mention, Nudge)
    rows = [ROWS[model][0](group) for model in parts]
    assert all(sees(user, row) for row in rows)
    Thread.objects.unrestricted().filter(group=group).update(deleted_at=timezone.now())
    assert not any(sees(user, row) for row in rows)


@pytest.mark.parametrize("role", sorted(INSIDERS))
def test_whoever_may_no_longer_sign_in_sees_nothing_of_their_group(role: Role) -> None:
    def gone(user: Any) -> Any:
        found = type(user).objects.get(pk=user.pk)
        found.is_active = False
        return found

    group = factories.group()
    user = gone(person(role, group))
    assert not [
        model for model, (make, readers) in ROWS.items() if readers != EVERYBODY and sees(user, make(group))
    ]
    for name, (make_own, _) in OWN.items():
        place = factories.group()
        user = person(role, place)
        row = make_own(place, user)
        assert not sees(gone(user), row), name


def test_a_profile_is_seen_by_the_members_of_each_group_of_its_person_and_no_more() -> None:
    first, second, third = (factories.group() for _ in range(3))
    profile = profile_in(first)
    factories.membership(group=second, user=profile.user)
    factories.membership(group=third, user=profile.user, state="ended")
    readers = [factories.membership(group=group).user for group in (first, second, third)]
    assert [sees(user, profile) for user in readers] == [True, True, False]
    Membership.objects.unrestricted().filter(user=profile.user, group=first).update(
        role="guest", ends_at=timezone.now() + timedelta(days=1)
    )
    assert [sees(type(user).objects.get(pk=user.pk), profile) for user in readers] == [False, True, False]


def test_a_level_without_its_groups_sees_nothing_inside() -> None:
    group = factories.group()
    viewers = [Viewer.at(level) for level in Level]
    for make, readers in ROWS.values():
        if readers != EVERYBODY:
            row = make(group)
            assert not any(sees(viewer, row) for viewer in viewers)
