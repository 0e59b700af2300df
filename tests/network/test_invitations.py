"""Invitations: sent, sent again, taken back, accepted once."""

from __future__ import annotations

import re
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from expoo_portal.accounts.models import User
from network import invitations, leaving, private_links, tidying
from network.models import Group, Invitation, Membership, MembershipRole, MembershipState
from tests import factories
from tests.jobs import _nothing_left_behind  # noqa: F401 - an autouse fixture
from tests.roles import TOTP_SECRET, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    """A group with house rules and one facilitator."""
    made = factories.group(slug="samen", title="Samen")
    factories.house_rules(group=made, version=4, text="<p>Wat hier staat, blijft hier.</p>")
    who = factories.user(email="begeleider@example.org", name="Bea Begeleider")
    factories.membership(group=made, user=who, role=MembershipRole.FACILITATOR)
    TOTP.activate(who, TOTP_SECRET)
    return made


def bea() -> Any:
    return User.objects.get(email="begeleider@example.org")


def queue(group: Group) -> str:
    return reverse("facilitation_invitations", args=[group.slug])


def page_of(invitation: Invitation) -> str:
    return reverse("invitation", args=[private_links.token_of(invitations.PURPOSE, invitation)])


def invite(group: Group, email: str = "nour@example.org", **more: Any) -> Invitation:
    return invitations.invite(group, invitations.Invited(email, **more), bea())


def link_in(letter: Any) -> str:
    found = re.search(r"/netwerk/uitnodiging/\S+", letter.body)
    assert found
    return found[0]


def test_a_facilitator_invites_and_the_guest_agrees_and_comes_in(group: Group) -> None:
    until = timezone.localdate() + timedelta(days=10)
    data = {"email": "Nour@Example.org", "role": "guest", "until": f"{until:%Y-%m-%d}", "note": "Kom je?"}
    answer = client_of(bea()).post(queue(group), data, follow=True)
    assert "onderweg" in answer.content.decode()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["nour@example.org"], "Bea Begeleider nodigt je uit bij ‘Samen’")
    assert "Kom je?" in letter.body
    last_day = date_format(until, "j F Y")
    assert f"tot en met {last_day}" in letter.body
    assert f"tot en met {last_day}" in answer.content.decode()

    client = Client()
    own = link_in(letter)
    shown = client.get(own).content.decode()
    assert "Wat hier staat, blijft hier." in shown
    assert f"Je toegang stopt vanzelf na {last_day}." in shown
    assert not User.objects.filter(email="nour@example.org").exists(), "looking is no yes"
    assert client.post(own, {"name": "Nour", "rules_version": "4"}).status_code == 422
    assert client.post(own, {"name": "Nour", "agreed": "on", "rules_version": "3"}).status_code == 422
    done = client.post(own, {"name": "Nour  N.", "agreed": "on", "rules_version": "4"})
    assert (done.status_code, done.headers["Location"]) == (302, own)
    user = User.objects.get(email="nour@example.org")
    assert (user.name, user.has_usable_password()) == ("Nour N.", False)
    membership = Membership.objects.unrestricted().get(user=user)
    assert (membership.role, membership.rules_version) == (MembershipRole.GUEST, 4)
    assert timezone.localdate(membership.ends_at - timedelta(seconds=1)) == until
    own_page = client_of(user).get(reverse("my_membership", args=[group.slug])).content.decode()
    assert f"Je toegang stopt vanzelf na {last_day}." in own_page
    assert mail.outbox[-1].subject == "Welkom bij ‘Samen’"
    assert "Meld je aan" in client.get(own).content.decode()
    assert not client.cookies


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"role": "guest"}, "einddatum nodig"),
        ({"role": "guest", "until": "2020-01-01"}, "voorbij"),
        ({"role": "facilitator"}, "role"),
        ({"email": "begeleider@example.org"}, "al bij een lid"),
        ({"email": "geen adres"}, "geldig"),
    ],
)
def test_what_cannot_be_invited_is_said_with_everything_still_there(
    group: Group, wrong: dict[str, str], says: str
) -> None:
    data = {"email": "nour@example.org", "role": "member", "note": "Mijn woord."} | wrong
    answer = client_of(bea()).post(queue(group), data)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert says in shown
    assert "Mijn woord." in shown
    assert not mail.outbox


def test_inviting_again_changes_the_open_invitation(group: Group) -> None:
    first = invite(group)
    again = invite(group, email="NOUR@example.org", note="Nog eens.")
    assert (first.pk, again.note) == (again.pk, "Nog eens.")
    assert Invitation.objects.unrestricted().count() == 1
    assert len(mail.outbox) == 2


