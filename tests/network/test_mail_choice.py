"""The page under a mail to a member: shown by GET, changed by POST, and nothing there for anybody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from network import mailing
from network.models import Follow, FollowState, MailRhythm, Membership, MembershipState
from tests import factories
from tests.roles import client_of

pytestmark = pytest.mark.django_db


def address(membership: Membership, thread_id: int = 0) -> str:
    return f"/netwerk/mail/{mailing.token_of(membership, thread_id)}/"


def rhythm_of(membership: Membership) -> str:
    return Membership.objects.unrestricted().get(pk=membership.pk).mail_rhythm


def test_opening_the_link_changes_nothing_and_sets_no_cookie(anonymous: Client) -> None:
    membership = factories.membership()
    for method in (anonymous.get, anonymous.head):
        response = method(address(membership))
        assert response.status_code == 200
        assert not response.cookies
    assert rhythm_of(membership) == MailRhythm.WEEKLY


def test_one_click_in_the_mail_program_ends_all_mail() -> None:
    membership = factories.membership()
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(address(membership), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200, "RFC 8058 asks for no redirect"
    assert not response.cookies
    assert rhythm_of(membership) == MailRhythm.NEVER


@pytest.mark.parametrize("rhythm", MailRhythm.values)
def test_a_reader_chooses_another_rhythm(anonymous: Client, rhythm: str) -> None:
    membership = factories.membership()
    page = anonymous.post(address(membership), {"choice": rhythm}, follow=True)
    assert "Je keuze is bewaard" in page.content.decode()
    assert rhythm_of(membership) == rhythm


@pytest.mark.parametrize("choice", ["", "vaak", "mute", "never\x00"])
def test_what_is_no_choice_changes_nothing(anonymous: Client, choice: str) -> None:
    membership = factories.membership()
    page = anonymous.post(address(membership), {"choice": choice}, follow=True)
    assert "Je keuze is bewaard" not in page.content.decode()
    assert "Hoe vaak wil je mail?" in page.content.decode()
    assert rhythm_of(membership) == MailRhythm.WEEKLY


def test_a_reader_mutes_the_thread_of_the_mail(anonymous: Client) -> None:
    thread = factories.thread()
    membership = factories.membership(group=thread.group)
    Follow.objects.unrestricted().create(user=membership.user, thread=thread, state=FollowState.FOLLOWING)
    for _ in range(2):
        page = anonymous.post(address(membership, thread.pk), {"choice": "mute"}, follow=True)
        assert "Over dit gesprek krijg je geen mail meer" in page.content.decode()
    assert Follow.objects.visible_to(membership.user).get().state == FollowState.MUTED


@pytest.mark.parametrize("where", ["deleted", "in another group"])
def test_a_reader_still_chooses_once_the_thread_of_the_mail_is_gone(anonymous: Client, where: str) -> None:
    thread = factories.thread(title="Klaproos")
    membership = factories.membership(group=thread.group)
    if where == "deleted":
        thread.deleted_at = thread.created
    else:
        thread.group = factories.group()
        factories.membership(group=thread.group, user=membership.user)
    thread.save()
    link = address(membership, thread.pk)
    assert "Klaproos" not in anonymous.get(link).content.decode()
    anonymous.post(link, {"choice": "mute"})
    assert not Follow.objects.unrestricted().filter(user=membership.user).exists()
    anonymous.post(link, {"choice": MailRhythm.NEVER})
    assert rhythm_of(membership) == MailRhythm.NEVER


@pytest.mark.parametrize(
    "change",
    [{"state": MembershipState.ENDED}, {"link_number": 2}],
)
def test_an_ex_member_finds_nothing_at_the_link(anonymous: Client, change: dict[str, Any]) -> None:
    membership = factories.membership()
    link = address(membership)
    Membership.objects.unrestricted().filter(pk=membership.pk).update(**change)
    nothing = anonymous.get("/netwerk/mail/1-0-niets/")
    for method in (anonymous.get, anonymous.post):
        response = method(link)
        assert response.status_code == 404
        assert response.content == nothing.content


@pytest.mark.parametrize(
    ("may_excerpt", "words"), [(False, "niet wat er staat"), (True, "met het begin van wat er staat")]
)
def test_ones_own_page_says_what_stands_in_a_mail(may_excerpt: bool, words: str) -> None:
    membership = factories.membership(group=factories.group(may_excerpt=may_excerpt))
    page = client_of(membership.user).get(f"/netwerk/{membership.group.slug}/lidmaatschap/")
    assert words in page.content.decode()


def test_a_token_counts_for_its_own_membership_and_thread_only(anonymous: Client) -> None:
    thread = factories.thread()
    mine, other = (factories.membership(group=thread.group) for _ in range(2))
    signature = mailing.token_of(mine, thread.pk).split("-", 2)[2]
    for token in (
        f"{other.pk}-{thread.pk}-{signature}",
        f"{mine.pk}-0-{signature}",
        f"{mine.pk}-{thread.pk}-",
        f"{'9' * 40}-0-{signature}",
        f"{mine.pk}-{thread.pk}",
        "²-0-x",
    ):
        assert anonymous.get(f"/netwerk/mail/{token}/").status_code == 404
