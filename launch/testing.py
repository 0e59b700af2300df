"""``start.py test``: everything that has to hold, from the spelling of the code to a real browser."""

import secrets
import tempfile
import time
from pathlib import Path

from expoo_portal import database

from .browser import ready_browser
from .children import run_program, run_python
from .console import heading, say, seconds
from .environment import PROJECT, PYTHON, TEST_LOCK, VENV, child_environment
from .running import set_up


def test(arguments: list[str]) -> int:
    """Run all checks and tests, or with ``arguments`` only pytest with those; return the exit status."""
    heading("Klaarzetten")
    with tempfile.TemporaryDirectory(prefix="expoo-test-", ignore_cleanup_errors=True) as place:
        data_dir = Path(place)
        # The account that Postgres runs as when we are root has to pass through.
        data_dir.chmod(0o711)
        set_up(data_dir, TEST_LOCK)
        browser = ready_browser(data_dir)
        with database.running(data_dir, durable=False) as address:
            environment = child_environment(data_dir, EXPOO_DEV="1", EXPOO_CHROMIUM=browser)
            environment.pop("DATABASE_URL", None)
            failed = [] if arguments else _failed_checks(environment, address)
            heading("Tests" if not failed else f"Tests (mislukt hiervoor: {', '.join(failed)})")
            # Tests that share something slow say so with the mark xdist_group.
            parallel = ["-n", "2", "--dist", "loadgroup"]
            tests_pass = run_python(["-m", "pytest", *parallel, *arguments], environment) == 0
    return 0 if tests_pass and not failed else 1


def _failed_checks(environment: dict[str, str], address: str) -> list[str]:
    """Run everything but the tests and return the names of what failed."""
    templates = sorted(str(path.relative_to(PROJECT)) for path in PROJECT.glob("templates/**/*.html"))
    production = _production_environment(environment, address)
    djade = VENV / "bin" / "djade"  # a program of its own: no Python module
    checks = (
        ("Stijl van de code", PYTHON, ["-m", "ruff", "check", "."], environment),
        ("Opmaak van de code", PYTHON, ["-m", "ruff", "format", "--check", "."], environment),
        ("Opmaak van de templates", djade, ["--target-version", "5.2", "--check", *templates], environment),
        ("Types", PYTHON, ["-m", "mypy", "."], environment),
        ("Migraties", PYTHON, ["manage.py", "makemigrations", "--check", "--dry-run"], environment),
        (
            "Instellingen voor productie",
            PYTHON,
            ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            production,
        ),
    )
    failed = []
    for name, program, arguments, its_environment in checks:
        heading(name)
        begun = time.monotonic()
        passed = run_program(program, arguments, its_environment) == 0
        say(f"{'Goed' if passed else 'MISLUKT'} ({seconds(time.monotonic() - begun)})")
        if not passed:
            failed.append(name)
    return failed


def _production_environment(environment: dict[str, str], address: str) -> dict[str, str]:
    """Return the environment as a server would have it, with invented but realistic values."""
    production = {name: value for name, value in environment.items() if not name.startswith("EXPOO_")}
    return production | {
        "EXPOO_DATA_DIR": environment["EXPOO_DATA_DIR"],
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DATABASE_URL": address,
        "ALLOWED_HOSTS": "portaal.example.org",
        "DEFAULT_FROM_EMAIL": "portaal@example.org",
        "EMAIL_URL": "smtp+tls://portaal:wachtwoord@mail.example.org:587",
    }
