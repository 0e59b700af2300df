"""Which browser the tests drive, and how: the machine's own Chromium, that asks nothing of the network by itself."""

from __future__ import annotations

import os
from typing import Any

from launch.browser import find_browser

LAUNCH: dict[str, Any] = {
    "executable_path": os.environ.get("EXPOO_CHROMIUM") or find_browser(),
    "args": [
        # Root, as in a container, cannot have Chromium's own sandbox.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-quic",
    ],
}
