"""The table that the benchmarks print."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

HEADINGS = ("meting", "waarde", "vergeleken met", "verhouding", "gewenst", "")
MET, MISSED = "gehaald", "niet gehaald"


@dataclass(frozen=True)
class Measurement:
    """One row: what was measured, as text, and whether it is what was wanted."""

    name: str
    value: str
    baseline: str
    ratio: str
    wanted: str
    verdict: str


def at_least(name: str, value: str, baseline: str, ratio: float, wanted: float) -> Measurement:
    """A row whose ratio should not be lower."""
    return Measurement(
        name, value, baseline, f"{ratio:.2f}", f"≥ {wanted:.2f}", MET if ratio >= wanted else MISSED
    )


def at_most(
    name: str, value: str, amount: float, wanted: float, unit: str, baseline: str = "", ratio: str = ""
) -> Measurement:
    """A row whose amount should not be higher."""
    return Measurement(
        name, value, baseline, ratio, f"≤ {wanted:g}{unit}", MET if amount <= wanted else MISSED
    )


def print_facts(practices: int) -> None:
    """On what these figures were taken."""
    print(
        f"{os.cpu_count()} processorkernen, {platform.machine()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, {practices} verzonnen praktijken."
    )
    print("Enkel verhoudingen binnen één run tellen: de snelheid van de machine zelf schommelt.", flush=True)


def print_table(measurements: Iterable[Measurement]) -> None:
    """The rows under each other, columns aligned."""
    rows = [HEADINGS, *(astuple(measurement) for measurement in measurements)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    rows.insert(1, tuple("-" * width for width in widths))
    for row in rows:
        print(" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def processor() -> str:
    """What the processor calls itself, where the system tells."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
