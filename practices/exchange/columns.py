"""The columns of a file with practices: what they are called, what they hold and how that is explained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from import_export.fields import Field

from expoo_portal.search.analysis import fold
from expoo_portal.visibility import Audience, PublicationState

from ..models import BasedOn, Facet, Practice, PracticeKind
from . import widgets
from .widgets import similar

IDENTIFIER, ADDRESS, NAME, BASED_ON = "nummer", "adres", "naam", "waarop steunt dit"
MAX_COLUMNS = 200
_HTML = "Gewone tekst (een lege regel begint een nieuwe alinea) of HTML."
_EMPTY_KEEPS = "Leeg: blijft zoals het is; bij een nieuwe praktijk de gewone keuze."


class Column(Field):
    """One column: its header, the attribute of a practice that it holds, and what the explanation says.

    An empty cell empties the attribute, unless `keeps_when_empty`.
    """

    def __init__(
        self,
        header: str,
        attribute: str,
        widget: Any,
        explanation: str = "",
        *,
        aliases: Sequence[str] = (),
        keeps_when_empty: bool = False,
        width: int = 24,
    ) -> None:
        super().__init__(attribute=attribute, column_name=header, widget=widget)
        self.header = header
        self.explanation = explanation
        self.aliases = aliases
        self.keeps_when_empty = keeps_when_empty
        self.width = width

    @property
    def is_required(self) -> bool:
        """Whether a new practice cannot do without."""
        return bool(getattr(self.widget, "required", False))

    @property
    def words(self) -> list[str]:
        """What can be chosen in it; empty for free text."""
        if isinstance(self.widget, widgets.Choice):
            return list(self.widget.labels.values())
        return self.widget.words if isinstance(self.widget, widgets.Values) else []

    @property
    def takes_several(self) -> bool:
        """Whether more than one of the words can stand in a cell."""
        return isinstance(self.widget, widgets.Values) and self.widget.facet.multiple

    def structured(self, practice: Any) -> Any:
        """The value in a form that JSON has a shape for."""
        value = self.get_value(practice)
        if isinstance(self.widget, widgets.Values):
            return [part for part in self.widget.render(value).split("; ") if part]
        if isinstance(self.widget, widgets.Sources | widgets.Links):
            return [{key: part for key, part in _plain(item) if part} for item in value]
        return value if isinstance(value, int) else self.widget.render(value)

    def assign(self, practice: Any, value: Any) -> None:
        """Give the practice this value, without saving it."""
        setattr(practice, str(self.attribute), value)


def _plain(item: Any) -> Iterable[tuple[str, str]]:
    names = {"url": "adres", "description": "beschrijving", "consulted_on": "geraadpleegd", "title": "titel"}
    for name, value in item._asdict().items():
        yield names[name], value.isoformat() if hasattr(value, "isoformat") else value


class FacetColumn(Column):
    """The values of one facet among all values of a practice, which stand in `value_ids`."""

    def __init__(self, facet: Facet, header: str) -> None:
        widget = widgets.Values(facet, list(facet.values.all()))
        several = "Meer dan één waarde mag, met een puntkomma ertussen." if facet.multiple else "Eén waarde."
        super().__init__(
            header,
            "value_ids",
            widget,
            f"{facet.help_text} {several} Leeg: niets over gezegd.".strip(),
            aliases=(facet.slug,),
            width=28,
        )

    def get_value(self, instance: Any) -> frozenset[int]:
        return instance.value_ids & self.widget.ids

    def assign(self, practice: Any, value: Any) -> None:
        practice.value_ids = practice.value_ids - self.widget.ids | value


def _texts(*rows: tuple[str, str]) -> list[Column]:
    columns = []
    for header, attribute in rows:
        help_text = Practice._meta.get_field(attribute).help_text  # type: ignore[union-attr]
        columns.append(
            Column(header, attribute, widgets.RichText(), f"{help_text} {_HTML}".strip(), width=48)
        )
    return columns


def columns(facets: Iterable[Facet]) -> list[Column]:
    """All columns in their order, with one per facet (whose `values` are best prefetched)."""
    before = [
        Column(
            IDENTIFIER,
            "identifier",
            widgets.OptionalText(20),
            "Vast nummer waaraan een praktijk herkend wordt. Leeg bij een nieuwe praktijk: ze krijgt er een.",
            keeps_when_empty=True,
            width=10,
        ),
        Column(
            NAME,
            "name",
            widgets.Line(100, required=True),
            "Zoals gezinnen haar kennen.",
            aliases=("naam van de praktijk",),
        ),
        Column("in het kort", "summary", widgets.Text(600, required=True), "Twee tot vier zinnen.", width=48),
        Column(
            "wat is er bijzonder aan",
            "special",
            widgets.Line(200),
            "Eén zin. Staat op de kaart in de lijst.",
            width=32,
        ),
        Column("organisatie", "organisation", widgets.Line(160, required=True), "De organisatie."),
        Column("gemeente", "municipality", widgets.Line(100, required=True), "De gemeente.", width=18),
        Column(
            "soort",
            "kind",
            widgets.Choice(PracticeKind.choices),
            f"Waar de beschrijving vandaan komt. {_EMPTY_KEEPS}",
            keeps_when_empty=True,
        ),
    ]
    after = [
        *_texts(
            ("visie en achtergrond", "background"),
            ("hoe werkt het", "approach"),
            ("eerste bezoek", "welcome"),
            ("de plek", "space_note"),
            ("sterktes", "strengths"),
            ("uitdagingen", "challenges"),
            ("wat zou je anders doen", "tips"),
        ),
        Column("partners", "partners", widgets.Text(), "Eén per regel.", width=32),
        Column(
            "vragen voor het team",
            "discussion_questions",
            widgets.Text(600),
            "Hoogstens drie, één per regel. Leeg: het teamblad neemt de vragen van de onderwerpen.",
            aliases=("teamvragen",),
            width=32,
        ),
        Column(
            BASED_ON,
            "based_on",
            widgets.Choice(BasedOn.choices),
            f"Waarop de beschrijving steunt. {_EMPTY_KEEPS}",
            aliases=("waarop steunt deze beschrijving",),
            keeps_when_empty=True,
        ),
        Column("niet bevestigd", "unconfirmed", widgets.Text(), "Wat de bronnen openlaten.", width=32),
        Column(
            "peiljaar", "reference_year", widgets.Year(), "Het jaar waarin de beschrijving klopte.", width=10
        ),
        Column("laatst nagekeken", "reviewed_on", widgets.Day(), "Een datum: dag/maand/jaar.", width=16),
        Column(
            "bevestigd op",
            "confirmed_on",
            widgets.Day(),
            "Wanneer de werking zelf dit bevestigde. Een datum: dag/maand/jaar.",
            aliases=("bevestigd", "bevestigd door de werking"),
            width=16,
        ),
        Column(
            "bestaat niet meer sinds",
            "archived_on",
            widgets.Day(),
            "Een datum: dag/maand/jaar. De praktijk blijft dan als archief staan.",
            width=16,
        ),
        Column(
            "bronnen",
            "source_lines",
            widgets.Sources(),
            "Eén per regel: webadres | beschrijving | datum. Beschrijving en datum mogen ontbreken.",
            width=48,
        ),
        Column("links", "link_lines", widgets.Links(), "Eén per regel: titel | webadres.", width=48),
        Column(
            "status",
            "state",
            widgets.Choice(PublicationState.choices),
            f"Een concept ziet niemand buiten het beheer. {_EMPTY_KEEPS}",
            keeps_when_empty=True,
            width=14,
        ),
        Column(
            "zichtbaar voor",
            "audience",
            widgets.Choice(Audience.choices),
            f"Voor wie dit is. {_EMPTY_KEEPS}",
            keeps_when_empty=True,
        ),
        Column(
            "publiceren vanaf",
            "publish_at",
            widgets.Moment(),
            f"Een datum, met of zonder uur: 31/12/2026 09:00. {_EMPTY_KEEPS}",
            keeps_when_empty=True,
            width=18,
        ),
        Column("tonen tot", "expires_at", widgets.Moment(), "Een datum, met of zonder uur.", width=18),
        Column(
            ADDRESS,
            "slug",
            widgets.Address(110),
            "Het laatste stuk van het webadres. Leeg bij een nieuwe praktijk: gemaakt uit de naam.",
            keeps_when_empty=True,
        ),
    ]
    taken = {fold(word) for column in (*before, *after) for word in (column.header, *column.aliases)}
    found = []
    for facet in facets:
        header = next(
            word
            for word in (facet.label.lower(), facet.slug, f"facet {facet.slug}")
            if fold(word) not in taken and word.strip()
        )
        taken |= {fold(header), fold(facet.slug)}
        found.append(FacetColumn(facet, header))
    return [*before, *found, *after]


class Headers:
    """The headers of a file, matched with the columns: `places` says which column stands where."""

    def __init__(self, headers: Sequence[str], known: Sequence[Column]) -> None:
        self.problems: list[str] = []
        self.places: dict[int, Column] = {}
        # Columns that stand there under a name that was probably meant: not to be missed in each row.
        self.meant: set[str] = set()
        self._known = known
        words = {fold(alias): column for column in known for alias in column.aliases}
        words |= {fold(column.header): column for column in known}
        for place, header in enumerate(headers):
            text = " ".join(header.split())
            if not text:
                continue
            column = words.get(fold(text.rstrip("?*: ")))
            if column is None:
                self._unknown(text)
            elif column in self.places.values():
                self.problems.append(f"Kolom ‘{column.header}’ staat er twee keer. Houd er één over.")
            else:
                self.places[place] = column
        found = {column.header for column in self.places.values()}
        if not found & {IDENTIFIER, ADDRESS, NAME} and not self.problems:
            self.problems.append(
                "Ik vind geen kolom ‘nummer’ of ‘naam’. Staan de namen van de kolommen op de eerste rij? "
                "Vertrek van het sjabloon."
            )

    def _unknown(self, text: str) -> None:
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        meant = similar(text, [column.header for column in self._known]) if len(text) <= 60 else ""
        hint = f", bedoel je ‘{meant}’?" if meant else ". Haal ze weg, of neem een naam uit het sjabloon."
        self.problems.append(f"Kolom ‘{shown}’ ken ik niet{hint}")
        if meant:
            self.meant.add(meant)
