"""Preparing a server leaves the files of the release that still runs, and renews what an older one indexed."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from expoo_portal.management.commands import prepare
from practices.models import PracticeEntry
from tests import factories


@pytest.mark.parametrize(
    ("address", "clears"), [("", True), ("postgresql://databank.invalid/portaal", False)]
)
def test_an_operator_who_prepares_a_new_release_keeps_the_old_ones_styles(
    settings, tmp_path, monkeypatch, address, clears
):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = []
    old = settings.STATIC_ROOT / "site.0123456789ab.css"
    old.parent.mkdir()
    old.write_text("body {}")
    monkeypatch.setenv("DATABASE_URL", address)
    prepare._collect_static()
    assert old.exists() is not clears


@pytest.fixture
def record(tmp_path, monkeypatch):
    """A data directory of its own, for a server with its own databank."""
    path = tmp_path / "prepared.json"
    monkeypatch.setattr(prepare, "RECORD", path)
    monkeypatch.setattr(prepare, "_collect_static", lambda: None)
    monkeypatch.setenv("DATABASE_URL", "postgresql://databank.invalid/portaal")
    return path


@pytest.mark.django_db
def test_an_operator_who_prepares_a_release_with_other_word_rules_gets_a_new_index(record, monkeypatch):
    practice = factories.practice(name="Praattafel")
    call_command("prepare", stdout=StringIO())
    PracticeEntry.objects.filter(practice=practice).update(full="")
    call_command("prepare", stdout=StringIO())
    assert PracticeEntry.objects.get(practice=practice).full == ""
    record.write_text(json.dumps({**json.loads(record.read_text()), "search": "older rules"}))
    out = StringIO()
    call_command("prepare", stdout=out)
    assert "Zoekindex bijwerken" in out.getvalue()
    assert "praattafel" in PracticeEntry.objects.get(practice=practice).full
    assert prepare.analysis_fingerprint() == json.loads(record.read_text())["search"]
