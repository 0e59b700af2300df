"""Queries that are put together once give what they would give each time anew, and refuse what they cannot keep."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from expoo_portal import prepared
from expoo_portal.prepared import Prepared
from expoo_portal.visibility import Viewer
from network.models import Membership, Post, Thread
from tests import factories
from tests.network.discussing import Room
from tests.roles import Role, person


def posts(viewer: Viewer, *, thread: int, numbers: Any) -> Any:
    return Post.objects.visible_to(viewer).filter(thread=thread, number__in=numbers).order_by("number")


def viewers(room: Room) -> list[Viewer]:
    """Everybody there is, and one who is in two groups."""
    found = [Viewer.of(person(role, room.group)) for role in Role]
    user = factories.user()
    for group in (room.group, factories.group()):
        factories.membership(user=user, group=group)
    return [*found, Viewer.of(user)]


@pytest.mark.django_db
def test_it_gives_what_the_query_gives_to_each_viewer_and_value() -> None:
    room, other = Room(), Room()
    threads = [room.thread(), room.thread(), other.thread()]
    for thread in threads:
        factories.post(thread=thread)
    kept = Prepared(posts)
    seen = set()
    for viewer in viewers(room) + viewers(other):
        for thread in threads:
            for numbers in ([1], [2], [1, 2], [3, 2], [9], []):
                found = kept.ask(viewer, thread=thread.pk, numbers=numbers)
                expected = list(posts(viewer, thread=thread.pk, numbers=numbers))
                assert found == expected
                assert [post.body for post in found] == [post.body for post in expected]
                seen.add(len(found))
    assert seen == {0, 1, 2}


@pytest.mark.django_db
def test_values_lists_and_moments_come_back_as_they_are() -> None:
    room = Room()
    thread = room.thread(title="Soep")

    def titles(viewer: Viewer, *, since: Any) -> Any:
        return Thread.objects.visible_to(viewer).filter(last_post_at__gt=since).values_list("pk", "title")

    kept, member = Prepared(titles), Viewer.of(room.membership().user)
    moment = timezone.now()
    for since, expected in (
        (moment - timedelta(days=1), [(thread.pk, "Soep")]),
        (moment + timedelta(days=1), []),
    ):
        for _ in range(2):
            assert kept.ask(member, since=since) == expected


@pytest.mark.django_db
def test_a_query_is_put_together_once_per_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()
    thread = room.thread()
    built = []

    def counted(viewer: Viewer, *, thread: int, numbers: Any) -> Any:
        built.append(thread)
        return posts(viewer, thread=thread, numbers=numbers)

    kept, member = Prepared(counted), Viewer.of(room.membership().user)
    assert member.group_ids == {room.group.pk}
    for numbers in ([1], [2], [3]):
        with CaptureQueriesContext(connection) as asked:
            kept.ask(member, thread=thread.pk, numbers=numbers)
        assert len(asked) == 1
    assert len(built) == 2, "once with each set of stand-ins"
    kept.ask(member, thread=thread.pk, numbers=[1, 2])
    assert len(built) == 4
    prepared.forget()
    kept.ask(member, thread=thread.pk, numbers=[1])
    assert len(built) == 6


@pytest.mark.django_db
def test_what_reads_the_clock_by_itself_is_refused() -> None:
    room = Room()

    def lately(viewer: Viewer, *, group: int) -> Any:
        return Thread.objects.visible_to(viewer).filter(group=group, last_post_at__lt=timezone.now())

    with pytest.raises(ValueError, match="depends on more than the given values"):
        Prepared(lately).ask(Viewer.of(room.membership().user), group=room.group.pk)


@pytest.mark.django_db
def test_what_leaves_out_a_value_is_refused() -> None:
    def everybody(*, group: int, user: int) -> Any:
        return Membership.objects.unrestricted().filter(group=group)

    with pytest.raises(ValueError, match="is not in the query"):
        Prepared(everybody).ask(None, group=1, user=2)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [2_000_000_000, 2_100_000_000, 2**31, 2**63, 10**30, -(2**70)])
def test_a_number_that_no_row_has_finds_nothing(number: int) -> None:
    room = Room()
    room.thread()
    member = Viewer.of(room.membership().user)
    kept = Prepared(posts)
    assert kept.ask(member, thread=number, numbers=[1]) == []
    assert kept.ask(member, thread=room.thread().pk, numbers=[1, number]) != []


@pytest.mark.django_db(transaction=True)
def test_threads_ask_at_the_same_time_and_get_each_their_own() -> None:
    room = Room()
    threads = [room.thread() for _ in range(4)]
    member = Viewer.of(room.membership().user)
    assert member.group_ids
    kept = Prepared(posts)
    wrong: list[Any] = []
    barrier = threading.Barrier(4, timeout=30)

    def ask(thread: Thread) -> None:
        try:
            barrier.wait()
            for _ in range(50):
                found = kept.ask(member, thread=thread.pk, numbers=[1])
                if [post.thread_id for post in found] != [thread.pk]:
                    wrong.append(found)
        finally:
            connection.close()

    running = [threading.Thread(target=ask, args=[thread]) for thread in threads]
    for each in running:
        each.start()
    for each in running:
        each.join(60)
    assert not wrong
