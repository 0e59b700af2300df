"""A word nobody else has in every text and file of a group: it reaches whom it is for, and nobody else, by any way."""

from __future__ import annotations

import io
import logging
import re
import uuid
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from expoo_portal.outbox import OutgoingMail
from expoo_portal.search.words import SearchWord
from expoo_portal.visibility import Viewer
from network import digests, helping, invitations, messages_to_members, tidying
from network.models import Follow, FollowState, MailRhythm, Membership, Post, Thread
from network.notices import tell_of
from tests import factories
from tests.guards import inside as guard
from tests.guards.inside import Inside
from tests.roles import Role, client_of, person, sign_in

pytestmark = pytest.mark.django_db

# What no page shows, and where it stands instead.
NOWHERE = {
    ("Invitation", "note"): "in the mail to whom is invited",
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def inside(db: None, settings: Any) -> Inside:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    return guard.write(factories.group())


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_what_is_for_them_and_nothing_else(inside: Inside, role: Role) -> None:
    guard.check_reading(inside, client_of(person(role, inside.group)), role, NOWHERE)


@pytest.mark.parametrize("role", Role)
def test_searching_tells_nobody_what_they_may_not_read(inside: Inside, role: Role) -> None:
    guard.check_search(inside, client_of(person(role, inside.group)), role)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SUPERUSER, Role.FACILITATOR])
def test_the_admin_shows_who_comes_in_to_a_superuser_and_what_is_said_to_nobody(
    inside: Inside, role: Role
) -> None:
    tell_of(inside.keys["post"])
    seen = guard.read(client_of(person(role, inside.group)), guard.admin_addresses(inside), ("GET",))
    shown = {
        (inside.marks[word].model, re.sub(r"\d+", "", address))
        for address, words in seen.items()
        for word in words & inside.marks.keys()
    }
    expected = {"Group", "HouseRules", "MembershipRequest", "Invitation", "User"}
    if role is not Role.SUPERUSER:
        expected = set()
    assert {model for model, _ in shown} == expected, sorted(
        pair for pair in shown if pair[0] not in expected
    )


def test_who_wrote_a_draft_or_a_profile_reads_it(inside: Inside) -> None:
    assert inside.writer is not None
    client = sign_in(Client(), inside.writer.user)
    found = set().union(*guard.read(client, guard.addresses(inside)).values())
    drafted = {word for word, mark in inside.marks.items() if mark.model == "Draft" and mark.name == "body"}
    assert drafted <= found
    hidden = {
        (mark.model, mark.name) for word, mark in inside.marks.items() if word in found and not mark.readers
    }
    assert hidden <= {
        ("Draft", "body"),
        ("Draft", "title"),
        ("PostFile", "name"),
        ("PostFile", "file"),
        ("User", "email"),
    }


def test_every_text_of_the_network_holds_a_word(inside: Inside) -> None:
    marked = {(mark.model, mark.name) for mark in inside.marks.values()}
    written = {
        (model.__name__, column.name)
        for model in guard.network_models()
        for column in guard.text_columns(model)
    }
    assert written - marked == set(guard.WITHOUT_WORDS)


def test_nothing_becomes_a_search_word(inside: Inside) -> None:
    assert not set(SearchWord.objects.values_list("word", flat=True)) & inside.marks.keys()


def test_an_error_page_tells_nothing(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError(repr(list(Post.objects.unrestricted().values_list("body", flat=True))))

    monkeypatch.setattr("network.views.threads.ThreadPage", fail)
    client = Client(raise_request_exception=False)
    sign_in(client, person(Role.MEMBER, inside.group))
    response = client.get(reverse("thread", args=[inside.group.slug, inside.keys["thread"]]))
    assert response.status_code == 500
    assert not guard.words_in(response) & inside.marks.keys()


def words_of_download(inside: Inside, client: Client) -> set[str]:
    """The words in a download of one's own data: in its texts, in the names of its files and in the files."""
    response = client.post(reverse("account_my_data_download"))
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as found:  # type: ignore[attr-defined]
        parts = [*found.namelist(), *(found.read(name).decode(errors="replace") for name in found.namelist())]
    return {word for word in inside.marks if any(word in part for part in parts)}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ANONYMOUS}))
def test_a_download_of_ones_own_data_holds_nothing_of_others(inside: Inside, role: Role) -> None:
    found = words_of_download(inside, client_of(person(role, inside.group)))
    assert {inside.marks[word].model for word in found} <= {"Group"}


