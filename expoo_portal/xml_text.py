"""Text as XML can hold it: for feeds and Word documents. Pure."""

from __future__ import annotations

import re

# What XML 1.0 cannot hold, escaped or not. A pasted slide brings along such characters.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _FORBIDDEN.sub("", text)
