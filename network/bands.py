"""How members take part, in bands and never by name. Pure.

After Wenger's layers of a community of practice (`domain.md` 5.1): a core, an active ring, and a large circle that
reads along, which is as it should be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

# Over this many days; the core wrote in at least that many different weeks of them.
DAYS = 90
CORE_WEEKS = 4
# In a smaller group the numbers would say who it is.
FEWEST_MEMBERS = 8


class Bands(NamedTuple):
    """How many members belong to the core, were active, and read along."""

    core: int
    active: int
    readers: int


def bands(members: int, weeks_by_author: Mapping[int, int]) -> Bands | None:
    """The bands of a group of `members`, from the number of weeks in which each author wrote; None in a small group."""
    if members < FEWEST_MEMBERS:
        return None
    core = sum(1 for weeks in weeks_by_author.values() if weeks >= CORE_WEEKS)
    active = sum(1 for weeks in weeks_by_author.values() if 0 < weeks < CORE_WEEKS)
    return Bands(core, active, members - core - active)
