"""The group full of invented discussions that people try out and measure with."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from expoo_portal.accounts.models import User
from network.models import Follow, Group, Membership, Post, Reaction, ReadMark, Thread
from tests import factories
from tests.roles import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_real_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


def generate(**amounts: Any) -> Group:
    call_command("generate_network", **({"threads": 12, "posts": 150, "members": 15} | amounts))
    return Group.objects.unrestricted().get(slug="proefgroep")


def test_whoever_tries_it_out_finds_as_much_as_was_asked_and_nothing_untrue() -> None:
    topics = [factories.topic() for _ in range(3)]
    group = generate()
    threads = list(Thread.objects.unrestricted().filter(group=group))
    assert len(threads) == 12
    assert Membership.objects.unrestricted().filter(group=group).count() == 15
    assert Post.objects.unrestricted().filter(thread__group=group).count() == 150
    for thread in threads:
        posts = list(Post.objects.unrestricted().filter(thread=thread).order_by("number"))
        standing = [post for post in posts if not post.deleted_at]
        assert [post.number for post in posts] == list(range(1, len(posts) + 1))
        assert (thread.post_count, thread.last_number) == (len(standing), len(posts))
        assert (thread.last_post_at, thread.last_author_id) == (standing[-1].created, standing[-1].author_id)
        assert all(post.body.startswith("<p>") for post in standing)
    for model in (Reaction, ReadMark, Follow):
        assert model.objects.unrestricted().exists()
    assert {topic for thread in threads for topic in thread.topics.all()} <= set(topics)


def test_invented_members_read_each_page_of_their_group() -> None:
    group = generate()
    client = client_of(User.objects.get(email=f"an.{group.slug}.12@voorbeeld.invalid"))
    thread = Thread.objects.unrestricted().filter(group=group).order_by("-last_number")[0]
    for page in ("gesprekken/", f"gesprekken/{thread.pk}/", "gemist/", "leden/"):
        assert client.get(f"/netwerk/{group.slug}/{page}").status_code == 200


def test_a_demo_account_looks_around_in_it() -> None:
    user = factories.user(email="lid@voorbeeld.invalid")
    assert client_of(user).get(f"/netwerk/{generate().slug}/gesprekken/").status_code == 200


@pytest.mark.parametrize("amounts", [{"threads": 0}, {"posts": 3}, {"members": 0}, {"group": "geen adres"}])
def test_amounts_that_cannot_be_are_refused(amounts: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        generate(**amounts)


def test_it_never_touches_a_real_database_or_a_group_that_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    generate()
    with pytest.raises(CommandError):
        generate()
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.org/portaal")
    with pytest.raises(CommandError, match="echte databank"):
        generate(group="nog-een")
