"""What goes out comes back the same, cannot run in a spreadsheet, and holds nobody's contact data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from practices.exchange import cells, export
from practices.exchange.resource import PracticeResource
from practices.models import BasedOn, Practice, PracticeKind
from tests import factories
from tests.practices.exchange.files import (
    as_csv,
    brought_in,
    checked,
    counts,
    exported,
    messages_of,
    stored_cells,
    versions,
)

pytestmark = pytest.mark.django_db

# What a spreadsheet would run, what csv and our own cells use as signs, and what is hard to carry.
SIGNS = "=+-@\t|;,\"'\n\u00e9\u2019 <>&_xX0D\u20ac\U0001f600#/N"
texts = st.text(
    st.one_of(st.sampled_from(SIGNS), st.characters(codec="utf-8", exclude_characters="\x00")), max_size=40
)
lines = texts.map(lambda text: " ".join(text.split()))
stripped = texts.map(lambda text: cells.plain(text).strip())
filled = lines.map(lambda text: cells.plain(f"N{text}").strip())
days = st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2100, 12, 31)))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))
rich = st.one_of(
    st.just(""),
    stripped,
    st.lists(stripped, max_size=3).map(lambda parts: "".join(f"<p>{part}</p>" for part in parts)),
    stripped.map(lambda text: f"<ul><li>{text}</li></ul><h3>{text}</h3>"),
)
addresses = st.integers(1, 9999).map(lambda number: f"https://example.org/{number}?a=1|2&b=;")


@st.composite
def practices(draw: Any) -> dict[str, Any]:
    """What an editor can have typed."""
    is_example = draw(st.booleans())
    return {
        "name": draw(filled)[:100].strip(),
        "summary": draw(stripped.map(lambda text: f"S{text}")),
        "special": draw(lines),
        "organisation": draw(filled),
        "municipality": draw(filled),
        "kind": PracticeKind.EXAMPLE if is_example else PracticeKind.SHARED,
        "based_on": BasedOn.EXAMPLE if is_example else BasedOn.RESEARCH,
        "approach": draw(rich),
        "strengths": draw(rich),
        "partners": draw(stripped),
        "discussion_questions": draw(stripped),
        "unconfirmed": draw(stripped),
        "reference_year": draw(st.one_of(st.none(), st.integers(1950, 2100))),
        "reviewed_on": draw(days),
        "archived_on": draw(days),
        "publish_at": draw(moments),
        "audience": draw(st.sampled_from(["public", "members", "staff"])),
        "state": draw(st.sampled_from(["draft", "published"])),
        "sources": draw(
            st.lists(st.tuples(addresses, lines, days), max_size=3, unique_by=lambda source: source[0])
        ),
        "links": draw(st.lists(st.tuples(filled, addresses), max_size=3)),
        "values": draw(st.sets(st.integers(0, 3))),
        "has_number": draw(st.booleans()),
    }


def make(numbered: list[dict[str, Any]]) -> None:
    """These practices, with three values of one facet and one that could be mistaken."""
    facet = factories.facet(slug="ruimte", label="Ruimte")
    labels = ("Buiten of openbare ruimte", "=Binnen; of niet", "eigen", "Mobiel (bus, bakfiets)")
    values = [
        factories.facet_value(facet=facet, slug=slug, label=label)
        for slug, label in zip(("buiten", "binnen", "mobiel", "eigen"), labels, strict=True)
    ]
    for number, fields in enumerate(numbered):
        parts = {name: fields.pop(name) for name in ("sources", "links", "values", "has_number")}
        practice = factories.practice(
            **fields, identifier=f"P{number}" if parts["has_number"] else None, slug=f"praktijk-{number}"
        )
        practice.values.set([values[place] for place in parts["values"]])
        for order, (url, description, day) in enumerate(parts["sources"], 1):
            factories.practice_source(
                practice=practice,
                url=url,
                description=cells.plain(description)[:200],
                consulted_on=day,
                order=order,
            )
        for order, (title, url) in enumerate(parts["links"], 1):
            factories.practice_link(practice=practice, title=title[:160], url=url, order=order)


def in_a_database_of_its_own(test: Callable[[], None]) -> None:
    """Run it and leave nothing for the next example."""
    with transaction.atomic():
        test()
        transaction.set_rollback(True)


@settings(max_examples=15)
@given(st.lists(practices(), min_size=1, max_size=2), st.sampled_from(["csv", "xlsx"]))
def test_export_then_import_changes_nothing(numbered, extension):
    def there_and_back() -> None:
        make(numbered)
        before, kept = stored_cells(), versions()
        run = checked(exported(extension), f"uitvoer.{extension}")
        assert messages_of(run) == []
        assert counts(run) == {"ongewijzigd": len(numbered)}
        assert stored_cells() == before
        assert versions() == kept

    in_a_database_of_its_own(there_and_back)


@settings(max_examples=15)
@given(st.lists(practices(), min_size=1, max_size=2), st.sampled_from(["csv", "xlsx"]))
def test_import_of_an_export_into_an_empty_catalogue_gives_the_same_export(numbered, extension):
    def there_and_back() -> None:
        for fields in numbered:
            fields["has_number"] = True
        make(numbered)
        before = exported("csv")
        file = exported(extension)
        Practice.objects.unrestricted().delete()
        brought_in(file, f"uitvoer.{extension}")
        assert exported("csv").decode().splitlines() == before.decode().splitlines()

    in_a_database_of_its_own(there_and_back)


def test_starter_content_goes_out_and_comes_back_unchanged(starter):
    for extension in ("csv", "xlsx"):
        run = checked(exported(extension), f"uitvoer.{extension}")
        assert counts(run) == {"ongewijzigd": Practice.objects.unrestricted().count()}


@given(st.text(st.sampled_from("'=+-@\t\rab\uff1d\uff0b"), max_size=6))
def test_escape_is_undone_and_leaves_nothing_that_a_spreadsheet_runs(text):
    escaped = cells.escape(text)
    assert cells.unescape(escaped) == text
    assert escaped[:1] not in "=+-@\t\r\uff1d\uff0b" or not escaped


@pytest.mark.parametrize("text", ["=1+1", "+32 2 000", "-5 graden", "@home", "\t=1", "'=1", "＝1+1"])  # noqa: RUF001
def test_no_cell_of_an_export_is_a_formula(text):
    factories.practice(identifier="P1", partners=text, special=text.strip())
    table = list(csv.reader(io.StringIO(exported("csv").decode("utf-8-sig")), delimiter=";"))
    assert all(cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "＝") for row in table for cell in row)  # noqa: RUF001
    sheet = openpyxl.load_workbook(io.BytesIO(exported("xlsx"))).active
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} == {"s"}
    assert all(not str(cell.value).startswith(("=", "+", "-", "@")) for row in sheet for cell in row)


def test_csv_opens_in_a_flemish_excel():
    factories.practice(identifier="P1", name="Café Émile")
    content = exported("csv")
    assert content.startswith("\ufeffnummer;naam;".encode())
    assert "\r\nP1;Café Émile;" in content.decode()


def test_json_has_the_names_of_the_columns_and_lists_where_there_are_several():
    facet = factories.facet(slug="ruimte", label="Ruimte")
    value = factories.facet_value(facet=facet, slug="buiten", label="Buiten")
    practice = factories.practice(identifier="P1", values=[value], reference_year=2020, partners="=1")
    factories.practice_source(practice=practice, url="https://example.org/a", description="pers")
    (found,) = json.loads(exported("json"))["praktijken"]
    assert (found["nummer"], found["ruimte"], found["peiljaar"], found["partners"]) == (
        "P1",
        ["Buiten"],
        2020,
        "=1",
    )
    assert found["bronnen"] == [{"adres": "https://example.org/a", "beschrijving": "pers"}]
    assert list(found) == [column.header for column in PracticeResource().columns]


@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_export_holds_no_contact_data(extension):
    practice = factories.practice(identifier="P1")
    factories.practice_contact(
        practice=practice, role="Zeldzaamfunctie", email="zeldzaam@example.org", phone="0470 123 456"
    )
    content = exported(extension)
    if extension == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        content = repr(list(sheet.values)).encode()
    assert b"P1" in content
    for word in (b"eldzaam", b"0470"):
        assert word not in content


def test_text_that_no_spreadsheet_can_hold_survives_the_way_there_and_back():
    long = f"<p>{'woord ' * 7_000}</p>"
    factories.practice(identifier="P1", strengths=long)
    for extension in ("xlsx", "csv"):
        assert counts(checked(exported(extension), f"uitvoer.{extension}")) == {"ongewijzigd": 1}
    file = exported("xlsx")
    Practice.objects.unrestricted().delete()
    (message,) = messages_of(checked(file, "uitvoer.xlsx"))
    assert "was te lang voor Excel" in message


def test_single_facet_that_holds_two_values_stays_as_it_is():
    facet = factories.facet(slug="prijs", label="Prijs", multiple=False)
    values = [factories.facet_value(facet=facet, slug=slug, label=slug) for slug in ("gratis", "lidgeld")]
    factories.practice(identifier="P1", values=values)
    assert counts(checked(exported())) == {"ongewijzigd": 1}


def test_facet_that_is_called_like_another_column_gets_a_column_of_its_own():
    facet = factories.facet(slug="partners", label="Partners")
    value = factories.facet_value(facet=facet, slug="ocmw", label="OCMW")
    factories.practice(identifier="P1", values=[value], partners="Bib")
    (found,) = json.loads(exported("json"))["praktijken"]
    assert (found["partners"], found["facet partners"]) == ("Bib", ["OCMW"])
    brought_in(as_csv([{"nummer": "P1", "partners": "Kind en Gezin", "facet partners": ""}]))
    assert stored_cells()[0].count("Kind en Gezin") == 1


def test_export_asks_the_database_as_often_for_many_as_for_few(django_assert_max_num_queries):
    for number in range(30):
        factories.practice_source(practice=factories.practice(identifier=f"P{number}"))
    with django_assert_max_num_queries(8):
        b"".join(export.export(Practice.objects.unrestricted(), export.Format.CSV))
