"""Pictures: drawn anew at upload, so that nothing hidden comes along, and smaller versions for the pages."""

from __future__ import annotations

import io
from enum import Enum
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import File
from imagekit import ImageSpec
from imagekit.processors import ResizeToFit
from PIL import Image, ImageCms, ImageOps

MAX_PIXELS = 30_000_000
MAX_SIDE = 2_400
_FORMATS = ("JPEG", "PNG", "WEBP")
# Modes that keep their looks when they are made smaller; a palette, for one, does not.
_SCALABLE = ("RGB", "RGBA", "CMYK", "L", "LA")
_QUALITY = {"JPEG": {"quality": 85, "progressive": True}, "PNG": {}, "WEBP": {"quality": 85}}

# Pillow's own guard then warns or stops at the same limit, wherever else a picture is opened.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class Size(Enum):
    """A smaller version: its name in the address (`?maat=kaart`), its largest width and height in pixels."""

    CARD = ("kaart", 640, 640)
    PAGE = ("pagina", 1280, 1280)

    def __init__(self, slug: str, width: int, height: int) -> None:
        self.slug = slug
        self.width = width
        self.height = height

    @classmethod
    def find(cls, slug: str) -> Size | None:
        """The size of this name, or None."""
        return next((size for size in cls if size.slug == slug), None)


def redraw(file: BinaryIO) -> bytes:
    """The picture drawn anew in its own format: picture, within `MAX_SIDE`, in sRGB, without metadata.

    Of a moving picture the first image stays. Memory stays below some twenty bytes per pixel of `MAX_PIXELS`.
    Raises ValidationError with a Dutch sentence when it is too large or no picture.
    """
    file.seek(0)
    try:
        with Image.open(file, formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_large()
            picture_format = str(image.format)
            picture = image if image.mode in _SCALABLE else _in_colour(image)
            picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
            ImageOps.exif_transpose(picture, in_place=True)
            picture = _in_colour(_in_srgb(picture, image.info.get("icc_profile")))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise ValidationError(
            "Dit beeld is beschadigd en kan niet gelezen worden.", code="damaged"
        ) from error
    if picture_format == "JPEG":
        picture = picture.convert("RGB")
    # A new picture holds pixels only: no EXIF, no comments, no profile.
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    out = io.BytesIO()
    clean.save(out, picture_format, **_QUALITY[picture_format])
    return out.getvalue()


def rendition(file: File, size: Size) -> bytes:
    """A smaller version of a stored picture, as WebP; never larger than the picture itself."""

    class Spec(ImageSpec):
        processors = [ResizeToFit(size.width, size.height, upscale=False)]
        format = "WEBP"
        options = {"quality": 78, "method": 4}

    return Spec(source=file).generate().read()


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture with the colours that its own profile means; as it is without a readable profile."""
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return (
            ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode) or image
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _in_colour(image: Image.Image) -> Image.Image:
    """The picture as RGB, or RGBA when parts of it are transparent."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey: the upper eight are what a screen shows.
        image = image.convert("I").point(lambda level: level / 256).convert("L")
    target = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == target else image.convert(target)


def _too_large() -> ValidationError:
    return ValidationError(
        f"Dit beeld is te groot: het mag hoogstens {MAX_PIXELS // 1_000_000} miljoen beeldpunten hebben. "
        "Maak het kleiner en probeer opnieuw.",
        code="pixels",
    )
