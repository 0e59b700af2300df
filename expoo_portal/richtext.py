"""Sanitised rich text: one field, one sanitiser, and the editor's media under the strict content policy."""

from __future__ import annotations

import html as html_entities
import re
from typing import Any

import nh3
from csp.constants import NONCE
from django.db import models
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.config import allowlist_from_extensions
from django_prose_editor.fields import ProseEditorField
from js_asset import Media as MediaWithImportMap

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Heading": {"levels": [3, 4]},
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    # The editor would switch the browser's spelling check off.
    "NoSpellCheck": False,
}

# The one <style> that the editor puts on the page. Upgrading the editor may change it; a browser test tells.
EDITOR_STYLE_HASH = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"

_BLOCK = re.compile(r"<(?=/?(?:p|h[1-6]|ul|ol|li|br|blockquote)\b)", re.IGNORECASE)

_HEADING = re.compile(r"<(/?)h([34])>")
TOP_HEADING = EXTENSIONS["Heading"]["levels"][0]

_RULES = allowlist_from_extensions(EXTENSIONS)
# Unless told otherwise, nh3 lets lang and title through on every tag.
_RULES["attributes"]["*"] = set()
_clean = nh3.Cleaner(**_RULES).clean


def sanitize(html: str) -> str:
    """HTML reduced to the tags and attributes of `EXTENSIONS`; without any word in it, the empty string."""
    readable = (html or "").replace("\x00", "").encode("utf-8", "ignore").decode()
    cleaned = _clean(readable)
    return cleaned if plain_text(cleaned) else ""


def plain_text(html: str) -> str:
    """The words of rich text, unescaped, for search and summaries: ends of blocks become spaces."""
    return " ".join(html_entities.unescape(strip_tags(_BLOCK.sub(" <", html or ""))).split())


class RichTextField(ProseEditorField):
    """HTML that is sanitised whenever it is stored, and so may be shown as it is.

    The library sanitises in `full_clean()` only, so `save()`, imports and commands would store raw input.
    `bulk_create`, `bulk_update` and `update()` pass through `get_db_prep_save`, which sanitises once more.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        super().__init__(*args, extensions=dict(EXTENSIONS), sanitize=sanitize, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = sanitize(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(sanitize(value) if isinstance(value, str) else value, connection)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("blank", None)
        return name, path, args, kwargs | {"blank": True}


def as_safe(html: str, top_heading: int = TOP_HEADING) -> SafeString:
    """Stored rich text, safe for a template: sanitised again, since a row may be older than the rules.

    Its highest headings become `top_heading`, so that they follow the heading that the page puts above them.
    """
    clean = sanitize(html)
    if top_heading != TOP_HEADING:
        clean = _HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) - TOP_HEADING + top_heading}>", clean)
    return mark_safe(clean)  # noqa: S308 - the one place: the lines above sanitise


def media_with_nonce(request: HttpRequest, media: Media) -> MediaWithImportMap:
    """A form's media, whose inline import map and scripts carry this answer's nonce."""
    return MediaWithImportMap.from_media(media, nonce=str(request.csp_nonce))  # type: ignore[attr-defined]


def allow_editor(response: HttpResponse) -> HttpResponse:
    """Let the editor's import map (by nonce) and its own style (by hash) through this one answer's policy.

    Only for answers that no cache may keep: a kept nonce is no secret any more.
    """
    response._csp_update = {"script-src": [NONCE], "style-src": [EDITOR_STYLE_HASH]}  # type: ignore[attr-defined]
    return response
