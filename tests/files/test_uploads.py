"""What may be uploaded: an editor gets a clear sentence for what may not."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal import uploads
from expoo_portal.uploads import Kind

from . import samples

ALL = frozenset(Kind)


def check(name, content, kinds=ALL):
    return uploads.check(io.BytesIO(content), name, len(content), kinds)


def refusal(name, content, kinds=ALL):
    with pytest.raises(ValidationError) as caught:
        check(name, content, kinds)
    return caught.value


def sentence_about(name, content):
    """What an editor reads after this upload; any other error than a refusal fails the test."""
    try:
        return f"{check(name, content).name} is bewaard."
    except ValidationError as error:
        return error.messages[0]


GOOD = [
    ("a.pdf", samples.PDF, "application/pdf"),
    (
        "a.docx",
        samples.archive(samples.WORD),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "a.xlsx",
        samples.archive({"xl/workbook.xml": b"<x/>"}),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        "a.pptx",
        samples.archive({"ppt/presentation.xml": b"<x/>"}),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("a.odt", samples.open_document("text"), "application/vnd.oasis.opendocument.text"),
    ("a.ods", samples.open_document("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    ("a.odp", samples.open_document("presentation"), "application/vnd.oasis.opendocument.presentation"),
    ("a.txt", "café\r\n".encode(), "text/plain; charset=utf-8"),
    ("a.csv", "café;1\n".encode("cp1252"), "text/csv; charset=windows-1252"),
    ("a.mp3", samples.MP3, "audio/mpeg"),
    ("b.mp3", b"\xff\xfb\x90\x64" * 100, "audio/mpeg"),
    ("a.m4a", b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00", "audio/mp4"),
    ("a.mp4", b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "video/mp4"),
    ("a.ogg", b"OggS\x00\x02", "audio/ogg"),
    ("a.JPG", samples.picture("JPEG"), "image/jpeg"),
    ("a.jpeg", samples.picture("JPEG"), "image/jpeg"),
    ("a.png", samples.picture("PNG"), "image/png"),
    ("a.webp", samples.picture("WEBP"), "image/webp"),
]


@pytest.mark.parametrize(("name", "content", "content_type"), GOOD, ids=[name for name, _, _ in GOOD])
def test_an_editor_uploads_each_allowed_type(name, content, content_type):
    accepted = check(name, content)
    assert accepted.content_type == content_type
    assert uploads.type_label(content_type) == accepted.file_type.label


@pytest.mark.parametrize(
    "name", ["a.exe", "a.html", "a.svg", "a.docm", "a.zip", "a", ".pdf", "a.pdf.js", "a.heic"]
)
def test_an_editor_is_told_which_types_are_allowed(name):
    error = refusal(name, samples.PDF)
    assert error.code == "extension"
    assert "pdf, docx" in error.messages[0]


def test_a_picture_field_takes_pictures_only():
    error = refusal("a.pdf", samples.PDF, frozenset({Kind.IMAGE}))
    assert error.messages == ["Dit soort bestand kun je niet opladen. Wat wel kan: jpg, jpeg, png, webp."]


LIARS = [
    ("a.jpg", b"<html><script>alert(1)</script>"),
    ("a.jpg", samples.picture("PNG")),
    ("a.pdf", b"MZ\x90\x00"),
    ("a.png", samples.PDF),
    ("a.docx", samples.PDF),
    ("a.odt", samples.archive({"content.xml": b""})),
    ("a.ods", samples.open_document("text")),
    ("a.mp3", samples.PDF),
    ("a.mp4", b"RIFF\x00\x00\x00\x00AVI "),
    ("a.webp", b"RIFF\x00\x00\x00\x00WAVE"),
    ("a.txt", b"MZ\x90\x00\x03"),
    ("a.txt", b"a" * 70_000 + b"\x00"),
]


@pytest.mark.parametrize(("name", "content"), LIARS, ids=[f"{name}-{n}" for n, (name, _) in enumerate(LIARS)])
def test_a_file_that_lies_about_its_type_is_refused(name, content):
    assert refusal(name, content).code == "content"


def test_a_liar_is_refused_with_a_sentence_that_helps():
    assert refusal("a.jpg", b"GIF89a").messages == [
        "De naam van dit bestand eindigt op .jpg, maar de inhoud is iets anders "
        "(of is beveiligd met een wachtwoord). Bewaar het opnieuw in het juiste formaat."
    ]


def test_an_empty_file_is_refused():
    assert refusal("a.txt", b"").code == "empty"


def test_a_file_above_the_limit_of_its_kind_is_refused_before_it_is_read():
    with pytest.raises(ValidationError, match="hoogstens 30 MB"):
        uploads.check(io.BytesIO(), "a.pdf", 31 * 1024 * 1024, ALL)


def test_a_zip_that_is_no_word_document_is_refused():
    assert refusal("a.docx", samples.archive({"xl/workbook.xml": b""})).code == "content"


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "word/vbaData.xml", "xl/macrosheets/sheet1.xml"])
def test_a_document_with_a_macro_is_refused(part):
    error = refusal("a.docx", samples.archive({**samples.WORD, part: b"x"}))
    assert error.code == "macro"
    assert "zonder macro's" in error.messages[0]


def test_an_open_document_with_a_macro_is_refused():
    assert refusal("a.odt", samples.open_document(**{"Basic/Standard/Module1.xml": b"Sub"})).code == "macro"


def test_a_document_that_unpacks_to_much_more_is_refused():
    bomb = samples.archive({**samples.WORD, "word/media.bin": b"0" * 40_000_000})
    assert len(bomb) < 100_000
    assert refusal("a.docx", bomb).code == "bomb"


def test_a_document_that_understates_its_size_is_refused():
    honest = samples.archive({**samples.WORD, "word/media.bin": b"0" * 4_000_000})
    size = (4_000_000).to_bytes(4, "little")
    assert honest.count(size) == 2
    assert refusal("a.docx", honest.replace(size, (4_000).to_bytes(4, "little"))).code == "damaged"


def test_a_document_with_overlapping_parts_is_refused():
    content = bytearray(samples.archive({**samples.WORD, "b.xml": b"x"}))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 42 : directory + 46] = (0).to_bytes(4, "little")
    assert refusal("a.docx", bytes(content)).code == "damaged"


def test_a_document_with_very_many_parts_is_refused():
    many = samples.archive({**samples.WORD, **{f"p/{n}": b"" for n in range(5_001)}}, zipfile.ZIP_STORED)
    assert refusal("a.docx", many).code == "bomb"


def test_an_encrypted_document_is_refused():
    content = bytearray(samples.archive(samples.WORD))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusal("a.docx", bytes(content)).code == "encrypted"


@given(st.binary(max_size=400), st.sampled_from(sorted(uploads.TYPES)))
def test_any_bytes_are_accepted_or_refused_with_a_sentence(content, extension):
    for body in (content, samples.archive(samples.WORD)[: len(content)] + content):
        assert sentence_about(f"a.{extension}", body).endswith(".")


@given(st.integers(min_value=0), st.binary(min_size=1, max_size=8))
def test_a_word_document_with_a_changed_spot_is_accepted_or_refused_with_a_sentence(place, change):
    content = bytearray(samples.archive(samples.WORD))
    place %= len(content)
    content[place : place + len(change)] = change
    assert sentence_about("a.docx", bytes(content)).endswith(".")


NAMES = [
    ("Draaiboek  ruilfeest.PDF", "Draaiboek ruilfeest.pdf"),
    ("../../etc/passwd.pdf", "passwd.pdf"),
    ("C:\\Users\\ik\\affiche.pdf", "affiche.pdf"),
    ("affiche\u202efdp.exe.pdf", "affichefdp.exe.pdf"),
    ("regel\r\neinde\x00\u200b.pdf", "regel einde.pdf"),
    ("cafe\u0301.pdf", "café.pdf"),
    ("....pdf", "bestand.pdf"),
    (" .. ", "bestand.pdf"),
    ('een "goed" plan?.pdf', "een goed plan .pdf".replace(" .", ".")),
    ("oud.docx", "oud.pdf"),
    ("zonder", "zonder.pdf"),
    ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
]


@pytest.mark.parametrize(("given_name", "shown"), NAMES)
def test_a_file_keeps_a_readable_and_harmless_name(given_name, shown):
    assert uploads.clean_name(given_name, "pdf") == shown


@given(st.text())
def test_any_name_becomes_harmless(name):
    cleaned = uploads.clean_name(name, "pdf")
    assert cleaned.endswith(".pdf")
    assert len(cleaned) <= uploads.MAX_NAME
    assert cleaned.isprintable()
    assert not set(cleaned) & set('/\\"<>:|?*\u202e')
    assert uploads.clean_name(cleaned, "pdf") == cleaned
