"""What is made of content once, and kept until the content changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from . import content_version

Key = TypeVar("Key")
Thing = TypeVar("Thing")


class PerVersion(Generic[Key, Thing]):
    """The things made of one content version, by key; threads share it. Keys are few, and name who is looking."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = ""
        self._things: dict[Key, Thing] = {}

    def get(self, key: Key, make: Callable[[], Thing]) -> Thing:
        """The thing with this key, made now unless it was made of the content as it is."""
        version = content_version.current()
        with self._lock:
            if self._version != version:
                self._things, self._version = {}, version
            if key in self._things:
                return self._things[key]
        thing = make()
        with self._lock:
            if self._version == version:
                self._things[key] = thing
        return thing
