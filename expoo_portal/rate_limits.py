"""How often somebody may do what costs a mail or a row, counted for all processes together."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest


def is_allowed(request: HttpRequest, action: str, rates: str, key: str = "") -> bool:
    """Count one more `action` of this request; False when it is one too many.

    `rates` is written like `ACCOUNT_RATE_LIMITS` ("20/h/ip,5/d/key"): per network address, and per `key`, such as
    the e-mail address that a mail would go to.
    """
    used = ratelimit.consume(
        request, app="portal", action=action, config={action: rates}, key=key.casefold(), limit_get=True
    )
    return used is not None
