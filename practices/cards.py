"""Cards: a practice as the lists show it, put together from texts and a frame that was rendered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count, islice
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString

from expoo_portal.fragments import Fragment, joined, slot
from expoo_portal.search.analysis import highlight

from .drawing import Shape, drawing
from .models import PracticeImage, PracticeKind
from .status import archive_label


class CardRow(NamedTuple):
    """What a card shows of a practice: the names are those of its columns. Long texts stay in the database."""

    pk: int
    slug: str
    name: str
    special: str
    summary: str
    municipality: str
    kind: str
    archived_on: date | None


@dataclass(frozen=True, slots=True)
class Card:
    """A practice as the lists show it: a fragment whose title and line can be marked."""

    name: str
    line: str
    fragment: Fragment

    def html(self, stems: frozenset[str] = frozenset()) -> SafeString:
        """The card, with the words that match `stems` marked."""
        if not stems:
            return self.fragment.fill(self.name, self.line)
        return self.fragment.fill(marked(self.name, stems), marked(self.line, stems))


@cache
def card_frame(has_line: bool, is_example: bool, is_archived: bool, has_image: bool, shapes: int) -> Fragment:
    """The card of all practices that have the same parts, with slots for their texts.

    The slots: title, line, slug, address, kicker, label of the archive; then of an image address and description,
    or else of a drawing the ground and the colour and path of each of its shapes, the shared one last.
    """
    slots = map(slot, count())
    title, line, slug, href, kicker, archived = islice(slots, 6)
    context: dict[str, object] = {
        "title": title,
        "line": has_line and line,
        "slug": slug,
        "href": href,
        "kicker": kicker,
        "example": is_example,
        "archived": is_archived and archived,
    }
    if has_image:
        context["image"] = {"src": next(slots), "alt": next(slots), "width": 640, "height": 288}
    else:
        ground = next(slots)
        drawn = [{"fill": next(slots), "path": next(slots)} for _ in range(shapes)]
        context["drawing"] = {"ground": ground, "shapes": drawn[:-1], "shared": drawn[-1]}
    return Fragment.rendered("components/practice_card.html", {"card": context, "level": 3})


def marked(text: str, stems: frozenset[str]) -> SafeString:
    """`text`, escaped, with the words that match `stems` inside <mark>."""
    return joined(
        part for piece, hit in highlight(text, stems) for part in ((OPEN, piece, CLOSE) if hit else (piece,))
    )


TITLE, LINE = 0, 1
OPEN, CLOSE = SafeString("<mark>"), SafeString("</mark>")


def make_card(row: CardRow, types: Sequence[str], tags: Sequence[str], image: PracticeImage | None) -> Card:
    """The card of a practice with these types of organisation, facet values ("ruimte=buiten") and picture."""
    line = row.special or row.summary
    shapes: list[Shape] = []
    if image:
        picture = [image.card_url, image.alt]
    else:
        drawn = drawing(row.slug, tags)
        shapes = [*drawn.shapes, drawn.shared]
        picture = [drawn.ground, *(text for shape in shapes for text in (shape.fill, shape.path))]
    kicker = " · ".join([*types, row.municipality])
    archived = archive_label(row.archived_on)
    frame = card_frame(bool(line), row.kind == PracticeKind.EXAMPLE, bool(archived), bool(image), len(shapes))
    href = reverse("practice_detail", args=[row.slug])
    filled = frame.fill(slot(TITLE), slot(LINE), row.slug, href, kicker, archived, *picture)
    return Card(row.name, line, Fragment(filled))
