"""Runs the benchmarks and prints their table: `python3 start.py bench [--practices N] [--posts N] [--only NAME]`."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from expoo_portal import database

from . import databases, report, server
from .load import Job, Round
from .report import Measurement, at_least, at_most
from .weight import weigh
from .words import PROJECT

CONNECTIONS = 16
ADDRESSES = 20_000
HELLO, BARE = "/bench/hello/", "/bench/bare/"
MAX_PAGE_BYTES, MAX_REQUESTS = 30_000, 10
MAX_MEMBER_PAGE = 150


class Bench:
    """One run: where the databases are, and how long to measure."""

    def __init__(
        self, data_dir: Path, practices: int, posts: int, rounds: int, seconds: float, warm_up: int
    ) -> None:
        self.data_dir = data_dir
        self.practices = practices
        self.posts = posts
        self.rounds = rounds
        self.seconds = seconds
        # Requests before the measuring begins: a worker learns words, makes cards and keeps pages.
        self.warm_up = warm_up
        self._addresses: dict[tuple[int, int], str] = {}

    def database(self, practices: int, posts: int = 0) -> str:
        """The address of the database with so many generated practices and posts."""
        if (practices, posts) not in self._addresses:
            server = database.url(self.data_dir)
            self._addresses[practices, posts] = databases.ready(server, self.data_dir, practices, posts)
        return self._addresses[practices, posts]

    def inside(self, practices: int, name: str, number: int = 0, posts: int = 0) -> Any:
        """The answer of a process that works on that database."""
        command = ["bench_inside", name, str(number)]
        return json.loads(databases.manage(command, self.data_dir, self.database(practices, posts)))

    def measure(self, name: str) -> list[Measurement]:
        """The rows of one measurement."""
        match name:
            case "uncached":
                return self.uncached()
            case "repeated":
                return self.repeated()
            case "network":
                return self.network()
            case "weight":
                return self.weight()
        return [Measurement(**row) for row in self.inside(self.practices, name)]

    def compare(self, port: int, baseline: str, series: dict[str, list[str]]) -> dict[str, list[Round]]:
        """Measure each series in turns with the baseline, once the workers are warm.

        A series of one address is repeated, a longer one is gone through once.
        """
        server.warm_up(port, [baseline] * self.warm_up)
        for name, paths in series.items():
            server.warm_up(port, paths[: self.warm_up] if len(paths) > 1 else paths * self.warm_up)
            series = series | {name: paths[self.warm_up :] or paths}
        repeated = [baseline, *(name for name, paths in series.items() if len(paths) == 1)]
        series = {baseline: [baseline], **series}
        return server.load(Job(port, CONNECTIONS, self.rounds, self.seconds, series, repeated))

    def uncached(self) -> list[Measurement]:
        """A catalogue page that nobody asked for before, with a word and two facets, against a bare view."""
        rows = []
        for practices, wanted in ((0, 0.5), (self.practices, 0.25)):
            addresses = self.inside(practices, "addresses", ADDRESSES)
            with server.serving(self.data_dir, self.database(practices)) as port:
                found = self.compare(port, BARE, {"page": addresses})
            where = f"bij {practices} praktijken" if practices else "op de startinhoud"
            rows.append(
                _against(
                    "catalogus met zoekwoord en twee facetten, " + where, found["page"], found[BARE], wanted
                )
            )
        return rows

    def network(self) -> list[Measurement]:
        """The pages of a group with a great many posts, each connection somebody else who is signed in."""
        asked = self.inside(0, "sign_in", CONNECTIONS, self.posts)
        cookies, series = asked["cookies"], {BARE: [BARE], **asked["series"]}
        with server.serving(self.data_dir, self.database(0, self.posts)) as port:
            for paths in series.values():
                server.warm_up(port, (paths * self.warm_up)[: self.warm_up], cookies)
            job = Job(port, CONNECTIONS, self.rounds, self.seconds, series, list(series), cookies, [BARE])
            found = server.load(job)
        return [
            _below(f"{name}, {self.posts} berichten", found[name], found[BARE]) for name in asked["series"]
        ]

    def repeated(self) -> list[Measurement]:
        """A page that was asked before, without signing in, against a view that says hello."""
        with server.serving(self.data_dir, self.database(0)) as port:
            pages = self._public_pages(port)
            found = self.compare(port, HELLO, {path: [path] for path in pages})
        return [_against(f"herhaald bezoek aan {path}", found[path], found[HELLO], 0.5) for path in pages]

    def weight(self) -> list[Measurement]:
        """The first view of each public page: what it weighs, and how many requests it takes."""
        rows = []
        with server.serving(self.data_dir, self.database(0)) as port:
            for path in self._public_pages(port):
                weight = weigh(port, path)
                kilobytes = f"{weight.bytes / 1000:.1f} kB"
                rows.append(
                    at_most(
                        f"gewicht van {path}", kilobytes, weight.bytes / 1000, MAX_PAGE_BYTES / 1000, " kB"
                    )
                )
                rows.append(
                    at_most(f"verzoeken van {path}", str(weight.requests), weight.requests, MAX_REQUESTS, "")
                )
        return rows

    def _public_pages(self, port: int) -> list[str]:
        listed = server.fetch(port, "/sitemap.xml").text
        detail = re.search(r"/praktijken/[^/<]+/", listed)
        return ["/", "/praktijken/", detail[0] if detail else "/praktijken/", "/over/"]


def _against(name: str, found: list[Round], baseline: list[Round], wanted: float) -> Measurement:
    """The median of the ratios of the rounds: the machine's own speed swings from one to the next."""
    ratio = median(one.rate / other.rate for one, other in zip(found, baseline, strict=False))
    return at_least(name, _shown(found), _shown(baseline), ratio, wanted)


