"""The virtual environment: installed once from the lock, never from anything else, with clear complaints."""

import base64
import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from launch import environment
from launch.console import StartError


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock of one small package, which stands beside it; ``.venv`` and pip's sources are the test's own."""
    for name, place in (("VENV", "."), ("PYTHON", "bin/python"), ("STAMP", "a.json"), ("UNFINISHED", "b")):
        monkeypatch.setattr(environment, name, tmp_path / ".venv" / place)
    wheel = make_wheel(tmp_path)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    path = tmp_path / "requirements.lock"
    path.write_text(f"klein==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return path


def make_wheel(directory: Path) -> Path:
    """Write a package of one module and return its file."""
    files = {
        "klein.py": "antwoord = 42\n",
        "klein-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: klein\nVersion: 1.0\n",
        "klein-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [f"{name},{_digest(text)},{len(text)}" for name, text in files.items()]
    files["klein-1.0.dist-info/RECORD"] = "\n".join([*lines, "klein-1.0.dist-info/RECORD,,", ""])
    path = directory / "klein-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return path


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def answer() -> str:
    """Return what the installed package says."""
    command = [str(environment.PYTHON), "-c", "import klein; print(klein.antwoord)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_first_start_installs_and_the_second_needs_no_pip(
    lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.install(lock)
    assert answer() == "42"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("nothing to do"))
    environment.install(lock)


def test_changed_lock_is_installed_again(lock: Path) -> None:
    environment.install(lock)
    lock.write_text("# een regel meer\n" + lock.read_text())
    assert not environment.is_installed(lock)
    environment.install(lock)
    assert environment.is_installed(lock)


def test_interrupted_installation_is_begun_again(lock: Path) -> None:
    environment.install(lock)
    next(environment.VENV.glob("lib/*/site-packages/klein.py")).write_text("")
    environment.STAMP.unlink()
    environment.UNFINISHED.touch()
    environment.install(lock)
    assert answer() == "42"


def test_package_that_is_not_the_locked_one_is_refused(lock: Path) -> None:
    lock.write_text("klein==1.0 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(StartError, match=r"requirements\.lock past niet bij"):
        environment.install(lock)
    assert not environment.is_installed(lock)


def test_package_that_does_not_exist_for_this_system_is_said(lock: Path) -> None:
    lock.write_text("klein==2.0 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(StartError, match=r"requirements\.lock past niet bij dit systeem"):
        environment.install(lock)


def test_unreachable_registry_is_said(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    with pytest.raises(StartError, match="niet te bereiken.*probeer opnieuw"):
        environment.install(lock)


def test_missing_pip_is_said(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(environment.shutil, "which", lambda _: None)
    with pytest.raises(StartError, match="Pip ontbreekt"):
        environment.install(lock)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "Geen schijfruimte meer"),
        ("OSError: [Errno 13] Permission denied: '/x'", "Geen schrijfrecht"),
        ("iets anders\nERROR: vreemd", "De laatste regels:\n  iets anders\n  ERROR: vreemd"),
    ],
)
def test_other_complaints_of_pip_are_said(lock: Path, output: str, sentence: str) -> None:
    assert sentence in environment.pip_error(output, lock)


def test_test_tools_lock_holds_everything_of_the_runtime_lock() -> None:
    runtime, tools = (
        set(path.read_text().splitlines()) for path in (environment.RUNTIME_LOCK, environment.TEST_LOCK)
    )
    assert runtime <= tools


def test_locks_name_no_place_and_hash_every_package() -> None:
    text = environment.TEST_LOCK.read_text()
    assert "://" not in text
    assert "--index" not in text
    for package in text.split("\n\n")[0].replace("\\\n", " ").splitlines():
        assert "==" in package
        assert "--hash=sha256:" in package
