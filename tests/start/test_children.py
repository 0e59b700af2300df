"""The processes of a running portal: started again when they die, given up when that is no use."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from expoo_portal.database import DatabaseError
from launch import children, data
from launch.children import Child, spawn
from launch.console import StartError

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def make_child(tmp_path: Path) -> Iterator[Callable[[list[str]], Child]]:
    """Make watched processes, and end them after the test."""
    made: list[Child] = []

    def make(command: list[str]) -> Child:
        log = tmp_path / "child.log"
        made.append(Child("De website", lambda: spawn(command, dict(os.environ), log), log, signal.SIGTERM))
        return made[-1]

    yield make
    for child in made:
        child.stop(5)


def pid_of(child: Child) -> int:
    """Return the process id of a child that runs."""
    assert child.process
    return child.process.pid


def tend_until_started(child: Child) -> None:
    """Watch the child until it is started, for five seconds at most."""
    deadline = time.monotonic() + 5
    while not child.tend():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def tend_forever(child: Child) -> None:
    """Watch the child for half a minute at most."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        child.tend()
        time.sleep(0.01)


def test_killed_process_is_started_again_at_once(
    make_child: Callable[[list[str]], Child], capsys: pytest.CaptureFixture[str]
) -> None:
    child = make_child(SLEEPER)
    child.start()
    first = pid_of(child)
    os.kill(first, signal.SIGKILL)
    begun = time.monotonic()
    tend_until_started(child)
    assert time.monotonic() - begun < 1
    assert pid_of(child) != first
    assert "De website stopte onverwacht (signaal 9) en start opnieuw." in capsys.readouterr().out


def test_process_that_keeps_dying_is_given_up_with_its_last_words(
    make_child: Callable[[list[str]], Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "BACK_OFF", (0.0,) * 5)
    child = make_child([sys.executable, "-c", "import sys; sys.exit('stuk')"])
    with pytest.raises(StartError, match=r"De website stopt telkens meteen\.\nDe laatste regels(.|\n)*stuk"):
        tend_forever(child)


def test_database_that_keeps_failing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError("Postgres start niet.")

    monkeypatch.setattr(children, "BACK_OFF", (0.0,) * 5)
    child = Child("Postgres", fail, tmp_path / "log", signal.SIGINT)  # type: ignore[arg-type]
    with pytest.raises(StartError, match="Postgres start niet"):
        tend_forever(child)


def test_stopping_leaves_nothing_of_the_group_behind(
    make_child: Callable[[list[str]], Child], tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    code = (
        "import os, pathlib, signal, subprocess, sys, time; "
        "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        f"pathlib.Path({str(note)!r}).write_text(str(other.pid)); time.sleep(60)"
    )
    child = make_child([sys.executable, "-c", code])
    child.start()
    while not note.exists() or not note.read_text():
        time.sleep(0.01)
    child.stop(5)
    deadline = time.monotonic() + 5
    while _runs(int(note.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    return any(found == pid for found, _, command in data._processes() if command)


def test_next_start_ends_what_a_killed_one_left_and_nothing_else(
    make_child: Callable[[list[str]], Child], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "VENV", Path(sys.executable))
    ours, other = make_child(SLEEPER), make_child(SLEEPER)
    stranger = make_child(["/bin/sleep", "60"])
    for child in (ours, other, stranger):
        child.start()
    data.remember(tmp_path, [pid_of(ours), pid_of(stranger)])
    time.sleep(0.2)
    data.clean_up(tmp_path)
    assert [child.process.poll() is None for child in (ours, other, stranger) if child.process] == [
        False,
        True,
        True,
    ]
    assert not (tmp_path / "processes.json").exists()
