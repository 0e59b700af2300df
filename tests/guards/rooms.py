"""What the routes of the directory, of the facilitators' pages and of mail answer to each role."""

from __future__ import annotations

from network import mailing
from network.models import Group, StarterProposal
from tests import factories
from tests.roles import MEMBERS

from .discussions import VISITOR, WRONG_METHOD, inside, leading
from .routes import Row, answers, everybody

NOTHING = answers(404, (VISITOR, 302))


def room_routes(group: Group) -> dict[str, Row]:
    """A third member with a profile, a question that waits and a starter, in this group."""
    membership = factories.membership(group=group)
    factories.member_profile(user=membership.user)
    waiting = factories.thread(group=group)
    starter = StarterProposal.objects.create(group=group, period="2026-10", title="Hoe?", body="Vertel.")
    here = {"slug": group.slug}
    them = here | {"member": membership.pk}
    return {
        "members": Row(inside(200), WRONG_METHOD, here),
        "member": Row(inside(200), WRONG_METHOD, them),
        "member_contact": Row(inside(200), inside(422), them),
        # One profile counts for all groups of somebody.
        "my_profile": Row(
            answers(404, (VISITOR, 302), (MEMBERS, 200)), answers(404, (VISITOR, 302), (MEMBERS, 422))
        ),
        "facilitation": Row(leading(200), WRONG_METHOD, here),
        "facilitation_reports": Row(leading(200), NOTHING, here),
        "facilitation_nudge": Row(WRONG_METHOD, leading(302), here | {"thread": waiting.pk}),
        "facilitation_starter": Row(WRONG_METHOD, leading(302), here | {"starter": starter.pk}),
        "outsider_view": Row(leading(200), WRONG_METHOD, here),
        # Whoever holds the link under a mail needs no account.
        "mail_choice": Row(everybody(200), everybody(302), {"token": mailing.token_of(membership)}),
    }
