"""What allauth asks us: who may sign up (nobody), what its errors say in our words, how its mails leave."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse

from expoo_portal.mail import SECRET_HEADER

from . import second_factor
from .recent import signed_in_recently

_WRONG_CODE = "Die code klopt niet. Kijk ze nog eens na."
_TOO_MANY = "Te veel pogingen. Wacht enkele minuten en probeer opnieuw."


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by staff; everything else follows allauth."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Dit account staat niet meer open.",
        "duplicate_email": "Dit is al je e-mailadres.",
        "email_password_mismatch": "Dat e-mailadres en dat wachtwoord horen niet bij elkaar.",
        "email_taken": "Dit e-mailadres is al in gebruik.",
        "enter_current_password": "Dat is niet je huidige wachtwoord.",
        "incorrect_code": _WRONG_CODE,
        "incorrect_password": "Dat wachtwoord klopt niet.",
        "invalid_or_expired_key": "Deze link werkt niet meer.",
        "invalid_login": "Aanmelden lukt niet met deze gegevens.",
        "invalid_password_reset": "Deze code werkt niet meer. Vraag een nieuwe.",
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
        "same_as_current": "Dit is dezelfde waarde als nu.",
    }
    _ways_to_confirm: ClassVar[dict[str, str]] = {
        "reauthenticate": "Met je wachtwoord",
        "mfa_reauthenticate": "Met een code uit je app of een herstelcode",
        "mfa_reauthenticate:webauthn": "Met je passkey",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: staff make the accounts."""
        return False

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        """Mark allauth's mails as secret: they hold codes, so the outbox wipes them once they left."""
        message = super().render_mail(*args, **kwargs)
        message.extra_headers[SECRET_HEADER] = "1"
        return message

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Take a code that came back as proof of the address of an account that staff made."""
        response = super().pre_login(request, user, **kwargs)
        records = get_authentication_records(request, user)
        if response is None and records and records[-1]["method"] == "code":
            known = EmailAddress.objects.filter(user=user)
            if records[-1].get("email") == user.email and not known.exists():
                known.create(user=user, email=user.email, verified=True, primary=True)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A sign-in of a moment ago counts as confirmation; allauth would ask for the password again."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        return not signed_in_recently(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways in which this user can confirm that it is them, in our words."""
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": self._ways_to_confirm[method["id"]]} for method in methods]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: nobody who must have one removes the last."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": (
            "Voor jouw account is een tweede stap verplicht. "
            "Voeg eerst een andere toe, dan kun je deze verwijderen."
        ),
        "cannot_generate_recovery_codes": "Herstelcodes krijg je pas met een app of een passkey.",
        "incorrect_code": _WRONG_CODE,
        "unverified_email": "Bevestig eerst je e-mailadres.",
    }
    _passkey_names: ClassVar[tuple[str, ...]] = ("Mijn passkey", "Tweede passkey")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether its owner may do without it."""
        return second_factor.may_remove(authenticator)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """A name to start from for a new passkey."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return self._passkey_names[number] if number < len(self._passkey_names) else f"Passkey {number + 1}"
