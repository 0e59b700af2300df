"""The real thing: embedded Postgres that keeps what it acknowledged, granian and the job worker as start.py runs them,
and a mail server that does what a test wants.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import psycopg

from expoo_portal import database
from launch.running import WORKER_WORDS, web_words
from tests.guards.sources import ROOT
from tests.resilience.mail_server import MailServer

_MAKE_CONTENT = """
import json, django
django.setup()
from tests import factories
from tests.guards.world import make_world
from tests.roles import Role, client_of, person
world = make_world()
client = client_of(person(Role.SUPERUSER, world.group))
print(json.dumps({name: cookie.value for name, cookie in client.cookies.items()}))
"""
# Any 32 letters will do as the secret of a form, as long as cookie and form hold the same.
_CSRF = "c" * 32


class Answer(NamedTuple):
    """What came back; status 0 when nobody listened or the connection broke."""

    status: int
    headers: dict[str, str]
    text: str


class Program:
    """A program of the portal in a process group of its own."""

    def __init__(self, words: list[str], environment: dict[str, str], log: Path) -> None:
        self._words = words
        self._environment = environment
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [*database.die_with_parent(signal.SIGTERM), sys.executable, *self._words],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it with all its processes, the hard way unless asked otherwise."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(20)
        self.process = None


class Web(Program):
    """A web server on its own port."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port: int = listener.getsockname()[1]
        words = web_words("127.0.0.1", self.port)
        super().__init__(words, {**environment, "EXPOO_PORT": str(self.port)}, log)

    def start(self) -> None:
        """Start it and wait until it says that it is healthy."""
        self.begin()
        wait_for(lambda: self.get("/gezond/").status == 200, 60, self._log.read_text)

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, cookies: str = "", address: str = ""
    ) -> Answer:
        """One request on a connection of its own, from this network address unless none is named."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": cookies} if cookies else {}
        if address:
            headers["X-Forwarded-For"] = address
        text = urlencode(form) if form else None
        if text:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body=text, headers=headers)
            found = connection.getresponse()
            names = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, names, found.read().decode())
        except (OSError, http.client.HTTPException):
            return Answer(0, {}, "")
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        """The page at this address, as a visitor gets it."""
        return self.ask("GET", path)


class Stack:
    """A database, one web server, a mail server, and somebody who may edit. A worker runs when a test asks for it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.mail_server = MailServer()
        address = database.start(place)
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("EXPOO_", "DJANGO_"))
        }
        self.environment = {
            **inherited,
            "EXPOO_DEV": "1",
            "EXPOO_DATA_DIR": str(place),
            # Named, so that no starter content is loaded: this has content of its own.
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "expoo_portal.settings",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_server.port}",
            # Somebody who asks from elsewhere says so in a header.
            "TRUSTED_PROXY_COUNT": "1",
        }
        self._run("manage.py", "prepare")
        self._cookies: dict[str, str] = json.loads(self._run("-c", _MAKE_CONTENT).splitlines()[-1])
        self.web = self.another_web()
        self.web.start()

    def _run(self, *arguments: str) -> str:
        ran = subprocess.run(  # noqa: S603 - our own Python
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def run_django(self, code: str) -> str:
        """Run Python in a process of its own, as a management command would; return what it printed."""
        return self._run("-c", f"import django\ndjango.setup()\n{code}")

    def another_web(self) -> Web:
        """One more web server on the same database."""
        return Web(self.environment, self.place / "web.log")

    def worker(self) -> Program:
        """A worker, which does not run yet."""
        return Program(WORKER_WORDS, self.environment, self.place / "worker.log")

    def edit(self, path: str, web: Web | None = None, **form: str) -> Answer:
        """Send a form of the admin, as somebody who may edit everything."""
        return self.post(path, self._cookies, form, web)

    def post(
        self,
        path: str,
        cookies: dict[str, str],
        form: dict[str, str],
        web: Web | None = None,
        address: str = "",
    ) -> Answer:
        """Send a form, as whoever these cookies say."""
        sent = "; ".join(f"{name}={value}" for name, value in {**cookies, "csrf": _CSRF}.items())
        return (web or self.web).ask("POST", path, {**form, "csrfmiddlewaretoken": _CSRF}, sent, address)

    def kill_database(self) -> None:
        """End Postgres the hard way."""
        pid = database.server_pid(self.place)
        assert pid
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: database.server_pid(self.place) is None, 10)

    def start_database(self) -> None:
        """Start Postgres again."""
        database.start(self.place)

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What SQL of our own finds, or an empty list when it changes something; committed at once."""
        with psycopg.connect(database.url(self.place), autocommit=True) as connection:
            found = connection.execute(sql, parameters)
            return found.fetchall() if found.description else []

    def forget_counts(self, action: str) -> None:
        """Let everybody do this as often as if an hour had passed."""
        self.rows("DELETE FROM portal_cache WHERE strpos(cache_key, %s) > 0", f":rl:portal:{action}:")

    def stop(self) -> None:
        """End everything."""
        self.web.kill(signal.SIGTERM)
        self.mail_server.stop()
        database.stop(self.place)


def wait_for(is_so: Callable[[], bool], seconds: float, explain: Callable[[], str] = str) -> float:
    """Wait until it is so and return after how many seconds; AssertionError when it takes longer than this."""
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() - begun < seconds, explain()
        time.sleep(0.05)
    return time.monotonic() - begun


@contextlib.contextmanager
def running(place: Path) -> Iterator[Stack]:
    """A stack for the duration of the block."""
    stack = Stack(place)
    try:
        yield stack
    finally:
        stack.stop()
