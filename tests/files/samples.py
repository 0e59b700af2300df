"""Files to upload in tests: small, made on the spot, true and false ones."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

WORD = {
    "[Content_Types].xml": b"<Types/>",
    "word/document.xml": b"<w:document>Draaiboek</w:document>",
}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 500


def archive(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def open_document(name: str = "text", **extra: bytes) -> bytes:
    """An OpenDocument file: its type comes first, as plain bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", f"application/vnd.oasis.opendocument.{name}")
        for part, content in {"content.xml": b"<office/>", **extra}.items():
            file.writestr(part, content)
    return out.getvalue()


def picture(
    picture_format: str = "JPEG",
    size: tuple[int, int] = (60, 40),
    color: object = (200, 30, 30),
    mode: str = "RGB",
    **save: object,
) -> bytes:
    """A picture in one colour."""
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, picture_format, **save)
    return out.getvalue()


def photo_with_place(orientation: int = 6) -> bytes:
    """A photo of a phone held upright: turned by its metadata, which also tell where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "GeheimToestel"
    exif.get_ifd(0x8825)[2] = (50.0, 52.0, 45.0)
    return picture(size=(60, 40), exif=exif, comment=b"GeheimCommentaar")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """The content as a browser sends it."""
    return SimpleUploadedFile(name, content)
