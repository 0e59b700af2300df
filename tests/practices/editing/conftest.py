"""Mails go to the outbox, as they do on the site."""

import pytest


@pytest.fixture(autouse=True)
def _outbox(settings) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
