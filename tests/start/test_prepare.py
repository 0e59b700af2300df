"""Preparing a server leaves the files of the release that still runs, and renews what an older one indexed."""

from io import StringIO

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from expoo_portal import jobs, search_index
from expoo_portal.management.commands import prepare
from expoo_portal.search.rows import SearchRow
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
def server(tmp_path, monkeypatch):
    """A data directory of its own, for a server with its own databank."""
    monkeypatch.setattr(prepare, "RECORD", tmp_path / "prepared.json")
    monkeypatch.setattr(prepare, "_collect_static", lambda: None)
    monkeypatch.setenv("DATABASE_URL", "postgresql://databank.invalid/portaal")


@pytest.fixture
def empty_entry(db):
    """A practice that nobody finds until it is indexed."""
    practice = factories.practice(name="Praattafel")
    PracticeEntry.objects.filter(practice=practice).update(full="")
    return PracticeEntry.objects.filter(practice=practice)


def prepared():
    """What `prepare` says that it does."""
    out = StringIO()
    call_command("prepare", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("noted", ["", "older rules"])
def test_an_operator_who_prepares_a_release_with_other_word_rules_gets_a_new_index(
    server, empty_entry, noted
):
    search_index.note(noted)
    tip = factories.tip(title="Praatstoel")
    SearchRow.objects.all().delete()
    assert "Zoekindex bijwerken" in prepared()
    assert "praattafel" in empty_entry.get().full
    assert "praatstoel" in SearchRow.objects.get(kind="tips", object_id=tip.pk).full


def test_an_operator_who_prepares_again_leaves_the_index_as_it_is(server, empty_entry):
    search_index.note(search_index.rules())
    assert "Zoekindex bijwerken" not in prepared()
    assert empty_entry.get().full == ""


def test_the_worker_renews_a_large_index_once_however_often_an_operator_prepares(
    server, empty_entry, monkeypatch
):
    monkeypatch.setattr(prepare, "INDEXED_AT_ONCE", 0)
    for _ in range(2):
        assert "Zoekindex bijwerken" in prepared()
    assert empty_entry.get().full == ""
    assert ProcrastinateJob.objects.filter(task_name="index_search").count() == 1
    jobs.index_search()
    assert "praattafel" in empty_entry.get().full
    assert search_index.is_current()
