"""What is left out of the log: the part of a private link that lets somebody in."""

from __future__ import annotations

import logging
import re

# A random id and a signature (practices/private_links.py); the beginning still tells which one it was.
_TOKEN = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24}[\w-]{22}")


class HidePrivateLinks(logging.Filter):
    """Shortens private links in messages, such as "Not Found: /praktijken/delen/…/"."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        shortened = _TOKEN.sub(r"\1…", message)
        if shortened != message:
            record.msg, record.args = shortened, ()
        return True
