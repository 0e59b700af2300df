"""The embedded Postgres: comes up, keeps what was written, and recovers from whatever killed it."""

import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from expoo_portal import database


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose cluster is made once for this module."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def _stopped_afterwards(data_dir: Path) -> Iterator[None]:
    yield
    database.stop(data_dir)


def write(address: str, word: str) -> None:
    """Write a word and come back once the server says that it is safe."""
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        connection.execute("INSERT INTO words VALUES (%s)", [word])


def read(address: str) -> list[str]:
    """Return all words written so far."""
    with psycopg.connect(address) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM words")]


def kill_server(data_dir: Path) -> None:
    """Kill the server the hard way and wait until it is gone."""
    pid = database.server_pid(data_dir)
    assert pid
    os.kill(pid, signal.SIGKILL)
    while database.server_pid(data_dir):
        time.sleep(0.01)


def test_server_keeps_what_was_written_after_a_stop(data_dir: Path) -> None:
    write(database.start(data_dir), "gestopt")
    database.stop(data_dir)
    assert database.server_pid(data_dir) is None
    assert "gestopt" in read(database.start(data_dir))


def test_server_recovers_what_was_written_after_a_kill(data_dir: Path) -> None:
    address = database.start(data_dir)
    write(address, "gedood")
    with psycopg.connect(address):
        kill_server(data_dir)
        assert (data_dir / "postgres" / "postmaster.pid").exists()
        assert "gedood" in read(database.start(data_dir))


def test_server_is_not_taken_in_by_a_process_id_given_out_again(data_dir: Path) -> None:
    write(database.start(data_dir), "hergebruikt")
    database.stop(data_dir)
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getppid()}\n{data_dir / 'postgres'}\n")
    assert "hergebruikt" in read(database.start(data_dir))


def test_second_start_uses_the_server_that_runs(data_dir: Path) -> None:
    with database.running(data_dir) as address:
        pid = database.server_pid(data_dir)
        with database.running(data_dir) as again:
            assert (again, database.server_pid(data_dir)) == (address, pid)
        assert database.server_pid(data_dir) == pid
    assert database.server_pid(data_dir) is None


def test_server_listens_on_a_private_socket_only(data_dir: Path) -> None:
    with psycopg.connect(database.start(data_dir)) as connection:
        rows = connection.execute("SELECT name, setting FROM pg_settings").fetchall()
    settings: dict[str, str] = dict(rows)
    wanted = {
        "listen_addresses": "",
        "fsync": "on",
        "data_checksums": "on",
        "jit": "off",
        "server_encoding": "UTF8",
    }
    assert {name: settings[name] for name in wanted} == wanted
    assert stat.S_IMODE(database.socket_directory(data_dir).stat().st_mode) == 0o700


def test_deep_data_directory_gets_a_short_socket_address(tmp_path: Path) -> None:
    deep = tmp_path / ("map" * 40)
    assert len(os.fsencode(database.socket_directory(deep) / database.SOCKET_NAME)) < 100
    assert database.socket_directory(deep) != database.socket_directory(tmp_path / ("map" * 41))


def test_socket_directory_of_somebody_else_is_refused(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = data_dir / "elders"
    elsewhere.mkdir(exist_ok=True)
    link = data_dir / "verwijzing"
    link.symlink_to(elsewhere)
    monkeypatch.setattr(database, "socket_directory", lambda _: link)
    with pytest.raises(database.DatabaseError, match="van een andere gebruiker"):
        database.start(data_dir)


def test_postgres_that_does_not_start_shows_the_last_lines_of_its_log(data_dir: Path) -> None:
    database.start(data_dir)
    database.stop(data_dir)
    settings = data_dir / "postgres" / "postgresql.conf"
    good = settings.read_text()
    settings.write_text(good + "\nwork_mem = onzin\n")
    try:
        with pytest.raises(
            database.DatabaseError, match=r"Postgres start niet.*laatste regels(.|\n)*work_mem"
        ):
            database.start(data_dir)
    finally:
        settings.write_text(good)


def test_cluster_of_another_version_is_refused(data_dir: Path) -> None:
    database.start(data_dir)
    database.stop(data_dir)
    version = data_dir / "postgres" / "PG_VERSION"
    good = version.read_text()
    version.write_text("16\n")
    try:
        with pytest.raises(database.DatabaseError, match="van Postgres 16"):
            database.start(data_dir)
    finally:
        version.write_text(good)


def test_interrupted_creation_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "postgres.new" / "half").mkdir(parents=True)
    with database.running(tmp_path, durable=False) as address:
        write(address, "heel")
        assert read(address) == ["heel"]


def test_fifty_writes_during_kills_lose_no_acknowledged_one(data_dir: Path) -> None:
    acknowledged = []
    address = database.start(data_dir)
    for number in range(50):
        if number % 10 == 5:
            kill_server(data_dir)
            address = database.start(data_dir)
        write(address, f"woord {number}")
        acknowledged.append(f"woord {number}")
    assert set(acknowledged) <= set(read(address))


def test_dump_made_with_the_packaged_programs_restores_elsewhere(data_dir: Path, tmp_path: Path) -> None:
    address = database.start(data_dir)
    write(address, "bewaard")
    dump = str(tmp_path / "portal.dump")
    subprocess.run([database.program("pg_dump"), "--format=custom", "--file", dump, address], check=True)
    restore = [str(database.program("pg_restore")), "--no-owner", "--exit-on-error", "--single-transaction"]
    with database.running(tmp_path, durable=False) as elsewhere:
        subprocess.run([*restore, "--dbname", elsewhere, dump], check=True)
        assert read(elsewhere) == read(address)


def test_big_log_is_put_aside(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MAX_LOG_BYTES", 10)
    database.start(data_dir)
    database.stop(data_dir)
    begun = time.monotonic()
    database.start(data_dir)
    assert (data_dir / "postgres.log.1").exists()
    assert time.monotonic() - begun < 5


def test_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(database.DatabaseError, match="Het pakket met Postgres ontbreekt"):
        database.program("postgres")
