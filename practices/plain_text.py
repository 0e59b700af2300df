"""Rich text as somebody types it on a phone: paragraphs with a blank line between them, lists with "- ". Pure.

What was typed becomes simple HTML. A part whose words stayed the same keeps the HTML that it had, so that
changing one paragraph costs the others neither their links nor their headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from itertools import groupby
from typing import NamedTuple

_BULLET = re.compile(r"[-*•–]\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANK = re.compile(r"\n\s*\n")
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "li", "ul", "ol", "div"})


class Block(NamedTuple):
    """One paragraph, list, heading or quotation: as typed, and as HTML."""

    text: str
    html: str


def to_text(html: str) -> str:
    """The text to show in a form; an address behind a link follows in brackets."""
    return "\n\n".join(block.text for block in blocks(html))


def to_html(text: str, before: str = "") -> str:
    """The typed text as HTML. What reads the same in `before`, the HTML that is changed, comes from there."""
    written = list(_typed_blocks(text))
    earlier = blocks(before)
    if [_same(block.text) for block in written] == [_same(block.text) for block in earlier]:
        return before if earlier else ""
    kept = {_same(block.text): block.html for block in earlier}
    return "".join(kept.get(_same(block.text), block.html) for block in written)


def blocks(html: str) -> list[Block]:
    """The parts of sanitised rich text, without the empty ones."""
    parser = _Parser(html)
    return [Block(text, part) for part, text in parser.parts if text]


def tidy(text: str) -> str:
    """One kind of line end, no characters that cannot be seen, single spaces, no blank space around."""
    lines = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip()


def _same(text: str) -> str:
    """What is compared to see whether a part reads the same."""
    return "\n".join(_BULLET.sub("- ", line, count=1) for line in tidy(text).split("\n"))


def _typed_blocks(text: str) -> Iterator[Block]:
    for part in _BLANK.split(tidy(text)):
        lines = [line for line in part.split("\n") if line]
        if _is_numbered(lines):
            items = [_NUMBER.sub("", line, count=1) for line in lines]
            yield Block(_numbered(items), f"<ol>{_items(items)}</ol>")
            continue
        for is_list, group in groupby(lines, key=lambda line: bool(_BULLET.match(line))):
            found = list(group)
            if is_list:
                items = [_BULLET.sub("", line, count=1) for line in found]
                yield Block(_bulleted(items), f"<ul>{_items(items)}</ul>")
            else:
                yield Block("\n".join(found), f"<p>{'<br>'.join(map(_escaped, found))}</p>")


def _is_numbered(lines: list[str]) -> bool:
    """Whether these lines count from one: "3. verdieping" alone is a sentence."""
    numbers = [match[1] for line in lines if (match := _NUMBER.match(line))]
    return bool(lines) and numbers == [str(number) for number in range(1, len(lines) + 1)]


def _escaped(text: str) -> str:
    """As the sanitiser writes it: quotes mean nothing between tags."""
    return escape(text, quote=False)


def _items(items: list[str]) -> str:
    return "".join(f"<li><p>{_escaped(item)}</p></li>" for item in items)


def _bulleted(items: list[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _numbered(items: list[str]) -> str:
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))


class _Parser(HTMLParser):
    """Cuts HTML into its outermost elements, each with its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[str, str]] = []
        self._lines = [0]
        # As the parser counts them: only "\n" ends a line.
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._html = html
        self._start = 0
        self._depth = 0
        self._text: list[str] = []
        self._addresses: list[tuple[str, int]] = []
        self._lists: list[int | None] = []
        self.feed(html)
        self.close()
        self._cut(len(html))

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _cut(self, end: int) -> None:
        text = "\n".join(line for line in tidy("".join(self._text)).split("\n") if line)
        self.parts.append((self._html[self._start : end], text))
        self._start, self._text = end, []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._text.append("\n")
            return
        if self._depth == 0 and tag in _BLOCKS:
            self._cut(self._place())
        self._depth += 1
        if tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            number = self._lists[-1] if self._lists else None
            self._text.append("\n- " if number is None else f"\n{number}. ")
            if number is not None:
                self._lists[-1] = number + 1
        elif tag == "a":
            self._addresses.append((dict(attrs).get("href") or "", len(self._text)))
        elif tag in _BLOCKS and not self._is_at_item():
            self._text.append("\n")

    def _is_at_item(self) -> bool:
        """Whether the text stands right behind the mark of a list item, where no new line begins."""
        return (
            bool(self._lists)
            and bool(self._text)
            and re.fullmatch(r"\n(-|\d+\.) ", self._text[-1]) is not None
        )

    def handle_endtag(self, tag: str) -> None:
        if tag == "br":
            return
        self._depth = max(0, self._depth - 1)
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "a" and self._addresses:
            address, start = self._addresses.pop()
            shown = "".join(self._text[start:]).strip()
            if address.removeprefix("mailto:") != shown:
                self._text.append(f" ({address})")
        if self._depth == 0 and tag in _BLOCKS:
            self._cut(self._place() + len(f"</{tag}>"))

    def handle_data(self, data: str) -> None:
        self._text.append(re.sub(r"\s+", " ", data))
