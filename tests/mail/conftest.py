"""Mail goes into the outbox and from there to files, as it does in development."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs import _nothing_left_behind  # noqa: F401 - an autouse fixture


@pytest.fixture(autouse=True)
def mailbox(settings, tmp_path) -> Path:
    """The directory where mails that left arrive, one file each."""
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    settings.MAIL_TRANSPORT = {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(tmp_path / "mail"),
    }
    return tmp_path / "mail"
