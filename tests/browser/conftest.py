"""A real browser and the portal it visits, served from this process with content that is really committed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import LAUNCH
from tests.browser.watching import Watch
from tests.jobs import forget_committed
from tests.starter import load_starter

# Patience for a busy machine: a test that passes does not wait this long.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep the tests of a module in one process, so that its content is made once."""
    item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium."""
    return browser_type_launch_args | LAUNCH


@pytest.fixture(scope="session")
def portal() -> Iterator[str]:
    """The address of the portal."""
    thread = LiveServerThread("127.0.0.1", static_handler=StaticFilesHandler)
    thread.daemon = True
    thread.start()
    assert thread.is_ready.wait(60)
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture(scope="module")
def content(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The starter content for the tests of one module, committed, so that the server's threads see it.

    Its tests may read and write the database too, and upload; what they add stays until the end of the module.
    """
    assert connection.settings_dict["NAME"].startswith("test_"), "this would empty a real database"
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        with transaction.atomic():
            load_starter()
        yield
        _empty_the_database()
        forget_committed()
        connection.close()


def _empty_the_database() -> None:
    """Flush; again when a request that a closed tab left behind still read, and both waited for each other."""
    for rest in reversed(range(5)):
        try:
            call_command("flush", verbosity=0, interactive=False)
        except CommandError:
            if not rest:
                raise
            time.sleep(1)
        else:
            return


@pytest.fixture(autouse=True)
def db(content: None) -> None:
    """The database as pytest-django's `db`, by which name it knows to make one; with `content`, not rolled back."""


@pytest.fixture(autouse=True)
def _own_media() -> None:
    """The uploads of a module stay together: `content` sees to that."""


class Visitor:
    """Somebody with a browser of their own: `page` is their tab, `watch` notes what goes wrong in it."""

    def __init__(self, browser: Browser, portal: str, width: int, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=portal,
            viewport={"width": width, "height": 800},
            locale="nl-BE",
            reduced_motion="reduce",
            **options,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.watch = Watch(self.context, portal)
        self.page: Page = self.context.new_page()

    def go(self, address: str) -> Page:
        """Open this address and wait until its fonts are there too."""
        self.page.goto(address)
        self.page.evaluate("document.fonts.ready.then(() => null)")
        return self.page


NewVisitor = Callable[..., Visitor]


@pytest.fixture
def visitor(browser: Browser, portal: str) -> Iterator[NewVisitor]:
    """Makes visitors: `visitor(360)`, `visitor(1280, java_script_enabled=False)`. None of them may meet a problem."""
    cache.clear()
    made: list[Visitor] = []

    def make(width: int = 1280, **options: Any) -> Visitor:
        made.append(Visitor(browser, portal, width, **options))
        return made[-1]

    yield make
    problems = [problem for one in made for problem in one.watch.problems]
    for one in made:
        one.context.close()
    assert not problems, "\n".join(problems)
