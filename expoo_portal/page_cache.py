"""Whole answers kept per process for visitors who are not signed in, keyed by the content version.

A view says with `@public_page` that its answer is the same for all anonymous visitors. Such an answer carries an
ETag and `Cache-Control: public`, so that a cache in front can serve it too, and is kept here, compressed, until
the content version changes.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from . import content_version

PUBLIC = "public, max-age=0, s-maxage=1, must-revalidate"
MAX_BYTES = 48_000_000
MAX_ANSWER_BYTES = 1_000_000
MIN_COMPRESSED_BYTES = 600
# 6, the usual level, takes twice as long and saves 5 % more.
COMPRESSION = 4
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


# The path and the query string of an address.
Key = tuple[str, str]


class Answer(NamedTuple):
    """A kept answer: its body plain and compressed, and the headers that the view gave it."""

    body: bytes
    compressed: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]


class _Store:
    """The answers of one content version, least recently used first out."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.version = ""
        self.answers: OrderedDict[Key, Answer] = OrderedDict()
        self.size = 0

    def get(self, version: str, key: Key) -> Answer | None:
        with self.lock:
            if version != self.version:
                self.answers.clear()
                self.size = 0
                self.version = version
            answer = self.answers.get(key)
            if answer is not None:
                self.answers.move_to_end(key)
            return answer

    def put(self, version: str, key: Key, answer: Answer) -> None:
        with self.lock:
            if version != self.version or key in self.answers:
                return
            self.answers[key] = answer
            self.size += len(answer.body) + len(answer.compressed)
            while self.size > MAX_BYTES:
                _, dropped = self.answers.popitem(last=False)
                self.size -= len(dropped.body) + len(dropped.compressed)


_store = _Store()


def clear() -> None:
    """Forget all kept answers; for tests and benchmarks."""
    with _store.lock:
        _store.version = ""
        _store.answers.clear()
        _store.size = 0


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view's answer to anonymous visitors as the same for all of them; others get it "private, no-store".

    Needs no sign-in. Only for GET and HEAD.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if _is_anonymous(request) and response.status_code == 200:
            response.headers.setdefault("Cache-Control", PUBLIC)
        return response

    wrapped.login_required = False  # type: ignore[attr-defined]
    return wrapped


def _is_anonymous(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME not in request.COOKIES


def _is_known(request: HttpRequest, etag: str) -> bool:
    """Whether the client has this very answer already; weak and strong tags are compared alike."""
    given = request.headers.get("If-None-Match", "")
    if not given or given == etag:
        return bool(given)
    tags = parse_etags(given)
    return "*" in tags or etag.removeprefix("W/") in (tag.removeprefix("W/") for tag in tags)


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the client reads what was compressed."""
    return bool(_TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")))


def _serve(request: HttpRequest, answer: Answer) -> HttpResponse:
    if _is_known(request, answer.etag):
        response: HttpResponse = HttpResponseNotModified()
    elif answer.compressed and takes_gzip(request):
        response = HttpResponse(answer.compressed)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(answer.compressed))
    else:
        response = HttpResponse(answer.body)
        response.headers["Content-Length"] = str(len(answer.body))
    for name, value in answer.headers:
        response.headers[name] = value
    response.headers["ETag"] = answer.etag
    return response


class PageCacheMiddleware:
    """Serves kept answers to visitors without a session cookie and keeps the public ones."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not _is_anonymous(request) or request.path == "/gezond/":
            return self.get_response(request)
        version = content_version.current()
        # As it came in: decoding and quoting again would let one address take the place of another.
        key = (request.path, request.META.get("QUERY_STRING", ""))
        answer = _store.get(version, key)
        if answer is None:
            response = self.get_response(request)
            answer = _answer(response) if request.method == "GET" else None
            if answer is None:
                return response
            _store.put(version, key, answer)
        return _serve(request, answer)


def _shrinks(response: HttpResponse) -> bool:
    """Whether compressing makes it smaller: pictures are compressed already."""
    is_picture = response.headers["Content-Type"].startswith("image/")
    return not is_picture and len(response.content) >= MIN_COMPRESSED_BYTES


def _answer(response: HttpResponse) -> Answer | None:
    """What is kept of a response, or None when it is not to be kept."""
    if (
        response.streaming
        or response.status_code != 200
        or response.cookies
        or response.headers.get("Cache-Control") != PUBLIC
        or len(response.content) > MAX_ANSWER_BYTES
    ):
        return None
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    body = response.content
    return Answer(
        body=body,
        compressed=gzip.compress(body, COMPRESSION, mtime=0) if _shrinks(response) else b"",
        etag=f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
        headers=tuple((name, value) for name, value in response.items() if name != "Content-Length"),
    )
