"""Demo accounts, one per role, for trying the portal out on one's own machine."""

from __future__ import annotations

import json
import os
import secrets
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group as StaffGroup
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from expoo_portal.accounts import second_factor
from expoo_portal.accounts.models import User
from network.models import (
    Group,
    Membership,
    MembershipRequest,
    MembershipRole,
    MembershipState,
    RequestState,
)

GROUP_SLUG = "ontmoeting"


@dataclass(frozen=True)
class DemoRole:
    """What a demo account may do: its rights as staff and its place in the network, where it has one."""

    is_staff: bool = False
    is_superuser: bool = False
    staff_group: str = ""
    state: MembershipState | None = None
    role: MembershipRole = MembershipRole.MEMBER
    has_asked: bool = False


ROLES = {
    "redactie": DemoRole(is_staff=True, staff_group="Redactie"),
    "begeleider": DemoRole(state=MembershipState.ACTIVE, role=MembershipRole.FACILITATOR),
    "lid": DemoRole(state=MembershipState.ACTIVE),
    "oud-lid": DemoRole(state=MembershipState.ENDED),
    "in-aanvraag": DemoRole(has_asked=True),
    "beheerder": DemoRole(is_staff=True, is_superuser=True),
}


class Command(BaseCommand):
    """Makes the accounts and writes how to sign in to a file that only its owner can read.

    The file holds per role {"email", "password", "totp_secret"}; the last is null without second factor. What the
    file and the database already hold stays as it is; without the file the accounts get new passwords.
    """

    help = "Maakt per rol een account om uit te proberen (nooit in productie)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write."""
        parser.add_argument("--output", required=True, help="het bestand met adressen en wachtwoorden")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing; CommandError when this is a real database or the file cannot be written."""
        if os.environ.get("DATABASE_URL"):
            raise CommandError("Proefaccounts horen niet bij een echte databank (DATABASE_URL is ingesteld).")
        path = Path(options["output"])
        known = _read(path)
        try:
            with transaction.atomic():
                accounts = {name: _account(name, role, known.get(name)) for name, role in ROLES.items()}
                _write(path, accounts)
        except OSError as error:
            raise CommandError(f"{path} kan niet geschreven worden: {error.strerror}.") from error
        self.stdout.write(f"Proefaccounts staan in {path}.")


def _account(name: str, role: DemoRole, known: dict[str, str | None] | None) -> dict[str, str | None]:
    """Make sure that this account exists, and return how to sign in with it."""
    email = f"{name}@voorbeeld.invalid"
    defaults = {
        "name": f"{name.capitalize()} (proef)",
        "is_staff": role.is_staff,
        "is_superuser": role.is_superuser,
    }
    user, is_new = User.objects.get_or_create(email=email, defaults=defaults)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    if role.staff_group:
        user.groups.add(StaffGroup.objects.get_or_create(name=role.staff_group)[0])
    group, _ = Group.objects.unrestricted().get_or_create(slug=GROUP_SLUG, defaults={"title": "Ontmoeting"})
    if role.has_asked:
        MembershipRequest.objects.unrestricted().get_or_create(
            group=group,
            email=email,
            defaults={
                "start_key": uuid4(),
                "name": user.name,
                "organisation": "Proeforganisatie",
                "municipality": "Gent",
                "why": "Om te zien hoe een aanvraag verloopt.",
                "rules_version": 1,
                "state": RequestState.PENDING,
                "confirmed_at": timezone.now(),
                "waiting_since": timezone.now(),
            },
        )
    if role.state:
        Membership.objects.unrestricted().get_or_create(
            user=user, group=group, defaults={"state": role.state, "role": role.role}
        )
    if known and not is_new:
        return known
    entry = known or {
        "email": email,
        "password": secrets.token_urlsafe(15),
        "totp_secret": generate_totp_secret() if second_factor.is_required(user) else None,
    }
    user.set_password(entry["password"])
    user.save()
    Authenticator.objects.filter(user=user).delete()
    if entry["totp_secret"]:
        TOTP.activate(user, entry["totp_secret"])
    return entry


def _read(path: Path) -> dict[str, dict[str, str | None]]:
    """The accounts of an earlier run; nothing when there is no readable file."""
    try:
        accounts = json.loads(path.read_text())
        return {
            name: accounts[name]
            for name in ROLES
            if accounts[name].keys() >= {"email", "password", "totp_secret"}
        }
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def _write(path: Path, accounts: dict[str, dict[str, str | None]]) -> None:
    """Write the file beside its place, for its owner alone from the first moment, and put it there at once."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(accounts, file, indent=2, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
