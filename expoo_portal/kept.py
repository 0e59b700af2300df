"""What a process made lately and may need again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key")
Thing = TypeVar("Thing")


class Kept(Generic[Key, Thing]):
    """The things asked for last, by key, at most so many of them; threads share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Key, Thing] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, keys: Sequence[Key], make: Callable[[list[Key]], dict[Key, Thing]]) -> dict[Key, Thing]:
        """The things with these keys; `make` is called once for all that are not kept, and may leave some out."""
        with self._lock:
            found = {key: self._things[key] for key in keys if key in self._things}
            for key in found:
                self._things.move_to_end(key)
        if missing := [key for key in keys if key not in found]:
            made = make(missing)
            found |= made
            with self._lock:
                self._things |= made
                while len(self._things) > self._most:
                    self._things.popitem(last=False)
        return found

    def clear(self) -> None:
        """Forget everything; for measuring."""
        with self._lock:
            self._things.clear()
