"""What start.py says when it cannot start: one Dutch sentence, exit status 1, no traceback."""

import ast
import errno
import os
import runpy
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from expoo_portal import database
from launch import main, running
from launch.data import owning
from launch.environment import PROJECT

START = PROJECT / "start.py"


@pytest.fixture(autouse=True)
def _nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launch.environment.install", lambda lock: pytest.fail("must not install"))
    monkeypatch.setattr(running, "install", lambda lock: None)
    monkeypatch.setattr(running, "is_installed", lambda lock: True)
    monkeypatch.setattr(main.signal, "signal", lambda *_: None)
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def complaint(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return what start.py says on the error stream for this command line, having ended with status 1."""
    assert main.main(list(words)) == 1
    text = capsys.readouterr().err
    assert text.startswith("Fout: ")
    assert "Traceback" not in text
    return text


def test_start_py_parses_on_an_old_python() -> None:
    ast.parse(START.read_text(), feature_version=(3, 8))


def test_old_python_is_told_which_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"^Fout: Python 3\.9 is te oud\..*3\.11 of nieuwer"):
        runpy.run_path(str(START), run_name="__main__")


def test_exit_status_of_the_command_is_one() -> None:
    done = subprocess.run([sys.executable, START, "--port", "70000"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Fout: Poort 70000 bestaat niet: kies een getal van 1 tot 65535.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["stoppen"], "De opdracht stoppen ken ik niet"),
        (["--poort", "80"], "Die opties kloppen niet"),
        (["--port", "acht"], "Poort acht bestaat niet"),
    ],
)
def test_wrong_command_line_is_explained(
    capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert sentence in complaint(capsys, *words)


def test_taken_port_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path, taken_port: int) -> None:
    text = complaint(capsys, "--data", str(tmp_path), "--port", str(taken_port))
    assert f"Poort {taken_port} is al in gebruik" in text
    assert f"--port {taken_port + 1}" in text


def test_address_of_another_machine_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = complaint(capsys, "--data", str(tmp_path), "--host", "192.0.2.1")
    assert "Op het adres 192.0.2.1" in text


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_missing_write_permission_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int
) -> None:
    def refuse(dir: Path) -> None:
        raise OSError(number, os.strerror(number), str(dir / "x"))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert complaint(capsys, "--data", str(tmp_path)) == f"Fout: Geen schrijfrecht: {tmp_path}.\n"


def test_file_in_the_way_of_the_data_directory_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "var").touch()
    assert str(tmp_path / "var") in complaint(capsys, "--data", str(tmp_path / "var"))


def test_full_disk_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usage = SimpleNamespace(free=10**8)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    text = complaint(capsys, "--data", str(tmp_path), "--port", "8119")
    assert f"Te weinig schijfruimte in {tmp_path}: 100 MB vrij, 300 MB nodig" in text


def test_disk_that_fills_up_later_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "media/foto.jpg")

    monkeypatch.setattr(running, "set_up", fill)
    text = complaint(capsys, "--data", str(tmp_path), "manage", "check")
    assert text == "Fout: Geen schijfruimte meer: media/foto.jpg.\n"


def test_second_start_in_the_same_directory_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with owning(tmp_path, "manage shell"):
        text = complaint(capsys, "--data", str(tmp_path))
    assert f"werkt al een start.py (proces {os.getpid()}: manage shell)" in text


def test_postgres_that_does_not_start_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(database.SETTINGS, "shared_buffers", "onzin")
    text = complaint(capsys, "--data", str(tmp_path), "manage", "check")
    assert "Postgres start niet. De laatste regels van" in text
    assert "shared_buffers" in text
