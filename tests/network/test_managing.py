"""What facilitators do with threads."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from network.models import Follow
from tests import factories
from tests.roles import TOTP_SECRET, sign_in

from .discussing import Room, posts_of, reply_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return Room()


def manage(client: Client, room: Room, thread, **form):
    return client.post(room.address("thread_manage", thread.pk), form, follow=True)


def test_a_facilitator_pins_and_closes_and_back(room: Room) -> None:
    thread, client = room.thread(), room.facilitator()
    for what, words in (
        ("vastzetten", "Het gesprek staat bovenaan."),
        ("sluiten", "Het gesprek is gesloten."),
        ("heropenen", "Het gesprek is weer open."),
        ("losmaken", "staat niet meer vast"),
    ):
        for _ in range(2):
            assert words in manage(client, room, thread, doe=what).content.decode()
    thread.refresh_from_db()
    assert (thread.is_pinned, thread.closed_at) == (False, None)


def test_merged_threads_keep_numbers_and_the_old_address_leads_on(room: Room) -> None:
    source, target = room.thread(title="Bron"), room.thread(title="Doel")
    factories.post(thread=source)
    factories.post(thread=target)
    Follow.objects.create(user=room.member(), thread=source, state="following")
    client = room.facilitator()
    before = {post.pk: post.number for post in posts_of(target)}
    page = client.get(room.address("thread_manage", source.pk)).content.decode()
    assert "Doel" in page
    page = manage(client, room, source, doe="samenvoegen", gesprek=target.pk).content.decode()
    assert "De berichten staan nu bij “Doel”." in page
    posts = posts_of(target)
    assert [post.number for post in posts] == [1, 2, 3, 4]
    assert {post.pk: post.number for post in posts if post.pk in before} == before
    target.refresh_from_db()
    assert (target.post_count, target.last_number) == (4, 4)
    assert client.get(room.address("thread", source.pk)).headers["Location"] == room.address(
        "thread", target.pk
    )
    assert Follow.objects.unrestricted().get(user=room.member()).thread == target
    listed = client.get(room.address("threads")).content.decode()
    assert "Bron" not in listed
    answered = room.client().post(room.address("post_reply", source.pk), reply_form())
    assert answered.status_code == 302
    assert len(posts_of(target)) == 4
    again = manage(client, room, source, doe="samenvoegen", gesprek=target.pk)
    assert again.status_code == 404


def test_a_thread_is_not_merged_with_itself_or_with_one_elsewhere(room: Room) -> None:
    thread, elsewhere = room.thread(), Room().thread()
    client = room.facilitator()
    assert (
        "Kies een ander gesprek"
        in manage(client, room, thread, doe="samenvoegen", gesprek=thread.pk).content.decode()
    )
    assert manage(client, room, thread, doe="samenvoegen", gesprek=elsewhere.pk).status_code == 404
    for odd in (
        {},
        {"doe": "onzin"},
        {"doe": "samenvoegen"},
        {"doe": "samenvoegen", "gesprek": "x"},
        {"doe": "verplaatsen"},
    ):
        assert "Kies " in manage(client, room, thread, **odd).content.decode()


def test_a_thread_moves_only_to_a_group_that_one_facilitates(room: Room) -> None:
    other, third = Room(), Room()
    user = room.member("Fien Facilitator", "facilitator")
    factories.membership(group=other.group, user=user, role="facilitator")
    factories.membership(group=third.group, user=user)
    TOTP.activate(user, TOTP_SECRET)
    client = sign_in(Client(), user)
    author = room.member("Cis Devos")
    membership = room.membership("Cis Devos")
    thread = room.thread(
        author=author, body=f'<p><a href="{room.address("member", membership.pk)}">@Cis Devos</a> Hallo.</p>'
    )
    page = client.get(room.address("thread_manage", thread.pk)).content.decode()
    assert other.group.title in page
    assert third.group.title not in page.split("<main")[1]
    assert (
        "Kies een andere groep"
        in manage(client, room, thread, doe="verplaatsen", groep=third.group.pk).content.decode()
    )
    page = manage(client, room, thread, doe="verplaatsen", groep=other.group.pk).content.decode()
    assert "Cis Devos" not in page
    assert "@oud-lid Hallo." in page
    assert client.get(room.address("thread", thread.pk)).status_code == 404
    assert room.client("Cis Devos").get(other.address("thread", thread.pk)).status_code == 404


def test_members_manage_nothing(room: Room) -> None:
    thread, target = room.thread(), room.thread()
    for form in ({"doe": "sluiten"}, {"doe": "samenvoegen", "gesprek": target.pk}):
        assert room.client().post(room.address("thread_manage", thread.pk), form).status_code == 404
    thread.refresh_from_db()
    assert thread.closed_at is None
