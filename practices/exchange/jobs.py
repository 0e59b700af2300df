"""The jobs of imports. Each may run twice: see `runs.py`."""

from __future__ import annotations

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import runs

# Only when the database was away; anything else would go wrong again.
_RETRY = RetryStrategy(max_attempts=5, wait=20, retry_exceptions=[OperationalError, InterfaceError])


@app.task(name="check_import", retry=_RETRY)
def check_import(run_id: int) -> None:
    """Check all rows of a file."""
    _or_give_up(runs.check, run_id)


@app.task(name="write_import", retry=_RETRY)
def write_import(run_id: int) -> None:
    """Write the rows of a checked file."""
    _or_give_up(runs.write, run_id)


@app.periodic(cron="37 4 * * *")
@app.task(name="remove_old_imports", queueing_lock="remove_old_imports")
def remove_old_imports(timestamp: int) -> None:
    """Forget imports and their files after a month."""
    runs.remove_old()


def _or_give_up(step: Callable[[int], None], run_id: int) -> None:
    """Do it; what nobody foresaw is told to the editor as well as to the log."""
    try:
        step(run_id)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        runs.give_up(run_id)
        raise
