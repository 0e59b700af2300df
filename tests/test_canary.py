"""A word nobody else has in every text and file, in each state: it reaches whom it is for, and nobody else."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from expoo_portal.outbox import OutgoingMail
from expoo_portal.pages import Page
from expoo_portal.themes.models import ContactPerson, Theme
from practices import confirming
from practices.models import Dossier, ExperienceState
from practices.workflow import State
from tests import factories
from tests.guards import canary as guard
from tests.guards.canary import Canary, Mark
from tests.guards.routes import routes
from tests.roles import STAFF, Role, client_of, person, user_of

# Fields that stand nowhere outside the admin, and why.
SHOWN_NOWHERE = {
    ("Document", "to_confirm"): "what staff still look up; visitors read that something is to be confirmed",
    ("Event", "to_confirm"): "what staff still look up; visitors read that something is to be confirmed",
    ("Practice", "identifier"): "a number for importing",
    ("Tip", "origin"): "where the editors have it from",
    ("FormerSlug", "slug"): "an address that leads on to the one of today",
}
# Who stands for everybody of their level where each word is searched for.
SEARCHERS = (Role.ANONYMOUS, Role.SIGNED_IN, Role.MEMBER, Role.EDITOR)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def canary(db: None) -> Canary:
    return guard.write(factories.group())


def client_for(role: Role) -> Client:
    return client_of(person(role, factories.group()))


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_what_is_for_them_and_nothing_else(canary: Canary, role: Role) -> None:
    client = client_for(role)
    seen = guard.read_site(canary, client)
    guard.check_no_leak(canary, seen, role)
    guard.check_all_seen(canary, seen, role, SHOWN_NOWHERE)
    guard.check_counts(canary, client, role)


@pytest.mark.parametrize("role", Role)
def test_the_admin_shows_everything_to_staff_and_nothing_to_others(canary: Canary, role: Role) -> None:
    seen = guard.read(client_for(role), guard.admin_addresses(canary))
    found = set().union(*seen.values())
    assert not found & canary.unsubmitted
    if role in STAFF:
        missing = {canary.marks[word] for word in canary.marks.keys() - found}
        assert not missing
    else:
        assert not found


@pytest.mark.parametrize(("turn", "state"), list(enumerate(guard.SEEN_BY)))
def test_searching_tells_nobody_what_they_may_not_read(canary: Canary, turn: int, state: str) -> None:
    # They take turns: each searches for a quarter of the words, and for another quarter in the next state.
    marks = sorted({mark for mark in canary.marks.values() if mark.state == state}, key=str)
    for number, role in enumerate(SEARCHERS, start=turn):
        guard.check_search(canary, client_for(role), role, set(marks[number % 4 :: 4]).__contains__)


@pytest.mark.parametrize("role", sorted(set(Role) - set(SEARCHERS)))
def test_searching_for_a_name_tells_nobody_else_either(canary: Canary, role: Role) -> None:
    def is_name(mark: Mark) -> bool:
        return mark.field in ("name", "role", "title") and mark.model in (
            "Practice",
            "PracticeContact",
            "Page",
        )

    guard.check_search(canary, client_for(role), role, is_name)


@pytest.mark.parametrize("role", Role)
def test_searching_by_challenge_tells_nobody_what_they_may_not_read(canary: Canary, role: Role) -> None:
    guard.check_challenge_search(canary, client_for(role), role)


def test_search_words_are_words_of_public_practices(canary: Canary) -> None:
    guard.check_search_words(canary)


def test_what_is_taken_off_the_site_is_no_search_word_any_more(canary: Canary) -> None:
    practice = canary.practices["public"]
    practice.state = "draft"
    practice.save()
    guard.rebuild_words()
    words = set(guard.SearchWord.objects.values_list("word", flat=True))
    left = {canary.marks[word].model for word in words & canary.marks.keys()}
    assert "Practice" not in left
    # A theme takes with it what hangs under it, and each of these goes by itself.
    assert left >= {"Theme", "ThemeSection", "Tip", "Broadcast", "Chapter", "Document", "Event", "Page"}
    Theme.objects.public().update(state="draft")
    Page.objects.public().update(state="draft")
    guard.rebuild_words()
    assert not set(guard.SearchWord.objects.values_list("word", flat=True)) & canary.marks.keys()


def test_no_mail_holds_content_that_is_not_for_its_reader(canary: Canary, settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    user = person(Role.SIGNED_IN, factories.group())
    earlier = list(OutgoingMail.objects.values_list("pk", flat=True))
    visitor = Client()
    for address in ("/account/login/code/", "/account/password/reset/"):
        visitor.post(address, {"email": user.email})
    mails = OutgoingMail.objects.exclude(pk__in=earlier)
    assert len(mails) == 2
    for mail in mails:
        text = f"{mail.subject}{mail.text}{mail.html}{mail.headers}"
        assert not [word for word in canary.marks if word in text]


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.MEMBER])
def test_a_letter_reaches_only_the_people_whom_its_sender_sees(
    canary: Canary, settings: Any, role: Role
) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    client = client_for(role)
    earlier = list(OutgoingMail.objects.values_list("pk", flat=True))
    states = set()
    for person_ in ContactPerson.objects.unrestricted().select_related("theme"):
        letter = {"to": person_.pk, "name": "An", "email": "an@example.org", "message": f"Dag {person_.pk}"}
        sent = client.post(f"{person_.theme.get_absolute_url()}contact/", letter)
        is_sent = sent.status_code == 200
        assert is_sent == person_.is_visible_to(user_of(client)), person_
        states |= {canary.marks[person_.name].state} if is_sent else set()
    assert states == ({"public"} if role is Role.ANONYMOUS else {"public", "members"})
    mails = OutgoingMail.objects.exclude(pk__in=earlier)
    assert len(mails) == len(states)
    for mail in mails:
        text = f"{mail.subject}{mail.text}{mail.html}{mail.headers}"
        assert not [word for word, mark in canary.marks.items() if word in text and not mark.is_for(role)]


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.MEMBER, Role.EDITOR])
def test_a_note_that_nobody_confirmed_is_read_by_nobody(canary: Canary, role: Role) -> None:
    words = [canary.word("draft", "Experience", name) for name in ("place", "author", "email")]
    place, author, email = words
    factories.experience(
        practice=canary.practices["public"],
        state=ExperienceState.UNCONFIRMED,
        place=place,
        author=author,
        email=f"{email}@example.org",
    )
    client = client_for(role)
    seen = guard.read_site(canary, client) | guard.read(client, guard.admin_addresses(canary))
    assert not set(words) & set().union(*seen.values())


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.MEMBER, Role.EDITOR])
def test_who_confirms_a_practice_is_nobodys_business(canary: Canary, role: Role) -> None:
    words = [canary.word("draft", "Dossier", name) for name in ("email", "sender_name")]
    email, name = words
    practice = canary.practices["public"]
    made = Dossier.objects.create(
        practice=practice, state=State.DUE, email=f"{email}@example.org", sender_name=name
    )
    asked = confirming.ask(made)
    link = f"/praktijken/bevestigen/{confirming.token_of(asked)}/"
    client = client_for(role)
    seen = guard.read_site(canary, client) | guard.read(client, [link])
    assert not set(words) & set().union(*seen.values())
    assert asked.uuid.hex.encode() not in client.get(practice.get_absolute_url()).content


def test_a_mail_that_waits_is_read_by_nobody_but_its_reader(canary: Canary) -> None:
    words = {name: canary.word("draft", "OutgoingMail", name) for name in ("text", "html")}
    mail = factories.outgoing_mail(is_secret=True, **words)
    client = client_for(Role.SUPERUSER)
    addresses = [address for address in guard.admin_addresses(canary) if "mail" in address]
    addresses += [f"/beheer/portal/outgoingmail/{mail.pk}/{view}/" for view in ("change", "history")]
    seen = guard.read(client, addresses)
    assert not set(words.values()) & set().union(*seen.values())


def test_one_process_serves_everybody_in_turn_and_mixes_nothing_up(canary: Canary) -> None:
    clients = {role: client_for(role) for role in (Role.EDITOR, Role.ANONYMOUS, Role.MEMBER, Role.SIGNED_IN)}
    addresses = ["/", guard.LIST, f"{guard.LIST}?q=welkom", *canary.addresses]
    for _ in range(2):
        for role, client in clients.items():
            guard.check_no_leak(canary, guard.read(client, addresses), role)


def test_the_crawl_reads_every_route_that_could_show_content(canary: Canary) -> None:
    factories.outgoing_mail()
    addresses = [
        *("/", "/stijlgids/", *guard.PUBLIC_ONLY, *canary.addresses),
        *guard.list_addresses(canary),
        *guard.account_addresses(),
        *guard.admin_addresses(canary),
    ]
    read = {resolve(address.partition("?")[0]).view_name for address in addresses}
    holding = tuple(f"admin:{app}_" for app in guard.CONTENT_APPS)
    unread = {
        route.name
        for route in routes()
        if (route.name.startswith(holding) or not route.pattern.startswith("beheer/"))
        and "<int:pk>" not in route.pattern
        and route.name not in read | guard.NOT_READ.keys()
    }
    assert not unread
