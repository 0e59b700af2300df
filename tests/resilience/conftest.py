"""One real portal for all tests of this directory."""

from collections.abc import Iterator

import pytest

from tests.resilience.stack import Stack, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Postgres and granian, as start.py runs them; each test leaves both running."""
    with running(tmp_path_factory.mktemp("stack")) as found:
        yield found
