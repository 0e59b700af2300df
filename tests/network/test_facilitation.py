"""The facilitators' pages: what waits, nudges, starters, reports, bands, and the group seen from outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.outbox import OutgoingMail
from network import facilitation, helping, outsider, starters
from network.bands import FEWEST_MEMBERS, bands
from network.leaving import end_membership
from network.models import (
    Draft,
    Group,
    MailRhythm,
    Membership,
    MembershipRole,
    Nudge,
    Post,
    PostReport,
    StarterProposal,
    ThreadKind,
)
from tests import factories
from tests.roles import Role, client_of, person

OLD = timedelta(days=6)


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    """Mails go into the outbox, as they do in the portal itself."""
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"


@pytest.fixture
def group(db: None) -> Group:
    return factories.group(
        slug="ontmoeting", title="Groep Klaproos", intro="Voor wie ontmoeting mogelijk maakt."
    )


@pytest.fixture
def me(group: Group) -> Any:
    return person(Role.FACILITATOR, group)


@pytest.fixture
def client(me: Any) -> Client:
    return client_of(me)


def helper(group: Group, *topics: Any, **fields: Any) -> Membership:
    membership = factories.membership(group=group, **fields)
    factories.member_profile(user=membership.user).can_help.set(topics)
    return membership


def question(group: Group, *topics: Any, **fields: Any) -> Any:
    return factories.thread(group=group, topics=topics, created=timezone.now() - OLD, **fields)


@given(st.integers(0, 400), st.dictionaries(st.integers(), st.integers(0, 13), max_size=40))
def test_bands_count_each_member_once_and_hide_small_groups(members: int, weeks: dict[int, int]) -> None:
    members = max(members, len(weeks))
    found = bands(members, weeks)
    if members < FEWEST_MEMBERS:
        assert found is None
    else:
        assert found is not None
        assert sum(found) == members
        assert min(found) >= 0


def test_participation_counts_weeks_and_names_nobody(group: Group, me: Any, client: Client) -> None:
    writers = [factories.membership(group=group, user=factories.user(name=f"Schrijver{n}")) for n in range(8)]
    thread = factories.thread(group=group, author=writers[0].user)
    for weeks in range(4):
        factories.post(thread=thread, author=writers[0].user, created=timezone.now() - timedelta(weeks=weeks))
    factories.post(thread=thread, author=writers[1].user)
    found = facilitation.participation(_viewer(me), group, timezone.now())
    assert found == (1, 1, 7)
    page = client.get("/netwerk/ontmoeting/begeleiding/").content.decode()
    assert "Schrijver" not in page


def _viewer(user: Any) -> Any:
    from expoo_portal.visibility import Viewer

    return Viewer(user)


def test_a_question_that_waits_five_days_names_three_members_whose_profile_fits(
    group: Group, me: Any
) -> None:
    welcome, rooms = factories.topic(), factories.topic()
    asked = question(group, welcome, rooms)
    both = helper(group, welcome, rooms)
    some = [helper(group, welcome) for _ in range(3)]
    helper(group, factories.topic())
    helper(group, welcome, rooms, mail_rhythm=MailRhythm.NEVER)
    helper(factories.group(), welcome, rooms)
    factories.thread(group=group, topics=[welcome])
    answered = question(group, welcome)
    factories.post(thread=answered)
    question(group, welcome, kind=ThreadKind.IDEA)
    found = helping.waiting(_viewer(me), group)
    assert [waiting.thread for waiting in found] == [asked]
    assert [each.membership for each in found[0].candidates] == [both, *some[:2]]


def test_one_nudge_goes_out_however_often_it_is_asked(group: Group, client: Client) -> None:
    topic = factories.topic()
    thread = question(group, topic, title="Hoe vind ik vaders?", body="<p>Geheim klaver</p>")
    member = helper(group, topic)
    for _ in range(3):
        response = client.post(
            f"/netwerk/ontmoeting/begeleiding/gesprekken/{thread.pk}/duwtje/", {"lid": member.pk}
        )
        assert response.status_code == 302
    mail = OutgoingMail.objects.get()
    assert mail.to == [member.user.email]
    assert "Hoe vind ik vaders?" in mail.text
    assert "klaver" not in mail.text
    assert Nudge.objects.visible_to(member.user).count() == 1
    # Whoever was just asked is left alone for two weeks.
    other = question(group, topic)
    me = Membership.objects.unrestricted().get(group=group, role=MembershipRole.FACILITATOR).user
    waiting = {each.thread: each.candidates for each in helping.waiting(_viewer(me), group)}
    assert waiting[other] == []


@pytest.mark.parametrize("who", ["", "0", "x", "9" * 30, "-1"])
def test_a_nudge_to_nobody_sends_nothing(group: Group, client: Client, who: str) -> None:
    thread = question(group)
    address = f"/netwerk/ontmoeting/begeleiding/gesprekken/{thread.pk}/duwtje/"
    assert client.post(address, {"lid": who}).status_code == 302
    elsewhere = factories.thread()
    address = f"/netwerk/ontmoeting/begeleiding/gesprekken/{elsewhere.pk}/duwtje/"
    assert client.post(address, {"lid": who}).status_code == 404
    assert not OutgoingMail.objects.exists()


def test_a_group_quiet_for_a_month_gets_one_starter_and_no_mail(
    group: Group, client: Client, me: Any
) -> None:
    Membership.objects.unrestricted().update(since=timezone.now() - timedelta(days=60))
    assert [starters.propose_due(), starters.propose_due()] == [1, 0]
    assert not OutgoingMail.objects.exists()
    proposal = StarterProposal.objects.visible_to(me).get()
    assert proposal.title in client.get("/netwerk/ontmoeting/begeleiding/").content.decode()
    address = f"/netwerk/ontmoeting/begeleiding/starters/{proposal.pk}/"
    assert client.post(address, {"keuze": "gebruik"}).url == "/netwerk/ontmoeting/gesprekken/nieuw/"
    draft = Draft.objects.visible_to(me).get()
    assert draft.title == proposal.title
    assert proposal.title not in client.get("/netwerk/ontmoeting/begeleiding/").content.decode()


def test_a_starter_does_not_push_out_what_was_being_typed(group: Group, client: Client, me: Any) -> None:
    proposal = StarterProposal.objects.create(
        group=group, period="2026-11", title="Wat lukte?", body="Vertel."
    )
    Draft.objects.create(group=group, user=me, title="Mijn eigen tekst")
    client.post(f"/netwerk/ontmoeting/begeleiding/starters/{proposal.pk}/", {"keuze": "gebruik"})
    assert Draft.objects.visible_to(me).get().title == "Mijn eigen tekst"
    proposal = StarterProposal.objects.visible_to(me).get()
    assert proposal.dismissed_at is None
    client.post(f"/netwerk/ontmoeting/begeleiding/starters/{proposal.pk}/", {"keuze": "weg"})
    assert not starters.open_proposals(_viewer(me), group)


def test_a_starter_waits_no_longer_once_somebody_spoke(group: Group, client: Client, me: Any) -> None:
    StarterProposal.objects.create(group=group, period="2026-11", title="Wat lukte?", body="Vertel.")
    assert "Het was een maand stil" in client.get("/netwerk/ontmoeting/begeleiding/").content.decode()
    factories.thread(group=group)
    assert "Het was een maand stil" not in client.get("/netwerk/ontmoeting/begeleiding/").content.decode()


def test_a_group_that_talks_or_is_new_gets_no_starter(group: Group, me: Any) -> None:
    assert starters.propose_due() == 0
    Membership.objects.unrestricted().update(since=timezone.now() - timedelta(days=60))
    factories.thread(group=group, author=me)
    assert starters.propose_due() == 0


def test_a_reported_post_is_looked_at_and_done(group: Group, client: Client, me: Any) -> None:
    post = factories.post(thread=factories.thread(group=group), body="<p>Niet zo vriendelijk.</p>")
    reporter = factories.membership(group=group, user=factories.user(name="Ria Melder"))
    report = PostReport.objects.create(group=group, post=post, reporter=reporter.user, reason="Te scherp.")
    page = client.get("/netwerk/ontmoeting/begeleiding/meldingen/").content.decode()
    for text in ("Te scherp.", "Ria Melder", "Niet zo vriendelijk."):
        assert text in page
    for _ in range(2):
        client.post("/netwerk/ontmoeting/begeleiding/meldingen/", {"melding": report.pk})
    report = PostReport.objects.visible_to(me).get()
    assert (report.state, report.handled_by) == ("done", me)
    assert "Niets te bekijken" in client.get("/netwerk/ontmoeting/begeleiding/meldingen/").content.decode()


def test_a_report_of_what_is_gone_leads_nowhere_and_names_no_former_member(
    group: Group, client: Client
) -> None:
    reporter = factories.membership(group=group, user=factories.user(name="Ria Melder"))
    thread = factories.thread(group=group, title="Te scherp gesteld")
    post = Post.objects.unrestricted().get(thread=thread)
    PostReport.objects.create(group=group, post=post, reporter=reporter.user, reason="Te scherp.")
    client.post(f"/netwerk/ontmoeting/berichten/{post.pk}/verwijderen/")
    end_membership(reporter)
    page = client.get("/netwerk/ontmoeting/begeleiding/meldingen/").content.decode()
    assert "intussen verwijderd" in page
    assert f"/gesprekken/{thread.pk}/" not in page
    assert "door een oud-lid" in page
    assert "Ria Melder" not in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANONYMOUS])
@pytest.mark.parametrize("page", ["", "meldingen/", "buitenstaander/"])
def test_only_the_facilitators_of_the_group_come_in(group: Group, role: Role, page: str) -> None:
    response = client_of(person(role, group)).get(f"/netwerk/ontmoeting/begeleiding/{page}")
    assert response.status_code == (200 if role is Role.FACILITATOR else 404)


def test_a_facilitator_sees_what_the_world_sees_and_nothing_of_it_is_inside(
    group: Group, client: Client
) -> None:
    factories.thread(group=group, title="Groep Klaproos van binnen")
    response = client.get("/netwerk/ontmoeting/begeleiding/buitenstaander/")
    outside = response.context["outside"]
    assert {door.label for door in outside.doors if door.is_open} == {
        "Voorstelling van de groep",
        "Aanvraag om lid te worden",
    }
    assert all("aan te melden" in door.answer for door in outside.doors if not door.is_open)
    assert not outside.finds_in_search
    assert outside.in_sitemap
    assert "Voor wie ontmoeting mogelijk maakt." in response.content.decode()


def test_a_link_that_a_member_passes_on_opens_nothing(group: Group, client: Client) -> None:
    thread = factories.thread(group=group, title="Klaproos tussen de tegels")
    file = factories.post_file(post=factories.post(thread=thread))
    outside = client.get("/netwerk/ontmoeting/begeleiding/buitenstaander/").context["outside"]
    doors = {door.address: door for door in outside.doors}
    for address in (f"/netwerk/ontmoeting/gesprekken/{thread.pk}/", file.get_absolute_url()):
        assert not doors[address].is_open
    assert any("/leden/" in address and address[-2].isdigit() for address in doors)
    assert not outside.finds_in_search
    assert outside.named_on == ["de lijst van groepen"]


def test_a_search_that_would_find_what_is_inside_is_told(
    group: Group, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.thread(group=group, title="Tussen de tegels")
    asked = []

    def leaking(address: str, query: dict[str, str] | None = None) -> tuple[int, str]:
        asked.append((query or {}).get("q"))
        return 200, "/netwerk/ontmoeting/gesprekken/1/" if asked[-1] == "Tussen de tegels" else ""

    monkeypatch.setattr(outsider, "_ask", leaking)
    page = client.get("/netwerk/ontmoeting/begeleiding/buitenstaander/").content.decode()
    assert "Let op: het zoeken vindt iets van binnen." in page


def test_of_a_group_that_is_not_announced_the_world_sees_nothing(group: Group, client: Client) -> None:
    group.is_announced = False
    group.save()
    outside = client.get("/netwerk/ontmoeting/begeleiding/buitenstaander/").context["outside"]
    assert not any(door.is_open for door in outside.doors)
    assert outside.introduction is None
    assert not outside.in_sitemap


def test_the_overview_asks_as_much_for_many_questions_as_for_one(
    group: Group, client: Client, django_assert_max_num_queries: Any
) -> None:
    topic = factories.topic()
    for _ in range(2):
        question(group, topic)
        helper(group, topic)
    with django_assert_max_num_queries(60) as few:
        client.get("/netwerk/ontmoeting/begeleiding/")
    for _ in range(8):
        question(group, topic)
        helper(group, topic)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/netwerk/ontmoeting/begeleiding/")
