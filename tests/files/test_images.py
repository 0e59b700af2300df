"""Pictures are drawn anew: nothing hidden comes along."""

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from expoo_portal import images

from . import samples


def drawn(content):
    return Image.open(io.BytesIO(images.redraw(io.BytesIO(content))))


def test_a_photo_is_turned_upright_and_loses_what_it_told_about_its_maker():
    photo = samples.photo_with_place()
    assert b"GeheimToestel" in photo
    assert b"GeheimCommentaar" in photo
    content = images.redraw(io.BytesIO(photo))
    image = Image.open(io.BytesIO(content))
    assert image.size == (40, 60)
    assert not image.getexif()
    assert b"Geheim" not in content
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)


def test_text_hidden_in_a_png_is_dropped():
    info = PngInfo()
    info.add_text("auteur", "GeheimCommentaar")
    assert b"Geheim" not in images.redraw(io.BytesIO(samples.picture("PNG", pnginfo=info)))


def test_a_large_photo_becomes_as_large_as_a_screen_needs():
    assert drawn(samples.picture(size=(4000, 1000))).size == (2400, 600)


@pytest.mark.parametrize(
    ("picture_format", "mode", "color", "expected"),
    [
        ("PNG", "P", 0, "RGB"),
        ("PNG", "LA", (10, 20), "RGBA"),
        ("PNG", "1", 1, "RGB"),
        ("PNG", "RGBA", (1, 2, 3, 4), "RGBA"),
        ("JPEG", "CMYK", (0, 0, 0, 0), "RGB"),
        ("JPEG", "L", 7, "RGB"),
        ("WEBP", "RGBA", (1, 2, 3, 4), "RGBA"),
    ],
)
def test_pictures_of_all_sorts_are_drawn_anew(picture_format, mode, color, expected):
    image = drawn(samples.picture(picture_format, mode=mode, color=color))
    assert (image.format, image.mode) == (picture_format, expected)


def test_sixteen_bits_of_grey_keep_their_brightness():
    image = drawn(samples.picture("PNG", mode="I;16", color=32_768))
    assert image.getpixel((0, 0)) == (128, 128, 128)


def test_a_picture_with_too_many_pixels_is_refused():
    bomb = samples.picture("PNG", size=(6000, 5001), mode="1", color=0)
    assert len(bomb) < 50_000
    with pytest.raises(ValidationError, match="30 miljoen beeldpunten"):
        images.redraw(io.BytesIO(bomb))


@pytest.mark.parametrize("cut", [30, 200, 400])
def test_a_damaged_picture_is_refused_with_a_sentence(cut):
    with pytest.raises(ValidationError, match="beschadigd"):
        images.redraw(io.BytesIO(samples.picture("JPEG", size=(300, 300))[:cut]))


def test_a_smaller_version_is_webp_and_never_larger_than_the_picture():
    large = Image.open(
        io.BytesIO(images.rendition(io.BytesIO(samples.picture(size=(2000, 1000))), images.Size.CARD))
    )
    small = Image.open(
        io.BytesIO(images.rendition(io.BytesIO(samples.picture(size=(50, 30))), images.Size.CARD))
    )
    assert (large.format, large.size) == ("WEBP", (640, 320))
    assert (small.format, small.size) == ("WEBP", (50, 30))
