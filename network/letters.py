"""What the letters of the network share: addresses, and the facilitators as readers."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.urls import reverse

from expoo_portal.letters import send_letter

from .joining import facilitators
from .models import Group

# Asked again when a mail about a request leaves: see `joining.may_still_answer`.
FACILITATOR_GUARD = "network-facilitator"


def address_of(route: str, *parts: object) -> str:
    """The whole address of a page, for a mail."""
    return f"{settings.SITE_URL}{reverse(route, args=parts)}"


def tell_facilitators(group: Group, name: str, context: dict[str, Any]) -> None:
    """Write to each facilitator of a group; without any, to the address of the portal itself."""
    queue = address_of("facilitation_requests", group.slug)
    readers = facilitators(group)
    for membership in readers:
        letter = {"group": group, "name": membership.user.name, "link": queue, **context}
        send_letter(membership.user.email, name, letter, guard=f"{FACILITATOR_GUARD}:{membership.pk}")
    if not readers:
        link = address_of("admin:network_membershiprequest_changelist")
        letter = {"group": group, "name": "", "link": link, **context}
        send_letter(parseaddr(settings.CONTACT_EMAIL)[1], name, letter)