def test_a_facilitator_sends_again_and_takes_back(group: Group) -> None:
    sent = invite(group)
    long_ago = timezone.now() - timedelta(days=31)
    Invitation.objects.unrestricted().update(created=long_ago)
    own = page_of(sent)
    assert "werkt niet meer" in Client().get(own).content.decode()
    client = client_of(bea())
    client.post(queue(group), {"uitnodiging": sent.pk, "stap": "opnieuw"})
    assert len(mail.outbox) == 2
    assert "Ik doe mee" in Client().get(own).content.decode()
    client.post(queue(group), {"uitnodiging": sent.pk, "stap": "intrekken"})
    assert "werkt niet meer" in Client().get(own).content.decode()
    assert Client().post(own, {"name": "N", "agreed": "on", "rules_version": "4"}).status_code == 302
    assert not Membership.objects.unrestricted().filter(user__email="nour@example.org").exists()
    invite(group)
    assert Invitation.objects.unrestricted().count() == 2


def test_an_expired_invitation_lets_nobody_in(group: Group) -> None:
    sent = invite(group)
    Invitation.objects.unrestricted().update(created=timezone.now() - timedelta(days=31))
    answer = Client().post(page_of(sent), {"name": "N", "agreed": "on", "rules_version": "4"})
    assert answer.status_code == 422
    assert not Membership.objects.unrestricted().filter(user__email="nour@example.org").exists()


def test_a_facilitator_of_another_group_cannot_touch_it(group: Group) -> None:
    sent = invite(group)
    other = factories.membership(role=MembershipRole.FACILITATOR)
    TOTP.activate(other.user, TOTP_SECRET)
    client = client_of(other.user)
    data = {"uitnodiging": sent.pk, "stap": "intrekken"}
    assert client.post(reverse("facilitation_invitations", args=[other.group.slug]), data).status_code == 404
    assert client.post(queue(group), data).status_code == 404
    sent.refresh_from_db()
    assert sent.revoked_at is None


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "", "٣", "999"])
def test_an_invitation_that_does_not_exist_is_not_found(group: Group, number: str) -> None:
    assert client_of(bea()).post(queue(group), {"uitnodiging": number}).status_code == 404


def test_an_invited_member_stays_what_they_are(group: Group) -> None:
    sent = invite(group, role=MembershipRole.GUEST, ends_at=timezone.now() + timedelta(days=3))
    membership = factories.membership(group=group, user=factories.user(email="nour@example.org"))
    invitations.accept(sent, "", 4)
    membership.refresh_from_db()
    assert (membership.role, membership.ends_at) == (MembershipRole.MEMBER, None)


def test_a_mail_that_waits_is_withdrawn_with_its_invitation(group: Group, settings: Any) -> None:
    from expoo_portal.mail import deliver
    from expoo_portal.outbox import OutgoingMail

    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    sent = invite(group)
    invitations.revoke(sent)
    waiting = OutgoingMail.objects.get()
    deliver(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"


@pytest.mark.django_db(transaction=True)
def test_a_hundred_yeses_at_once_are_one(group: Group) -> None:
    sent = invite(group)
    own, gate = page_of(sent), threading.Barrier(8)
    statuses: Counter[int] = Counter()
    lock = threading.Lock()

    def agree() -> None:
        gate.wait()
        try:
            for _ in range(13):
                data = {"name": "Nour", "agreed": "on", "rules_version": "4"}
                status = Client().post(own, data).status_code
                with lock:
                    statuses[status] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=agree) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == {302: 104}
    assert Membership.objects.unrestricted().filter(user__email="nour@example.org").count() == 1
    assert [letter.subject for letter in mail.outbox].count("Welkom bij ‘Samen’") == 1


def test_guests_end_quietly_and_old_invitations_go(group: Group) -> None:
    past = factories.membership(
        group=group, role=MembershipRole.GUEST, ends_at=timezone.now() - timedelta(hours=1)
    )
    coming = factories.membership(
        group=group, role=MembershipRole.GUEST, ends_at=timezone.now() + timedelta(hours=1)
    )
    assert [leaving.end_guests(), leaving.end_guests()] == [1, 0]
    past.refresh_from_db()
    coming.refresh_from_db()
    assert (past.state, past.ended_at) == (MembershipState.ENDED, past.ends_at)
    assert coming.state == MembershipState.ACTIVE
    assert not mail.outbox

    invite(group)
    Invitation.objects.unrestricted().update(created=timezone.now() - timedelta(days=220))
    invite(group, email="later@example.org")
    tidying.forget_requests()
    assert [row.email for row in Invitation.objects.unrestricted()] == ["later@example.org"]


def test_the_queues_cost_the_same_few_queries_however_many_wait(group: Group) -> None:
    client = client_of(bea())
    pages = [reverse("facilitation_requests", args=[group.slug]), queue(group)]
    counts = []
    for number in (2, 20):
        for place in range(number):
            for state in ("pending", "asked", "refused"):
                factories.membership_request(group=group, state=state)
            invite(group, email=f"{number}.{place}@example.org")
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12
