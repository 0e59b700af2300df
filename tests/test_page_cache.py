"""Kept pages: one address never gets the answer of another."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]


def test_a_visitor_who_sends_raw_bytes_does_not_change_what_another_address_shows(client):
    raw = "q=caf\u00c3\u00a9"  # UTF-8 that was not quoted, as a web server passes it on
    assert "“café”" in client.get("/praktijken/", QUERY_STRING=raw).content.decode()

    quoted = "q=caf%C3%83%C2%A9"
    assert "“cafÃ©”" in client.get("/praktijken/", QUERY_STRING=quoted).content.decode()
