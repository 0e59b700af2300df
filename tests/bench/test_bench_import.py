"""The measurement of imports runs from beginning to end, on a few rows."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from bench.management.commands.bench_import import Command
from practices.models import ImportRun, Practice


@pytest.mark.django_db
def test_whoever_measures_imports_reads_each_step_and_keeps_their_catalogue(starter) -> None:
    before = Practice.objects.unrestricted().count()
    out = io.StringIO()
    call_command(Command(stdout=out), rows=3)
    steps = [line.partition(":")[0] for line in out.getvalue().splitlines()]
    assert steps.count("nieuw") == steps.count("gewijzigd") == 2
    assert {"uitvoer xlsx", "uitvoer csv", "uitvoer json"} <= set(steps)
    assert Practice.objects.unrestricted().count() == before
    assert not ImportRun.objects.unrestricted().exists()
