"""Pieces of HTML that are rendered once per content version and filled in per request.

Most of the time of an uncached page goes to rendering templates. A card or a row of the filter panel is the same
for everybody but for a few spots; those spots are slots, and filling them is joining strings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_MARK = re.compile("\ue000([0-9]+)\ue001")


def slot(number: int) -> str:
    """What to put in the template's context where slot `number` goes; escaping leaves it as it is."""
    return f"\ue000{number}\ue001"


class Fragment:
    """A rendered template with numbered slots."""

    __slots__ = ("_pieces",)

    def __init__(self, template_name: str, context: Mapping[str, object]) -> None:
        self._pieces: list[str] = _MARK.split(get_template(template_name).render(dict(context)))

    def fill(self, *values: str | int) -> SafeString:
        """The HTML with `values[n]` in slot n, escaped unless they are safe already."""
        escaped = [conditional_escape(str(value) if isinstance(value, int) else value) for value in values]
        pieces = self._pieces.copy()
        for place in range(1, len(pieces), 2):
            pieces[place] = escaped[int(pieces[place])]
        return SafeString("".join(pieces))
