"""The browser for the tests: found, installed, or asked for in one sentence."""

import os
import subprocess
from pathlib import Path

import pytest

from launch import browser
from launch.console import StartError


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "find_browser", lambda: None)


def test_ordinary_user_is_told_the_command_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browser.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(StartError, match="sudo apt-get -q update && sudo apt-get -q install .*chromium"):
        browser.ready_browser(tmp_path)


def test_system_without_apt_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    with pytest.raises(StartError, match="Chromium of Google Chrome nodig"):
        browser.ready_browser(tmp_path)


def test_failing_installation_shows_its_last_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def run(command: list[str], **options: object) -> None:
        options["stdout"].write("E: pakket bestaat niet\n")  # type: ignore[attr-defined]

    monkeypatch.setattr(browser.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(StartError, match=r"installeren lukt niet(.|\n)*E: pakket bestaat niet"):
        browser.ready_browser(tmp_path)
