"""What facilitators do with threads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from network.models import Draft, Follow, PostFile
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
    again = manage(client, room, source, doe="samenvoegen", gesprek=target.pk)
    assert again.redirect_chain[-1][0] == room.address("thread", target.pk)
    assert len(posts_of(target)) == 4


def test_what_is_typed_while_a_thread_is_merged_goes_to_where_its_posts_went(room: Room) -> None:
    source, target = room.thread(), room.thread()
    client, form = room.client(), reply_form(gesprek=source.pk, vorm="json")
    manage(room.facilitator(), room, source, doe="samenvoegen", gesprek=target.pk)
    client.post(room.address("draft_save"), form)
    assert "Met soep en een vuurkorf." in client.get(room.address("thread", target.pk)).content.decode()
    for _ in range(2):
        answered = client.post(room.address("post_reply", source.pk), form)
        assert answered.headers["Location"] == f"{room.address('thread', target.pk)}#bericht-3"
    assert "Met soep en een vuurkorf." in posts_of(target)[-1].body
    assert len(posts_of(target)) == 3
    assert not Draft.objects.unrestricted().exists()


def test_drafts_of_two_threads_that_are_merged_become_one_with_the_files_of_both(room: Room) -> None:
    source, target = room.thread(), room.thread()
    for thread, words in ((source, "Eerst dit."), (target, "Daarna dat.")):
        note = SimpleUploadedFile("nota.txt", words.encode())
        form = reply_form(gesprek=thread.pk, body=words, bestand=note)
        room.client().post(room.address("draft_save"), form)
    manage(room.facilitator(), room, source, doe="samenvoegen", gesprek=target.pk)
    draft = Draft.objects.unrestricted().get()
    assert (draft.thread, draft.body) == (target, "<p>Daarna dat.</p><p>Eerst dit.</p>")
    assert PostFile.objects.unrestricted().filter(draft=draft).count() == 2


def test_posts_that_were_read_before_a_merge_are_not_new_after_it(room: Room) -> None:
    long_ago = timezone.now() - timedelta(days=9)
    own = room.membership()
    own.since = long_ago - timedelta(days=9)
    own.save()
    source, target = room.thread(created=long_ago), room.thread()
    factories.post(thread=source, created=long_ago)
    client = room.client()
    for thread in (source, target):
        client.get(room.address("thread", thread.pk))
    factories.post(thread=source, created=timezone.now())
    manage(room.facilitator(), room, source, doe="samenvoegen", gesprek=target.pk)
    page = client.get(room.address("missed")).content.decode()
    assert "1 nieuw" in page
    assert f"{room.address('thread', target.pk)}#bericht-4" in page


def test_a_merged_thread_is_as_fresh_as_its_latest_post(room: Room) -> None:
    long_ago = timezone.now() - timedelta(days=9)
    source, target = room.thread(created=long_ago), room.thread()
    factories.post(thread=source, created=long_ago)
    latest = factories.post(thread=target)
    manage(room.facilitator(), room, source, doe="samenvoegen", gesprek=target.pk)
    target.refresh_from_db()
    assert (target.last_post_at, target.last_author) == (latest.created, latest.author)


def test_the_answer_that_helped_goes_along_to_a_question_without_one(room: Room) -> None:
    source, target = (room.thread(kind="question") for _ in range(2))
    source.helpful = factories.post(thread=source)
    source.save()
    manage(room.facilitator(), room, source, doe="samenvoegen", gesprek=target.pk)
    target.refresh_from_db()
    assert target.helpful == source.helpful


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
