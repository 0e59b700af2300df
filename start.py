#!/usr/bin/env python3
"""Set up and run the whole portal: ``python3 start.py``, or ``python3 start.py --help`` for the rest.

Standard library only. This file has to parse on a Python that is too old, so that it can say so; all the rest
is in ``launch/``.
"""

import sys

OLDEST_PYTHON = (3, 11)


def python_error(version):
    """Return the Dutch sentence for a Python (its version as a tuple) that is too old, or None."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return None
    wanted, found = (".".join(str(part) for part in parts[:2]) for parts in (OLDEST_PYTHON, version))
    return "Fout: Python {} is te oud. Het portaal heeft Python {} of nieuwer nodig.".format(found, wanted)


if __name__ == "__main__":
    error = python_error(sys.version_info)
    if error:
        sys.exit(error)
    from launch.main import main

    sys.exit(main(sys.argv[1:]))
