"""The browser for the tests: found on the machine, or installed on Debian when we are root."""

import os
import shutil
import subprocess
from pathlib import Path

from .children import tail
from .console import StartError, step
from .environment import VENV

# The first is Chromium without a window: the same engine, for a quarter less work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# The second is what the program inside the playwright package, which drives the browser, lacks on a bare Debian.
PACKAGES = ("chromium-headless-shell", "libatomic1")
UPDATE = ("apt-get", "-q", "update")
INSTALL = ("apt-get", "-q", "install", "-y", "--no-install-recommends", *PACKAGES)


def ready_browser(log_dir: Path) -> str:
    """Return the path of a browser that runs, installing it when that is ours to do.

    StartError, with the command to run, when it is not; and with the last lines of its log (in ``log_dir``) when
    installing did not help.
    """
    found = find_browser()
    if found and _driver_runs():
        return found
    if shutil.which("apt-get") is None:
        raise StartError("De browsertests hebben Chromium of Google Chrome nodig. Installeer een van beide.")
    if os.geteuid() != 0:
        words = " && ".join(" ".join(["sudo", *command]) for command in (UPDATE, INSTALL))
        raise StartError(f"De browsertests hebben Chromium nodig. Installeer het met: {words}")
    log = log_dir / "chromium.log"
    with step("Chromium installeren"), log.open("w") as output:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (UPDATE, INSTALL):
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)
    found = find_browser()
    if not found or not _driver_runs():
        raise StartError(f"Chromium installeren lukt niet. Probeer opnieuw. {tail(log)}")
    return found


def find_browser() -> str | None:
    """Return the path of a Chromium or Chrome on this machine that runs, or None."""
    candidates = [path for path in map(shutil.which, NAMES) if path]
    if MAC_CHROME.exists():
        candidates.append(str(MAC_CHROME))
    # Asked for its version because Ubuntu's package is only a note that it is elsewhere.
    return next((path for path in candidates if _runs(path)), None)


def _driver_runs() -> bool:
    return all(_runs(str(path)) for path in VENV.glob("lib/python3*/site-packages/playwright/driver/node"))


def _runs(program: str) -> bool:
    return subprocess.run([program, "--version"], capture_output=True).returncode == 0
