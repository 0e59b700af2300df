"""Who works in a data directory: one ``start.py`` owns it, commands may join in, leftovers are cleaned up."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from expoo_portal import database

from .environment import VENV, embedded


@contextlib.contextmanager
def owning(data_dir: Path, doing: str) -> Iterator[str | None]:
    """Try to become the owner of the directory for the duration of the block.

    Yields None when this process is the owner now, and otherwise who is: "proces 12: manage shell".
    """
    with (data_dir / "start.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            yield handle.read() or "een andere start.py"
            return
        handle.truncate(0)
        handle.write(f"proces {os.getpid()}: {doing}")
        handle.flush()
        yield None


@contextlib.contextmanager
def having_database(data_dir: Path, doing: str) -> Iterator[None]:
    """Have the embedded Postgres for the duration of a command, sharing it with whoever runs it already."""
    if not embedded():
        yield
        return
    with owning(data_dir, doing) as owner, (data_dir / "users.lock").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        if owner is None:
            clean_up(data_dir)
        database.start(data_dir)
        try:
            yield
        finally:
            if owner is None:
                # A command that joined in meanwhile still needs the server.
                fcntl.flock(users, fcntl.LOCK_EX)
                database.stop(data_dir)


def remember(data_dir: Path, groups: list[int]) -> None:
    """Write down the process groups started here, for the next start to clean up after a ``kill -9``."""
    (data_dir / "processes.json").write_text(json.dumps(groups))


def clean_up(data_dir: Path) -> None:
    """End what a killed ``start.py`` left running here; the caller owns the directory."""
    record = data_dir / "processes.json"
    try:
        groups = set(json.loads(record.read_text()))
    except (OSError, ValueError):
        groups = set()
    if groups:
        for number, wait in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 2.0)):
            for pid in _members(groups):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            deadline = time.monotonic() + wait
            while _members(groups) and time.monotonic() < deadline:
                time.sleep(0.05)
    record.unlink(missing_ok=True)
    if embedded():
        database.stop(data_dir)


def _members(groups: set[int]) -> list[int]:
    """Return what lives of these groups and runs our own Python: a number may be given out again."""
    return [pid for pid, group, command in _processes() if group in groups and command.startswith(str(VENV))]


def _processes() -> Iterator[tuple[int, int, str]]:
    """Yield the id, the group and the command line of each process."""
    if sys.platform.startswith("linux"):
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    yield int(entry.name), os.getpgid(int(entry.name)), command
        return
    shown = subprocess.run(["/bin/ps", "-axo", "pid=,pgid=,command="], capture_output=True, text=True)
    for line in shown.stdout.splitlines():
        pid, group, command = line.split(None, 2)
        yield int(pid), int(group), command
