"""Whether somebody proved a moment ago that it is them: asked before what cannot be undone."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

View = Callable[..., HttpResponse]


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether this session's user signed in, or confirmed that it is them, within the last minutes."""
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0)
    return time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT


def recently_confirmed(view: View) -> View:
    """A page for whoever signed in a moment ago; others confirm first, in allauth's way.

    allauth has no way for who has neither a password nor a second factor, and lets them through: they sign in anew.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise_if_reauthentication_required(request, app="allauth.account")
        if not signed_in_recently(request):
            again = f"{reverse('account_request_login_code')}?{urlencode({'next': request.path})}"
            return render(request, "account/sign_in_again.html", {"again": again}, status=403)
        return view(request, *args, **kwargs)

    return wrapped
