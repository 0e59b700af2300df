"""The network in the admin: groups with versions of their house rules, memberships, who wants to come in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group as StaffGroup
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from network.models import (
    Group,
    HouseRules,
    Invitation,
    Membership,
    MembershipRequest,
    MembershipRole,
    MembershipState,
    RequestState,
    RequestStep,
)
from tests import factories
from tests.roles import TOTP_SECRET, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> Client:
    """Staff who manage the network, and no more."""
    user = factories.user(is_staff=True, name="Noor Netwerkbeheer")
    user.groups.add(StaffGroup.objects.get(name="Netwerkbeheer"))
    TOTP.activate(user, TOTP_SECRET)
    return client_of(user)


def fields_of(page: Any) -> dict[str, Any]:
    """What a change page would send in, unchanged."""
    form = page.context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    for formset in page.context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return data


def test_changing_the_house_rules_of_a_group_makes_a_new_version(keeper: Client) -> None:
    group = factories.group(title="Samen", intro="Kort.", rhythm="Soms.")
    factories.house_rules(group=group, version=1, text="<p>Eerste regel.</p>")
    page = reverse("admin:network_group_change", args=[group.pk])
    shown = keeper.get(page)
    assert "Eerste regel." in shown.content.decode()
    data = fields_of(shown)
    assert keeper.post(page, data).status_code == 302
    assert HouseRules.objects.unrestricted().count() == 1
    assert keeper.post(page, data | {"house_rules": "<p>Tweede regel.</p>"}).status_code == 302
    versions = HouseRules.objects.unrestricted().order_by("version").values_list("version", "text")
    assert list(versions) == [(1, "<p>Eerste regel.</p>"), (2, "<p>Tweede regel.</p>")]
    assert "Eerste regel." in keeper.get(page).content.decode(), "earlier versions stay to be read"


def test_a_group_cannot_take_an_address_of_the_network_itself(keeper: Client) -> None:
    answer = keeper.post(
        reverse("admin:network_group_add"), {"title": "X", "slug": "profiel", "rhythm": "", "intro": ""}
    )
    assert "gebruikt het netwerk zelf" in answer.content.decode()
    assert not Group.objects.unrestricted().exists()


def test_who_keeps_the_network_makes_a_member_a_facilitator_and_changes_no_state(keeper: Client) -> None:
    membership = factories.membership()
    page = reverse("admin:network_membership_change", args=[membership.pk])
    keeper.post(page, {"role": "facilitator", "state": "ended", "user": factories.user().pk})
    changed = Membership.objects.unrestricted().get(pk=membership.pk)
    assert (changed.role, changed.state, changed.user_id) == (
        MembershipRole.FACILITATOR,
        MembershipState.ACTIVE,
        membership.user_id,
    )


@pytest.mark.parametrize("action", ["end_and_keep", "end_and_remove"])
def test_memberships_end_after_a_yes(keeper: Client, action: str) -> None:
    thread = factories.thread()
    membership = Membership.objects.unrestricted().get(user=thread.author)
    url = reverse("admin:network_membership_changelist")
    data = {"action": action, "_selected_action": [membership.pk]}
    asked = keeper.post(url, data)
    assert "Ja, beëindig" in asked.content.decode()
    membership.refresh_from_db()
    assert membership.state == MembershipState.ACTIVE
    done = keeper.post(url, data | {"zeker": "1"}, follow=True)
    assert "is beëindigd" in done.content.decode()
    membership.refresh_from_db()
    assert membership.state == MembershipState.ENDED
    thread.refresh_from_db()
    assert (thread.author is None) == (action == "end_and_remove")


def test_what_is_said_inside_is_not_in_the_admin(keeper: Client) -> None:
    group = factories.group()
    factories.thread(group=group, title="Geheim gesprek")
    for page in (
        reverse("admin:index"),
        reverse("admin:app_list", args=["network"]),
        reverse("admin:network_group_change", args=[group.pk]),
    ):
        shown = keeper.get(page).content.decode()
        assert "Geheim" not in shown
        assert "gesprekken" not in shown.lower()


# Requests -----------------------------------------------------------------------------------------------------


def request_page(asked: MembershipRequest) -> str:
    return reverse("admin:network_membershiprequest_change", args=[asked.pk])


def steps(page: Any) -> dict[str, Any]:
    prefixes = set(re.findall(r'name="([\w-]+)-TOTAL_FORMS"', page.content.decode()))
    return {f"{prefix}-{kind}_FORMS": 0 for prefix in prefixes for kind in ("TOTAL", "INITIAL")}


def test_staff_find_what_waits_and_let_somebody_in(keeper: Client) -> None:
    asked = factories.membership_request(name="Nour Nieuw")
    hidden = factories.membership_request(name="Nog Niet", state=RequestState.UNCONFIRMED)
    assert "1 aanvraag voor het netwerk wacht" in keeper.get(reverse("admin:index")).content.decode()
    shown = keeper.get(reverse("admin:network_membershiprequest_changelist")).content.decode()
    assert "Nour Nieuw" in shown
    assert "Nog Niet" not in shown
    assert keeper.get(request_page(hidden)).status_code == 302
    page = keeper.get(request_page(asked))
    assert asked.why in page.content.decode()
    done = keeper.post(request_page(asked), {"decision": "aanvaarden", "text": "", **steps(page)})
    assert done.status_code == 302
    asked.refresh_from_db()
    assert asked.state == RequestState.ACCEPTED
    assert Membership.objects.unrestricted().filter(user__email=asked.email).exists()
    [step] = RequestStep.objects.unrestricted().filter(request=asked)
    assert step.by.name == "Noor Netwerkbeheer"
    assert "aanvaarden" not in keeper.get(request_page(asked)).content.decode()


def test_a_refusal_by_staff_needs_words_and_is_sent(keeper: Client) -> None:
    asked = factories.membership_request()
    page = keeper.get(request_page(asked))
    data = {"decision": "weigeren", "text": " ", **steps(page)}
    assert "vriendelijk en duidelijk" in keeper.post(request_page(asked), data).content.decode()
    keeper.post(request_page(asked), data | {"text": "Deze groep is voor wie met gezinnen werkt."})
    asked.refresh_from_db()
    assert asked.state == RequestState.REFUSED
    assert "wie met gezinnen werkt" in mail.outbox[-1].body


def test_staff_who_come_second_are_told(keeper: Client) -> None:
    asked = factories.membership_request()
    page = keeper.get(request_page(asked))
    data = steps(page) | {"text": "Mijn lange uitleg."}
    keeper.post(request_page(asked), data | {"decision": "aanvaarden"})
    answer = keeper.post(request_page(asked), data | {"decision": "weigeren"})
    assert "aanvaard" in answer.content.decode()
    assert "Mijn lange uitleg." in answer.content.decode()
    asked.refresh_from_db()
    assert asked.state == RequestState.ACCEPTED


def test_an_editor_sees_nothing_of_requests(editor: Client) -> None:
    factories.membership_request()
    assert "aanvraag voor het netwerk" not in editor.get(reverse("admin:index")).content.decode()
    assert editor.get(reverse("admin:network_membershiprequest_changelist")).status_code == 403


# Invitations --------------------------------------------------------------------------------------------------


def test_staff_invite_send_again_and_take_back(keeper: Client) -> None:
    group = factories.group(title="Samen")
    until = timezone.localdate() + timedelta(days=9)
    data = {"group": group.pk, "email": "nour@example.org", "role": "guest", "name": "", "note": ""}
    add = reverse("admin:network_invitation_add")
    assert "einddatum nodig" in keeper.post(add, data).content.decode()
    assert keeper.post(add, data | {"until": f"{until:%d-%m-%Y}"}).status_code == 302
    made = Invitation.objects.unrestricted().get()
    assert timezone.localdate(made.ends_at - timedelta(seconds=1)) == until
    assert made.invited_by.name == "Noor Netwerkbeheer"
    assert len(mail.outbox) == 1
    assert keeper.post(add, data | {"role": "member"}).status_code == 302
    assert Invitation.objects.unrestricted().count() == 1
    Invitation.objects.unrestricted().update(created=timezone.now() - timedelta(days=3))
    url = reverse("admin:network_invitation_changelist")
    keeper.post(url, {"action": "send_again", "_selected_action": [made.pk]})
    assert len(mail.outbox) == 3
    keeper.post(url, {"action": "revoke", "_selected_action": [made.pk]})
    made.refresh_from_db()
    assert made.revoked_at is not None
    assert keeper.get(reverse("admin:network_invitation_change", args=[made.pk])).status_code == 200


def test_staff_cannot_invite_who_is_a_member(keeper: Client) -> None:
    membership = factories.membership()
    data = {"group": membership.group_id, "email": membership.user.email, "role": "member"}
    shown = keeper.post(reverse("admin:network_invitation_add"), data).content.decode()
    assert "al bij een lid" in shown
    assert not mail.outbox
