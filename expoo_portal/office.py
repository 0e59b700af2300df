"""A look inside office documents, which are zip files: no bombs, no macros, no encryption, no overlaps."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import BinaryIO

from django.core.exceptions import ValidationError

MAX_PARTS = 5_000
MAX_UNPACKED = 300 * 1024 * 1024
# Text compresses to a tenth, a bomb to a thousandth. Small parts of mere repetition are no danger.
MAX_RATIO = 150
RATIO_COUNTS_FROM = 5 * 1024 * 1024
_STEP = 64 * 1024
_MAX_UNPACKED_STEP = 1024 * 1024
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1
_UNPACKABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def inspect(file: BinaryIO, *, required_part: str, macro_markers: tuple[str, ...]) -> None:
    """Refuse a document that is damaged, misses `required_part`, holds a macro or unpacks too large.

    `macro_markers` are lower case pieces of part names. Raises ValidationError with a Dutch sentence.
    """
    if _count(file, b"PK\x01\x02") > MAX_PARTS:
        raise _bomb()
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise _damaged() from error
    names = [part.filename.lower() for part in parts]
    if required_part not in names:
        raise ValidationError(
            "Dit bestand is geen document van het soort dat zijn naam belooft. Bewaar het opnieuw.",
            code="content",
        )
    if any(marker in f"/{name}" for name in names for marker in macro_markers):
        raise ValidationError(
            "In dit document zit een macro (een programmaatje). Bewaar het zonder macro's.",
            code="macro",
        )
    _unpack_nowhere(file, parts)


def _count(file: BinaryIO, signature: bytes) -> int:
    """How often these bytes occur: an upper bound of the parts, found before their list takes up memory."""
    file.seek(0)
    found, rest = 0, b""
    while piece := file.read(_STEP):
        found += (rest + piece).count(signature)
        rest = piece[1 - len(signature) :]
    return found


def _unpack_nowhere(file: BinaryIO, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack all parts and keep nothing: the sizes that an archive states about itself can be lies."""
    total = 0
    end_of_previous = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.flag_bits & _ENCRYPTED:
            raise ValidationError("Dit document is beveiligd met een wachtwoord.", code="encrypted")
        # Where one part begins before the other ends, the same bytes would unpack many times over.
        if part.compress_type not in _UNPACKABLE or part.header_offset < end_of_previous:
            raise _damaged()
        file.seek(part.header_offset)
        header = file.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size:
            raise _damaged()
        signature, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        if signature != b"PK\x03\x04":
            raise _damaged()
        file.seek(name_length + extra_length, 1)
        end_of_previous = file.tell() + part.compress_size
        unpacked = _unpacked_size(file, part, allowed=MAX_UNPACKED - total)
        if unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * max(part.compress_size, 1):
            raise _bomb()
        total += unpacked


def _unpacked_size(file: BinaryIO, part: zipfile.ZipInfo, allowed: int) -> int:
    """The real size of a part; ValidationError as soon as it passes `allowed` or turns out to be damaged."""
    left, size = part.compress_size, 0
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    stored = part.compress_type == zipfile.ZIP_STORED
    while left > 0:
        packed = file.read(min(_STEP, left))
        if not packed:
            raise _damaged()
        left -= len(packed)
        if stored:
            size += len(packed)
        while packed and not stored:
            try:
                size += len(inflater.decompress(packed, _MAX_UNPACKED_STEP))
            except zlib.error as error:
                raise _damaged() from error
            if size > allowed:
                raise _bomb()
            packed = inflater.unconsumed_tail
        if size > allowed:
            raise _bomb()
    if size != part.file_size:
        raise _damaged()
    return size


def _damaged() -> ValidationError:
    return ValidationError(
        "Dit document is beschadigd. Open het, bewaar het opnieuw en probeer nog eens.", code="damaged"
    )


def _bomb() -> ValidationError:
    return ValidationError("Dit document wordt uitgepakt veel te groot en wordt geweigerd.", code="bomb")
