"""A group full of invented members and discussions, for trying out and measuring on one's own machine."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from expoo_portal.accounts.models import User
from network.management.inventing import Amounts, invent
from network.models import Group, Membership, MembershipRole

# The demo accounts that look around in it, and as what.
_GUIDES = {"lid": MembershipRole.MEMBER, "begeleider": MembershipRole.FACILITATOR}


class Command(BaseCommand):
    """Makes a new group, which is not announced; the demo accounts of a member and a facilitator belong to it too."""

    help = "Vult een nieuwe groep met verzonnen leden en gesprekken (nooit in productie)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=int, default=500, help="hoeveel gesprekken")
        parser.add_argument("--posts", type=int, default=10_000, help="hoeveel berichten samen")
        parser.add_argument("--members", type=int, default=200, help="hoeveel leden")
        parser.add_argument("--group", default="proefgroep", help="het adres van de groep")

    def handle(self, *args: Any, threads: int, posts: int, members: int, group: str, **options: Any) -> None:
        """Make it; CommandError when this is a real database or the group exists."""
        if os.environ.get("DATABASE_URL"):
            raise CommandError(
                "Verzonnen gesprekken horen niet bij een echte databank (DATABASE_URL is ingesteld)."
            )
        if threads < 1 or members < 1 or posts < threads:
            raise CommandError("Er is minstens een lid en een gesprek nodig, en een bericht per gesprek.")
        made = Group(slug=group, title=f"Proefgroep ({group})", is_announced=False)
        try:
            made.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with transaction.atomic():
            made.save()
            invent(made, Amounts(members, threads, posts))
            for name, role in _GUIDES.items():
                for user in User.objects.filter(email=f"{name}@voorbeeld.invalid"):
                    Membership.objects.create(group=made, user=user, role=role)
        self.stdout.write(
            f"{members} leden, {threads} gesprekken, {posts} berichten in /netwerk/{group}/gesprekken/"
        )
