"""Preparing a server leaves the files of the release that still runs."""

import pytest

from expoo_portal.management.commands import prepare


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
