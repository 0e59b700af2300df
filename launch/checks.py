"""What has to be right before anything starts: a place to write, room on the disk, a free port."""

import errno
import shutil
import socket
import tempfile
from pathlib import Path

from .console import StartError, explain

MEGABYTE = 1_000_000
NEEDED_TO_RUN = 300 * MEGABYTE
NEEDED_TO_INSTALL = 500 * MEGABYTE


def check_writable(directory: Path) -> None:
    """Make the directory when needed; StartError when nothing can be written there."""
    try:
        directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        error.filename = str(directory)
        raise StartError(explain(error)) from error


def check_space(directory: Path, needed: int) -> None:
    """StartError when fewer than ``needed`` bytes are free where this directory is."""
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise StartError(
            f"Te weinig schijfruimte in {directory}: "
            f"{free // MEGABYTE} MB vrij, {needed // MEGABYTE} MB nodig."
        )


def check_port(host: str, port: int) -> None:
    """StartError when the web server will not be able to listen on this address."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
    except (OSError, OverflowError) as error:
        raise StartError(_port_error(host, port, error)) from error


def _port_error(host: str, port: int, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Poort {port} is al in gebruik. Kies een andere: python3 start.py --port {_other(port)}"
    if number in (errno.EACCES, errno.EPERM):
        return f"Poort {port} mag alleen root gebruiken. Kies een andere: python3 start.py --port 8000"
    return f"Op het adres {host}, poort {port}, kan de website niet luisteren ({error})."


def _other(port: int) -> int:
    return port + 1 if port < 65535 else 8000
