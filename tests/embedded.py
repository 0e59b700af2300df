"""A throwaway database for tests that are run without start.py (a pytest plugin, loaded before the settings).

`start.py test` brings its own; an editor's "run this test" button comes here.
"""

import atexit
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from expoo_portal import database

if "EXPOO_DATA_DIR" not in os.environ and "DATABASE_URL" not in os.environ:
    _stack = ExitStack()
    _place = Path(
        _stack.enter_context(tempfile.TemporaryDirectory(prefix="expoo-test-", ignore_cleanup_errors=True))
    )
    _place.chmod(0o711)
    os.environ["EXPOO_DATA_DIR"] = str(_place)
    _stack.enter_context(database.running(_place, durable=False))
    atexit.register(_stack.close)
os.environ["EXPOO_DEV"] = "1"
