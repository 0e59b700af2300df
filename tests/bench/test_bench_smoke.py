"""The benchmarks run from beginning to end, on little content and in little time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
MEASURED = (
    "catalogus met zoekwoord en twee facetten, op de startinhoud",
    "catalogus met zoekwoord en twee facetten, bij 200 praktijken",
    "filteren en tellen, 15 facetten",
    "rangschikken van",
    "treffers in de naam eerst",
    "site-zoeken met tellingen",
    "site-zoeken met een tikfout",
    "aanvullen tijdens het typen",
    "herhaald bezoek aan /over/",
    "volgorde gemeente",
    "gewicht van /praktijken/",
    "lijst van gesprekken, 400 berichten",
    "gesprek, 400 berichten",
    "wat miste ik, 400 berichten",
    "ledenlijst, 400 berichten",
)

SMALL = ("--practices", "200", "--posts", "400", "--rounds", "1", "--seconds", "0.2", "--warm-up", "20")


def test_whoever_runs_the_benchmarks_gets_a_verdict_on_each_measurement() -> None:
    with tempfile.TemporaryDirectory(prefix="expoo-bench-", ignore_cleanup_errors=True) as place:
        Path(place).chmod(0o711)
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "bench", *SMALL],
            cwd=PROJECT,
            env={**os.environ, "EXPOO_DATA_DIR": place},
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr[-2_000:]
    lines = done.stdout.splitlines()
    for name in MEASURED:
        assert any(name in line and "gehaald" in line for line in lines), done.stdout
