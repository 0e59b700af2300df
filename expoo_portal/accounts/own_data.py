"""What accounts themselves hold of a person: the account, where it is signed in, second factors, and mails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime

from expoo_portal.jobs import DELETE_AFTER, WIPE_AFTER
from expoo_portal.letters import send_letter
from expoo_portal.outbox import OutgoingMail

from . import my_data
from .models import InactivityNotice, User
from .my_data import Held, Source, Way

_FACTORS = {
    Authenticator.Type.TOTP: "app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "herstelcodes",
}


def moment(value: Any) -> str | None:
    """A moment as it stands in the download, in the time of the portal."""
    return localtime(value).isoformat(timespec="seconds") if value else None


def addresses_of(user: User) -> set[str]:
    """The e-mail addresses that are this person's own for certain."""
    proven = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {user.email, *(address.lower() for address in proven)}


class AccountSource(Source):
    """The account and what belongs to signing in."""

    key = "account"

    def held(self, user: User) -> list[Held]:
        years, days = settings.ACCOUNT_INACTIVE_YEARS, settings.SESSION_COOKIE_AGE // 86400
        return [
            Held(
                "Je account: je e-mailadres, je naam, en wanneer je je laatst aanmeldde",
                "Zo herkennen we je als je je aanmeldt.",
                f"Zolang je account bestaat. Meld je je {years} jaar lang niet aan, dan wissen we het. "
                "We verwittigen je twee keer vooraf.",
            ),
            Held(
                "Waar je aangemeld bent: je browser, je netwerkadres en het tijdstip",
                "Zo merk je het als iemand anders je account gebruikt.",
                f"Tot je je afmeldt, en hoogstens {days} dagen na het aanmelden.",
            ),
            Held(
                "Je wachtwoord en je tweede stap, als je die instelde",
                "Ze houden anderen uit je account. Je wachtwoord kunnen ook wij niet lezen.",
                "Tot je ze verandert of verwijdert.",
            ),
            Held(
                "Mails die we je stuurden",
                "Zo weten we dat ze aankwamen, of waarom niet.",
                f"De tekst {WIPE_AFTER.days} dagen. Dat er een mail was, {DELETE_AFTER.days} dagen.",
            ),
        ]

    def export(self, user: User) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
        yield (
            "account",
            [
                {
                    "e-mailadres": user.email,
                    "naam": user.name,
                    "gemaakt": moment(user.date_joined),
                    "laatst aangemeld": moment(user.last_login),
                    "heeft een wachtwoord": user.has_usable_password(),
                    "werkt in het beheer": user.is_staff,
                }
            ],
        )
        yield (
            "e-mailadressen",
            (
                {"adres": row.email, "bevestigd": row.verified, "hoofdadres": row.primary}
                for row in EmailAddress.objects.filter(user=user).order_by("pk").iterator()
            ),
        )
        yield (
            "toestellen",
            (
                {
                    "browser": row.user_agent,
                    "netwerkadres": row.ip,
                    "aangemeld": moment(row.created_at),
                    "laatst gezien": moment(row.last_seen_at),
                }
                for row in UserSession.objects.filter(user=user).order_by("pk").iterator()
            ),
        )
        yield (
            "tweede stap",
            (
                {
                    "soort": _FACTORS[Authenticator.Type(row.type)],
                    # Of what an authenticator holds, its name alone: the rest are secrets.
                    "naam": row.data.get("name", ""),
                    "ingesteld": moment(row.created_at),
                    "laatst gebruikt": moment(row.last_used_at),
                }
                for row in Authenticator.objects.filter(user=user).order_by("pk").iterator()
            ),
        )
        yield (
            "mails",
            (
                {"onderwerp": row.subject, "gemaakt": moment(row.created), "status": row.get_state_display()}
                for row in _mails_to(addresses_of(user)).order_by("pk").iterator(chunk_size=200)
            ),
        )
        yield (
            "verwittigingen",
            (
                {"nummer": row.number, "verstuurd": moment(row.sent_at)}
                for row in InactivityNotice.objects.filter(user=user).order_by("pk").iterator()
            ),
        )

    def corrections(self, user: User) -> list[Way]:
        return [
            Way("Je naam veranderen", reverse("account_name")),
            Way("Je e-mailadres veranderen", reverse("account_email")),
            Way("Kijken waar je aangemeld bent", reverse("usersessions_list")),
        ]

    def obstacles(self, user: User) -> list[str]:
        if user.is_superuser:
            return ["Je bent beheerder. Vraag eerst een andere beheerder om jou die rechten af te nemen."]
        if user.is_staff:
            return ["Je werkt mee in het beheer. Vraag eerst een beheerder om je daar uit te schrijven."]
        return []

    def consequences(self, user: User, *, removes: bool) -> list[str]:
        return [
            "Je account verdwijnt, en je bent meteen overal afgemeld.",
            "Mails aan jou die nog klaarstaan, versturen we niet meer. Je krijgt er nog één: dat je account weg is.",
        ]

    def erase(self, user: User, *, removes: bool) -> None:
        # Under this lock nothing new can point at the account.
        User.objects.select_for_update().get(pk=user.pk)
        for session in UserSession.objects.filter(user=user):
            session.end()
        # One that is leaving at this very moment has left.
        mails = _mails_to(addresses_of(user))
        ids = list(mails.select_for_update(skip_locked=True).values_list("pk", flat=True))
        OutgoingMail.objects.filter(pk__in=ids).delete()
        my_data.forget_in_log(User, [user.pk])
        email, name = user.email, user.name
        # By its key: whoever asked may hold the account in memory, and goes on to sign out with it.
        User.objects.filter(pk=user.pk).delete()
        send_letter(email, "account-erased", {"name": name}, is_secret=True, reply_to=settings.CONTACT_EMAIL)


def _mails_to(addresses: set[str]) -> Any:
    return OutgoingMail.objects.filter(to__overlap=sorted(addresses))
