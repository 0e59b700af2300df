"""How a Dutch word sounds, roughly: "handlijding" sounds like "handleiding". Pure."""

from __future__ import annotations

import re
from functools import lru_cache

_SOUNDS = (
    ("ij", "ei"),
    ("ou", "au"),
    ("ch", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("dt", "t"),
    ("ie", "i"),
    ("ae", "a"),
    ("qu", "kw"),
    ("x", "ks"),
    ("y", "i"),
    ("z", "s"),
    ("v", "f"),
)
_SOFT_C = re.compile(r"c(?=[eiy])")
_DOUBLED = re.compile(r"(.)\1+")
_HARDENED = {"d": "t", "b": "p"}


@lru_cache(maxsize=100_000)
def sound(word: str) -> str:
    """The folded word with letters that sound alike written in one way: "toezigt" and "toezicht" are the same."""
    heard = _SOFT_C.sub("s", word)
    for written, spoken in _SOUNDS:
        heard = heard.replace(written, spoken)
    heard = _DOUBLED.sub(r"\1", heard.replace("c", "k"))
    return heard[:-1] + _HARDENED.get(heard[-1:], heard[-1:])
