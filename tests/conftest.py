"""What all tests share."""

import gc
import os
import sys

import hypothesis
import pytest

from expoo_portal import content_version, page_cache, pdf, prepared
from practices import catalogue
from tests.roles import (  # noqa: F401 - the fixtures that every test may ask for
    anonymous,
    clients,
    editor,
    ended,
    facilitator,
    member,
    past_guest,
    requested,
    signed_in,
    superuser,
)
from tests.starter import load_starter

# How long an example takes says how busy the machine is, nothing about the rule it tests.
hypothesis.settings.register_profile(
    "portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("portal")

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the test's own thread


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser last: playwright leaves an event loop running, beside which nothing asynchronous can start."""
    items.sort(key=lambda item: item.path.parent.name == "browser")


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay until the end: Python need not look at them each time it collects garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _empty_process_caches() -> None:
    """No test sees what another one left in this process's memory."""
    from expoo_portal.search import insight, words

    content_version.forget()
    page_cache.clear()
    catalogue._catalogues.clear()
    words.forget()
    prepared.forget()
    insight.recorder.forget()


@pytest.fixture(autouse=True)
def _without_weasyprint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each machine tests the same: without the library for PDFs, unless a test brings a stand-in."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf.available.cache_clear()


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    """Uploads of a test go to a directory of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def starter(db) -> None:
    """The 30 real practices, the twelve examples, the theme and the pages."""
    load_starter()
