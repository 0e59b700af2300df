"""The groups of staff and what they may do."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

pytestmark = pytest.mark.django_db


def rights(name):
    """The permissions of a group, as "app.codename"."""
    pairs = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in pairs}


def test_editors_keep_practices_themes_and_pages_with_their_history():
    found = rights("Redactie")
    for model in (
        "practices.{}_practice",
        "practices.{}_historicalpractice",
        "themes.{}_theme",
        "portal.{}_page",
    ):
        for action in ("view", "add", "change", "delete"):
            assert model.format(action) in found


def test_editors_do_not_touch_people_memberships_or_mail():
    assert {permission.split(".")[0] for permission in rights("Redactie")} == {
        "practices",
        "themes",
        "portal",
    }
    assert not [permission for permission in rights("Redactie") if "mail" in permission]


def test_who_keeps_the_network_adds_people_and_changes_none():
    found = rights("Netwerkbeheer")

    assert {p for p in found if p.startswith("accounts.")} == {"accounts.view_user", "accounts.add_user"}
    assert {p.split(".")[0] for p in found} == {"network", "accounts"}
    assert "network.change_membership" in found
