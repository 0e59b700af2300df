"""What somebody typed becomes rich text, with or without the editor. Pure."""

from __future__ import annotations

import html as entities
import re

from django.utils.html import urlize

from expoo_portal.richtext import plain_text, sanitize

MAX_CHARACTERS = 20_000

# What the editor makes begins with a block; whoever types without it does not.
_FROM_EDITOR = re.compile(r"\s*<(?:p|h[34]|ul|ol|blockquote)[ >]", re.IGNORECASE)
_PIECE = re.compile(r'(<(?:[^"\'>]|"[^"]*"|\'[^\']*\')*>)')
_ENDS_BLOCK = re.compile(r"</(?:p|h[34]|ul|ol|blockquote)>", re.IGNORECASE)


def to_html(typed: str) -> str:
    """Sanitised rich text of what the editor made, or of plain text: an empty line begins a paragraph."""
    text = typed.replace("\r\n", "\n").replace("\x00", "")
    if _FROM_EDITOR.match(text):
        return sanitize(text)
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return sanitize("".join(f"<p>{_linked(block)}</p>" for block in blocks))


def _linked(block: str) -> str:
    """Lines of a paragraph, escaped, in which addresses become links."""
    return "<br>".join(urlize(line, autoescape=True) for line in block.split("\n"))


def to_plain(html: str) -> str:
    """Rich text for a plain box: paragraphs with an empty line between, points of a list with a dash."""
    text = re.sub(r"<li[^>]*>\s*(?:<p>)?", "- ", html, flags=re.IGNORECASE)
    text = re.sub(r"(?:</p>)?\s*</li>|<br[^>]*>", "\n", text, flags=re.IGNORECASE)
    text = _ENDS_BLOCK.sub("\n\n", text)
    text = entities.unescape(_PIECE.sub("", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def pieces(html: str) -> list[tuple[str, bool, bool]]:
    """Sanitised HTML in pieces: the piece, whether it is a tag, and whether it stands inside a link."""
    found, depth = [], 0
    for piece in _PIECE.split(html):
        if not piece:
            continue
        is_tag = piece.startswith("<") and piece.endswith(">")
        if is_tag and re.match(r"<a[ >]", piece):
            depth += 1
        found.append((piece, is_tag, depth > 0))
        if is_tag and piece == "</a>":
            depth = max(0, depth - 1)
    return found


def excerpt(html: str, length: int = 180) -> str:
    """The beginning of what a post says, cut at a word: about two lines."""
    text = plain_text(html)
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(".,;:") + " …"
