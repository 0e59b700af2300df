"""The processes of a running portal: started, watched, started again when they die, stopped in order."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from expoo_portal.database import MAX_LOG_BYTES, DatabaseError, die_with_parent

from .console import StartError, say
from .environment import PROJECT, PYTHON

QUICK_DEATH_SECONDS = 10
MAX_QUICK_DEATHS = 5
# Seconds before the second, third, ... quick restart.
BACK_OFF = (0.0, 0.5, 1.0, 2.0, 4.0)


class Child:
    """One process that has to keep running."""

    def __init__(
        self, name: str, start: Callable[[], subprocess.Popen[bytes]], log: Path, stop: signal.Signals
    ):
        self.name = name
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self._start = start
        self._stop = stop
        self._quick_deaths = 0
        self._started = 0.0
        self._not_before = 0.0

    def start(self) -> None:
        """Start the process; raises what starting it raises."""
        self._started = time.monotonic()
        self.process = self._start()

    def tend(self) -> bool:
        """Start the process again when it died, and say so; StartError when that is no use."""
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return False
            self._note_death(code)
        if time.monotonic() < self._not_before:
            return False
        try:
            self.start()
        except DatabaseError as error:
            self._count_death(str(error))
            return False
        return True

    def stop(self, seconds: float) -> None:
        """Ask the process to stop, and end it and its own children when it takes longer than this."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self._stop)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self._end_group()

    def _note_death(self, code: int) -> None:
        self._end_group()
        self._count_death(f"{self.name} stopt telkens meteen.\n{tail(self.log)}")
        say(f"{self.name} stopte onverwacht ({_cause(code)}) en start opnieuw.")

    def _count_death(self, reason: str) -> None:
        """Put the next start off a little longer each time; StartError for this reason when it is no use."""
        now = time.monotonic()
        quick = now - self._started < QUICK_DEATH_SECONDS
        self._quick_deaths = self._quick_deaths + 1 if quick else 1
        if self._quick_deaths > MAX_QUICK_DEATHS:
            raise StartError(reason)
        self._not_before = now + BACK_OFF[self._quick_deaths - 1]

    def _end_group(self) -> None:
        """Leave no process of the group behind: a web worker without its master would hold the port."""
        assert self.process is not None  # noqa: S101 - for the type checker; callers have started it
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def spawn(command: Sequence[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a process of the portal in its own session, writing to this log, dying with us."""
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)
    with log.open("ab") as output:
        return subprocess.Popen(
            [*die_with_parent(signal.SIGTERM), *command],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
        )


def run_python(arguments: Sequence[str], environment: dict[str, str]) -> int:
    """Run Python with these arguments in the foreground and return its exit status; see `run_program`."""
    return run_program(PYTHON, arguments, environment)


def run_program(program: Path, arguments: Sequence[str], environment: dict[str, str]) -> int:
    """Run a program with these arguments in the foreground and return its exit status.

    Ctrl-C reaches the program itself, which decides what it means: KeyboardInterrupt only when it died of it.
    """
    # A handler of our own, unlike "ignore", is not inherited by the program.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        code = subprocess.call([program, *arguments], cwd=PROJECT, env=environment)
    finally:
        signal.signal(signal.SIGINT, before)
    if code == -signal.SIGINT:
        raise KeyboardInterrupt
    return code


def tail(log: Path, count: int = 5) -> str:
    """Return the last lines of a log, under a Dutch heading."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join([f"De laatste regels van {log}:", *(f"  {line}" for line in lines[-count:])])


def _cause(code: int) -> str:
    return f"signaal {-code}" if code < 0 else f"status {code}"
