"""Each form sent twice at the same moment, to two processes: one effect each."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterable

import pytest

from tests.resilience.network import LiveGroup, make_group
from tests.resilience.stack import Answer, Stack

pytestmark = pytest.mark.xdist_group("stack")

Send = Callable[[], Answer]


@pytest.fixture
def count(full: bool) -> int:
    """How many forms are sent twice."""
    return 1000 if full else 8


@pytest.fixture(scope="module")
def group(stack: Stack, full: bool) -> LiveGroup:
    return make_group(stack, "dubbel", members=6, threads=3, posts=1100 if full else 30, rhythm="never")


def both(sends: Iterable[Send]) -> list[int]:
    """Send each form twice at once; all the statuses that came back."""
    statuses: list[int] = []
    begun = time.monotonic()
    for send in sends:
        start = threading.Barrier(2, timeout=60)

        def work(send: Send = send, start: threading.Barrier = start) -> None:
            start.wait()
            statuses.append(send().status)

        pair = [threading.Thread(target=work) for _ in range(2)]
        for each in pair:
            each.start()
        for each in pair:
            each.join()
    print(f"{len(statuses)} keer verstuurd in {time.monotonic() - begun:.0f} s")
    return statuses


def number(stack: Stack, sql: str, *parameters: object) -> int:
    return int(stack.rows(sql, *parameters)[0][0])


def test_a_new_thread_sent_twice_is_one_thread_with_one_post(
    stack: Stack, group: LiveGroup, count: int
) -> None:
    def send() -> Send:
        stack.forget_counts("post")
        form = {
            "key": str(uuid.uuid4()),
            "kind": "idea",
            "title": "Twee keer geklikt",
            "body": "Eén gesprek.",
        }
        return lambda: stack.post(group.address("gesprekken/nieuw/"), group.member, form)

    assert set(both(send() for _ in range(count))) == {302}
    threads = "SELECT {} FROM network_thread WHERE title = 'Twee keer geklikt'"
    assert number(stack, threads.format("count(*)")) == count
    assert number(stack, threads.format("sum(post_count)")) == count
    assert (
        number(stack, f"SELECT count(*) FROM network_post WHERE thread_id IN ({threads.format('id')})")
        == count
    )
    told = (
        "SELECT count(*) FROM procrastinate_jobs j JOIN network_post p ON p.id = (j.args->>'post_id')::bigint"
        f" WHERE j.task_name = 'tell_of_post' AND p.thread_id IN ({threads.format('id')})"
    )
    assert number(stack, told) == count


def test_an_answer_sent_twice_is_one_post(stack: Stack, group: LiveGroup, count: int) -> None:
    thread = group.threads[0]

    def send() -> Send:
        stack.forget_counts("post")
        form = {"key": str(uuid.uuid4()), "body": "Eén antwoord, twee keer verstuurd."}
        return lambda: stack.post(group.address(f"gesprekken/{thread}/antwoord/"), group.member, form)

    before = number(stack, "SELECT post_count FROM network_thread WHERE id = %s", thread)
    assert set(both(send() for _ in range(count))) == {302}
    posts = "SELECT count(*) FROM network_post WHERE thread_id = %s AND body LIKE '%%twee keer verstuurd%%'"
    assert number(stack, posts, thread) == count
    assert number(stack, "SELECT post_count FROM network_thread WHERE id = %s", thread) == before + count
    holes = "SELECT max(number) - count(*) FROM network_post WHERE thread_id = %s"
    assert number(stack, holes, thread) == 0


def test_a_reaction_given_twice_is_one(stack: Stack, group: LiveGroup, count: int) -> None:
    posts = group.posts[:count]
    stack.rows("DELETE FROM network_reaction WHERE user_id = %s", group.user)

    def send(post: int) -> Send:
        address = group.address(f"berichten/{post}/reactie/")
        return lambda: stack.post(address, group.member, {"keuze": "thanks-aan"})

    assert set(both(send(post) for post in posts)) == {302}
    assert (
        number(stack, "SELECT count(*) FROM network_reaction WHERE user_id = %s", group.user)
        == len(posts)
        == count
    )


def ask(stack: Stack, group: LiveGroup, number: int, mark: str) -> Send:
    """Ask to become a member, each from a network address of one's own."""
    form = {
        "start_key": str(uuid.uuid4()),
        "name": f"Nieuwkomer {number}",
        "email": f"{mark}.{number}@example.org",
        "organisation": "Huis van het Kind",
        "municipality": "Gent",
        "why": "We starten een ontmoetingsplaats.",
    }
    source = f"10.{number // 60_000}.{number // 250 % 250}.{number % 250 + 1}"
    return lambda: stack.web.ask("POST", group.address("aanvragen/"), form, address=source)


def test_a_request_sent_twice_is_one_request_and_one_mail(stack: Stack, group: LiveGroup, count: int) -> None:
    assert set(both(ask(stack, group, place, "dubbel") for place in range(count))) == {200}
    mine = "email LIKE 'dubbel.%%'"
    assert number(stack, f"SELECT count(*) FROM network_membershiprequest WHERE {mine}") == count
    assert number(stack, f"SELECT count(DISTINCT email) FROM network_membershiprequest WHERE {mine}") == count
    assert number(stack, "SELECT count(*) FROM portal_outgoingmail WHERE \"to\"[1] LIKE 'dubbel.%%'") == count


def test_a_request_accepted_twice_makes_one_member_and_one_welcome(
    stack: Stack, group: LiveGroup, count: int
) -> None:
    made = stack.rows(
        "INSERT INTO network_membershiprequest (uuid, start_key, group_id, name, email, organisation, municipality,"
        " why, rules_version, state, created, confirmed_at, waiting_since, message, answer)"
        " SELECT gen_random_uuid(), gen_random_uuid(), g.id, 'Aanvrager ' || n, 'aanvaard.' || n || '@example.org',"
        " 'Spelotheek', 'Aalst', 'Om te leren.', 0, 'pending', now(), now(), now(), '', ''"
        " FROM network_group g, generate_series(1, %s) n WHERE g.slug = %s RETURNING id",
        count,
        group.slug,
    )

    def send(request: int) -> Send:
        address = group.address(f"begeleiding/aanvragen/{request}/")
        return lambda: stack.post(address, group.facilitator, {"decision": "aanvaarden"})

    assert set(both(send(request) for (request,) in made)) == {302}
    members = (
        "SELECT count(*) FROM network_membership m JOIN accounts_user u ON u.id = m.user_id"
        " WHERE u.email LIKE 'aanvaard.%%'"
    )
    assert number(stack, members) == count
    steps = "SELECT count(*) FROM network_requeststep WHERE to_state = 'accepted' AND request_id = ANY(%s)"
    assert number(stack, steps, [request for (request,) in made]) == count
    assert (
        number(stack, "SELECT count(*) FROM portal_outgoingmail WHERE \"to\"[1] LIKE 'aanvaard.%%'") == count
    )
