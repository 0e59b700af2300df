"""The command line of ``start.py``."""

import argparse
import os
import signal
from pathlib import Path
from typing import NoReturn

from expoo_portal.database import DatabaseError

from . import running, testing
from .checks import check_writable
from .children import run_python
from .console import StartError, complain, explain
from .data import having_database
from .environment import PROJECT, child_environment

INTERRUPTED = 130
HELP = "Hulp: python3 start.py --help"


class DutchParser(argparse.ArgumentParser):
    """A parser whose complaint is one Dutch sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise StartError instead of printing usage in English."""
        raise StartError(f"Die opties kloppen niet. {HELP}")


def main(words: list[str]) -> int:
    """Carry out what the command line asks and return the exit status."""
    signal.signal(signal.SIGTERM, running.raise_stopped)
    try:
        return _carry_out(_parser().parse_args(words))
    except (StartError, DatabaseError) as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(explain(error))
        return 1
    except (KeyboardInterrupt, running.Stopped):
        complain("Onderbroken.")
        return INTERRUPTED


def _carry_out(asked: argparse.Namespace) -> int:
    data_dir = Path(asked.data).resolve()
    match asked.command:
        case None:
            return running.run(data_dir, asked.host, asked.port)
        case "test":
            return testing.test(asked.arguments)
        case "manage":
            return _run_beside_database(data_dir, ["manage.py", *asked.arguments], "manage", asked.port)
        case "bench":
            # Its own database: a hundred thousand invented practices have no place among the real ones.
            return _run_beside_database(
                data_dir / "bench", ["-m", "bench", *asked.arguments], "bench", asked.port
            )
    raise StartError(f"De opdracht {asked.command} ken ik niet. {HELP}")


def _run_beside_database(data_dir: Path, arguments: list[str], doing: str, port: int) -> int:
    """Run Python with these arguments where the portal's packages, settings and database are."""
    check_writable(data_dir)
    running.set_up(data_dir)
    with having_database(data_dir, " ".join([doing, *arguments[1:2]])):
        return run_python(arguments, child_environment(data_dir, EXPOO_PORT=str(port)))


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StartError(f"Poort {text} bestaat niet: kies een getal van 1 tot 65535.")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = DutchParser(
        usage="python3 start.py [--port N] [--host ADRES] [--data MAP] [test | manage ... | bench ...]",
        description="Zet het Expoo-portaal klaar en start het. Stop met Ctrl-C.",
        epilog="test: alle tests. manage ...: een beheeropdracht van Django. bench ...: de metingen.",
        add_help=False,
    )
    options = parser.add_argument_group("opties")
    options.add_argument("-h", "--help", action="help", help="toon deze uitleg")
    options.add_argument("--port", type=_port, default=8000, metavar="N", help="poort van de website (8000)")
    options.add_argument("--host", default="127.0.0.1", metavar="ADRES", help="luister hier (127.0.0.1)")
    data_dir = os.environ.get("EXPOO_DATA_DIR") or str(PROJECT / "var")
    options.add_argument("--data", default=data_dir, metavar="MAP", help="map met de gegevens (var)")
    # The usage line explains these two.
    parser.add_argument("command", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser
