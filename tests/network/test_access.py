"""The inside of a group is not there for others: byte for byte, by every way in, and from one moment to the next."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from expoo_portal.mail import deliver
from expoo_portal.outbox import MailState, OutgoingMail
from expoo_portal.search.words import rebuild_words
from network import digests, mailing, messages_to_members
from network.leaving import end_membership
from network.models import (
    Draft,
    Follow,
    FollowState,
    Group,
    MailRhythm,
    MemberPhoto,
    Membership,
    MembershipRole,
    MembershipState,
    PostFile,
)
from network.notices import tell_of
from tests import factories
from tests.guards.routes import METHODS, Row, address, ask, body, routes
from tests.guards.world import World, make_world
from tests.roles import INSIDERS, Role, client_of, person
from tests.test_route_matrix import VISITOR, network_routes

from .discussing import Room, posts_of, reply_form

pytestmark = pytest.mark.django_db

NO_KEY = 999_999_999
NO_GROUP = "bestaat-niet"
# What differs between two answers to the same person, whatever was asked.
_OF_ITS_OWN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce-[^\']*|nonce="[^"]*"')


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def answer(client: Client, method: str, path: str) -> tuple[int, bytes, str]:
    """Status, body and headers, without what differs each time, and without the address that was asked for."""
    response = ask(client, method, path)
    headers = repr(sorted(response.items())).replace(path, "")
    return response.status_code, _OF_ITS_OWN.sub(b"", body(response)), re.sub(r"nonce-[^']*", "", headers)


def inside_routes(group: Group) -> dict[str, Row]:
    """The rows of what lies inside this group: the ones with its address."""
    world = World(group, *[None] * 6)  # type: ignore[arg-type]
    return {name: row for name, row in network_routes(world).items() if "slug" in row.kwargs}


def elsewhere(row: Row, **kwargs: Any) -> Row:
    return Row(row.get, row.post, {**row.kwargs, **kwargs})


def numbers(row: Row) -> dict[str, Any]:
    """The keys in an address below that of the group."""
    return {name: value for name, value in row.kwargs.items() if name != "slug"}


def test_the_rows_are_those_of_the_resolver(world: World) -> None:
    inside = {
        route.name
        for route in routes()
        if route.pattern.startswith("netwerk/<slug:slug>/")
        and route.name not in ("group", "request_membership")
    }
    assert inside == set(inside_routes(world.group))
    assert len(inside) > 25


@pytest.mark.parametrize("role", Role)
def test_what_is_closed_to_somebody_answers_like_what_does_not_exist(world: World, role: Role) -> None:
    client = client_of(person(role, world.group))
    closed = 302 if role in VISITOR else 404
    for name, row in inside_routes(world.group).items():
        nowhere = elsewhere(row, slug=NO_GROUP, **dict.fromkeys(numbers(row), NO_KEY))
        for method in METHODS:
            if row.expected(method, role) != closed:
                continue
            asked, nothing = (answer(client, method, address(name, each)) for each in (row, nowhere))
            assert asked == nothing, (method, name)
            assert asked[0] == closed


@pytest.mark.parametrize("who", ["of both", "of the first", "nobody"])
def test_what_belongs_to_another_group_is_not_there(world: World, who: str) -> None:
    """Not even for who facilitates both groups: each thing is at one address."""
    other = factories.group()
    user = person(Role.FACILITATOR if who != "nobody" else Role.SIGNED_IN, world.group)
    if who == "of both":
        factories.membership(group=other, user=user, role=MembershipRole.FACILITATOR)
    client = client_of(user)
    here, there = inside_routes(world.group), inside_routes(other)
    checked = 0
    for name, row in here.items():
        if not numbers(row):
            continue
        nothing = elsewhere(row, **dict.fromkeys(numbers(row), NO_KEY))
        for method in METHODS:
            missing = answer(client, method, address(name, nothing))
            assert missing[0] in (404, 405), (method, name)
            for mismatched in (
                elsewhere(row, **numbers(there[name])),
                elsewhere(there[name], **numbers(row)),
            ):
                assert mismatched.kwargs != row.kwargs
                if mismatched.kwargs["slug"] == other.slug and who != "of both":
                    assert answer(client, method, address(name, mismatched))[0] in (404, 405)
                    continue
                assert answer(client, method, address(name, mismatched)) == missing, (method, name)
                checked += 1
    assert checked > 40


@pytest.mark.parametrize("role", sorted(set(Role) - INSIDERS))
def test_what_is_said_changes_not_a_byte_of_what_others_read(world: World, role: Role) -> None:
    author = factories.membership(group=world.group).user
    client = client_of(person(role, world.group))
    practice, topic = world.practice.get_absolute_url(), world.theme.topics.get()
    theme, group = world.theme.get_absolute_url(), f"/netwerk/{world.group.slug}/"
    public = [
        *("/", "/praktijken/", practice, f"{practice}afdrukken/", f"{practice}teamblad/", "/netwerk/", group),
        *(
            theme,
            f"{theme}visie/",
            f"{theme}feed/",
            "/sitemap.xml",
            "/praktijken/feed/",
            "/praktijken/export.csv",
        ),
        *("/zoeken/?q=speelbos", "/zoeken/?q=kwibus", "/zoeken/aanvullen/?q=spe", "/bestaat-niet/"),
    ]
    # An empty feed says what time it is.
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        before = [answer(client, "GET", path) for path in public]
    link = f'<a href="{practice}">kwibus van het speelbos</a>'
    thread = factories.thread(
        group=world.group, author=author, title="Kwibus", topics=[topic], body=f"<p>{link}</p>"
    )
    factories.post_file(post=posts_of(thread)[0])
    rebuild_words()
    with time_machine.travel(now, tick=False):
        assert [answer(client, "GET", path) for path in public] == before
    member = client_of(person(Role.MEMBER, world.group))
    assert b"Kwibus" in member.get(practice).content
    assert practice.encode() in member.get(thread.get_absolute_url()).content


# Files --------------------------------------------------------------------------------------------------------


def files_of(room: Room) -> dict[str, str]:
    """The files of a group by what they are, with a picture also in the size of a card."""
    thread = room.thread()
    (post,) = posts_of(thread)
    text = factories.post_file(post=post)
    picture = PostFile(post=post, file=ContentFile(factories.picture(), name="hoek.png"), alt="Een hoek")
    picture.save()
    profile = factories.member_profile(user=room.member("Wies"))
    photo = MemberPhoto(profile=profile, file=ContentFile(factories.picture(), name="wies.png"))
    photo.save()
    draft = Draft.objects.create(group=room.group, user=room.member("Wies"), thread=thread, body="<p>x</p>")
    drafted = PostFile(draft=draft, file=ContentFile(b"Nog niet.", name="later.txt"))
    drafted.save()
    return {
        "text": text.get_absolute_url(),
        "picture": picture.get_absolute_url(),
        "card": picture.card_url,
        "page": picture.page_url,
        "photo": photo.get_absolute_url(),
        "photo card": photo.card_url,
        "draft": drafted.get_absolute_url(),
    }


def without(path: str) -> str:
    """The same address with a key that no file has."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", str(uuid.uuid4()), path)


@pytest.mark.parametrize("role", Role)
def test_each_file_is_for_the_members_and_a_draft_for_its_writer(role: Role) -> None:
    room = Room()
    files = files_of(room)
    client = client_of(person(role, room.group))
    for name, path in files.items():
        for method in METHODS:
            found, nothing = answer(client, method, path), answer(client, method, without(path))
            if method == "POST":
                assert found[0] == 405, name
            elif role in INSIDERS and name != "draft":
                assert found[0] == 200, name
            else:
                assert found[0] == 404, name
                assert found[:2] == nothing[:2], name
    assert answer(room.client("Wies"), "GET", files["draft"])[0] == 200
    # Of another family, or under another name, nothing is there either.
    member = room.client()
    wrong = (
        files["text"].replace("/bericht/", "/ledenfoto/"),
        files["photo"].replace("/ledenfoto/", "/bericht/"),
        files["text"].replace("speeltips", "ander"),
    )
    assert [answer(member, "GET", path)[0] for path in wrong] == [404, 404, 404]


# The next moment ----------------------------------------------------------------------------------------------


def remove(membership: Membership, number: int) -> None:
    """End a membership in one of the ways there are."""
    rows = Membership.objects.unrestricted().filter(pk=membership.pk)
    match number % 4:
        case 0:
            end_membership(membership)
        case 1:
            end_membership(membership, remove_contributions=True)
        case 2:
            rows.update(state=MembershipState.ENDED, ended_at=timezone.now())
        case 3:
            rows.update(
                role=MembershipRole.GUEST, ends_at=timezone.now() + timedelta(days=1), rules_version=None
            )


