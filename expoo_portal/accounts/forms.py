"""allauth's forms in our own words: plain labels, no placeholders, the keyboard that fits."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.core.validators import MaxLengthValidator

from .models import User

PASSWORD_HELP = "Minstens 12 tekens. Een zinnetje van vier of vijf woorden onthoud je het best."  # noqa: S105
# What the database holds; allauth's own field takes more.
_MAX_EMAIL = 254


class OwnWords:
    """Gives a form's fields our labels and helps, by field name, and takes placeholders away."""

    labels: ClassVar[dict[str, str]] = {}
    helps: ClassVar[dict[str, str]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            if isinstance(field, forms.EmailField):
                field.label = "E-mailadres"
                field.validators.append(MaxLengthValidator(_MAX_EMAIL))
                field.widget.attrs |= {
                    "maxlength": _MAX_EMAIL,
                    "autocapitalize": "none",
                    "spellcheck": "false",
                }


class CodeWords(OwnWords):
    """A form with a code that came by mail or stands in an app."""

    labels: ClassVar[dict[str, str]] = {"code": "Code"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.validators.append(MaxLengthValidator(40))
        code.widget.attrs |= {"inputmode": "numeric", "spellcheck": "false", "autofocus": True}


class SameWork(OwnWords):
    """A form that asks for an address, and takes as long for a known one as for an unknown one.

    allauth looks at the people themselves only when no proven address fits: a difference that can be measured.
    """

    def clean_email(self) -> str:
        """Look at the people in the other case too."""
        email = super().clean_email()  # type: ignore[misc]
        if EmailAddress.objects.filter(email=email, verified=True).exists():
            list(User.objects.filter(email=email).iterator())
        return email


class LoginForm(OwnWords, account.LoginForm):
    """Sign in with a password."""

    labels: ClassVar[dict[str, str]] = {"password": "Wachtwoord"}


class RequestLoginCodeForm(SameWork, account.RequestLoginCodeForm):
    """Ask for a sign-in code."""


class ConfirmLoginCodeForm(CodeWords, account.ConfirmLoginCodeForm):
    """Sign in with the code."""


class ConfirmPasswordResetCodeForm(CodeWords, account.ConfirmPasswordResetCodeForm):
    """Show the code that allows a new password."""


class ConfirmEmailForm(CodeWords, account.ConfirmEmailVerificationCodeForm):
    """Show the code that proves an address."""


class ResetPasswordForm(SameWork, account.ResetPasswordForm):
    """Ask for a code that allows a new password."""


class ReauthenticateForm(OwnWords, account.ReauthenticateForm):
    """Confirm with the password."""

    labels: ClassVar[dict[str, str]] = {"password": "Wachtwoord"}


class ChangeEmailForm(OwnWords, account.AddEmailForm):
    """Give a new address; it counts once its code came back."""


class NameForm(forms.ModelForm):
    """What somebody is called, on one line: it stands with what they write."""

    use_required_attribute = False

    class Meta:
        model = User
        fields = ("name",)
        labels = {"name": "Je naam"}  # noqa: RUF012 - Django's way to say it
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}  # noqa: RUF012
        error_messages = {"name": {"required": "Vul in hoe we je noemen."}}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        # A browser would cut what somebody pastes without a word.
        del self.fields["name"].widget.attrs["maxlength"]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def save(self, commit: bool = True) -> Any:
        """Keep the name alone: what else the account says may have changed meanwhile."""
        if commit:
            self.instance.save(update_fields=["name"])
        return self.instance


class NewPasswordWords(OwnWords):
    """A form with a new password, twice."""

    labels: ClassVar[dict[str, str]] = {
        "oldpassword": "Huidig wachtwoord",
        "password1": "Nieuw wachtwoord",
        "password2": "Nog eens het nieuwe wachtwoord",
    }
    helps: ClassVar[dict[str, str]] = {"password1": PASSWORD_HELP}

    def clean(self) -> dict[str, Any] | None:
        """Say in our words that the two differ."""
        cleaned = super().clean()  # type: ignore[misc]
        if "password2" in self.errors:  # type: ignore[attr-defined]
            self.errors["password2"] = self.error_class(  # type: ignore[attr-defined]
                ["De twee nieuwe wachtwoorden zijn niet gelijk."]
            )
        return cleaned


class ResetPasswordKeyForm(NewPasswordWords, account.ResetPasswordKeyForm):
    """A new password after a reset."""


class ChangePasswordForm(NewPasswordWords, account.ChangePasswordForm):
    """A new password for somebody who has one."""


class SetPasswordForm(NewPasswordWords, account.SetPasswordForm):
    """A password for somebody who signed in by code so far."""


class SecondStepWords(CodeWords):
    """A code of the app, or a recovery code."""

    helps: ClassVar[dict[str, str]] = {"code": "De zes cijfers uit je app, of een van je herstelcodes."}
    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        """Refuse a code of the app that was used, for as long as the clocks' tolerance lets it count.

        allauth forgets a used code after one period, and with a tolerance a code counts for three.
        """
        code = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            seconds = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
            if not cache.add(f"totp-used:{self.user.pk}:{normalize_user_code(code)}", 1, timeout=seconds):
                raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(SecondStepWords, mfa.AuthenticateForm):
    """The second step of signing in."""


class SecondStepAgainForm(SecondStepWords, mfa.ReauthenticateForm):
    """Confirm with the second step."""


class ActivateAppForm(CodeWords, totp.ActivateTOTPForm):
    """Set up an authenticator app."""

    labels: ClassVar[dict[str, str]] = {"code": "Code uit je app"}


class AddPasskeyForm(OwnWords, webauthn.AddWebAuthnForm):
    """Set up a passkey."""

    labels: ClassVar[dict[str, str]] = {
        "name": "Naam",
        "passwordless": "Ook aanmelden zonder code of wachtwoord",
    }
    helps: ClassVar[dict[str, str]] = {
        "name": "Zo herken je ze later, bijvoorbeeld: laptop van het werk.",
        "passwordless": "Je toestel vraagt dan een vingerafdruk, je gezicht of een pincode.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(MaxLengthValidator(80))


class RenamePasskeyForm(OwnWords, webauthn.EditWebAuthnForm):
    """Give a passkey another name."""

    labels: ClassVar[dict[str, str]] = {"name": "Naam"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(MaxLengthValidator(80))


class RemovePasskeyForm(forms.Form):
    """Remove a passkey, unless its owner must keep it."""

    def __init__(self, *args: Any, instance: Authenticator, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        """Ask the adapter, as allauth does for the app (it does not for passkeys)."""
        if not get_adapter().can_delete_authenticator(self.instance):
            raise get_adapter().validation_error("cannot_delete_authenticator")
        return super().clean()
