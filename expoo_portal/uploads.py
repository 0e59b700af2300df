"""What may be uploaded, decided by what a file holds and not by what it says it is.

Everything here reads in bounded pieces: a file can be larger than memory, and can lie about its size.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import File

from . import office

CHUNK = 64 * 1024
MAX_NAME = 120
_MEGABYTE = 1024 * 1024


class Kind(Enum):
    """A sort of file: its Dutch name and the largest size in bytes."""

    IMAGE = ("beeld", 20 * _MEGABYTE)
    DOCUMENT = ("document", 30 * _MEGABYTE)
    AUDIO = ("geluid", 150 * _MEGABYTE)
    VIDEO = ("film", 500 * _MEGABYTE)

    def __init__(self, label: str, max_bytes: int) -> None:
        self.label = label
        self.max_bytes = max_bytes


@dataclass(frozen=True)
class FileType:
    """A type that may be uploaded: how it is recognised (its first bytes, then a look inside) and served."""

    label: str
    content_type: str
    kind: Kind
    starts_right: Callable[[bytes], bool]
    inspect: Callable[[BinaryIO], None] | None = None


@dataclass(frozen=True)
class Accepted:
    """An upload that passed: its cleaned name, and the type to serve it as."""

    name: str
    file_type: FileType
    content_type: str


def _signature(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signatures)


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_mp3(head: bytes) -> bool:
    """An ID3 tag, or a frame: 11 set bits, then a version, layer, bitrate and frequency that exist."""
    if head[:3] == b"ID3":
        return True
    return (
        len(head) > 2
        and head[0] == 0xFF
        and head[1] & 0xE0 == 0xE0
        and head[1] & 0x18 != 0x08
        and head[1] & 0x06 != 0
        and head[2] & 0xF0 != 0xF0
        and head[2] & 0x0C != 0x0C
    )


def _is_mp4(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:11] in (
        b"M4A",
        b"M4B",
        b"M4V",
        b"iso",
        b"mp4",
        b"avc",
        b"das",
        b"MSN",
    )


def _is_text(head: bytes) -> bool:
    return not re.search(rb"[\x00-\x08\x0e-\x1f]", head.removeprefix(codecs.BOM_UTF8))


def _office(part: str, *markers: str) -> Callable[[BinaryIO], None]:
    return lambda file: office.inspect(file, required_part=part, macro_markers=markers)


def _microsoft(label: str, name: str, part: str) -> FileType:
    return FileType(
        label,
        f"application/vnd.openxmlformats-officedocument.{name}",
        Kind.DOCUMENT,
        _signature(b"PK\x03\x04"),
        _office(part, "/vbaproject.bin", "/vbadata.xml", "/macrosheets/", "/activex/"),
    )


def _open_document(label: str, name: str) -> FileType:
    """The format asks that the type is the first thing in the file, as plain bytes."""
    content_type = f"application/vnd.oasis.opendocument.{name}"
    return FileType(
        label,
        content_type,
        Kind.DOCUMENT,
        lambda head: head[:4] == b"PK\x03\x04" and f"mimetype{content_type}".encode() in head[30:200],
        _office("content.xml", "/basic/", "/scripts/"),
    )


_jpeg = FileType("JPEG-beeld", "image/jpeg", Kind.IMAGE, _signature(b"\xff\xd8\xff"))

TYPES: dict[str, FileType] = {
    "pdf": FileType("PDF", "application/pdf", Kind.DOCUMENT, _signature(b"%PDF-")),
    "docx": _microsoft("Word-document", "wordprocessingml.document", "word/document.xml"),
    "xlsx": _microsoft("Excel-bestand", "spreadsheetml.sheet", "xl/workbook.xml"),
    "pptx": _microsoft("PowerPoint", "presentationml.presentation", "ppt/presentation.xml"),
    "odt": _open_document("Tekstdocument", "text"),
    "ods": _open_document("Rekenblad", "spreadsheet"),
    "odp": _open_document("Presentatie", "presentation"),
    "txt": FileType("Tekst", "text/plain", Kind.DOCUMENT, _is_text),
    "csv": FileType("CSV-bestand", "text/csv", Kind.DOCUMENT, _is_text),
    "mp3": FileType("MP3-geluid", "audio/mpeg", Kind.AUDIO, _is_mp3),
    "m4a": FileType("M4A-geluid", "audio/mp4", Kind.AUDIO, _is_mp4),
    "ogg": FileType("OGG-geluid", "audio/ogg", Kind.AUDIO, _signature(b"OggS")),
    "mp4": FileType("MP4-film", "video/mp4", Kind.VIDEO, _is_mp4),
    "jpg": _jpeg,
    "jpeg": _jpeg,
    "png": FileType("PNG-beeld", "image/png", Kind.IMAGE, _signature(b"\x89PNG\r\n\x1a\n")),
    "webp": FileType("WebP-beeld", "image/webp", Kind.IMAGE, _is_webp),
}
_LABELS = {file_type.content_type: file_type.label for file_type in TYPES.values()}


def extensions(kinds: frozenset[Kind]) -> list[str]:
    """The extensions that files of these kinds may have, without dot."""
    return [extension for extension, file_type in TYPES.items() if file_type.kind in kinds]


def type_label(content_type: str) -> str:
    """The Dutch name of a content type, or "Bestand"."""
    return _LABELS.get(content_type.partition(";")[0], "Bestand")


def clean_name(name: str, extension: str) -> str:
    """A file name that is safe to show, to send in a header and to put in an address.

    Without path, control characters and characters that turn the reading direction; ends on `extension`,
    instead of on another one of ours.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    spaced = "".join(" " if char.isspace() else char for char in last)
    visible = "".join(char for char in spaced if unicodedata.category(char)[0] != "C")
    kept = " ".join(re.sub(r'[<>:"|?*]', " ", visible).split())
    given = extension_of(kept)
    stem = kept[: -len(given) - 1] if given in TYPES else kept
    stem = stem.strip(" .")[: MAX_NAME - len(extension) - 1].strip(" .")
    return f"{stem or 'bestand'}.{extension}"


