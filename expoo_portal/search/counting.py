"""Hands the searches of visitors to the recorder, those answered from the kept pages too.

The search page says in a header how much it found (`count_search`). The header is kept with the page, so that the
middleware, which stands before the kept pages, reads it whoever answers; it takes it off before the answer leaves.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse

from .insight import logger, recorder

HEADER = "X-Search-Results"
_MACHINES = re.compile(r"bot\b|crawl|spider|slurp|preview|monitor|headless|python|curl|wget", re.I)


def count_search(request: HttpRequest, response: HttpResponse, results: int) -> None:
    """Let the search behind this answer be counted, with how much it found; those of staff are not."""
    if not request.user.is_authenticated or not request.user.is_staff:
        response.headers[HEADER] = str(results)


class SearchCountMiddleware:
    """Counts the searches of people, and writes what was counted every few seconds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        results = response.headers.get(HEADER)
        del response.headers[HEADER]
        try:
            if results is not None and _is_search_of_a_person(request):
                address = get_adapter().get_client_ip(request)
                recorder.add(request.GET.get("q", ""), address or "", int(results))
            recorder.write_when_due()
        except (DatabaseError, PermissionDenied) as error:
            # Counting is no reason to let a page fail. Allauth refuses who has no network address.
            logger.warning("a search was not counted: %s", type(error).__name__)
        return response


def _is_search_of_a_person(request: HttpRequest) -> bool:
    """Neither a check of the address, nor a page fetched in advance, nor a program that says it is one."""
    is_wanted = request.method == "GET" and "Sec-Purpose" not in request.headers
    return is_wanted and not _MACHINES.search(request.headers.get("User-Agent", ""))
