"""What the person at the terminal sees: steps with their time, and errors in one Dutch sentence."""

import contextlib
import errno
import sys
import time
from collections.abc import Iterator


class StartError(Exception):
    """Something the person who started this has to mend; the text is Dutch and complete."""


_REASONS = {
    errno.EACCES: "Geen schrijfrecht",
    errno.EPERM: "Geen schrijfrecht",
    errno.EROFS: "Geen schrijfrecht",
    errno.ENOSPC: "Geen schijfruimte meer",
    errno.EDQUOT: "Geen schijfruimte meer",
}


def explain(error: OSError) -> str:
    """Return the Dutch sentence for an error of the operating system, with the file it is about."""
    reason = _REASONS.get(error.errno or 0, f"Het systeem weigert ({error.strerror})")
    return f"{reason}: {error.filename}." if error.filename else f"{reason}."


def say(text: str = "") -> None:
    """Print a line at once."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print an error on the error stream."""
    print(f"Fout: {text}", file=sys.stderr, flush=True)


def seconds(duration: float) -> str:
    """Return a duration as Dutch text, such as ``1,3 s``."""
    return f"{duration:.1f} s".replace(".", ",")


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Show what is being done, and how long it took once it is done."""
    begun = time.monotonic()
    print(f"  {name} ... ", end="", flush=True)
    try:
        yield
    except BaseException:
        say()
        raise
    say(seconds(time.monotonic() - begun))


def heading(text: str) -> None:
    """Print a heading between the parts of the test command."""
    say(f"\n== {text} ".ljust(90, "="))
