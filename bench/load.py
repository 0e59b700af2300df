"""A small HTTP/1.1 load generator for this machine only: `python -m bench.load`, a job as JSON on standard input.

Keeps a number of connections busy with one request each. Series (lists of addresses) take turns on the same
connections, so that all of them meet the same spread over the server's workers; one by one, or a series could
run in a quiet moment that the other does not get. Standard library only, little work per request: it shares the
processors with what it measures.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle

MAX_ANSWER_BYTES = 4_000_000
PATIENCE_SECONDS = 30
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Job:
    """What to ask: each series for `seconds`, `rounds` times; a series ends sooner when its addresses run out.

    A series in `repeated` starts again at its first address instead. With `cookies`, each connection asks as somebody
    else, one cookie each; a series in `anonymous` is asked without.
    """

    port: int
    connections: int
    rounds: int
    seconds: float
    series: dict[str, list[str]]
    repeated: Collection[str] = ()
    cookies: Sequence[str] = ()
    anonymous: Collection[str] = ()


@dataclass(frozen=True)
class Round:
    """One turn of one series: requests per second, and times in milliseconds."""

    rate: float
    p50: float
    p95: float
    requests: int


class _Connection:
    """One kept-alive connection with at most one request under way."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._cookie = f"Cookie: {cookie}\r\n" if cookie else ""
        self.socket = socket.create_connection((HOST, port), PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent = 0.0
        self._path = ""
        self._received = b""
        self._expected = 0

    def send(self, path: str, is_anonymous: bool = False) -> None:
        self._path, self._received, self._expected = path, b"", 0
        cookie = "" if is_anonymous else self._cookie
        request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n{cookie}\r\n"
        self.sent = time.perf_counter()
        self.socket.sendall(request.encode("ascii"))

    def receive(self) -> bool:
        """Read what came and say whether the answer is complete; OSError when it is not a good one."""
        data = self.socket.recv(262_144)
        self._received = self._received + data if self._received else data
        if not data or len(self._received) > MAX_ANSWER_BYTES:
            raise OSError(f"{self._path}: de verbinding brak af")
        if not self._expected and (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end].lower()
            if not head.startswith(b"http/1.1 200 "):
                raise OSError(f"{self._path}: {head.splitlines()[0].decode('latin-1')}")
            length = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
            if not length:
                raise OSError(f"{self._path}: een antwoord zonder Content-Length")
            self._expected = end + 4 + int(length)
        return bool(self._expected) and len(self._received) >= self._expected


def run(job: Job) -> dict[str, list[Round]]:
    """Carry out the job; OSError when the server answers anything but 200."""
    cookies = cycle(job.cookies or [""])
    connections = [_Connection(job.port, next(cookies)) for _ in range(job.connections)]
    paths = {
        name: _again_and_again(series) if name in job.repeated else iter(series)
        for name, series in job.series.items()
    }
    found: dict[str, list[Round]] = {name: [] for name in job.series}
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        for _ in range(job.rounds):
            for name in job.series:
                is_anonymous = name in job.anonymous
                if turn := _turn(selector, connections, paths[name], job.seconds, is_anonymous):
                    found[name].append(turn)
    for connection in connections:
        connection.socket.close()
    return found


def _again_and_again(series: Sequence[str]) -> Iterator[str]:
    while True:
        yield from series


def _turn(
    selector: selectors.BaseSelector,
    connections: list[_Connection],
    paths: Iterator[str],
    seconds: float,
    is_anonymous: bool,
) -> Round | None:
    """Keep all connections busy for so long, then let the last answers come in."""
    times: list[float] = []
    begin = time.perf_counter()
    end = begin + seconds
    busy = 0
    for connection in connections:
        if path := next(paths, None):
            connection.send(path, is_anonymous)
            busy += 1
    while busy:
        ready = selector.select(PATIENCE_SECONDS)
        if not ready:
            raise OSError(f"geen antwoord binnen {PATIENCE_SECONDS} seconden")
        for key, _ in ready:
            connection = key.data
            if not connection.receive():
                continue
            now = time.perf_counter()
            times.append(now - connection.sent)
            path = next(paths, None) if now < end else None
            if path:
                connection.send(path, is_anonymous)
            else:
                busy -= 1
    if not times:
        return None
    elapsed = time.perf_counter() - begin
    times.sort()
    return Round(
        rate=len(times) / elapsed,
        p50=times[len(times) // 2] * 1000,
        p95=times[int(len(times) * 0.95)] * 1000,
        requests=len(times),
    )


if __name__ == "__main__":
    answer = run(Job(**json.load(sys.stdin)))
    json.dump({name: [asdict(turn) for turn in turns] for name, turns in answer.items()}, sys.stdout)
