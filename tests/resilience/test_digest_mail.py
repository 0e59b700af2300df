"""A worker that is killed again and again, and a mail server that fails in each way: each member has one digest."""

from __future__ import annotations

import random
import statistics
import time
import uuid
from collections.abc import Iterator

import pytest

from tests.resilience.mail_server import MailServer, Mood
from tests.resilience.network import LiveGroup, make_group
from tests.resilience.stack import Program, Stack, wait_for

pytestmark = pytest.mark.xdist_group("stack")

# What a killed worker left is taken up again half a minute later; here, that time passes at once.
TIME_PASSES = (
    "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'",
    "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args) VALUES"
    " ('default', 'retry_stalled_jobs', 100, 'retry_stalled_jobs', '{\"timestamp\": 0}') ON CONFLICT DO NOTHING",
)
MAKE_DIGESTS = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args) VALUES"
    " ('default', 'make_digests', 0, 'make_digests', '{\"timestamp\": 0}') ON CONFLICT DO NOTHING"
)
# Only those that still have to wait: a job that is being changed is one that no worker takes. A worker that sleeps is
# woken, as by a new job.
NEXT_TRY_NOW = (
    "WITH due AS (UPDATE procrastinate_jobs SET scheduled_at = now()"
    " WHERE status = 'todo' AND scheduled_at > now() RETURNING id)"
    " SELECT pg_notify('procrastinate_any_queue_v1', json_build_object('type', 'job_inserted', 'job_id', id)::text)"
    " FROM due"
)
PATIENCE = 300


@pytest.fixture
def worker(stack: Stack) -> Iterator[Program]:
    """A worker, which the test starts and which ends with it."""
    worker = stack.worker()
    yield worker
    worker.kill()


@pytest.fixture(scope="module")
def postman(stack: Stack) -> Iterator[Program]:
    """A worker that runs while the mail server fails in one way after the other."""
    postman = stack.worker()
    postman.begin()
    yield postman
    postman.kill()


@pytest.fixture
def mail_server(stack: Stack) -> Iterator[MailServer]:
    """The mail server, which takes mails again afterwards."""
    server: MailServer = stack.mail_server
    server.turn(Mood.TAKING)
    server.taken.clear()
    yield server
    server.turn(Mood.TAKING)


def digests_made(stack: Stack, group: LiveGroup) -> int:
    found = stack.rows(
        "SELECT count(*) FROM network_digest WHERE membership_id = ANY(%s) AND period LIKE '2%%'",
        group.members,
    )
    return int(found[0][0])


def states_of_digests(stack: Stack, group: LiveGroup) -> dict[int, list[str]]:
    """By membership the states of the digests in the outbox."""
    rows = stack.rows(
        "SELECT split_part(split_part(headers->>'Message-ID', '@', 1), '.', 3)::bigint, state"
        " FROM portal_outgoingmail WHERE headers->>'Message-ID' LIKE '<digest.%%'"
    )
    found: dict[int, list[str]] = {}
    for membership, state in rows:
        if membership in group.members:
            found.setdefault(membership, []).append(state)
    return found


def test_a_worker_that_is_killed_again_and_again_mails_each_member_one_digest(
    stack: Stack, worker: Program, mail_server: MailServer, full: bool
) -> None:
    members, kills = (200, 20) if full else (8, 2)
    group = make_group(
        stack, "moord", members=members, threads=20 if full else 4, posts=200 if full else 40, rhythm="daily"
    )
    stack.rows(MAKE_DIGESTS)
    worker.begin()
    begun = time.monotonic()
    for kill in range(kills):
        # Half of the way is making them, the other half sending them.
        place = (kill + 1) * 2 * members // (kills + 1)

        def is_there(place: int = place) -> bool:
            return digests_made(stack, group) + mail_server.digests().total() >= place

        wait_for(is_there, PATIENCE, (stack.place / "worker.log").read_text)
        time.sleep(random.random() * 0.02)
        worker.kill()
        for statement in TIME_PASSES:
            stack.rows(statement)
        worker.begin()
    wait_for(lambda: len(mail_server.digests()) >= members, PATIENCE)
    wait_for(lambda: not waiting_mails(stack), 60)
    took = time.monotonic() - begun

    states = states_of_digests(stack, group)
    assert states == {membership: ["sent"] for membership in group.members}
    taken = mail_server.digests()
    assert len(taken) == members
    assert len({mail_server.readers[key] for key in taken}) == members
    # Killed between the mail server's yes and our commit, a worker sends the mail again, with the same Message-ID.
    twice = taken.total() - members
    print(
        f"{members} leden, {kills} keer gedood, {took:.0f} s: {len(taken)} mails, {twice} daarvan twee keer afgegeven"
    )
    assert twice <= kills


