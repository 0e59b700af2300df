"""What may make a text hard to read: found before it is saved, for the editor to weigh. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MOST_WORDS = 25
_CAPITAL_WORDS = 3
_LONG_CAPITAL_WORD = 9
_SHOWN_WORDS = 8
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
# A page puts headings of the second level above its texts.
_LEVEL_ABOVE = 2
_BLOCKS = frozenset({"p", "li", "ul", "ol", "blockquote", "br", *_HEADINGS})

# Link texts that say nothing of where they lead.
_EMPTY_WORDS = frozenset(
    {
        "hier",
        "hier klikken",
        "klik",
        "klik hier",
        "klik dan hier",
        "klik op deze link",
        "deze link",
        "link",
        "lees hier",
        "lees hier meer",
        "lees meer",
        "lees verder",
        "meer",
        "meer info",
        "meer informatie",
        "meer lezen",
        "verder lezen",
        "website",
    }
)
_BARE_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:be|com|eu|net|nl|org)(?:/\S*)?", re.I
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[)\"'”’»]*\s+(?=[\"'“‘«(]*[A-ZÀ-Ý0-9])")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_FILE_NAME = re.compile(
    r"\S+\.(?:avif|gif|heic|jpe?g|png|svg|tiff?|webp)|(?:img|dsc|image|foto)[ _-]?\d+", re.I
)
_EMPTY_DESCRIPTIONS = frozenset({"afbeelding", "beeld", "foto", "image", "logo", "plaatje", "sfeerbeeld"})


def problems_in_rich_text(html: str) -> list[str]:
    """What an editor may want to change in rich text; empty when nothing was found."""
    reader = _Reader()
    reader.feed(html or "")
    reader.close()
    return [*reader.problems, *problems_in_text("\n".join(reader.blocks))]


def problems_in_text(text: str) -> list[str]:
    """The same in plain text, of which each line stands by itself: sentences and capitals."""
    return [problem for problem in (_long_sentences(text), _capitals(text)) if problem]


def problems_in_description(alt: str) -> list[str]:
    """What is wrong with the description of a picture, for whom does not see it."""
    said = alt.strip().strip(".").lower()
    if not said:
        return ["Zonder beschrijving weet wie het beeld niet ziet niet wat erop staat."]
    if said in _EMPTY_DESCRIPTIONS or _FILE_NAME.fullmatch(said):
        return [f"“{alt.strip()}” zegt niet wat er op het beeld staat. Beschrijf het in één zin."]
    return []


def _long_sentences(text: str) -> str:
    """The first sentence that is too long, and how many more there are."""
    sentences = [part for line in text.splitlines() for part in _SENTENCE_END.split(line)]
    counts = [(sentence, len(_WORD.findall(sentence))) for sentence in sentences]
    found = [(sentence, count) for sentence, count in counts if count > MOST_WORDS]
    if not found:
        return ""
    sentence, count = found[0]
    problem = (
        f"Deze zin telt {count} woorden: “{_beginning(sentence)}”. Hoogstens {MOST_WORDS} leest vlotter."
    )
    others = len(found) - 1
    if others:
        problem += " Nog 1 zin is te lang." if others == 1 else f" Nog {others} zinnen zijn te lang."
    return problem


def _capitals(text: str) -> str:
    """The first passage in capitals: several words after each other, or one word too long for an abbreviation."""
    for line in text.splitlines():
        run: list[str] = []
        for word in [*_WORD.findall(line), ""]:
            if len(word) > 1 and word.isupper():
                run.append(word)
                continue
            if len(run) >= _CAPITAL_WORDS or any(len(shouted) >= _LONG_CAPITAL_WORD for shouted in run):
                return f"“{' '.join(run)}” staat in hoofdletters. Zet het in gewone letters, of maak het vet."
            run = []
    return ""


def _beginning(sentence: str) -> str:
    words = sentence.split()
    return " ".join(words[:_SHOWN_WORDS]) + (" …" if len(words) > _SHOWN_WORDS else "")


class _Reader(HTMLParser):
    """Reads rich text block by block, and judges its headings and links."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.blocks: list[str] = []
        self._text = ""
        self._heading = _LEVEL_ABOVE
        self._link: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end_block()
        if tag == "a":
            self._link = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._judge_heading(_HEADINGS[tag], " ".join(self._text.split()))
        if tag == "a" and self._link is not None:
            self._judge_link(" ".join(self._link.split()))
            self._link = None
        if tag in _BLOCKS:
            self._end_block()

    def handle_data(self, data: str) -> None:
        self._text += data
        if self._link is not None:
            self._link += data

    def close(self) -> None:
        super().close()
        self._end_block()

    def _end_block(self) -> None:
        if text := " ".join(self._text.split()):
            self.blocks.append(text)
        self._text = ""

    def _judge_heading(self, level: int, text: str) -> None:
        if not text:
            self.problems.append("Er staat een lege tussenkop. Vul hem in of haal hem weg.")
        elif level > self._heading + 1:
            self.problems.append(
                f"De kleine tussenkop “{text}” staat niet onder een gewone tussenkop. Maak er een gewone tussenkop van."
            )
        self._heading = level

    def _judge_link(self, text: str) -> None:
        if not text:
            self.problems.append("Er staat een link zonder tekst. Niemand kan erop klikken.")
        elif text.lower().strip(" .!…>»→:") in _EMPTY_WORDS:
            self.problems.append(
                f"De link “{text}” zegt niet waar hij naartoe gaat. Zet dat in de link zelf."
            )
        elif _BARE_ADDRESS.fullmatch(text):
            self.problems.append(f"De link “{text}” is een adres. Schrijf in de plaats wat je er vindt.")