def asked_by_members(room: Room, files: Mapping[str, str]) -> list[tuple[str, str]]:
    """What an open tab may ask for, each with its method."""
    thread = room.thread().pk
    pages = ("threads", "missed", "members", "thread_new")
    return [
        *(("GET", room.address(name)) for name in pages),
        ("GET", room.address("thread", thread)),
        ("GET", room.address("member", room.membership().pk)),
        ("GET", room.address("mention_complete") + "?q=a"),
        ("POST", room.address("thread_new")),
        ("POST", room.address("post_reply", thread)),
        ("POST", room.address("thread_follow", thread)),
        ("POST", room.address("draft_save")),
        ("GET", room.address("facilitation")),
        *(("GET", path) for name, path in files.items() if name != "draft"),
    ]


def test_each_of_a_hundred_removed_members_is_refused_at_once(settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    room = Room()
    files = files_of(room)
    thread = room.thread(author=room.member(), title="Wie kent een kwibus?")
    asked = asked_by_members(room, files)
    fields = {"group": room.group, "mail_rhythm": MailRhythm.AT_ONCE, "rules_version": None}
    members = [factories.membership(**fields) for _ in range(100)]
    clients = [client_of(membership.user) for membership in members]
    Follow.objects.bulk_create(
        [Follow(user=each.user, thread=thread, state=FollowState.FOLLOWING) for each in members]
    )
    room.client().post(room.address("post_reply", thread.pk), reply_form())
    assert tell_of(posts_of(thread)[-1].pk) == 100
    now = timezone.now()
    for membership in members:
        Membership.objects.unrestricted().filter(pk=membership.pk).update(since=now - timedelta(days=9))
        assert digests.make_one(membership.pk, "2026-W48", now + timedelta(minutes=1)) in (True, False)
        messages_to_members.write_to(room.group, room.membership(), membership, "Dag!", uuid.uuid4())
    links = [mailing.link_of(membership, thread.pk) for membership in members]
    waiting = {
        membership.user.email: list(OutgoingMail.objects.filter(to=[membership.user.email]))
        for membership in members
    }
    assert all(len(mails) >= 2 for mails in waiting.values())
    for client in (clients[0], clients[-1]):
        reads = [ask(client, method, path).status_code for method, path in asked if method == "GET"]
        assert reads.count(200) == len(reads) - 1  # all but the facilitators' page

    for number, membership in enumerate(members):
        remove(membership, number)

    refused = {"session": 0, "file": 0, "mail": 0, "search": 0, "mail link": 0}
    tab, file = ("GET", room.address("thread", thread.pk)), ("GET", files["text"])
    # Each asks for what they had open, and for one of all that there is.
    asked = [*asked, ("GET", files["picture"]), ("GET", files["photo"])]
    for number, (membership, client, link) in enumerate(zip(members, clients, links, strict=True)):
        more = asked[number % len(asked)]
        statuses = [ask(client, method, path).status_code for method, path in (tab, more, file)]
        refused["session"] += statuses[:2] == [404, 404]
        refused["file"] += statuses[2] == 404
        refused["search"] += b'data-total="0"' in client.get("/zoeken/?q=kwibus").content
        path = link.removeprefix(settings.SITE_URL)
        # Who comes for a meeting from now on may still choose how much mail they want, and reads no more than that.
        answer = client.get(path)
        refused["mail link"] += (
            answer.status_code == (200 if number % 4 == 3 else 404) and b"kwibus" not in answer.content
        )
        for mail in waiting[membership.user.email]:
            deliver(mail.pk)
        states = {mail.state for mail in OutgoingMail.objects.filter(to=[membership.user.email])}
        refused["mail"] += states == {MailState.WITHDRAWN}
    assert refused == dict.fromkeys(refused, 100)


def test_a_guest_comes_in_until_the_end_and_not_a_moment_longer() -> None:
    room = Room()
    end = timezone.now() + timedelta(hours=1)
    guest = factories.membership(group=room.group, role=MembershipRole.GUEST, ends_at=end)
    client = client_of(guest.user)
    own = room.address("my_membership")
    inside = [path for method, path in asked_by_members(room, {}) if method == "GET"]
    for moment, status in ((end - timedelta(seconds=1), 200), (end, 404)):
        with time_machine.travel(moment, tick=False):
            assert client.get(own).status_code == status
            assert {client.get(path).status_code for path in inside} == {404}
