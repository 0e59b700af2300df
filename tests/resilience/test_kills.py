"""A kill -9 of the database or of the web server, in the middle of writing: nothing that was acknowledged is lost."""

from __future__ import annotations

import threading
import time

import pytest

from tests.resilience.stack import Stack, wait_for

# One process for all of these: they share the stack.
pytestmark = pytest.mark.xdist_group("stack")

WRITES = 50
KILLS = (12, 30)
# Long enough for the portal to notice that a restarted database is there.
SOON = 15


def write(stack: Stack, name: str) -> bool:
    """Add a topic through the admin; whether that was acknowledged."""
    form = {"label": name.capitalize(), "slug": name, "description": "", "order": "0"}
    return stack.edit("/beheer/themes/topic/add/", **form).status == 302


def stored(stack: Stack, prefix: str) -> set[str]:
    return {slug for (slug,) in stack.rows("SELECT slug FROM themes_topic WHERE slug LIKE %s", f"{prefix}-%")}


def kill_while_writing(stack: Stack, name: str, kill: threading.Thread) -> bool:
    """Send a write while something is being killed; whether it was acknowledged all the same."""
    kill.start()
    acknowledged = write(stack, name)
    kill.join()
    return acknowledged


def test_no_acknowledged_write_is_lost_when_the_database_is_killed(stack: Stack) -> None:
    acknowledged = set()
    for number in range(WRITES):
        name = f"databank-{number}"
        if number in KILLS:
            kill = threading.Thread(target=stack.kill_database)
            if kill_while_writing(stack, name, kill):
                acknowledged.add(name)
            assert not write(stack, f"{name}-zonder")
            stack.start_database()
            # Several times in a row, so that each of the web server's processes has noticed.
            wait_for(lambda: all(stack.web.get("/gezond/").status == 200 for _ in range(8)), SOON)
        elif write(stack, name):
            acknowledged.add(name)
    assert len(acknowledged) >= WRITES - len(KILLS)
    assert acknowledged <= stored(stack, "databank")
    assert not [name for name in stored(stack, "databank") if name.endswith("zonder")]
    assert stack.web.get("/praktijken/").status == 200


def test_no_acknowledged_write_is_lost_when_the_web_server_is_killed(stack: Stack) -> None:
    acknowledged = set()
    for number in range(WRITES):
        name = f"website-{number}"
        if number in KILLS:
            kill = threading.Timer(0.005 * number, stack.web.kill)
            if kill_while_writing(stack, name, kill):
                acknowledged.add(name)
            assert stack.web.get("/gezond/").status == 0
            stack.web.start()
        elif write(stack, name):
            acknowledged.add(name)
    assert len(acknowledged) >= WRITES - len(KILLS)
    assert acknowledged <= stored(stack, "website")


def test_visitors_are_told_while_the_database_is_away_and_served_soon_after(stack: Stack) -> None:
    assert stack.web.get("/praktijken/").status == 200
    stack.kill_database()
    time.sleep(1.1)  # what a process knows of the content version may be a second old

    for path in ("/praktijken/?q=koffie", "/praktijken/speelbos/", "/account/login/code/"):
        answer = stack.web.get(path)
        assert answer.status == 503, path
        assert int(answer.headers["retry-after"]) > 0
        assert "Even offline" in answer.text
        assert "no-store" in answer.headers["cache-control"]
        assert "content-security-policy" in answer.headers
        assert "set-cookie" not in answer.headers
    health = stack.web.get("/gezond/")
    assert (health.status, "retry-after" in health.headers) == (503, True)
    assert "Traceback" not in health.text
    # What needs no database is there.
    assert stack.web.get("/static/css/site.css").status in (200, 404)

    stack.start_database()
    wait_for(lambda: stack.web.get("/gezond/").status == 200, SOON)
    wait_for(lambda: {stack.web.get("/praktijken/?q=koffie").status for _ in range(6)} == {200}, SOON)
