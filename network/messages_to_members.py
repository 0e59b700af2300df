"""A message from one member to another: a letter in the outbox, and kept nowhere else."""

from __future__ import annotations

import uuid

from django.core.cache import cache
from django.db import transaction

from expoo_portal.letters import send_letter

from .letters import address_of
from .models import Group, Membership
from .names import NAMELESS

# Asked again when the letter leaves: both still belong to the group.
MESSAGE_GUARD = "network-message"
_SAME_FORM_SECONDS = 24 * 3600


def may_still_write(value: str) -> bool:
    """Whether sender and reader ("<membership>:<membership>") are both active members of one group."""
    ids = [int(pk) for pk in value.split(":")]
    rows = Membership.objects.unrestricted().active().filter(pk__in=ids, user__is_active=True)
    groups = list(rows.values_list("group_id", flat=True))
    return len(groups) == len(set(ids)) == 2 and len(set(groups)) == 1


def write_to(group: Group, sender: Membership, reader: Membership, text: str, key: uuid.UUID) -> None:
    """Put the letter in the outbox, once for the same form; an answer goes to the sender's own address."""
    with transaction.atomic():
        # In the database, so in this transaction: a second request waits for the first, and then finds the key.
        if not cache.add(f"member-message:{sender.pk}:{key.hex}", 1, _SAME_FORM_SECONDS):
            return
        context = {
            "name": reader.user.name,
            "group": group,
            "sender": sender.user.name or NAMELESS,
            "message": text,
            "link": address_of("member", group.slug, sender.pk),
        }
        send_letter(
            reader.user.email,
            "network-message",
            context,
            is_secret=True,
            reply_to=sender.user.email,
            guard=f"{MESSAGE_GUARD}:{sender.pk}:{reader.pk}",
        )
