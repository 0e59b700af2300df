"""Rich text in sentences, each of which can stand on a page by itself. Pure.

A list item is one thought: it stays whole, unless it is long. A paragraph is split where a sentence ends. Headings
only announce, so they are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

# A list item up to this length stays one sentence; a longer sentence is cut between two words.
MAX_ITEM = 320
MAX_SENTENCE = 480
# What comes after these in one text is no list of strengths any more.
MAX_SENTENCES = 40

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | {"p", "ul", "ol", "li", "blockquote", "br", "div", "td", "tr"}
_SILENT = frozenset({"script", "style"})

# Words with a full stop that end no sentence. One with a stop inside ("o.a.", "d.w.z.") needs no place here.
_ABBREVIATIONS = """
art bijv bv blz ca dd dhr dr ev evt excl fig hfst incl ing ir jl jr max mevr min mr mvr nl nr nrs obv pag par prof
resp sint st tel tem vb vgl vnl vs zgn zog
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)")
_OPENING = "\"'“‘„«([–—-"
_LAST_WORD = re.compile(r"[\w.]+\Z")


class _Blocks(HTMLParser):
    """Collects the text of each block, with whether it stands in a list item; text in headings is dropped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, bool]] = []
        self._text: list[str] = []
        self._items = self._left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end_block()
        if tag == "li":
            self._items += 1
        if tag in _HEADINGS or tag in _SILENT:
            self._left_out += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_block()
        if tag == "li":
            self._items = max(0, self._items - 1)
        if tag in _HEADINGS or tag in _SILENT:
            self._left_out = max(0, self._left_out - 1)

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self._text.append(data)

    def _end_block(self) -> None:
        if text := " ".join("".join(self._text).replace("\x00", " ").split()):
            self.found.append((text, self._items > 0))
        self._text.clear()

    def close(self) -> None:
        super().close()
        self._end_block()


def sentences(html: str) -> list[str]:
    """The sentences of a rich text in order, each on one line, the first `MAX_SENTENCES` of them."""
    reader = _Blocks()
    reader.feed(html or "")
    reader.close()
    found: list[str] = []
    for text, is_item in reader.found:
        whole = [text] if is_item and len(text) <= MAX_ITEM else split(text)
        found += [_cut(sentence) for sentence in whole]
    return found[:MAX_SENTENCES]


def split(text: str) -> list[str]:
    """A text of one paragraph in sentences; joined by spaces they are the text again, but for double spaces."""
    return [" ".join(sentence.split()) for sentence in _pieces(text) if sentence.strip()]


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(text):
        if _ends(text, end):
            yield text[start : end.end()]
            start = end.end()
    yield text[start:]


def _ends(text: str, end: re.Match[str]) -> bool:
    """Whether a sentence ends here: what follows begins like one, and the full stop belongs to no abbreviation."""
    following = text[end.end() :].lstrip().lstrip(_OPENING).lstrip()[:1]
    if following and not (following.isupper() or following.isdigit()):
        return False
    if end.group()[0] != "." or end.group().startswith(".."):
        return True
    last = _LAST_WORD.search(text, 0, end.start())
    word = last.group().casefold() if last else ""
    return not (word in ABBREVIATIONS or "." in word or len(word) == 1 and word.isalpha())


def _cut(sentence: str) -> str:
    """The sentence, or its beginning up to a word with an ellipsis when it is too long to quote."""
    if len(sentence) <= MAX_SENTENCE:
        return sentence
    room = sentence[: MAX_SENTENCE - 2]
    return f"{room[: room.rfind(' ')] if ' ' in room else room} …"