def extension_of(name: str) -> str:
    """The extension in lower case without dot; a dot file and a bare name have none."""
    return PurePosixPath(re.split(r"[/\\]", name)[-1].strip()).suffix.lower().removeprefix(".")


def check(file: BinaryIO, name: str, size: int, kinds: frozenset[Kind]) -> Accepted:
    """Accept a file or say in Dutch why not.

    `file` is open for reading and can seek; `size` is in bytes; it is left at its beginning.
    Raises ValidationError.
    """
    extension = extension_of(name)
    file_type = TYPES.get(extension)
    if file_type is None or file_type.kind not in kinds:
        allowed = ", ".join(extensions(kinds))
        raise ValidationError(
            f"Dit soort bestand kun je niet opladen. Wat wel kan: {allowed}.", code="extension"
        )
    if size == 0:
        raise ValidationError("Dit bestand is leeg.", code="empty")
    if size > file_type.kind.max_bytes:
        raise ValidationError(
            f"Dit bestand is te groot: een {file_type.kind.label} mag hoogstens "
            f"{file_type.kind.max_bytes // _MEGABYTE} MB zijn.",
            code="size",
        )
    file.seek(0)
    if not file_type.starts_right(file.read(CHUNK)):
        raise ValidationError(
            f"De naam van dit bestand eindigt op .{extension}, maar de inhoud is iets anders "
            "(of is beveiligd met een wachtwoord). Bewaar het opnieuw in het juiste formaat.",
            code="content",
        )
    if file_type.inspect:
        file_type.inspect(file)
    content_type = file_type.content_type
    if content_type.startswith("text/"):
        content_type = f"{content_type}; charset={_charset(file)}"
    file.seek(0)
    return Accepted(clean_name(name, extension), file_type, content_type)


def pieces(file: BinaryIO | File, length: int | None = None) -> Iterator[bytes]:
    """The next `length` bytes of a file (all that is left by default), in pieces of at most `CHUNK`."""
    left = length
    while left is None or left > 0:
        piece = file.read(CHUNK if left is None else min(CHUNK, left))
        if not piece:
            return
        if left is not None:
            left -= len(piece)
        yield piece


def _charset(file: BinaryIO) -> str:
    """In what the text is written; ValidationError when it turns out to be no text after all."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    charset = "utf-8"
    for piece in pieces(file):
        if not _is_text(piece):
            raise ValidationError("Dit is geen gewoon tekstbestand.", code="content")
        if charset == "utf-8":
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                charset = "windows-1252"
    return charset
