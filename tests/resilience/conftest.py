"""One real portal for all tests of this directory."""

from collections.abc import Iterator

import pytest

from tests.resilience.stack import Stack, running


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/resilience --full`: as often as the portal promises, which takes minutes."""
    parser.addoption("--full", action="store_true", help="zo vaak als beloofd: enkele minuten per proef")


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether everything is done as often as promised, or a few times."""
    return bool(request.config.getoption("--full", default=False))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Postgres and granian, as start.py runs them; each test leaves both running."""
    with running(tmp_path_factory.mktemp("stack")) as found:
        yield found
