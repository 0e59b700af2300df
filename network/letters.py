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
# Asked again when a mail that says that somebody belongs to a group leaves: see `joining.still_belongs`.
BELONGS_GUARD = "network-belongs"


def address_of(route: str, *parts: object) -> str:
    """The whole address of a page, for a mail."""
    return f"{settings.SITE_URL}{reverse(route, args=parts)}"


def tell_facilitators(
    group: Group,
    name: str,
    context: dict[str, Any],
    *,
    queue: str = "facilitation_requests",
    staff_page: str = "admin:network_membershiprequest_changelist",
) -> None:
    """Write to each facilitator of a group about what waits in this queue.

    Without any facilitator, to the address of the portal itself, with a page of the admin.
    """
    readers = facilitators(group)
    for membership in readers:
        letter = {
            "group": group,
            "name": membership.user.name,
            "link": address_of(queue, group.slug),
            **context,
        }
        send_letter(membership.user.email, name, letter, guard=f"{FACILITATOR_GUARD}:{membership.pk}")
    if not readers:
        letter = {"group": group, "name": "", "link": address_of(staff_page), **context}
        send_letter(parseaddr(settings.CONTACT_EMAIL)[1], name, letter)
