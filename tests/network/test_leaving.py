"""Leaving: access ends with the next request; contributions stay or go, as somebody wishes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.leaving import REMOVED_TITLE, end_membership
from network.models import (
    Draft,
    Follow,
    FollowState,
    Group,
    MemberProfile,
    Membership,
    MembershipRole,
    MembershipState,
    Post,
    PostFile,
    PostVersion,
    Reaction,
    ReadMark,
    Thread,
)
from tests import factories
from tests.roles import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    """A group with house rules, version 2."""
    made = factories.group(slug="samen", title="Samen")
    factories.house_rules(group=made, version=2)
    return made


@pytest.fixture
def leaver(group: Group) -> Membership:
    """A member who wrote, reacted, kept a draft and followed."""
    membership = factories.membership(group=group, user=factories.user(name="Lien Weg"), rules_version=2)
    factories.member_profile(user=membership.user)
    return membership


def write(membership: Membership) -> dict[str, Any]:
    """A thread of their own with an answer, one without, and an answer elsewhere with all that can hang on it."""
    group, user = membership.group, membership.user
    own = factories.thread(group=group, author=user, title="Mijn vraag", body="<p>Mijn verhaal.</p>")
    answer = factories.post(thread=own)
    alone = factories.thread(group=group, author=user)
    elsewhere = factories.thread(group=group)
    post = factories.post(thread=elsewhere, author=user, body="<p>Mijn antwoord.</p>")
    PostVersion.objects.create(post=post, body="<p>Wat ik eerst schreef.</p>")
    file = factories.post_file(post=post)
    factories.reaction(post=post)
    Thread.objects.unrestricted().filter(pk=elsewhere.pk).update(helpful=post)
    given = factories.reaction(post=answer, user=user)
    Draft.objects.create(group=group, user=user, body="<p>Nog niet.</p>")
    Follow.objects.create(user=user, thread=elsewhere, state=FollowState.FOLLOWING)
    ReadMark.objects.create(user=user, thread=elsewhere, number=2)
    return {
        "own": own,
        "answer": answer,
        "alone": alone,
        "elsewhere": elsewhere,
        "post": post,
        "file": file,
        "given": given,
    }


def own_page(group: Group) -> str:
    return reverse("my_membership", args=[group.slug])


def count(model: Any, **fields: Any) -> int:
    return model.objects.unrestricted().filter(**fields).count()


def test_what_somebody_wrote_stays_and_what_they_kept_goes(leaver: Membership) -> None:
    wrote = write(leaver)
    end_membership(leaver)
    leaver.refresh_from_db()
    assert leaver.state == MembershipState.ENDED
    assert leaver.ended_at is not None
    assert leaver.link_number == 2
    post = Post.objects.unrestricted().get(pk=wrote["post"].pk)
    assert (post.author_id, "Mijn antwoord" in post.body) == (leaver.user_id, True)
    assert count(Reaction, user=leaver.user) == 1
    assert [count(model, user=leaver.user) for model in (Draft, Follow, ReadMark)] == [0, 0, 0]


def test_everything_goes_when_somebody_asks_so(
    leaver: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    wrote = write(leaver)
    stored = wrote["file"].file.name
    assert default_storage.exists(stored)
    with django_capture_on_commit_callbacks(execute=True):
        end_membership(leaver, remove_contributions=True)
    post = Post.objects.unrestricted().get(pk=wrote["post"].pk)
    assert (post.body, post.author, post.deleted_by_facilitator) == ("", None, False)
    assert post.deleted_at is not None
    assert count(Post, author=leaver.user) == count(Thread, author=leaver.user) == 0
    assert count(Thread, last_author=leaver.user) == 0
    assert count(PostVersion) == count(PostFile) == count(Reaction, user=leaver.user) == 0
    assert not default_storage.exists(stored)
    own, alone, elsewhere = (
        Thread.objects.unrestricted().get(pk=wrote[name].pk) for name in ("own", "alone", "elsewhere")
    )
    assert (own.title, own.post_count, own.deleted_at) == (REMOVED_TITLE, 1, None)
    assert own.last_author_id == wrote["answer"].author_id
    assert (alone.post_count, alone.deleted_at is None) == (0, False)
    assert (elsewhere.post_count, elsewhere.last_number, elsewhere.helpful) == (1, 2, None)
    assert elsewhere.title == wrote["elsewhere"].title, "what others wrote stays"
    assert not count(MemberProfile, user=leaver.user)


def test_nobody_finds_by_search_what_was_taken_away(group: Group, leaver: Membership) -> None:
    own = factories.thread(group=group, author=leaver.user, title="Kampvuurtje", body="<p>Marshmallows.</p>")
    factories.post(thread=own, body="<p>Met appelsap.</p>")
    reader = client_of(factories.membership(group=group).user)

    def finds(word: str) -> bool:
        return own.get_absolute_url() in reader.get("/zoeken/", {"q": word}).content.decode()

    assert [finds(word) for word in ("kampvuurtje", "marshmallows", "appelsap")] == [True, True, True]
    end_membership(leaver, remove_contributions=True)
    assert [finds(word) for word in ("kampvuurtje", "marshmallows", "appelsap")] == [False, False, True]


def test_what_somebody_wrote_in_another_group_stays(leaver: Membership) -> None:
    other = factories.membership(user=leaver.user)
    post = factories.post(thread=factories.thread(group=other.group), author=leaver.user)
    end_membership(leaver, remove_contributions=True)
    post.refresh_from_db()
    assert post.author_id == leaver.user_id
    assert count(MemberProfile, user=leaver.user) == 1


def test_what_was_moved_to_a_group_of_others_goes_as_well(leaver: Membership) -> None:
    wrote = write(leaver)
    Thread.objects.unrestricted().filter(pk=wrote["elsewhere"].pk).update(group=factories.group())
    end_membership(leaver)
    assert [count(model, user=leaver.user) for model in (Draft, Follow, ReadMark)] == [0, 0, 0]
    assert Post.objects.unrestricted().get(pk=wrote["post"].pk).body
    end_membership(leaver, remove_contributions=True)
    assert Post.objects.unrestricted().get(pk=wrote["post"].pk).body == ""
    assert count(Post, author=leaver.user) == count(PostFile) == count(Reaction, user=leaver.user) == 0


def test_leaving_twice_changes_nothing_and_removing_can_follow_later(leaver: Membership) -> None:
    wrote = write(leaver)
    end_membership(leaver)
    leaver.refresh_from_db()
    before = leaver.ended_at
    end_membership(leaver)
    end_membership(leaver, remove_contributions=True)
    leaver.refresh_from_db()
    assert leaver.ended_at == before
    assert Post.objects.unrestricted().get(pk=wrote["post"].pk).body == ""


def test_a_member_of_years_costs_as_many_statements_as_one_of_a_week(group: Group) -> None:
    counts = []
    ContentType.objects.clear_cache()
    for number in (1, 12):
        membership = factories.membership(group=group)
        for _ in range(number):
            write(membership)
            Draft.objects.unrestricted().filter(user=membership.user).delete()
        with CaptureQueriesContext(connection) as captured:
            end_membership(membership, remove_contributions=True)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# The pages ----------------------------------------------------------------------------------------------------


def test_a_member_leaves_in_two_steps_and_the_open_session_sees_nothing_more(
    group: Group, leaver: Membership
) -> None:
    client, tab = client_of(leaver.user), client_of(leaver.user)
    assert tab.get(own_page(group)).status_code == 200
    assert "Ben je zeker" not in client.get(own_page(group)).content.decode()
    sure = client.get(own_page(group), {"verlaten": "weg"}).content.decode()
    assert "definitief gewist" in sure
    leaver.refresh_from_db()
    assert leaver.state == MembershipState.ACTIVE
    done = client.post(own_page(group), {"stap": "verlaten", "bijdragen": "weg"}, follow=True)
    assert "geen lid meer" in done.content.decode()
    nothing = reverse("my_membership", args=["bestaat-niet"])
    for page in (own_page(group), reverse("threads", args=[group.slug])):
        assert tab.get(page).status_code == 404
    assert tab.get(own_page(group)).content == tab.get(nothing).content
    assert tab.post(own_page(group), {"stap": "mail", "ritme": "never"}).status_code == 404


def test_leaving_without_a_choice_changes_nothing(group: Group, leaver: Membership) -> None:
    client = client_of(leaver.user)
    for chosen in ({}, {"bijdragen": "x"}):
        client.post(own_page(group), {"stap": "verlaten", **chosen})
    leaver.refresh_from_db()
    assert leaver.state == MembershipState.ACTIVE


def test_a_member_chooses_how_often_mail_comes(group: Group, leaver: Membership) -> None:
    client = client_of(leaver.user)
    client.post(own_page(group), {"stap": "mail", "ritme": "daily"})
    client.post(own_page(group), {"stap": "mail", "ritme": "elk-uur"})
    leaver.refresh_from_db()
    assert leaver.mail_rhythm == "daily"


def test_a_member_agrees_to_newer_house_rules(group: Group, leaver: Membership) -> None:
    client = client_of(leaver.user)
    assert "akkoord met versie 2" in client.get(own_page(group)).content.decode()
    factories.house_rules(group=group, version=3, text="<p>En dit is nieuw.</p>")
    shown = client.get(own_page(group)).content.decode()
    assert "En dit is nieuw." in shown
    assert "zijn gewijzigd" in shown
    assert client.post(own_page(group), {"stap": "huisregels", "rules_version": "3"}).status_code == 422
    stale = {"stap": "huisregels", "rules_version": "2", "agreed": "on"}
    assert client.post(own_page(group), stale).status_code == 422
    client.post(own_page(group), stale | {"rules_version": "3"})
    leaver.refresh_from_db()
    assert leaver.rules_version == 3


def test_a_guest_sees_only_their_own_page_and_can_leave(group: Group) -> None:
    guest = factories.membership(
        group=group, role=MembershipRole.GUEST, ends_at=timezone.now() + timedelta(days=3)
    )
    client = client_of(guest.user)
    shown = client.get(own_page(group)).content.decode()
    assert "als gast" in shown
    assert reverse("threads", args=[group.slug]) not in shown
    assert client.get(reverse("threads", args=[group.slug])).status_code == 404
    client.post(own_page(group), {"stap": "mail", "ritme": "daily"})
    guest.refresh_from_db()
    assert guest.mail_rhythm == "weekly"
    client.post(own_page(group), {"stap": "verlaten", "bijdragen": "blijven"})
    assert client.get(own_page(group)).status_code == 404


def test_the_last_facilitator_is_warned(group: Group) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    from tests.roles import TOTP_SECRET

    last = factories.membership(group=group, role=MembershipRole.FACILITATOR)
    TOTP.activate(last.user, TOTP_SECRET)
    client = client_of(last.user)
    assert "enige begeleider" in client.get(own_page(group), {"verlaten": "blijven"}).content.decode()
    factories.membership(group=group, role=MembershipRole.FACILITATOR)
    assert "enige begeleider" not in client.get(own_page(group), {"verlaten": "blijven"}).content.decode()


def test_a_visitor_is_sent_to_sign_in(group: Group) -> None:
    assert Client().get(own_page(group)).status_code == 302
