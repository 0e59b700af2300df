"""Documents as PDF, where WeasyPrint is installed; it is no requirement, for every page prints from the browser too.

Drawing takes seconds, so it may not tie up the portal: one document at a time in all processes together, whoever
comes second is asked to wait, and what was drawn lately is kept, by what stands in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import cache as shared_cache
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.http import content_disposition_header

from .rate_limits import is_allowed

STATIC = settings.BASE_DIR / "static"
STYLE = STATIC / "css" / "pdf.css"
# All that a document may take from elsewhere, asked for as "portal:fonts/figtree.woff2".
OWN_FILES = {
    f"portal:{name}": STATIC / name
    for name in ("fonts/figtree.woff2", "fonts/bricolage-grotesque.woff2", "img/ruled.svg")
}
RETRY_AFTER_SECONDS = 5
KEPT_SECONDS = 7 * 24 * 60 * 60
# However many documents are asked for, no more than these take room in the database.
SLOTS = 100
MAX_KEPT_BYTES = 1_000_000
# Any number that nothing else locks by.
_LOCK = 20_261_123


# A whole organisation may sit behind one address.
RATE = "60/h/ip"


class Busy(Exception):
    """Another document is being drawn."""


class TooMany(Exception):
    """This visitor had many documents drawn in a short time."""


@cache
def available() -> bool:
    """Whether this machine can draw PDFs: WeasyPrint and the libraries that it needs are there."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def pdf_response(
    request: HttpRequest,
    template: str,
    context: Callable[[], dict[str, Any]],
    name: str,
    *,
    keep: bool = True,
) -> HttpResponse:
    """The document that this template makes, to download as `name`; what a visitor typed asks not to `keep` it.

    404 without WeasyPrint, 503 while another one is being drawn, 429 for who asks for too many new ones.
    """
    if not available():
        raise Http404
    html = get_template(template).render(context())
    try:
        body = document(html, lambda: is_allowed(request, "pdf", RATE), keep=keep)
    except Busy:
        return _later(503, RETRY_AFTER_SECONDS)
    except TooMany:
        return _later(429, 60 * 60)
    response = HttpResponse(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _later(status: int, seconds: int) -> HttpResponse:
    response = HttpResponse(get_template("pdf_busy.html").render({}), status=status)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def document(html: str, may_draw: Callable[[], bool] = lambda: True, *, keep: bool = True) -> bytes:
    """The PDF of this HTML, kept or drawn. Raises Busy while another one is being drawn, TooMany when it may not."""
    style = STYLE.read_text()
    digest = hashlib.blake2b(f"{style}\0{html}".encode(), digest_size=16).hexdigest()
    slot = f"pdf:{int(digest, 16) % SLOTS}"
    if keep and (kept := shared_cache.get(slot)) and kept[0] == digest:
        return kept[1]
    if not may_draw():
        raise TooMany
    with _alone():
        body = _draw(html, style)
    if keep and len(body) <= MAX_KEPT_BYTES:
        shared_cache.set(slot, (digest, body), KEPT_SECONDS)
    return body


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time in all processes: Postgres gives the lock back even when a process dies."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            (is_ours,) = cursor.fetchone()
        if not is_ours:
            raise Busy
        yield


def _draw(html: str, style: str) -> bytes:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        """Gives a few files of our own and refuses the rest: nothing is asked of the network or of the disk."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in OWN_FILES:
                raise ValueError(f"{url} is not ours")
            return URLFetcherResponse(url, OWN_FILES[url].read_bytes())

    fetcher, fonts = OwnFiles(), FontConfiguration()
    sheet = weasyprint.CSS(string=style, url_fetcher=fetcher, font_config=fonts)
    page = weasyprint.HTML(string=html, base_url=settings.SITE_URL, url_fetcher=fetcher)
    return page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_tags=True)