def _below(name: str, found: list[Round], baseline: list[Round]) -> Measurement:
    """Nineteen of twenty answers come soon enough; the ratio is that of these times to those of the baseline."""
    ratio = median(one.p95 / other.p95 for one, other in zip(found, baseline, strict=False))
    p95 = median(turn.p95 for turn in found)
    return at_most(name, _shown(found), p95, MAX_MEMBER_PAGE, " ms p95", _shown(baseline), f"{ratio:.2f}")


def _shown(rounds: list[Round]) -> str:
    rate, p50, p95 = (median(getattr(turn, name) for turn in rounds) for name in ("rate", "p50", "p95"))
    return f"{rate:.0f}/s, p50 {p50:.1f} ms, p95 {p95:.1f} ms"


def main() -> None:
    """Carry out what the command line asks."""
    names = ("uncached", "facets", "ranking", "search", "repeated", "deep", "weight", "network")
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--practices", type=int, default=100_000, help="hoeveel verzonnen praktijken")
    parser.add_argument(
        "--posts", type=int, default=10_000, help="hoeveel verzonnen berichten in het netwerk"
    )
    parser.add_argument("--only", choices=names, help="enkel deze meting")
    parser.add_argument("--rounds", type=int, default=5, help="beurten per reeks")
    parser.add_argument("--seconds", type=float, default=2.0, help="seconden per beurt")
    parser.add_argument("--warm-up", type=int, default=300, help="verzoeken voor het meten begint")
    asked = parser.parse_args()
    data_dir = Path(os.environ.get("EXPOO_DATA_DIR") or PROJECT / "var" / "bench").resolve()
    report.print_facts(asked.practices)
    with database.running(data_dir):
        bench = Bench(data_dir, asked.practices, asked.posts, asked.rounds, asked.seconds, asked.warm_up)
        rows = []
        for name in (asked.only,) if asked.only else names:
            begin = time.monotonic()
            rows += bench.measure(name)
            print(f"{name}: {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
    report.print_table(rows)


if __name__ == "__main__":
    main()
