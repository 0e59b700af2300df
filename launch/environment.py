"""The virtual environment under ``.venv`` with exactly what the lock file says."""

import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .console import StartError, step

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME_LOCK = PROJECT / "requirements.lock"
# Everything in the runtime lock and the test tools besides.
TEST_LOCK = PROJECT / "requirements-dev.lock"
STAMP = VENV / "installed.json"
# There while packages are being installed: an interrupted installation is not to be trusted.
UNFINISHED = VENV / "unfinished"

_UNREACHABLE = re.compile(
    r"Retrying \(|Max retries|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|"
    r"Connection (refused|reset|aborted)|name resolution|Network is unreachable|HTTP error 5\d\d",
    re.IGNORECASE,
)
_NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded")
_NO_PERMISSION = re.compile(r"Permission denied|Read-only file system")
_LOCK_MISFIT = re.compile(
    r"DO NOT MATCH THE HASHES|Hashes are required|No matching distribution|Could not find a version|"
    r"is not a supported wheel|Invalid requirement|requires a different Python",
    re.IGNORECASE,
)


def is_installed(lock: Path) -> bool:
    """Say whether ``.venv`` holds what this lock file asks, for the Python that runs now."""
    try:
        return PYTHON.exists() and _fingerprint(lock) in json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False


def install(lock: Path) -> None:
    """Make ``.venv`` and install the lock file into it, unless done before; StartError when it fails."""
    if is_installed(lock):
        return
    if UNFINISHED.exists() or (PYTHON.exists() and not _same_python()):
        shutil.rmtree(VENV)
    if not PYTHON.exists():
        with step("Python-omgeving maken in .venv"):
            _make_venv()
    count = sum(1 for line in lock.read_text().splitlines() if "==" in line)
    with step(f"{count} pakketten installeren"):
        UNFINISHED.touch()
        _pip_install(lock)
        STAMP.write_text(json.dumps(sorted({_fingerprint(lock), *_implied(lock)})))
        UNFINISHED.unlink()


def use_packages() -> None:
    """Let this process find (not import) the installed packages, such as the one that carries Postgres."""
    found = [str(path) for path in (VENV / "lib").glob("python3*/site-packages")]
    sys.path.extend(path for path in found if path not in sys.path)


def _implied(lock: Path) -> list[str]:
    return [_fingerprint(RUNTIME_LOCK)] if lock == TEST_LOCK else []


def _fingerprint(lock: Path) -> str:
    return hashlib.sha256(f"{_python_name()} {platform.machine()}\n{lock.read_text()}".encode()).hexdigest()


def _same_python() -> bool:
    return (VENV / "lib" / _python_name()).is_dir()


def _python_name() -> str:
    # Without the third number: a security update of Python changes nothing about the packages.
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def _make_venv() -> None:
    # Debian's python3 comes without ensurepip; the system's pip installs into the environment from outside.
    command = [_base_python(), "-m", "venv", "--without-pip", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise StartError("De Python-omgeving lukt niet. " + _last_lines(done.stdout + done.stderr))


def _base_python() -> str:
    """Return the Python outside any virtual environment."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _pip_install(lock: Path) -> None:
    options = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-input", "--no-user"]
    options += ["--disable-pip-version-check", "--quiet", "--retries", "3", "--progress-bar", "off"]
    command = [*_pip(), "--python", str(PYTHON), "install", *options, "-r", str(lock)]
    # The packages must be readable for the account that Postgres runs as, whatever the umask.
    done = subprocess.run(command, capture_output=True, text=True, umask=0o022, cwd=PROJECT)
    if done.returncode:
        raise StartError(pip_error(done.stdout + done.stderr, lock))


def _pip() -> Sequence[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    for name in ("pip3", "pip"):
        path = shutil.which(name)
        if path and Path(path).parent != PYTHON.parent:
            return [path]
    raise StartError("Pip ontbreekt. Installeer het eerst, bijvoorbeeld met: apt-get install python3-pip")


def pip_error(output: str, lock: Path) -> str:
    """Return the Dutch sentence for what pip printed when it failed."""
    if _NO_SPACE.search(output):
        return "Geen schijfruimte meer voor de pakketten. Maak plaats en probeer opnieuw."
    if _UNREACHABLE.search(output):
        return "De pakketten zijn niet te bereiken. Kijk je internetverbinding na en probeer opnieuw."
    if _LOCK_MISFIT.search(output):
        system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        return f"{lock.name} past niet bij dit systeem ({system}) of bij de pakketten. " + _last_lines(output)
    if _NO_PERMISSION.search(output):
        return f"Geen schrijfrecht in {VENV}."
    return "De pakketten installeren lukt niet. " + _last_lines(output)


def _last_lines(output: str) -> str:
    lines = [line for line in output.strip().splitlines() if line.strip() and "is ignored" not in line]
    return "\n".join(["De laatste regels:", *(f"  {line.strip()}" for line in lines[-5:])])


def embedded() -> bool:
    """Say whether the portal runs on its own Postgres: no ``DATABASE_URL`` in the environment."""
    return not os.environ.get("DATABASE_URL")


def child_environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Return the environment for the portal's own processes working in ``data_dir``."""
    environment = {**os.environ, "EXPOO_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}
    # Somebody's shell may still name the settings of another project.
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    if embedded():
        environment["EXPOO_DEV"] = "1"
    return {**environment, **more}
