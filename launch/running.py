"""The plain command: everything set up, then the database, the website and the job worker until Ctrl-C."""

import http.client
import os
import signal
import subprocess
import time
from pathlib import Path

from expoo_portal import database

from .checks import NEEDED_TO_INSTALL, NEEDED_TO_RUN, check_port, check_space, check_writable
from .children import Child, spawn, tail
from .console import StartError, say, seconds, step
from .data import clean_up, owning, remember
from .environment import (
    PROJECT,
    PYTHON,
    RUNTIME_LOCK,
    child_environment,
    embedded,
    install,
    is_installed,
    use_packages,
)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
READY_SECONDS = 60
LOOK_EVERY_SECONDS = 0.1
WORKER_WORDS = ["manage.py", "procrastinate", "worker", "--shutdown-graceful-timeout", "8"]
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to


class Stopped(BaseException):
    """Somebody asked to stop: Ctrl-C, SIGTERM or a closed terminal."""


def run(data_dir: Path, host: str, port: int) -> int:
    """Run the portal until somebody stops it and return the exit status; StartError when it cannot."""
    begun = time.monotonic()
    for number in STOP_SIGNALS:
        signal.signal(number, raise_stopped)
    say("Expoo-portaal")
    check_writable(data_dir)
    with owning(data_dir, "het portaal") as owner:
        if owner:
            raise StartError(f"In {data_dir} werkt al een start.py ({owner}). Stop die eerst of kies --data.")
        clean_up(data_dir)
        check_port(host, port)
        set_up(data_dir)
        children: list[Child] = []
        try:
            _start(children, data_dir, host, port)
            say(f"\nKlaar in {seconds(time.monotonic() - begun)}: {_address(host, port)}")
            accounts = data_dir / "demo-accounts.json"
            if accounts.exists():
                say(f"De proefaccounts staan in {accounts}")
            say("Stop met Ctrl-C.")
            while True:
                _tend(children, data_dir)
                time.sleep(LOOK_EVERY_SECONDS)
        except Stopped:
            return 0
        finally:
            _stop(children, data_dir)


def set_up(data_dir: Path, lock: Path = RUNTIME_LOCK) -> None:
    """Install what the lock file says, after looking whether there is room for it."""
    if not is_installed(lock):
        check_writable(PROJECT)
        check_space(PROJECT, NEEDED_TO_INSTALL)
    check_space(data_dir, NEEDED_TO_RUN)
    install(lock)
    use_packages()


def raise_stopped(number: int, frame: object) -> None:
    """Handle a signal: raise Stopped, once, for a second signal must not interrupt the stopping itself."""
    for other in STOP_SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise Stopped


def _start(children: list[Child], data_dir: Path, host: str, port: int) -> None:
    environment = child_environment(data_dir, EXPOO_PORT=str(port))
    if embedded():
        environment.setdefault("SITE_URL", _address(host, port))
        environment.setdefault("ALLOWED_HOSTS", _allowed_hosts(host))
        postgres = Child(
            "Postgres", lambda: database.launch(data_dir), data_dir / database.LOG_NAME, signal.SIGINT
        )
        with step("Postgres starten"):
            children.append(postgres)
            postgres.start()
    prepare(environment, data_dir)
    with step("Website en takenwerker starten"):
        children.append(
            _python_child("De website", web_words(host, port), environment, data_dir / "website.log")
        )
        _await_ready(children, data_dir, host, port)
        # Afterwards, so as not to compete for the processor with what somebody waits for.
        children.append(_python_child("De takenwerker", WORKER_WORDS, environment, data_dir / "worker.log"))
        _tend(children, data_dir)


def web_words(host: str, port: int) -> list[str]:
    """Return the words that, after Python, start the web server on this address."""
    words = ["-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--log-level", "warning"]
    # Measured as the fastest for a synchronous site on two cores: docs/speed.md.
    words += ["--workers", "2", "--blocking-threads", "1", "--host", host, "--port", str(port)]
    words += ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"]
    return [*words, "expoo_portal.wsgi:application"]


def _python_child(name: str, words: list[str], environment: dict[str, str], log: Path) -> Child:
    return Child(name, lambda: spawn([str(PYTHON), *words], environment, log), log, signal.SIGTERM)


def prepare(environment: dict[str, str], data_dir: Path) -> None:
    """Bring the database, its content and the static files up to date; StartError when that fails.

    The management command prints the name of each step as it begins.
    """
    log = data_dir / "prepare.log"
    log.touch(mode=0o600)
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*database.die_with_parent(signal.SIGTERM), PYTHON, "manage.py", "prepare"],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            umask=0o077,
        )
        with process:
            assert process.stdout is not None  # noqa: S101 - for the type checker
            name = "Databank nakijken"
            while name:
                with step(name):
                    name = process.stdout.readline().strip()
    if process.returncode:
        said = log.read_text().strip()
        # One line is a sentence meant for whoever starts this, such as a missing secret; more is an accident.
        raise StartError(said if said and "\n" not in said else f"Het voorbereiden lukt niet.\n{tail(log)}")


def _await_ready(children: list[Child], data_dir: Path, host: str, port: int) -> None:
    """Wait until the website says that it is healthy; StartError with its last words when it does not."""
    deadline = time.monotonic() + READY_SECONDS
    while not _is_healthy(host, port):
        _tend(children, data_dir)
        if time.monotonic() > deadline:
            raise StartError(f"De website antwoordt niet.\n{tail(data_dir / 'website.log')}")
        time.sleep(LOOK_EVERY_SECONDS / 2)


def _is_healthy(host: str, port: int) -> bool:
    asked = "127.0.0.1" if host in EVERYWHERE else host
    connection = http.client.HTTPConnection(asked, port, timeout=5)
    try:
        name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip() or asked
        connection.request("GET", "/gezond/", headers={"Host": name})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _tend(children: list[Child], data_dir: Path) -> None:
    """Start what died again, and write down what runs now."""
    started = [child.name for child in children if child.tend()]
    if started:
        remember(data_dir, [child.process.pid for child in children if child.process])


def _stop(children: list[Child], data_dir: Path) -> None:
    """Stop the website and the worker, then the database under them."""
    if children:
        with step("Stoppen"):
            for child in reversed(children):
                child.stop(database.STOP_SECONDS)
            remember(data_dir, [])


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _allowed_hosts(host: str) -> str:
    return "*" if host in EVERYWHERE else f"127.0.0.1,localhost,[::1],{host}"
