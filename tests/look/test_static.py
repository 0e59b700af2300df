"""What the look weighs, and what a strict policy and hashed file names ask of it."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
MAX_STYLE_BYTES = 8 * 1024
MAX_FONT_BYTES = 64 * 1024


def test_the_style_sheet_stays_small():
    assert len(gzip.compress((STATIC / "css/site.css").read_bytes())) <= MAX_STYLE_BYTES


def test_the_two_fonts_stay_small_and_carry_their_licence():
    fonts = sorted((STATIC / "fonts").glob("*.woff2"))
    assert [font.stem for font in fonts] == ["bricolage-grotesque", "figtree"]
    assert sum(font.stat().st_size for font in fonts) <= MAX_FONT_BYTES
    assert all(
        "SIL Open Font License" in (STATIC / f"fonts/{font.stem}-OFL.txt").read_text() for font in fonts
    )


@pytest.mark.parametrize(
    "path", sorted([*STATIC.glob("**/*.js"), *STATIC.glob("**/*.css")]), ids=lambda path: path.name
)
def test_a_static_file_names_no_source_map(path):
    assert "sourceMappingURL" not in path.read_text()


@pytest.mark.parametrize(
    "path",
    # A mail has no style sheet of its own.
    sorted(
        path for path in TEMPLATES.glob("**/*.html") if "mail" not in path.parts and "email" not in path.parts
    ),
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_a_template_has_no_inline_style_or_script(path):
    html = path.read_text()
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/(?:ld\+)?json\"))", html)


def test_text_on_its_ground_is_readable():
    """WCAG 2.2 AA for each pair of tokens that the style sheet puts together."""
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", (STATIC / "css/site.css").read_text()))
    pairs = [
        ("inkt", "papier"),
        ("inkt", "perzik"),
        ("inkt", "salie"),
        ("inkt", "zon-licht"),
        ("inkt-zacht", "papier"),
        ("inkt-zacht", "perzik-licht"),
        ("aubergine", "perzik"),
        ("koraal", "papier"),
        ("koraal-diep", "papier"),
        ("mos", "papier"),
        ("mos", "perzik"),
        ("wit", "koraal"),
        ("wit", "aubergine"),
        ("zon", "aubergine"),
    ]
    for text, ground in pairs:
        assert _contrast(tokens[text], tokens[ground]) >= 4.5, (text, ground)
    assert _contrast(tokens["lijn"], tokens["wit"]) >= 3


def _contrast(one: str, two: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
