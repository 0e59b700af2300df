"""Each account page says who reaches it: allauth marks its own, and a new version must not open or close one."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tests.accounts.conftest import account

pytestmark = pytest.mark.django_db

# What a visitor gets: a page, or a redirect to somewhere in the sign-in flow, or to the sign-in page itself.
OPEN = {
    "account_login": 200,
    "account_request_login_code": 200,
    "account_reset_password": 200,
    "account_signup": 200,
    "account_inactive": 200,
    "account_password_reset_completed": 200,
    "account_erased": 200,
    "account_logout": 302,
    "account_confirm_login_code": 302,
    "account_confirm_password_reset_code": 302,
    "account_complete_password_reset": 302,
    "account_email_verification_sent": 302,
    "mfa_authenticate": 302,
    "mfa_login_webauthn": 302,
}
CLOSED = {
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "account_end_session",
    "account_my_data",
    "account_my_data_download",
    "account_name",
    "account_erase",
    "usersessions_list",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
}
WITH_KEY = {"account_end_session", "mfa_remove_webauthn", "mfa_edit_webauthn"}


def names_below(resolver: URLResolver) -> set[str]:
    """The names of all routes in this part of the site."""
    found = set()
    for entry in resolver.url_patterns:
        found |= {entry.name} if isinstance(entry, URLPattern) else names_below(entry)
    return found


def address(name: str) -> str:
    return reverse(name, args=[1] if name in WITH_KEY else [])


def test_all_account_routes_are_listed_here():
    (accounts,) = [
        entry
        for entry in get_resolver().url_patterns
        if isinstance(entry, URLResolver) and str(entry.pattern) == "account/"
    ]

    assert names_below(accounts) == set(OPEN) | CLOSED


@pytest.mark.parametrize(("name", "status"), OPEN.items())
def test_a_visitor_reaches_what_signing_in_needs(client, name, status):
    answer = client.get(address(name))

    assert answer.status_code == status
    assert "next=" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("name", sorted(CLOSED))
def test_a_visitor_is_sent_to_sign_in_from_the_rest(client, name):
    answer = client.get(address(name))

    assert answer.headers["Location"] == f"/account/login/?next={address(name)}"


@pytest.mark.parametrize("name", sorted(set(OPEN) | CLOSED))
def test_somebody_signed_in_sees_each_page_in_dutch(client, name):
    client.force_login(account())
    answer = client.get(address(name), follow=True)

    assert answer.status_code in (200, 404, 405)
    if answer.status_code == 200:
        page = answer.content.decode()
        assert '<html lang="nl' in page
        assert not [word for word in ("Sign In", "Password", "Email", "Submit", "Two-Factor") if word in page]


@pytest.mark.parametrize("name", sorted(set(OPEN) | CLOSED))
def test_account_pages_are_kept_by_nobody(client, name):
    client.force_login(account())
    answer = client.get(address(name))

    assert "no-store" in answer.headers["Cache-Control"]
