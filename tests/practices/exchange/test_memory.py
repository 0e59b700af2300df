"""However large a file becomes once it is unpacked, reading it takes less than 300 MB."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from practices.exchange.workbook import MAX_ROWS
from tests.practices.exchange.files import NEW, as_xlsx

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MOST_MB = 300
SCRIPT = """
import sys
import django
django.setup()
from practices.exchange import reading
from practices.exchange.columns import columns
path, extension = sys.argv[1:]
rows = 0
try:
    with open(path, "rb") as file, reading.opened(file, extension, "utf-8", columns([])) as table:
        for row in table.rows():
            rows += 1
except reading.Unreadable as error:
    print(error)
else:
    print(rows, "rijen")
lines = open("/proc/self/status").read().splitlines()
print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")))
"""


def read(path: Path) -> tuple[str, int]:
    """What reading the file says, and the most MB that its process held, Django included."""
    answer = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", SCRIPT, str(path), path.suffix[1:]], capture_output=True, text=True, check=True
    )
    said, used = answer.stdout.strip().splitlines()[-2:]
    return said, int(used)


def spreadsheet(path: Path, **parts: bytes) -> Path:
    """A true spreadsheet with other parts: `sheet1`, `sharedStrings` (as Excel itself writes texts), `styles`."""
    names = {"sheet1": "xl/worksheets/sheet1.xml", "sharedStrings": SHARED, "styles": "xl/styles.xml"}
    given = {SHARED: b"<sst " + MAIN + b"/>"} | {names[part]: body for part, body in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(as_xlsx([NEW]))) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            body = given.pop(part.filename, None) or old.read(part)
            new.writestr(part.filename, body.replace(b"</Types>", SHARED_TYPE + b"</Types>"))
        for name, body in given.items():
            new.writestr(name, body)
    return path


def noise(size: int) -> bytes:
    """A comment that cannot be packed, so that the file does not look like a bomb."""
    return b"<!--" + random.Random(1).randbytes(size // 2).hex().encode() + b"-->"


SHARED = "xl/sharedStrings.xml"
SHARED_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml" />'
)
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEAD = b'<row r="1"><c t="inlineStr"><is><t>nummer</t></is></c></row>'


def sheet(rows: bytes) -> bytes:
    return b"<worksheet " + MAIN + b"><sheetData>" + HEAD + rows + b"</sheetData></worksheet>"


def test_the_largest_file_that_is_taken_is_read_in_bounded_memory(tmp_path):
    text = b"<c t='inlineStr'><is><t>" + b"Ouders en kinderen lopen binnen. " * 7 + b"</t></is></c>"
    path = spreadsheet(
        tmp_path / "groot.xlsx", sheet1=sheet((b"<row>" + text * 10 + b"</row>") * (MAX_ROWS - 1))
    )
    said, used = read(path)
    assert said == f"{MAX_ROWS - 1} rijen"
    assert used < MOST_MB


def test_as_many_shared_texts_as_are_taken_are_read_in_bounded_memory(tmp_path):
    texts = ("<si><t>" + "ouders\u2019 kinderen " * 5 + "</t></si>").encode() * 290_000
    rows = b"".join(b"<row><c t='s'><v>%d</v></c></row>" % number for number in range(MAX_ROWS - 1))
    path = spreadsheet(
        tmp_path / "groot.xlsx", sharedStrings=b"<sst " + MAIN + b">" + texts + b"</sst>", sheet1=sheet(rows)
    )
    said, used = read(path)
    assert said == f"{MAX_ROWS - 1} rijen"
    assert used < MOST_MB


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("sheet1", sheet(b"<row>" + b"<c/>" * 12_000_000 + b"</row>" + noise(400_000))),
        ("sheet1", sheet(b"<row><c><v>1</v></c></row>" * 2_000_000 + noise(400_000))),
        ("sheet1", sheet(b"<row/>" * 9_000_000 + noise(400_000))),
        (
            "sheet1",
            b"<worksheet " + MAIN + b">" + b"<mergeCell/>" * 4_000_000 + noise(400_000) + b"</worksheet>",
        ),
        (
            "sheet1",
            sheet(
                b"<row><c t='inlineStr'><is><t>" + b"a" * 50_000_000 + b"</t></is></c></row>" + noise(400_000)
            ),
        ),
        (
            "sharedStrings",
            b"<sst " + MAIN + b">" + b"<si><t>ab</t></si>" * 3_000_000 + noise(400_000) + b"</sst>",
        ),
        (
            "sharedStrings",
            b"<sst " + MAIN + b"><si><t>" + b"a" * 50_000_000 + b"</t></si>" + noise(400_000) + b"</sst>",
        ),
        (
            "styles",
            b"<styleSheet "
            + MAIN
            + b"><cellXfs>"
            + b"<xf/>" * 9_000_000
            + noise(400_000)
            + b"</cellXfs></styleSheet>",
        ),
        ("styles", b"<styleSheet " + MAIN + b">" + b"<a>" * 9_000_000 + noise(400_000)),
    ],
    ids=[
        "cells",
        "rows",
        "empty rows",
        "merges",
        "long cell",
        "shared texts",
        "long text",
        "styles",
        "depth",
    ],
)
def test_what_would_become_gigabytes_is_refused_in_bounded_memory(tmp_path, part, body):
    said, used = read(spreadsheet(tmp_path / "bom.xlsx", **{part: body}))
    assert "rijen" not in said or "Verdeel" in said or "Kopieer" in said
    assert used < MOST_MB


@pytest.mark.parametrize(
    "content",
    [
        b"nummer;naam\r\n" + b"x" * 10_000_000,
        b'nummer;"' + b"x" * 10_000_000,
        b";" * 10_000_000,
        b"a;b\r\n" * 2_000_000,
    ],
    ids=["one cell", "open quote", "one row of cells", "rows"],
)
def test_csv_of_ten_megabytes_is_refused_in_bounded_memory(tmp_path, content):
    path = tmp_path / "lijst.csv"
    path.write_bytes(content)
    _said, used = read(path)
    assert used < MOST_MB
