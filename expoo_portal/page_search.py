"""The editable pages as the site search finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .pages import Page
from .richtext import plain_text
from .search.kinds import Label
from .search.models import Texts
from .search.passages import Passage
from .search.rows import RowKind


class PageKind(RowKind):
    """Pages such as "over" and "privacy"."""

    label = Label("paginas", "Pagina's", "pagina", 90)
    model = Page

    def texts(self, item: Page) -> tuple[Texts, Texts]:
        brief: Texts = [(item.title, "A"), (item.intro, "C")]
        return brief, [*brief, (plain_text(item.body), "D")]

    def passages(self, items: Sequence[Page], user: Any) -> Mapping[int, Sequence[Passage]]:
        return {item.pk: [Passage(item.intro), Passage(plain_text(item.body))] for item in items}
