"""Invitations: sent by facilitators and staff, accepted by private link, sent again, taken back, and tidied up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from expoo_portal.letters import send_letter

from . import private_links
from .joining import AccountClosed, Newcomer, Place, account_of, is_member, let_in
from .letters import BELONGS_GUARD
from .models import Group, Invitation, Membership, MembershipRole
from .requests import welcome

PURPOSE = "network-invitation"
# How long an invitation can be accepted, counted from when it was last sent.
VALID_FOR = timedelta(days=30)
# The same invitation sent again within this time is a double click.
_DOUBLE_CLICK = timedelta(minutes=1)


class InvitationRefused(Exception):
    """This cannot be done now; the message is a Dutch sentence for whoever tried."""


@dataclass(frozen=True)
class Invited:
    """Whom a group invites, as what."""

    email: str
    name: str = ""
    role: str = MembershipRole.MEMBER
    ends_at: datetime | None = None
    note: str = ""


def invite(group: Group, invited: Invited, by: Any) -> Invitation:
    """Invite somebody by mail; an open invitation of the same address is changed and sent again.

    Raises InvitationRefused when they are a member.
    """
    email = invited.email.lower()
    if is_member(group, email):
        raise InvitationRefused("Dit e-mailadres hoort al bij een lid van de groep.")
    terms = {
        "name": invited.name,
        "role": invited.role,
        "ends_at": invited.ends_at if invited.role == MembershipRole.GUEST else None,
        "note": invited.note,
        "invited_by": by,
    }
    now = timezone.now()
    with transaction.atomic():
        waiting = _open().select_for_update(of=("self",))
        try:
            invitation, is_new = waiting.get_or_create(group=group, email=email, defaults=terms)
        except IntegrityError:
            # Taken back or accepted at this very moment.
            raise InvitationRefused("Dit lukte niet. Probeer het nog eens.") from None
        if not is_new:
            is_same = all(getattr(invitation, name) == value for name, value in terms.items())
            if is_same and invitation.created > now - _DOUBLE_CLICK:
                return invitation
            for name, value in terms.items():
                setattr(invitation, name, value)
            invitation.created = now
            invitation.save()
        _send(group, invitation)
        return invitation


def send_again(invitation: Invitation) -> None:
    """Mail an open invitation once more; its thirty days begin anew. Raises InvitationRefused."""
    with transaction.atomic():
        locked = _lock(invitation)
        if not is_open(locked):
            raise InvitationRefused("Deze uitnodiging is al aanvaard of ingetrokken.")
        if locked.created > timezone.now() - _DOUBLE_CLICK:
            return
        locked.created = timezone.now()
        locked.save(update_fields=["created"])
        _send(group_of(locked), locked)


def revoke(invitation: Invitation) -> None:
    """Take an invitation back: its link stops working. Raises InvitationRefused when it was accepted."""
    with transaction.atomic():
        locked = _lock(invitation)
        if locked.accepted_at is not None:
            raise InvitationRefused("Deze uitnodiging is al aanvaard.")
        if locked.revoked_at is None:
            locked.revoked_at = timezone.now()
            locked.save(update_fields=["revoked_at"])


def accept(invitation: Invitation, name: str, rules_version: int) -> Membership | None:
    """Let the holder of the link in, once; None when that was done before. Raises InvitationRefused."""
    with transaction.atomic():
        locked = _lock(invitation)
        if locked.accepted_at is not None:
            return None
        if not can_be_accepted(locked):
            raise InvitationRefused(
                "Deze uitnodiging werkt niet meer. Vraag wie je uitnodigde om een nieuwe."
            )
        group = group_of(locked)
        place = Place(group, rules_version, role=locked.role, ends_at=locked.ends_at)
        try:
            membership = let_in(Newcomer(locked.email, locked.name or name), place)
        except AccountClosed:
            raise InvitationRefused("Je account is gesloten. Neem contact op met het EXPOO-team.") from None
        locked.accepted_at = timezone.now()
        locked.save(update_fields=["accepted_at"])
        is_guest = membership.role == MembershipRole.GUEST
        context = welcome(group, membership.user.name, is_guest=is_guest)
        send_letter(locked.email, "network-welcome", context, guard=f"{BELONGS_GUARD}:{membership.pk}")
        return membership


def find(token: str) -> Invitation | None:
    """The invitation of this private link; None for anything else."""
    key = private_links.key_of(token)
    invitation = Invitation.objects.unrestricted().filter(uuid=key).first() if key else None
    return invitation if invitation and private_links.is_token(token, PURPOSE, invitation) else None


def is_open(invitation: Invitation) -> bool:
    """Whether it was neither accepted nor taken back."""
    return invitation.accepted_at is None and invitation.revoked_at is None


def is_expired(invitation: Invitation) -> bool:
    """Whether it was sent too long ago, or is for a meeting that is past."""
    now = timezone.now()
    is_over = invitation.ends_at is not None and invitation.ends_at <= now
    return is_over or invitation.created <= now - VALID_FOR


def can_be_accepted(invitation: Invitation) -> bool:
    """Whether the link still works."""
    return is_open(invitation) and not is_expired(invitation)


def needs_name(invitation: Invitation) -> bool:
    """Whether nobody knows yet how this person is called."""
    user = account_of(invitation.email)
    return not (invitation.name or (user and user.name))


def _open() -> Any:
    return Invitation.objects.unrestricted().filter(accepted_at__isnull=True, revoked_at__isnull=True)


def _lock(invitation: Invitation) -> Invitation:
    return Invitation.objects.unrestricted().select_for_update(of=("self",)).get(pk=invitation.pk)


def group_of(invitation: Invitation) -> Group:
    """The group of an invitation, for whoever holds it."""
    return Group.objects.unrestricted().get(pk=invitation.group_id)


def _send(group: Group, invitation: Invitation) -> None:
    context = {
        "group": group,
        "invitation": invitation,
        "name": invitation.name,
        "inviter": str(invitation.invited_by) if invitation.invited_by else "",
        "is_guest": invitation.role == MembershipRole.GUEST,
        "link": private_links.link_to("invitation", PURPOSE, invitation),
        "days": VALID_FOR.days,
    }
    send_letter(invitation.email, "network-invitation", context, is_secret=True, guard=guard_of(invitation))


INVITATION_GUARD = "network-invitation"


def guard_of(invitation: Invitation) -> str:
    """What a mail with this invitation asks when it leaves."""
    return f"{INVITATION_GUARD}:{invitation.pk}"


def may_still_be_sent(invitation_id: str) -> bool:
    """Whether this invitation was not taken back meanwhile."""
    return invitation_id.isdecimal() and _open().filter(pk=int(invitation_id)).exists()
