"""The Word documents that we write: valid, whatever somebody typed."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.themes.docx import Heading, Numbered, Paragraph, Table, document, gaps, pieces
from expoo_portal.xml_text import clean

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


SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
HOSTILE = {
    "markup": '</w:t></w:r><w:r><w:br w:type="page"/> & <!-- ]]> "[naam]" &amp; &#x41;',
    "control characters": "kof\x00fie\x1b[31m\x0b\ufffe met\u2028melk",
    "no spaces": "x" * 5_000,
    "very long": "Wij spreken dit af. " * 250,
    "emoji": "\U0001f9d1\u200d\U0001f37c en \U0001f1e7\U0001f1ea \u2615",
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u202e\u0645\u0631\u062d\u0628\u0627 en [naam]",
    "field code": '{ DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc" } =1+1 @SUM(1)',
}
# What no document can show: LibreOffice leaves it out of its text, or makes a space or a line of it.
_INVISIBLE = re.compile("[\\s\u200d\u202e\u2028\ufeff]+")


def shown(text: str) -> str:
    """The signs of a text that can be seen."""
    return _INVISIBLE.sub("", clean(text))


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, str], bytes]:
    """Opens a document in LibreOffice, by itself and with a profile of its own, and gives it as another format."""
    if SOFFICE is None:
        pytest.skip(
            "LibreOffice (soffice) is not installed here, so nothing says whether it opens our documents"
        )
    profile = tmp_path_factory.mktemp("profile").as_uri()

    def convert(made: bytes, target: str) -> bytes:
        place = tmp_path_factory.mktemp("document")
        (place / "a.docx").write_bytes(made)
        command = [
            SOFFICE,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--norestore",
            "--convert-to",
            target,
        ]
        subprocess.run(  # noqa: S603 - our own words only
            [*command, "--outdir", place, place / "a.docx"], check=True, timeout=180, capture_output=True
        )
        return (place / f"a.{target.partition(':')[0]}").read_bytes()

    return convert


def test_libreoffice_opens_a_document_and_shows_all_that_was_typed(converted: Callable[[bytes, str], bytes]):
    blocks = [
        Heading("Afspraken", 0),
        Heading("Doel"),
        Numbered(["Eerst koffie.", "Dan [wat dan]."]),
        Heading("Ruimte"),
        Numbered(list(HOSTILE.values())),
        Table(["Naam", "Datum", "Handtekening"], [[HOSTILE["markup"], "", ""], ["B" * 200, "", ""]]),
    ]
    made = document(blocks, HOSTILE["markup"])
    text = converted(made, "txt:Text (encoded):UTF8").decode("utf-8-sig")
    assert text.split("\n")[:2] == ["Afspraken", "Doel"]
    # The numbers count on over the headings.
    numbered = [line.strip() for line in text.splitlines() if re.match(r"\s*\d+\.", line)]
    assert [line.partition(".")[0] for line in numbered] == [str(number) for number in range(1, 10)]
    seen = shown(text)
    for name, typed in HOSTILE.items():
        assert shown(typed) in seen, name
    assert "B" * 200 in seen


def test_libreoffice_prints_the_sheet_on_a4(converted: Callable[[bytes, str], bytes]):
    lines = [
        f"Afspraak {number} met [naam], die we samen maakten en die op twee regels van het blad komt te staan."
        for number in range(1, 49)
    ]
    blocks = [
        Heading("Afspraken", 0),
        Numbered(lines),
        Heading("Voor akkoord"),
        Table(["Naam", "Datum", "Handtekening"], [["An", "", ""], ["Bilal", "", ""]]),
    ]
    printed = converted(document(blocks, "Afspraken"), "pdf")
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", printed)
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) in (3, 4)
