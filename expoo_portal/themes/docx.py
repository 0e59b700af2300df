"""A small Word document: headings, paragraphs, one running numbered list and tables. Pure; the format is OOXML.

No more of the format than we write: `document([Heading("Afspraken"), Numbered(["..."])], "Afspraken")`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from expoo_portal.xml_text import clean

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_GAP = re.compile(r"(\[[^\[\]]{1,80}\])")
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The same for the same content: a file in a zip has a date.
_DATE = (2026, 1, 1, 0, 0, 0)
# Twentieths of a point: the width between the margins of an A4.
_PAGE_WIDTH = 9638


@dataclass(frozen=True)
class Heading:
    """A heading; level 0 is the title of the document."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A line of text."""

    text: str


@dataclass(frozen=True)
class Numbered:
    """Lines with a number each, that count on from the ones before."""

    lines: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table with lines around its cells and tall rows, to write in; the head stands above."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Heading | Paragraph | Numbered | Table


def gaps(text: str) -> list[str]:
    """The places of a line that somebody still has to fill in, such as "[naam]"."""
    return _GAP.findall(text)


def pieces(text: str) -> list[tuple[str, bool]]:
    """A line cut where its gaps are; True with a gap."""
    return [(piece, place % 2 == 1) for place, piece in enumerate(_GAP.split(text)) if piece]


def document(blocks: Iterable[Block], title: str) -> bytes:
    """The bytes of a .docx with these blocks, on A4."""
    body = "".join(_block(block) for block in blocks)
    files = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONS,
        "docProps/core.xml": _core(title),
        "word/document.xml": _document(body),
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
        "word/styles.xml": _STYLES,
        "word/numbering.xml": _NUMBERING,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _DECLARATION + text)
    return made.getvalue()


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return _paragraph(text, f"Heading{level}" if level else "Title")
        case Paragraph(text):
            return _paragraph(text)
        case Numbered(lines):
            return "".join(_paragraph(line, "ListNumber") for line in lines)
        case Table(head, rows):
            return _table(head, rows)


def _paragraph(text: str, style: str = "", more: str = "") -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(_run(piece, is_gap) for piece, is_gap in pieces(clean(text)))
    return f"<w:p><w:pPr>{properties}{more}</w:pPr>{runs}</w:p>"


def _run(text: str, is_gap: bool) -> str:
    look = '<w:rPr><w:highlight w:val="yellow"/></w:rPr>' if is_gap else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    width = _PAGE_WIDTH // len(head)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A7D74"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = f'<w:gridCol w:w="{width}"/>' * len(head)
    # All rows but the last stay with what follows, so that the table is not cut by the end of a page.
    lines = [
        _row(head, width, "TableHead", is_last=not rows),
        *(_row(row, width, "", row is rows[-1]) for row in rows),
    ]
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{width * len(head)}" w:type="dxa"/><w:tblInd w:w="113" w:type="dxa"/>'
        f"<w:tblBorders>{borders}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="85" w:type="dxa"/><w:left w:w="113" w:type="dxa"/>'
        f'<w:right w:w="113" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        f"{''.join(lines)}</w:tbl><w:p/>"
    )


def _row(cells: Sequence[str], width: int, style: str, is_last: bool) -> str:
    keep = "" if is_last else "<w:keepNext/>"
    height = "" if style else '<w:trHeight w:val="1000" w:hRule="atLeast"/>'
    columns = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph(cell, style, keep)}</w:tc>'
        for cell in cells
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{columns}</w:tr>"


def _document(body: str) -> str:
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" '
        'w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    return f'<w:document xmlns:w="{_MAIN}"><w:body>{body}{page}</w:body></w:document>'


def _core(title: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(clean(title))}</dc:title><dc:language>nl-BE</dc:language></cp:coreProperties>"
    )


def _style(name: str, label: str, paragraph: str, run: str, base: str = "Normal") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{label}"/><w:basedOn w:val="{base}"/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_TYPE}.numbering+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)
_DOCUMENT_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/numbering" Target="numbering.xml"/></Relationships>'
)
_STYLES = (
    f'<w:styles xmlns:w="{_MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/><w:lang w:val="nl-BE"/>'
    '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    + _style(
        "Title", "Title", '<w:spacing w:after="160"/>', '<w:b/><w:color w:val="4A2545"/><w:sz w:val="44"/>'
    )
    + _style(
        "Heading1",
        "heading 1",
        '<w:keepNext/><w:spacing w:before="280" w:after="100"/><w:outlineLvl w:val="0"/>',
        '<w:b/><w:color w:val="4A2545"/><w:sz w:val="28"/>',
    )
    + _style("ListNumber", "List Number", '<w:keepLines/><w:numPr><w:numId w:val="1"/></w:numPr>', "")
    + _style("TableHead", "Table Head", '<w:spacing w:after="60"/>', "<w:b/>")
    + "</w:styles>"
)
_NUMBERING = (
    f'<w:numbering xmlns:w="{_MAIN}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>'
    '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="454" w:hanging="454"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
