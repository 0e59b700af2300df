"""The portal in granian, as `start.py` runs it, on a free port of this machine."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from expoo_portal.database import die_with_parent

from .databases import environment
from .load import HOST, Job, Round
from .words import PROJECT

WORKERS = 2
READY_SECONDS = 60


@contextlib.contextmanager
def serving(data_dir: Path, address: str) -> Iterator[int]:
    """Run the web server on the database at this address and yield its port; RuntimeError when it stays silent."""
    with socket.create_server((HOST, 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"]
    command += ["--workers", str(WORKERS), "--blocking-threads", "1", "--host", HOST, "--port", str(port)]
    command += ["--log-level", "warning", "expoo_portal.wsgi:application"]
    with (data_dir / "bench.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*die_with_parent(signal.SIGTERM), *command],
            cwd=PROJECT,
            env=environment(data_dir, address),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _await(process, port, data_dir)
        yield port
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _await(process: subprocess.Popen[bytes], port: int, data_dir: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if fetch(port, "/bench/hello/").status == http.client.OK:
                return
        time.sleep(0.1)
    raise RuntimeError(f"De server antwoordt niet, zie {data_dir / 'bench.log'}.")


@dataclass(frozen=True)
class Fetched:
    """An answer: its status, how many bytes the body took on the wire, and the body itself."""

    status: int
    wire_bytes: int
    text: str


def fetch(port: int, path: str) -> Fetched:
    """One answer, compressed on the way when the server does so."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        body = response.read()
        packed = response.getheader("Content-Encoding") == "gzip"
        return Fetched(response.status, len(body), (gzip.decompress(body) if packed else body).decode())
    finally:
        connection.close()


def load(job: Job) -> dict[str, list[Round]]:
    """Let the load generator do this job in a process of its own; RuntimeError with its complaint."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        cwd=PROJECT,
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    answer = json.loads(done.stdout)
    return {name: [Round(**turn) for turn in turns] for name, turns in answer.items()}


def warm_up(port: int, paths: Sequence[str], cookies: Sequence[str] = ()) -> None:
    """Ask for these addresses before anything is measured."""
    load(Job(port, WORKERS * 4, 1, READY_SECONDS, {"warm-up": list(paths)}, cookies=cookies))
