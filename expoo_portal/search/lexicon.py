"""How searches are understood: with the words that mean the same, read once per content version."""

from __future__ import annotations

from expoo_portal.per_version import PerVersion

from . import synonyms
from .analysis import Lexicon

_kept = PerVersion[None, Lexicon]()


def lexicon() -> Lexicon:
    """The lexicon of this content version, for the catalogue and the site search alike."""
    return _kept.get(None, lambda: Lexicon(synonyms=synonyms.groups()))
