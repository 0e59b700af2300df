"""The tests that hold the inside of groups fail when a guard is taken away: each is run here on something broken."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from expoo_portal.site_search import SiteSearch
from expoo_portal.visibility import Restricted, prefixed
from network import access, leaving, search_entries, search_kinds, writing
from network.models import (
    Digest,
    Draft,
    Group,
    MemberProfile,
    Membership,
    MembershipState,
    Post,
    PostEntry,
    PostFile,
    Thread,
    ThreadEntry,
)
from network.models.group import GroupContent
from network.models.membership import MembershipQuerySet
from network.models.reading import Own
from network.models.request import ForFacilitators
from network.views import posts as post_views
from tests import factories
from tests.guards import inside as guard
from tests.guards.routes import check_statuses
from tests.guards.world import make_world
from tests.roles import Role, client_of, person
from tests.test_route_matrix import network_routes

from . import test_access, test_canary_inside, test_search_inside, test_visibility
from .discussing import Room

pytestmark = pytest.mark.django_db
Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _quiet(settings: Any) -> Iterator[None]:
    settings.CONTENT_VERSION_SECONDS = 0
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def rule(patch: Patch, model: Any, made: Callable[[Any, Any], Q]) -> None:
    """Give this model, and what inherits its rule, another one."""
    patch.setattr(model, "visibility", classmethod(made))


# Rules --------------------------------------------------------------------------------------------------------


def open_what_is_inside(patch: Patch) -> None:
    rule(patch, GroupContent, lambda cls, viewer: Q())


def open_what_is_inside_to_staff(patch: Patch) -> None:
    rule(patch, GroupContent, lambda cls, viewer: Q() if viewer.is_staff else Q(group__in=viewer.group_ids))


def keep_what_was_deleted(patch: Patch) -> None:
    rule(patch, Thread, lambda cls, viewer: Q(group__in=viewer.group_ids))


def show_the_queue_to_members(patch: Patch) -> None:
    rule(patch, ForFacilitators, lambda cls, viewer: Q(group__in=viewer.group_ids))


def show_who_read_what(patch: Patch) -> None:
    rule(patch, Own, lambda cls, viewer: prefixed(Thread.visibility(viewer), "thread"))


def keep_reading_marks_of_who_left(patch: Patch) -> None:
    rule(patch, Own, lambda cls, viewer: Q(user_id=viewer.user.pk))


def show_drafts_to_members(patch: Patch) -> None:
    rule(patch, Draft, lambda cls, viewer: Q(group__in=viewer.group_ids))


def keep_drafts_of_who_left(patch: Patch) -> None:
    rule(patch, Draft, lambda cls, viewer: Q(user_id=viewer.user.pk))


def open_files_of_drafts(patch: Patch) -> None:
    rule(
        patch,
        PostFile,
        lambda cls, viewer: prefixed(Post.visibility(viewer), "post") | Q(draft__isnull=False),
    )


def hide_files_of_drafts(patch: Patch) -> None:
    rule(patch, PostFile, lambda cls, viewer: prefixed(Post.visibility(viewer), "post"))


def open_profiles(patch: Patch) -> None:
    rule(patch, MemberProfile, lambda cls, viewer: Q() if viewer.is_active else Q(pk__in=[]))


def hide_profiles(patch: Patch) -> None:
    rule(
        patch,
        MemberProfile,
        lambda cls, viewer: Q(user_id=viewer.user.pk) if viewer.is_active else Q(pk__in=[]),
    )


def open_memberships(patch: Patch) -> None:
    rule(patch, Membership, lambda cls, viewer: Q())


def show_what_was_mailed(patch: Patch) -> None:
    rule(patch, Digest, lambda cls, viewer: prefixed(Membership.visibility(viewer), "membership"))


def announce_every_group(patch: Patch) -> None:
    rule(patch, Group, lambda cls, viewer: Q())


def let_guests_in(patch: Patch) -> None:
    patch.setattr(MembershipQuerySet, "active", MembershipQuerySet.current)


def open_one_part(patch: Patch) -> None:
    """A part that forgets its post."""
    rule(patch, PostEntry, lambda cls, viewer: Q())


RULES: dict[str, tuple[Callable[[Patch], None], Callable[[], None]]] = {
    made.__name__: (made, check)
    for made, check in (
        (
            open_what_is_inside,
            lambda: test_visibility.test_role_sees_of_a_group_what_the_table_says(Role.GUEST),
        ),
        (
            open_what_is_inside_to_staff,
            lambda: test_visibility.test_role_sees_of_a_group_what_the_table_says(Role.SUPERUSER),
        ),
        (
            keep_what_was_deleted,
            lambda: test_visibility.test_what_hangs_on_a_deleted_thread_is_gone_for_everybody(Role.MEMBER),
        ),
        (
            show_the_queue_to_members,
            lambda: test_visibility.test_role_sees_of_a_group_what_the_table_says(Role.MEMBER),
        ),
        (
            show_who_read_what,
            lambda: test_visibility.test_role_sees_of_a_group_what_the_table_says(Role.MEMBER),
        ),
        (
            keep_reading_marks_of_who_left,
            lambda: test_visibility.test_role_sees_of_their_own_what_the_table_says(Role.ENDED),
        ),
        (
            show_drafts_to_members,
            lambda: test_visibility.test_role_sees_of_a_group_what_the_table_says(Role.FACILITATOR),
        ),
        (
            keep_drafts_of_who_left,
            lambda: test_visibility.test_role_sees_of_their_own_what_the_table_says(Role.ENDED),
        ),
        (
            open_files_of_drafts,
            lambda: test_access.test_each_file_is_for_the_members_and_a_draft_for_its_writer(Role.MEMBER),
        ),
        (
            hide_files_of_drafts,
            lambda: test_visibility.test_role_sees_of_their_own_what_the_table_says(Role.MEMBER),
        ),
        (
            open_profiles,
            lambda: test_visibility.test_role_sees_of_a_group_what_the_table_says(Role.REQUESTED),
        ),
        (
            hide_profiles,
            test_visibility.test_a_profile_is_seen_by_the_members_of_each_group_of_its_person_and_no_more,
        ),
        (
            open_memberships,
            lambda: test_visibility.test_role_sees_of_a_group_what_the_table_says(Role.ANONYMOUS),
        ),
        (
            show_what_was_mailed,
            lambda: test_visibility.test_role_sees_of_a_group_what_the_table_says(Role.MEMBER),
        ),
        (
            announce_every_group,
            lambda: test_visibility.test_a_group_that_nobody_announced_is_known_to_its_members_and_staff(
                Role.SIGNED_IN
            ),
        ),
        (let_guests_in, lambda: test_visibility.test_role_sees_of_a_group_what_the_table_says(Role.GUEST)),
        (
            open_one_part,
            lambda: test_visibility.test_role_sees_of_a_group_what_the_table_says(Role.OTHER_MEMBER),
        ),
    )
}


@pytest.mark.parametrize("name", RULES)
def test_a_broken_rule_is_noticed(monkeypatch: Patch, name: str) -> None:
    broken, check = RULES[name]
    broken(monkeypatch)
    with pytest.raises(AssertionError):
        check()


# Ways in ------------------------------------------------------------------------------------------------------


def open_every_room(patch: Patch) -> None:
    def any_group(viewer: Any, slug: str) -> Group:
        found = Group.objects.unrestricted().filter(slug=slug).first()
        if found is None:
            raise Http404
        return found

    patch.setattr(access, "group_of_member", any_group)


def let_everybody_facilitate(patch: Patch) -> None:
    patch.setattr(access, "facilitates", lambda request, group: True)


@pytest.mark.parametrize(
    ("broken", "role"), [(open_every_room, Role.REFUSED), (let_everybody_facilitate, Role.MEMBER)]
)
def test_the_route_matrix_notices_an_open_door(monkeypatch: Patch, broken: Any, role: Role) -> None:
    world = make_world()
    table = {
        name: row
        for name, row in network_routes(world).items()
        if name in ("members", "facilitation", "facilitation_reports", "outsider_view")
    }
    client = client_of(person(role, world.group))
    check_statuses(table, {role: client})
    broken(monkeypatch)
    with pytest.raises(AssertionError, match=f"as {role}: 200, not 404"):
        check_statuses(table, {role: client})


def test_a_post_that_is_found_in_any_group_is_noticed(monkeypatch: Patch) -> None:
    def anywhere(viewer: Any, group: Group, pk: int) -> Post:
        found = Post.objects.visible_to(viewer).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    for module in (writing, post_views):
        monkeypatch.setattr(module, "find_post", anywhere)
    with pytest.raises(AssertionError, match="post_"):
        test_access.test_what_belongs_to_another_group_is_not_there(make_world(), "of both")


def test_a_guest_who_stays_is_noticed(monkeypatch: Patch) -> None:
    def for_ever(rows: Any, at: Any = None) -> Any:
        now = at or timezone.now()
        ends = Q(ends_at__isnull=True) | Q(ends_at__gt=now) | Q(ends_at__lte=now)
        return rows.filter(ends, state=MembershipState.ACTIVE)

    monkeypatch.setattr(MembershipQuerySet, "current", for_ever)
    with pytest.raises(AssertionError):
        test_access.test_a_guest_comes_in_until_the_end_and_not_a_moment_longer()


# Search and mail ----------------------------------------------------------------------------------------------


def search_everywhere(patch: Patch) -> None:
    for model in (ThreadEntry, PostEntry):
        rule(patch, model, lambda cls, viewer: Q())


def suggest_every_title(patch: Patch) -> None:
    def titles(searcher: Any, user: Any) -> Any:
        return Thread.objects.unrestricted().values_list("title", flat=True)

    patch.setattr(search_kinds.Discussions, "titles", titles)
    search_everywhere(patch)


@pytest.mark.parametrize("broken", [search_everywhere, suggest_every_title])
def test_the_canary_notices_a_search_that_looks_in_other_groups(monkeypatch: Patch, broken: Any) -> None:
    inside = guard.write(factories.group())
    client = client_of(person(Role.OTHER_MEMBER, inside.group))
    guard.check_search(inside, client, Role.OTHER_MEMBER)
    broken(monkeypatch)
    with pytest.raises(AssertionError, match="as lid-elders|to lid-elders"):
        guard.check_search(inside, client, Role.OTHER_MEMBER)


def test_a_search_that_finds_what_was_deleted_is_noticed(monkeypatch: Patch) -> None:
    monkeypatch.setattr(search_entries, "write_posts", lambda ids: 0)
    with pytest.raises(AssertionError):
        test_search_inside.test_what_members_do_with_a_discussion_is_found_at_once(Room())


def test_words_that_stay_when_somebody_takes_them_away_are_noticed(monkeypatch: Patch) -> None:
    monkeypatch.setattr(leaving, "write_threads", lambda ids: 0)
    with pytest.raises(AssertionError):
        test_search_inside.test_who_takes_everything_away_is_found_no_more(Room())


def test_numbers_of_searches_that_tell_of_the_inside_are_noticed(monkeypatch: Patch) -> None:
    monkeypatch.setattr(SiteSearch, "open_total", SiteSearch.total)
    with pytest.raises(AssertionError, match=r"\[1, 2\] == \[0, 1\]"):
        test_search_inside.test_whoever_reads_how_searches_went_does_not_learn_what_is_inside(
            Room(), monkeypatch
        )


def test_mails_that_say_what_was_said_are_noticed(settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    inside = guard.write(factories.group())
    inside.group.may_excerpt = True
    inside.group.save()
    with pytest.raises(AssertionError):
        test_canary_inside.test_mails_hold_who_and_the_title_and_never_what_was_said(inside)


@pytest.mark.parametrize("model", [GroupContent, ForFacilitators, Own])
def test_each_rule_that_is_broken_here_is_the_one_that_counts(model: Any) -> None:
    """No model overrides the rule of its parent without a test of its own above."""
    overriding = {
        each.__name__
        for each in guard.network_models()
        if issubclass(each, Restricted) and issubclass(each, model) and "visibility" in vars(each)
    }
    assert overriding <= {"Thread", "Draft"}
