"""Security headers that Django and django-csp do not set, on every answer, errors included."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), "
        "payment=(), usb=(), browsing-topics=()"
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
    # Django's middleware sets these too, but not on what the middleware above it answers.
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


class HeadersMiddleware:
    """Adds the headers; and says "private, no-store" where no view said how its answer may be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Django takes a length that is no number for none, and yet stumbles over it where a form is read.
        if not request.META.get("CONTENT_LENGTH", "").lstrip("-").isdecimal():
            request.META["CONTENT_LENGTH"] = ""
        response = self.get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
