"""What somebody takes along: one zip with a JSON file and their files, made row by row and piece by piece."""

from __future__ import annotations

import io
import json
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from . import my_data
from .models import User
from .my_data import HeldFile, Source
from .own_data import moment

logger = logging.getLogger(__name__)

DATA, READ_ME = "gegevens.json", "lees-mij.txt"
_PIECE = 64 * 1024
_WORDS = """Dit zijn de gegevens die EXPOO Inspiratie over jou bewaart, op {day}.

gegevens.json bevat alles wat in het portaal over jou staat en wat je er zelf schreef. Je kunt het openen met een
tekstprogramma. De mappen bevatten je bestanden. Wat andere mensen schreven, zit er niet bij.
"""


def make_zip(user: User) -> IO[bytes]:
    """The zip, in a temporary file that is gone once it is closed."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        # One moment for all of it: what is written meanwhile is not in it by half.
        with transaction.atomic(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr(READ_ME, _WORDS.format(day=timezone.localdate().strftime("%d/%m/%Y")))
            with (
                made.open(DATA, "w") as entry,
                io.TextIOWrapper(entry, "utf-8", write_through=True) as text,
            ):
                _write_json(text, user)
            for source in my_data.sources():
                for held in source.files(user):
                    _add_file(made, f"{source.key}/{held.path}", held)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def _write_json(text: IO[str], user: User) -> None:
    text.write(f'{{\n"gemaakt": {_json(moment(timezone.now()))}')
    for source in my_data.sources():
        text.write(f",\n{_json(source.key)}: ")
        _write_source(text, source, user)
    text.write("\n}\n")


def _write_source(text: IO[str], source: Source, user: User) -> None:
    before = "{\n"
    for name, rows in source.export(user):
        text.write(f"{before}{_json(name)}: ")
        _write_rows(text, rows)
        before = ",\n"
    text.write("{}" if before == "{\n" else "\n}")


def _write_rows(text: IO[str], rows: Iterable[dict[str, Any]]) -> None:
    before = "[\n"
    for row in rows:
        text.write(f"{before}{_json(row)}")
        before = ",\n"
    text.write("[]" if before == "[\n" else "\n]")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)


def _add_file(made: zipfile.ZipFile, path: str, held: HeldFile) -> None:
    """Copy a stored file as it is: pictures, recordings and documents are packed already."""
    try:
        stored = held.file.storage.open(str(held.file.name))
    except FileNotFoundError:
        logger.exception("a file of somebody's own data is gone")
        return
    entry = zipfile.ZipInfo(path, timezone.localtime().timetuple()[:6])
    entry.external_attr, entry.file_size = 0o600 << 16, stored.size
    with stored, made.open(entry, "w") as target:
        shutil.copyfileobj(stored, target, _PIECE)
