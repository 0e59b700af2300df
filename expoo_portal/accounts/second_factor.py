"""The second factor: who must have one, and that they get nowhere without it.

Staff and whoever `settings.SECOND_FACTOR_REQUIRED_FOR` names need an authenticator app or a passkey, and
the session must have used it. allauth asks for it at sign-in; this also catches sessions that began before
somebody became staff, and accounts that have none yet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.module_loading import import_string

# Recovery codes replace a lost factor; they are none by themselves.
MAIN_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SESSION_KEY = "second_factor"
_REQUEST_MARK = "second_factor_satisfied"

_ALWAYS = {"account_logout"}
_WHILE_SETTING_UP = _ALWAYS | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
}
_WHILE_CONFIRMING = _ALWAYS | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


def is_required(user: Any) -> bool:
    """Whether this user must have a second factor: staff, and who the higher floors say."""
    if user.is_staff or user.is_superuser:
        return True
    return any(import_string(path)(user) for path in settings.SECOND_FACTOR_REQUIRED_FOR)


def is_satisfied(request: HttpRequest) -> bool:
    """Whether this session's user needs no second factor, or used one that still exists.

    Looked up once per request: the admin asks on each page several times.
    """
    known = getattr(request, _REQUEST_MARK, None)
    if known is None:
        known = _address_to_go_first(request) is None
        setattr(request, _REQUEST_MARK, known)
    return known


def may_remove(authenticator: Authenticator) -> bool:
    """Whether its owner may do without this authenticator: nobody who must have one loses the last."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=MAIN_TYPES)
    return others.exclude(pk=authenticator.pk).exists() or not is_required(authenticator.user)


class SecondFactorMiddleware:
    """Sends whoever must have a second factor and did not use one to the page where they can.

    A middleware, so that a new view cannot forget it. Costs one query for a member and one for staff.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The redirect, or None to go on; before the view is called, so that it does nothing."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        first = _address_to_go_first(request)
        setattr(request, _REQUEST_MARK, first is None)
        if first is None:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        is_setting_up = first == reverse("mfa_index")
        if name in (_WHILE_SETTING_UP if is_setting_up else _WHILE_CONFIRMING):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": first})
        if request.method == "GET" and not is_setting_up:
            first = f"{first}?{urlencode({'next': request.get_full_path()})}"
        return HttpResponseRedirect(first)


def _address_to_go_first(request: HttpRequest) -> str | None:
    """Where this session must go first: to set up a second factor, to confirm with it, or nowhere."""
    user = request.user
    if not user.is_authenticated or not is_required(user):
        return None
    authenticators = dict(Authenticator.objects.filter(user_id=user.pk).values_list("pk", "type"))
    types = set(authenticators.values())
    if not types.intersection(MAIN_TYPES):
        return reverse("mfa_index")
    used_by, used = request.session.get(SESSION_KEY, (None, None))
    if used_by == user.pk and used in authenticators:
        return None
    if Authenticator.Type.TOTP in types:
        return reverse("mfa_reauthenticate")
    return reverse("mfa_reauthenticate_webauthn")


@receiver(signals.authenticator_used)
@receiver(signals.authenticator_added)
@receiver(signals.authenticator_reset)
def remember_use(request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """Note in the session that this user proved to hold this authenticator (setting one up proves it too).

    New recovery codes prove nothing; they only take the place of the ones that this session used.
    """
    is_recovery = authenticator.type == Authenticator.Type.RECOVERY_CODES
    if is_recovery and kwargs["signal"] is signals.authenticator_added:
        return
    used_by, _used = request.session.get(SESSION_KEY, (None, None))
    if kwargs["signal"] is signals.authenticator_reset and used_by != user.pk:
        return
    request.session[SESSION_KEY] = (user.pk, authenticator.pk)
