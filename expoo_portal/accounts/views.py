"""The account pages that allauth does not have, or has without a check that we need."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from .forms import RemovePasskeyForm


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the user's own sessions: its browser is signed out at its next request."""
    session = get_object_or_404(UserSession, pk=pk, user_id=request.user.pk)
    session.end()
    messages.success(request, "Die sessie is afgemeld.")
    return redirect("usersessions_list")


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class RemovePasskeyView(RemoveWebAuthnView):
    """allauth's view, which alone would let somebody remove a last passkey that they must have."""

    form_class = RemovePasskeyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form looks at the passkey itself."""
        return super().get_form_kwargs() | {"instance": self.object}
