"""Coming into a group in a browser: asking, confirming, being let in, leaving; an invitation without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from network import invitations
from network.models import Group, Invitation, Membership, MembershipRole
from tests import factories
from tests.browser import measuring, signing_in
from tests.browser.conftest import NewVisitor, Visitor
from tests.roles import TOTP_SECRET


@pytest.fixture
def group(db: None) -> Group:
    """The group that the portal starts with."""
    return Group.objects.public().get(slug="ontmoeting")


@pytest.fixture
def leader(group: Group) -> Any:
    """Who facilitates it."""
    made = factories.membership(group=group, role=MembershipRole.FACILITATOR)
    TOTP.activate(made.user, TOTP_SECRET)
    return made.user


def no_findings(visitor: Visitor) -> None:
    """Nothing too wide, nothing cut off, nothing inaccessible on the page that is open."""
    before = list(visitor.watch.problems)
    assert not [*measuring.overflow(visitor.page), *measuring.accessibility(visitor.page)]
    # The measuring tool copies style sheets into the page; the policy refuses some of that.
    visitor.watch.problems[:] = before


def link_in(letter) -> str:
    """Where the private link of a letter leads, below the portal."""
    found = re.search(r"/netwerk/\S+", letter.body)
    assert found
    return found[0]


def fill_in(page: Page) -> None:
    page.get_by_label("Je naam").fill("Nour Nieuw")
    page.get_by_label("Je e-mailadres").fill("nour.browser@example.org")
    page.get_by_label("Je organisatie").fill("Spelotheek Zonnehoek")
    page.get_by_label("Soort werk").select_option(label="Spelotheek")
    page.get_by_label("Gemeente").fill("Ronse")
    page.get_by_label("Waarom wil je lid worden?").fill("We starten een speelplek.")


def test_somebody_asks_on_a_phone_is_let_in_and_leaves(
    visitor: NewVisitor, portal: str, group: Group, leader: Any
) -> None:
    phone = visitor(360)
    phone.watch.expected_statuses = {422}
    page = phone.go(reverse("group", args=[group.slug]))
    no_findings(phone)
    page.get_by_role("link", name="Word lid").click()
    expect(page.get_by_label("Je naam")).to_be_visible()
    no_findings(phone)
    fill_in(page)
    page.get_by_role("button", name="Verstuur mijn aanvraag").click()
    expect(page.get_by_role("link", name=re.compile("Zonder akkoord"))).to_be_visible()
    no_findings(phone)
    page.get_by_label("Ik las de huisregels").check()
    page.get_by_role("button", name="Verstuur mijn aanvraag").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mailbox")
    page.get_by_role("button", name="Verbeter je aanvraag").click()
    expect(page.get_by_label("Gemeente")).to_have_value("Ronse")
    own = link_in(mail.outbox[-1])
    page = phone.go(own)
    page.get_by_role("button", name="Ja, dit is mijn aanvraag").click()
    expect(page.get_by_text("ligt bij de begeleiders")).to_be_visible()
    no_findings(phone)

    desk = visitor(1280)
    signing_in.at_once(desk.context, portal, leader)
    queue = desk.go(reverse("facilitation_requests", args=[group.slug]))
    no_findings(desk)
    queue.get_by_role("link", name="Nour Nieuw").click()
    expect(queue.get_by_role("heading", level=1)).to_have_text("Nour Nieuw")
    no_findings(desk)
    queue.get_by_label("Aanvaarden:").check()
    queue.get_by_role("button", name="Verstuur").click()
    expect(queue.get_by_text("Nour Nieuw is nu lid")).to_be_visible()
    assert mail.outbox[-1].subject == f"Welkom bij ‘{group.title}’"

    nour = Membership.objects.unrestricted().select_related("user").get(user__name="Nour Nieuw")
    signing_in.at_once(phone.context, portal, nour.user)
    page = phone.go(reverse("my_membership", args=[group.slug]))
    no_findings(phone)
    page.get_by_label("Nooit").check()
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_text("Mail uit deze groep: nooit.")).to_be_visible()
    page.get_by_label("Het wordt verwijderd").check()
    page.get_by_role("button", name="Ga verder").click()
    expect(page.get_by_text("definitief gewist")).to_be_visible()
    no_findings(phone)
    page.get_by_role("button", name="Ja, verlaat de groep").click()
    expect(page.get_by_text("Je bent geen lid meer")).to_be_visible()


def test_a_guest_accepts_an_invitation_without_scripts(
    visitor: NewVisitor, portal: str, group: Group, leader: Any
) -> None:
    desk = visitor(1280)
    desk.watch.expected_statuses = {422}
    signing_in.at_once(desk.context, portal, leader)
    page = desk.go(reverse("facilitation_invitations", args=[group.slug]))
    page.get_by_label("E-mailadres").fill("gast.browser@example.org")
    page.get_by_label("Gast: enkel").check()
    page.get_by_role("button", name="Verstuur de uitnodiging").click()
    expect(page.get_by_role("link", name=re.compile("einddatum nodig"))).to_be_visible()
    page.get_by_label("Gast tot en met").fill("2099-12-31")
    page.get_by_role("button", name="Verstuur de uitnodiging").click()
    expect(page.get_by_text("is onderweg")).to_be_visible()
    no_findings(desk)

    guest = visitor(360, java_script_enabled=False)
    page = guest.go(link_in(mail.outbox[-1]))
    page.get_by_label("Je naam").fill("Gus Gast")
    page.get_by_label("Ik las de huisregels").check()
    page.get_by_role("button", name="Ik doe mee").click()
    expect(page.get_by_role("link", name="Meld je aan")).to_be_visible()
    assert not invitations.is_open(Invitation.objects.unrestricted().get(email="gast.browser@example.org"))
