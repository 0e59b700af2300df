"""People, groups of staff and memberships in the admin."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group as StaffGroup
from django.test import Client
from django.urls import reverse

from expoo_portal.accounts.models import User
from network.models import Membership, MembershipRole
from tests.accounts.conftest import account, is_in, with_password
from tests.factories import group, membership, user
from tests.roles import Role, make_clients, sign_in

pytestmark = pytest.mark.django_db

PEOPLE = "/beheer/accounts/user/"
NEW = "/beheer/accounts/user/add/"


def keeper() -> Client:
    """Somebody who keeps the network."""
    person = account(is_staff=True, app=True)
    person.groups.add(StaffGroup.objects.get(name="Netwerkbeheer"))
    return sign_in(Client(), person)


@pytest.fixture
def superuser(db) -> Client:
    return make_clients()[Role.SUPERUSER]


def change(person) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


@pytest.mark.parametrize(
    "path", [PEOPLE, NEW, "/beheer/network/membership/", "/beheer/network/group/", "/beheer/auth/group/"]
)
def test_editors_do_not_reach_people_and_memberships(path):
    assert make_clients()[Role.EDITOR].get(path).status_code == 403


@pytest.mark.parametrize("model", ["emailaddress", "authenticator", "usersession"])
def test_nobody_sees_the_secrets_that_the_library_keeps(superuser, model):
    page = superuser.get("/beheer/").content.decode()

    assert model not in page
    for app in ("account", "mfa", "usersessions"):
        assert superuser.get(f"/beheer/{app}/{model}/").status_code == 404


def test_a_beheerder_adds_somebody_who_then_signs_in_by_code(superuser, mailoutbox, client):
    superuser.post(NEW, {"email": "Nieuw@Example.org", "name": "Nieuwe collega"})
    person = User.objects.get(email="nieuw@example.org")
    assert not person.has_usable_password()
    assert (person.is_active, person.is_staff) == (True, False)

    client.post("/account/login/code/", {"email": "nieuw@example.org"})
    assert mailoutbox[-1].subject == "Je code om aan te melden"


def test_an_address_is_used_once_whatever_its_capitals(superuser):
    person = user()
    answer = superuser.post(NEW, {"email": person.email.upper(), "name": "Dubbel"})

    assert "Dit e-mailadres is al in gebruik" in answer.content.decode()


def test_a_page_about_somebody_holds_no_password(superuser):
    page = superuser.get(change(account())).content.decode()

    assert "password" not in page.replace("password_change", "")
    assert "md5" not in page


def test_staff_change_their_password_on_the_account_pages(superuser):
    for answer in (superuser.get("/beheer/password_change/"), superuser.post("/beheer/password_change/")):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/password/change/")


@pytest.mark.parametrize("lookup", ["password", "password__startswith"])
def test_who_keeps_the_network_finds_nobody_by_password(lookup):
    person = account()
    assert User.objects.filter(**{"password__startswith": person.password[:6]}).exists()

    answer = keeper().get(PEOPLE, {lookup: person.password[:6]})

    assert answer.status_code == 400
    assert person.email not in answer.content.decode()


def test_a_list_of_people_takes_the_same_queries_for_many(superuser, django_assert_max_num_queries):
    for _ in range(20):
        account(app=True)
    superuser.get(PEOPLE)
    with django_assert_max_num_queries(10):
        assert superuser.get(PEOPLE).status_code == 200


def test_another_address_lets_only_the_new_one_in_and_ends_sessions(superuser, client, mailoutbox):
    person = account()
    old = person.email
    with_password(client, old)
    assert is_in(client)
    superuser.post(change(person), {"email": "nieuw@example.org", "name": "An", "is_active": "on"})
    person.refresh_from_db()
    assert person.email == "nieuw@example.org"

    assert not is_in(client)
    assert not EmailAddress.objects.filter(email=old).exists()
    client.post("/account/login/code/", {"email": old})
    assert mailoutbox[-1].subject == "Er is geen account met dit adres"


def test_a_beheerder_removes_the_second_factor_of_who_lost_their_phone(superuser, client):
    person = account(is_staff=True, app=True)
    sign_in(client, person)
    UserSession.objects.create(user=person, session_key=client.session.session_key, ip="192.0.2.1")
    superuser.post(PEOPLE, {"action": "remove_second_factor", "_selected_action": [person.pk]})

    assert not Authenticator.objects.filter(user=person).exists()
    assert not is_in(client)


def test_who_keeps_the_network_adds_people_but_gives_no_rights():
    browser = keeper()
    assert browser.get(PEOPLE).status_code == 200
    browser.post(NEW, {"email": "lid@example.org", "name": "Lid", "is_staff": "on", "is_superuser": "on"})
    person = User.objects.get(email="lid@example.org")
    assert not person.is_staff
    assert not person.is_superuser

    browser.post(
        change(person), {"email": "ik@example.org", "name": "Ik", "is_superuser": "on", "is_active": "on"}
    )
    person.refresh_from_db()
    assert (person.email, person.is_superuser) == ("lid@example.org", False)
    browser.post(PEOPLE, {"action": "remove_second_factor", "_selected_action": [person.pk]})
    assert browser.get(f"{PEOPLE}{person.pk}/delete/").status_code == 403


def test_a_beheerder_cannot_delete_themselves(superuser):
    me = User.objects.get(pk=superuser.session["_auth_user_id"])

    assert superuser.get(f"{PEOPLE}{me.pk}/delete/").status_code == 403


def test_who_keeps_the_network_sees_a_group_with_its_members():
    closed = group()
    person = membership(group=closed, role=MembershipRole.FACILITATOR).user
    page = keeper().get(reverse("admin:network_group_change", args=[closed.pk])).content.decode()

    assert person.name in page
    assert Membership.objects.unrestricted().count() == 1