def reply_times(stack: Stack, group: LiveGroup, count: int) -> list[float]:
    """How many milliseconds it takes to post an answer, so many times."""
    times = []
    for number in range(count):
        thread = group.threads[number % len(group.threads)]
        stack.forget_counts("post")
        form = {"key": str(uuid.uuid4()), "body": "Dat proberen wij ook."}
        begun = time.perf_counter()
        answer = stack.post(group.address(f"gesprekken/{thread}/antwoord/"), group.member, form)
        times.append((time.perf_counter() - begun) * 1000)
        assert answer.status == 302, answer.text
    return times


@pytest.fixture(scope="module")
def listeners(stack: Stack, full: bool) -> LiveGroup:
    """A group whose members hear at once of each answer in what they follow."""
    members, posts = (12, 60) if full else (4, 12)
    group = make_group(stack, "storing", members=members, threads=4, posts=posts, rhythm="at_once")
    stack.rows("DELETE FROM network_follow WHERE thread_id = ANY(%s)", group.threads)
    stack.rows(
        "INSERT INTO network_follow (user_id, thread_id, state) SELECT m.user_id, t.id, 'following'"
        " FROM network_membership m, network_thread t WHERE m.id = ANY(%s) AND t.id = ANY(%s)",
        group.members,
        group.threads,
    )
    reply_times(stack, group, 6)  # The server is warm.
    return group


def waiting_mails(stack: Stack) -> int:
    return int(stack.rows("SELECT count(*) FROM portal_outgoingmail WHERE state = 'queued'")[0][0])


@pytest.mark.parametrize("mood", [Mood.REFUSING, Mood.DROPPING, Mood.HANGING])
def test_while_the_mail_server_fails_members_post_as_fast_and_lose_nothing(
    stack: Stack, postman: Program, mail_server: MailServer, listeners: LiveGroup, mood: Mood, full: bool
) -> None:
    count = 40 if full else 5
    settle(stack)
    before = reply_times(stack, listeners, count)
    settle(stack)
    mail_server.taken.clear()

    mail_server.turn(mood)
    reply_times(stack, listeners, 1)
    wait_for(lambda: mail_server.visits > 0, 30)
    during = reply_times(stack, listeners, count)
    told = (count + 1) * (len(listeners.members) - 1)
    if mood is not Mood.HANGING:
        wait_for(lambda: waiting_mails(stack) >= told, PATIENCE)
    assert not mail_server.taken

    mail_server.turn(Mood.TAKING)

    def is_over() -> bool:
        stack.rows(NEXT_TRY_NOW)
        return len(mail_server.taken) >= told and not waiting_mails(stack)

    wait_for(is_over, PATIENCE, lambda: f"{len(mail_server.taken)} van {told}")
    assert len(mail_server.taken) == told
    assert set(mail_server.taken.values()) == {1}
    usual, slower = statistics.median(before), statistics.median(during)
    print(
        f"mailserver {mood.name}: antwoord plaatsen {usual:.0f} ms, tijdens de storing {slower:.0f} ms, {told} mails"
    )
    assert slower < 3 * usual + 100


def settle(stack: Stack) -> None:
    """Wait until nothing about mail waits any more."""
    at_work = (
        "SELECT 1 FROM procrastinate_jobs"
        " WHERE status IN ('todo', 'doing') AND task_name IN ('send_mail', 'tell_of_post')"
    )
    wait_for(lambda: not stack.rows(at_work), PATIENCE)
