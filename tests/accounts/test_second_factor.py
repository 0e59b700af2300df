"""Who must have a second factor gets nowhere without it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib import admin
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from expoo_portal.accounts import second_factor
from network.models import Membership, MembershipRole, MembershipState
from tests.accounts.conftest import (
    PASSWORD,
    SECRET,
    account,
    app_code,
    has_app,
    is_in,
    mailed_code,
    with_password,
    wrong_code,
)
from tests.factories import group, membership, user

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.now() - timedelta(days=1)
SET_UP = "/account/2fa/"
CONFIRM = "/account/2fa/reauthenticate/"
SECOND_STEP = "/account/2fa/authenticate/"
REMOVE_APP = "/account/2fa/totp/deactivate/"

# Everything of the portal, public pages too, and the admin.
ANYWHERE = [
    "/",
    "/praktijken/",
    "/beheer/",
    "/beheer/practices/practice/",
    "/beheer/accounts/user/add/",
    "/account/email/",
    "/account/password/set/",
    "/account/sessions/",
    "/account/2fa/recovery-codes/",
    "/account/2fa/recovery-codes/generate/",
    "/account/2fa/totp/deactivate/",
    "/account/2fa/webauthn/",
    "/gezond/",
    "/stijlgids/",
]


def facilitator(**fields):
    """Somebody who facilitates a group."""
    person = account(**fields)
    membership(user=person, group=group(), role=MembershipRole.FACILITATOR)
    return person


def passkey(person, name="sleutel"):
    """A passkey of this person, as far as the database knows."""
    return Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
    )


@pytest.mark.parametrize(
    ("fields", "membership_fields", "expected"),
    [
        ({}, None, False),
        ({"is_staff": True}, None, True),
        ({"is_superuser": True}, None, True),
        ({}, {"role": MembershipRole.MEMBER}, False),
        ({}, {"role": MembershipRole.FACILITATOR}, True),
        ({}, {"role": MembershipRole.FACILITATOR, "state": MembershipState.ENDED}, False),
        ({}, {"role": MembershipRole.FACILITATOR, "ends_at": YESTERDAY}, False),
    ],
)
def test_staff_and_facilitators_must_have_a_second_factor(fields, membership_fields, expected):
    person = user(**fields)
    if membership_fields:
        membership(user=person, group=group(), **membership_fields)

    assert second_factor.is_required(person) is expected


@pytest.mark.parametrize(
    "make", [lambda: account(is_staff=True), lambda: account(is_superuser=True), facilitator]
)
def test_without_one_they_are_sent_to_set_it_up(client, make):
    with_password(client, make().email)

    for path in ANYWHERE:
        assert client.get(path).headers["Location"] == SET_UP, path
        assert client.post(path).headers["Location"] == SET_UP, path


def test_a_session_that_did_not_use_it_is_sent_to_confirm(client):
    person = account(is_staff=True, app=True)
    client.force_login(person)

    for path in ANYWHERE:
        assert client.get(path).headers["Location"].startswith(f"{CONFIRM}?next="), path
        assert client.post(path).headers["Location"] == CONFIRM, path


def test_htmx_is_sent_there_as_a_whole_page(client):
    client.force_login(account(is_staff=True, app=True))
    answer = client.get("/praktijken/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, CONFIRM)


def test_they_can_always_sign_out(client):
    client.force_login(account(is_staff=True))
    assert client.get("/account/logout/").status_code == 200
    client.post("/account/logout/")

    assert "_auth_user_id" not in client.session


def test_confirming_with_the_app_opens_the_portal(client):
    client.force_login(account(is_staff=True, app=True))
    assert "klopt niet" in client.post(CONFIRM, {"code": wrong_code()}).content.decode()
    answer = client.post(CONFIRM, {"code": app_code(), "next": "/beheer/"})

    assert answer.headers["Location"] == "/beheer/"
    assert client.get("/beheer/").status_code == 200


def test_a_password_does_not_replace_the_second_factor(client):
    client.force_login(account(is_staff=True, app=True))
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/beheer/"})

    assert client.get("/beheer/").headers["Location"].startswith(CONFIRM)


@pytest.mark.django_db(transaction=True)
def test_staff_set_up_an_app_and_keep_their_recovery_codes(client, mailoutbox):
    person = user(is_staff=True)
    client.post("/account/login/code/", {"email": person.email})
    client.post("/account/login/code/confirm/", {"code": mailed_code(mailoutbox)})
    page = client.get(SET_UP).content.decode()
    assert "Voor jouw account is een tweede stap verplicht" in page

    page = client.get("/account/2fa/totp/activate/").content.decode()
    assert "data:image/svg+xml" in page
    secret = re.search(r'id="totp-secret">([A-Z2-7]+)<', page)[1]
    assert "klopt niet" in client.post("/account/2fa/totp/activate/", {"code": "000000"}).content.decode()
    answer = client.post("/account/2fa/totp/activate/", {"code": app_code(secret=secret)}, follow=True)

    codes = re.findall(r"<code>(\d{8})</code>", answer.content.decode())
    assert len(codes) == 10
    assert client.get("/beheer/").status_code == 200
    assert mailoutbox[-1].subject == "Je app staat klaar"
    download = client.get("/account/2fa/recovery-codes/download/").content.decode()
    assert [code for code in codes if code in download] == codes


def test_a_recovery_code_works_once(client):
    person = account(is_staff=True, app=True)
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    with_password(client, person.email)
    client.post(SECOND_STEP, {"code": code})
    assert client.get("/beheer/").status_code == 200

    other = Client()
    with_password(other, person.email)
    other.post(SECOND_STEP, {"code": code})
    assert not is_in(other)


@pytest.mark.django_db(transaction=True)
def test_new_recovery_codes_do_not_shut_out_who_used_an_old_one(client):
    person = account(is_staff=True, app=True)
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    with_password(client, person.email)
    client.post(SECOND_STEP, {"code": code})
    answer = client.post("/account/2fa/recovery-codes/generate/", follow=True)

    assert "Je herstelcodes" in answer.content.decode()
    assert code not in answer.content.decode()


def test_whoever_must_have_one_keeps_the_last(client):
    person = account(is_staff=True, app=True)
    with_password(client, person.email)
    client.post(SECOND_STEP, {"code": app_code()})

    assert "Voeg eerst een andere toe" in client.get(REMOVE_APP).content.decode()
    client.post(REMOVE_APP)
    assert has_app(person)


def test_whoever_must_have_one_keeps_the_last_passkey(client):
    person = account(is_staff=True, app=True)
    key = passkey(person)
    with_password(client, person.email)
    client.post(SECOND_STEP, {"code": app_code()})
    remove = reverse("mfa_remove_webauthn", args=[key.pk])
    client.post(REMOVE_APP)
    assert not has_app(person)

    session = client.session
    session[second_factor.SESSION_KEY] = (person.pk, key.pk)
    session.save()
    assert "Voeg eerst een andere toe" in client.post(remove).content.decode()
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_whoever_may_do_without_removes_theirs(client, mailoutbox):
    person = account(app=True)
    key = passkey(person)
    with_password(client, person.email)
    client.post(SECOND_STEP, {"code": app_code()})
    client.post(REMOVE_APP)
    client.post(reverse("mfa_remove_webauthn", args=[key.pk]))

    assert not Authenticator.objects.filter(user=person).exists()
    assert {"Je app is verwijderd", "Een passkey is verwijderd"} <= {mail.subject for mail in mailoutbox}


def test_nobody_removes_a_passkey_of_somebody_else(client):
    key = passkey(account())
    with_password(client, account().email)

    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404


def test_an_open_session_ends_when_the_app_is_taken_away(client):
    person = account(is_staff=True, app=True)
    with_password(client, person.email)
    client.post(SECOND_STEP, {"code": app_code()})
    assert client.get("/beheer/").status_code == 200
    Authenticator.objects.filter(user=person).delete()

    assert client.get("/beheer/").headers["Location"] == SET_UP


def test_an_open_session_confirms_again_when_the_app_was_replaced(client):
    person = account(is_staff=True, app=True)
    with_password(client, person.email)
    client.post(SECOND_STEP, {"code": app_code()})
    Authenticator.objects.filter(user=person).delete()
    TOTP.activate(person, SECRET)

    assert client.get("/beheer/").headers["Location"].startswith(CONFIRM)


def test_becoming_staff_counts_from_the_next_request(client):
    person = account()
    with_password(client, person.email)
    assert is_in(client)
    type(person).objects.filter(pk=person.pk).update(is_staff=True)

    assert client.get("/account/sessions/").headers["Location"] == SET_UP


def test_becoming_facilitator_counts_from_the_next_request_of_an_open_session(client):
    person = account()
    made = membership(user=person, group=group())
    with_password(client, person.email)
    threads = reverse("threads", args=[made.group.slug])
    assert client.get(threads).status_code == 200
    Membership.objects.unrestricted().filter(pk=made.pk).update(role=MembershipRole.FACILITATOR)

    for path in (threads, reverse("facilitation", args=[made.group.slug]), "/account/mijn-gegevens/", "/"):
        assert client.get(path).headers["Location"] == SET_UP, path
        assert client.post(path).headers["Location"] == SET_UP, path


def test_a_note_in_the_session_of_somebody_else_does_not_count(client):
    person, other = account(is_staff=True, app=True), account(app=True)
    client.force_login(person)
    session = client.session
    session[second_factor.SESSION_KEY] = (other.pk, Authenticator.objects.get(user=other).pk)
    session.save()

    assert client.get("/beheer/").headers["Location"].startswith(CONFIRM)


def test_a_member_with_a_passkey_only_confirms_with_it(client):
    person = facilitator()
    passkey(person)
    client.force_login(person)

    assert client.get("/").headers["Location"].startswith("/account/2fa/webauthn/reauthenticate/")


def test_the_admin_refuses_by_itself_too(rf: RequestFactory):
    request = rf.get("/beheer/")
    request.user = account(is_staff=True, app=True)
    request.session = SessionStore()
    assert not admin.site.has_permission(request)

    request = rf.get("/beheer/")
    request.user = account(is_staff=True, app=True)
    request.session = SessionStore()
    request.session[second_factor.SESSION_KEY] = (
        request.user.pk,
        Authenticator.objects.get(user=request.user).pk,
    )
    assert admin.site.has_permission(request)


def test_the_admin_sends_a_visitor_to_our_own_sign_in(client):
    answer = client.get("/beheer/", follow=True)

    assert answer.redirect_chain[-1][0] == "/account/login/?next=%2Fbeheer%2F"


def test_a_visitor_costs_no_query_and_a_member_one(client, django_assert_num_queries):
    middleware = second_factor.SecondFactorMiddleware(lambda request: None)
    request = RequestFactory().get("/")
    request.user = user()
    with django_assert_num_queries(0):
        middleware.process_view(request, None, (), {})
    request.COOKIES["sessie"] = "een"
    request.session = {}
    with django_assert_num_queries(1):
        assert middleware.process_view(request, None, (), {}) is None
