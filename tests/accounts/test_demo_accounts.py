"""Demo accounts: repeatable, private, and never beside a real database."""

from __future__ import annotations

import json
import stat

import pytest
from django.core.management import CommandError, call_command

from expoo_portal.accounts.models import User
from network.models import Group
from tests.accounts.conftest import app_code, is_in, with_password

pytestmark = pytest.mark.django_db

ROLES = {"redactie", "begeleider", "lid", "oud-lid", "in-aanvraag", "beheerder"}


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Where the accounts are written, in a place without a real database."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "demo-accounts.json"


def make(path):
    call_command("make_demo_accounts", output=str(path), verbosity=0)
    return json.loads(path.read_text())


def test_each_role_signs_in_with_what_the_file_says(path, client):
    accounts = make(path)
    assert set(accounts) == ROLES
    for entry in accounts.values():
        client.logout()
        answer = with_password(client, entry["email"], entry["password"])
        if entry["totp_secret"]:
            assert answer.url == "/account/2fa/authenticate/"
            client.post(answer.url, {"code": app_code(secret=entry["totp_secret"])})
        assert is_in(client)

    assert {role for role, entry in accounts.items() if entry["totp_secret"]} == {
        "redactie",
        "begeleider",
        "beheerder",
    }
    assert all(set(entry) == {"email", "password", "totp_secret"} for entry in accounts.values())


def test_the_roles_are_what_they_are_called(path):
    make(path)
    group = Group.objects.public().get(slug="ontmoeting")
    places = {m.user.email.split("@")[0]: (m.state, m.role) for m in group.memberships.unrestricted()}

    assert places == {
        "begeleider": ("active", "facilitator"),
        "lid": ("active", "member"),
        "oud-lid": ("ended", "member"),
    }
    assert set(User.objects.filter(is_superuser=True).values_list("email", flat=True)) == {
        "beheerder@voorbeeld.invalid"
    }
    assert User.objects.get(groups__name="Redactie").email == "redactie@voorbeeld.invalid"


def test_only_the_owner_reads_the_file(path):
    make(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_again_changes_nothing(path):
    first = make(path)
    User.objects.filter(email="lid@voorbeeld.invalid").update(name="Zelf gekozen")

    assert make(path) == first
    assert User.objects.get(email="lid@voorbeeld.invalid").name == "Zelf gekozen"


def test_a_lost_file_gives_new_passwords(path, client):
    first = make(path)
    path.unlink()
    second = make(path)

    assert not {e["password"] for e in first.values()} & {e["password"] for e in second.values()}
    with_password(client, second["lid"]["email"], second["lid"]["password"])
    assert is_in(client)


def test_a_lost_database_gets_the_accounts_of_the_file(path, client):
    first = make(path)
    User.objects.all().delete()

    assert make(path) == first
    with_password(client, first["lid"]["email"], first["lid"]["password"])
    assert is_in(client)


def test_a_real_database_gets_none(path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.org/portaal")
    with pytest.raises(CommandError, match="echte databank"):
        make(path)

    assert not path.exists()
    assert not User.objects.exists()


def test_a_place_that_cannot_be_written_leaves_no_accounts(path):
    with pytest.raises(CommandError, match="kan niet geschreven worden"):
        make(path / "nergens" / "demo.json")

    assert not User.objects.exists()