def test_a_download_holds_all_that_one_wrote_oneself(inside: Inside) -> None:
    assert inside.writer is not None
    found = words_of_download(inside, sign_in(Client(), inside.writer.user))
    pairs = {(inside.marks[word].model, inside.marks[word].name) for word in found}
    written = {"Thread", "Post", "PostVersion", "Draft", "MemberProfile", "PostReport"}
    own = {(mark.model, mark.name) for mark in inside.marks.values() if mark.model in written}
    own |= {("PostFile", "name"), ("PostFile", "file"), ("PostFile", "alt"), ("MemberPhoto", "name")}
    own |= {("User", "name"), ("User", "email")}
    assert pairs - {("Group", "title")} == own - {("Thread", "deleted")}


# Mail ---------------------------------------------------------------------------------------------------------


def texts_of(mails: Any) -> dict[str, str]:
    """What each reader got, headers included."""
    found: dict[str, str] = {}
    for mail in mails:
        text = f"{mail.subject}{mail.text}{mail.html}{mail.headers}{mail.from_email}{mail.guard}"
        found[mail.to[0]] = found.get(mail.to[0], "") + text
    return found


def named(inside: Inside, text: str) -> set[tuple[str, str]]:
    return {(mark.model, mark.name) for word, mark in inside.marks.items() if word in text}


def test_mails_hold_who_and_the_title_and_never_what_was_said(inside: Inside) -> None:
    group = inside.group
    reader = factories.membership(
        group=group, mail_rhythm=MailRhythm.AT_ONCE, since=timezone.now() - timedelta(days=20)
    )
    leader = factories.membership(group=group, role="facilitator")
    Follow.objects.create(user=reader.user, thread_id=inside.keys["thread"], state=FollowState.FOLLOWING)
    thread = Thread.objects.unrestricted().get(pk=inside.keys["thread"])
    now = timezone.now()
    weekly = factories.membership(group=group, since=now - timedelta(days=20))
    topic = factories.topic()
    thread.topics.add(topic)
    factories.member_profile(user=weekly.user).can_help.add(topic)
    assert tell_of(inside.keys["post"]) == 1
    assert digests.make_one(weekly.pk, "2026-W48", now)
    assert helping.nudge(viewer_of_member(leader), group, thread, weekly.pk)
    assert inside.writer is not None
    message = inside.word("message", "text", guard.NOBODY)
    messages_to_members.write_to(group, reader, inside.writer, f"Dag! {message}", uuid.uuid4())
    note = inside.word("Invitation", "note", guard.NOBODY)
    invited = invitations.Invited("nieuw@example.org", note=note)
    invitations.invite(group, invited, leader.user)
    tidying.remind_facilitators(now + timedelta(days=30))
    found = {to: named(inside, text) for to, text in texts_of(OutgoingMail.objects.all()).items()}
    # What introduces the group is public.
    found = {to: {pair for pair in words if pair[0] != "Group"} for to, words in found.items()}
    name, title = ("User", "name"), ("Thread", "title")
    assert found.pop(reader.user.email) == {name, title}
    assert found.pop(weekly.user.email) == {name, title}
    assert found.pop(inside.writer.user.email) == {name, ("message", "text")}
    assert found.pop("nieuw@example.org") == {("Invitation", "note")}
    assert set(found) <= {leader.user.email}
    for words in found.values():
        assert words <= {("MembershipRequest", "name"), ("MembershipRequest", "organisation")}


def viewer_of_member(membership: Membership) -> Viewer:
    return Viewer(membership.user)


def test_a_group_that_allows_it_has_excerpts_in_its_mails_and_no_more(inside: Inside) -> None:
    group = inside.group
    group.may_excerpt = True
    group.save()
    weekly = factories.membership(group=group, since=timezone.now() - timedelta(days=20))
    assert digests.make_one(weekly.pk, "2026-W48", timezone.now())
    (text,) = texts_of(OutgoingMail.objects.filter(to=[weekly.user.email])).values()
    assert named(inside, text) == {
        ("User", "name"),
        ("Thread", "title"),
        ("Group", "title"),
        ("Post", "body"),
    }


def test_what_is_typed_stays_with_its_writer_while_somebody_else_asks(inside: Inside) -> None:
    """One process serves both in turn."""
    assert inside.writer is not None
    writer = sign_in(Client(), inside.writer.user)
    others = [client_of(person(role, inside.group)) for role in (Role.ANONYMOUS, Role.MEMBER, Role.EDITOR)]
    drafts = {word for word, mark in inside.marks.items() if mark.model == "Draft"}
    path = reverse("thread", args=[inside.group.slug, inside.keys["thread"]])
    for _ in range(2):
        assert drafts & guard.words_in(writer.get(path))
        for client in others:
            assert not drafts & guard.words_in(client.get(path))
