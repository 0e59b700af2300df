"""The whole of ``python3 start.py`` on the real site: first start, kills, a second start, Ctrl-C."""

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from expoo_portal import database
from launch.environment import PROJECT

# One process for all of these: they share the portal, and what one leaves is where the next one begins.
pytestmark = pytest.mark.xdist_group("portal")

# The packages are there, or this would not run; the lock has tests of its own.
WITHOUT_INSTALLING = (
    "import sys; from launch import main, running; running.install = lambda lock: None; "
    "sys.exit(main.main(sys.argv[1:]))"
)
ROLES = {"redactie", "begeleider", "lid", "oud-lid", "in-aanvraag", "beheerder"}


class Portal:
    """A portal started the way a person does, on its own data directory and port."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port: int = listener.getsockname()[1]
        self.output = data_dir / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> subprocess.Popen[bytes]:
        """Start start.py and return its process at once."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("EXPOO_", "DJANGO_"))
        }
        environment.pop("DATABASE_URL", None)
        words = [
            sys.executable,
            "-c",
            WITHOUT_INSTALLING,
            "--data",
            str(self.data_dir),
            "--port",
            str(self.port),
        ]
        with self.output.open("wb") as output:
            return subprocess.Popen(
                [*database.die_with_parent(signal.SIGTERM), *words],
                cwd=PROJECT,
                env=environment,
                stdout=output,
                stderr=output,
            )

    def start(self) -> None:
        """Start start.py and wait until it says that the portal is there."""
        self.process = self.begin()
        deadline = time.monotonic() + 180
        while "Klaar in" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def said(self) -> str:
        """Return what start.py printed."""
        return self.output.read_text()

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of a page; status 0 when nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, {}, b""
        finally:
            connection.close()

    def kill(self) -> None:
        """Kill start.py and everything under it at the same moment, the hard way."""
        assert self.process
        groups = json.loads((self.data_dir / "processes.json").read_text())
        self.process.kill()
        for group in groups:
            os.killpg(group, signal.SIGKILL)
        self.process.wait(60)

    def stop(self) -> int:
        """Stop start.py the way Ctrl-C does and return its exit status."""
        assert self.process
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal that runs, made once for this module."""
    portal = Portal(tmp_path_factory.mktemp("portal"))
    try:
        portal.start()
        yield portal
    finally:
        if portal.process and portal.process.poll() is None:
            portal.stop()


def test_first_start_shows_the_site_and_says_where_the_accounts_are(portal: Portal) -> None:
    assert f"http://127.0.0.1:{portal.port}\n" in portal.said()
    accounts = portal.data_dir / "demo-accounts.json"
    assert str(accounts) in portal.said()
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert set(json.loads(accounts.read_text())) == ROLES
    assert portal.get("/praktijken/")[0] == 200


def test_second_start_in_the_same_directory_is_refused(portal: Portal) -> None:
    said = portal.said()
    second = portal.begin()
    assert second.wait(60) == 1
    assert "werkt al een start.py" in portal.said()
    portal.output.write_text(said)


def test_management_command_joins_the_database_that_runs(portal: Portal) -> None:
    pid = database.server_pid(portal.data_dir)
    code = "from practices.models import Practice; print(Practice.objects.public().count())"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            WITHOUT_INSTALLING,
            "--data",
            portal.data_dir,
            "manage",
            "shell",
            "-v",
            "0",
            "-c",
            code,
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 30
    assert database.server_pid(portal.data_dir) == pid


def test_visitor_is_told_while_the_database_is_away_and_served_soon_after(portal: Portal) -> None:
    pid = database.server_pid(portal.data_dir)
    assert pid
    # Stopped first, so that the moment without a database is long enough to look at.
    assert portal.process
    portal.process.send_signal(signal.SIGSTOP)
    os.kill(pid, signal.SIGKILL)
    status, headers, _ = portal.get("/gezond/")
    portal.process.send_signal(signal.SIGCONT)
    assert (status, "retry-after" in headers) == (503, True)
    begun = time.monotonic()
    while portal.get("/gezond/")[0] != 200:
        assert time.monotonic() - begun < 30
        time.sleep(0.05)
    assert portal.get("/praktijken/?q=koffie")[0] == 200


def test_killing_everything_during_fifty_writes_loses_no_acknowledged_one(portal: Portal) -> None:
    address = database.url(portal.data_dir)
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE written (number int)")
    for number in range(50):
        if number in (15, 35):
            portal.kill()
            portal.start()
        with psycopg.connect(address) as connection:
            connection.execute("INSERT INTO written VALUES (%s)", [number])
    with psycopg.connect(address) as connection:
        assert [row[0] for row in connection.execute("SELECT number FROM written ORDER BY 1")] == list(
            range(50)
        )
        connection.execute("DROP TABLE written")


def test_killing_only_start_py_leaves_nothing_that_hinders_the_next_start(portal: Portal) -> None:
    assert portal.process
    portal.process.kill()
    portal.process.wait(60)
    portal.start()
    assert portal.get("/gezond/")[0] == 200


def test_ctrl_c_stops_everything(portal: Portal) -> None:
    assert portal.stop() == 0
    assert database.server_pid(portal.data_dir) is None
    assert portal.get("/")[0] == 0
    assert "Traceback" not in portal.said()
