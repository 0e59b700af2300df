"""What differs in production: https only, and an environment that is complete and readable."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

ENVIRONMENT = {
    "SECRET_KEY": "x" * 60,
    "DATABASE_URL": "postgresql://portaal@databank.invalid/portaal",
    "ALLOWED_HOSTS": "portaal.example.org",
    "DEFAULT_FROM_EMAIL": "portaal@example.org",
    "EMAIL_URL": "smtp+tls://portaal:geheim@mail.example.org:587",
}


@pytest.mark.parametrize(("host", "status"), [("portaal.example.org", 301), ("elders.example.org", 400)])
def test_a_visitor_over_http_gets_the_security_headers_at_once(settings, host, status):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["portaal.example.org"]
    response = Client().get("/praktijken/", headers={"host": host})
    assert response.status_code == status
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] in ("no-store", "private, no-store")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "") for name in ENVIRONMENT),
        ("EMAIL_URL", "geheim"),
        ("DATABASE_URL", "geheim"),
        ("DATABASE_URL", "postgresql://portaal:geheim@databank:x/portaal"),
        ("DATABASE_URL", "sqlite:///geheim"),
    ],
)
def test_an_operator_reads_in_one_sentence_which_variable_is_wrong(name, value):
    kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", "import expoo_portal.settings"],
        env={**kept, **ENVIRONMENT, name: value},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert name in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "geheim" not in done.stderr
