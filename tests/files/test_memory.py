"""However large a file pretends to be, checking it takes little memory."""

import struct
import subprocess
import sys
import zipfile
import zlib

import pytest

from . import samples

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MEMORY_SCRIPT = """
import sys
from django.conf import settings
settings.configure()
from PIL import Image
from expoo_portal import images, uploads
from django.core.exceptions import ValidationError
kind, path, name = sys.argv[1:]
def peak():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))
before = peak()
with open(path, "rb") as file:
    try:
        if kind == "picture":
            images.redraw(file)
        else:
            uploads.check(file, name, 1000, frozenset(uploads.Kind))
    except ValidationError as error:
        print(error.code, end=" ")
print(peak() - before)
"""


def megabytes_used(kind, path):
    answer = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", MEMORY_SCRIPT, kind, str(path), path.name],
        capture_output=True,
        text=True,
        check=True,
    )
    *outcome, used = answer.stdout.split()
    return outcome, int(used)


def test_a_document_bomb_of_a_gigabyte_is_refused_within_little_memory(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in samples.WORD.items():
            file.writestr(name, content)
        with file.open("word/media.bin", "w") as part:
            for _ in range(1024):
                part.write(bytes(1024 * 1024))
    outcome, used = megabytes_used("document", path)
    assert outcome == ["bomb"]
    assert used < 50


def test_the_largest_allowed_picture_is_drawn_within_bounded_memory(tmp_path):
    path = tmp_path / "large.png"
    path.write_bytes(samples.picture("PNG", size=(6000, 5000)))
    outcome, used = megabytes_used("picture", path)
    assert outcome == []
    assert used < 450


def test_a_picture_of_thirty_thousand_by_thirty_thousand_is_refused_within_little_memory(tmp_path):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    side = 30_000
    black = zlib.compressobj()
    rows = b"".join(black.compress(bytes(1 + side // 8)) for _ in range(side)) + black.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    path = tmp_path / "vlak.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    outcome, used = megabytes_used("picture", path)
    assert outcome == ["pixels"]
    assert used < 50
