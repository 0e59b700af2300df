"""The Word documents that we write: valid, whatever somebody typed."""

import io
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.themes.docx import Heading, Numbered, Paragraph, Table, document, gaps, pieces

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def parts(made: bytes) -> dict[str, ElementTree.Element]:
    """Each part of a document, read as XML."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}  # noqa: S314 - our own


def lines(made: bytes) -> list[str]:
    """The text of each paragraph."""
    body = parts(made)["word/document.xml"]
    return ["".join(text.text or "" for text in line.iter(f"{W}t")) for line in body.iter(f"{W}p")]


@given(st.text(), st.text(), st.lists(st.text(), max_size=4))
def test_any_text_gives_well_formed_xml(title, text, several):
    made = document([Heading(title, 0), Paragraph(text), Numbered(several), Table(["a"], [[text]])], title)
    assert len(lines(made)) == 2 + len(several) + 3


def test_what_looks_like_markup_stays_text():
    text = "</w:t></w:r> & <b>\"[naam]'"
    assert lines(document([Paragraph(text)], text)) == [text]
    assert parts(document([], text))["docProps/core.xml"][0].text == text


def test_control_characters_are_dropped():
    assert lines(document([Paragraph("kof\x00fie\x1b\ufffe\ud800 thee")], "")) == ["koffie thee"]


def test_each_part_that_is_named_is_there():
    made = parts(document([], ""))
    named = {part.get("PartName", "").lstrip("/") for part in made["[Content_Types].xml"]} - {""}
    targets = {f"word/{link.get('Target')}" for link in made["word/_rels/document.xml.rels"]}
    targets |= {link.get("Target") for link in made["_rels/.rels"]}
    assert named == targets
    assert named < made.keys()


def test_styles_that_are_used_exist_and_numbers_count_on():
    made = parts(
        document([Heading("a", 0), Heading("b"), Numbered(["c"]), Table(["d"], [["e"]]), Numbered(["f"])], "")
    )
    used = {style.get(f"{W}val") for style in made["word/document.xml"].iter(f"{W}pStyle")}
    assert used == {"Title", "Heading1", "ListNumber", "TableHead"}
    assert used <= {style.get(f"{W}styleId") for style in made["word/styles.xml"].iter(f"{W}style")}
    assert len(list(made["word/numbering.xml"].iter(f"{W}num"))) == 1


def test_gaps_are_marked():
    assert pieces("[naam] opent om [uur].") == [
        ("[naam]", True),
        (" opent om ", False),
        ("[uur]", True),
        (".", False),
    ]
    body = parts(document([Paragraph("[naam] opent.")], ""))["word/document.xml"]
    marked = [run for run in body.iter(f"{W}r") if run.find(f"{W}rPr/{W}highlight") is not None]
    assert [run.findtext(f"{W}t") for run in marked] == ["[naam]"]


@pytest.mark.parametrize("text", ["geen", "[]", "[half", "half]", f"[{'x' * 81}]"])
def test_what_is_no_gap_is_left_alone(text):
    assert gaps(text) == []


def test_the_same_content_makes_the_same_file():
    assert document([Paragraph("a")], "b") == document([Paragraph("a")], "b")
