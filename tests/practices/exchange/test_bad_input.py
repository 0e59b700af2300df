"""Whatever somebody lays down: a sentence that says what to do, and nothing half written."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from practices.exchange import runs
from practices.models import Practice, RunState
from tests import factories
from tests.files import samples
from tests.practices.exchange.files import (
    NEW,
    as_csv,
    as_xlsx,
    checked,
    counts,
    lay_down,
    messages_of,
    stored_cells,
    template_with,
    versions,
)

pytestmark = pytest.mark.django_db

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def space():
    facet = factories.facet(slug="ruimte", label="Ruimte")
    for slug, label in (("buiten", "Buiten of openbare ruimte"), ("eigen-ruimte", "Aparte (eigen) ruimte")):
        factories.facet_value(facet=facet, slug=slug, label=label)
    return facet


@pytest.fixture
def price():
    facet = factories.facet(slug="prijs", label="Prijs", multiple=False)
    for label in ("Gratis", "Lidgeld"):
        factories.facet_value(facet=facet, slug=label.lower(), label=label)
    return facet


def one_message(content: bytes, name: str = "praktijken.csv") -> str:
    """The only thing that the editor is told; and nothing was changed."""
    before = stored_cells()
    found = messages_of(checked(content, name))
    assert stored_cells() == before
    assert len(found) == 1, found
    return found[0]


def refusal(content: bytes, name: str) -> str:
    """What the upload form says."""
    with pytest.raises(ValidationError) as refused:
        lay_down(content, name)
    return " ".join(refused.value.messages)


def without_sheet(change) -> bytes:
    """A true spreadsheet of which one part was changed by hand."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_xlsx([NEW]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            body = old.read(part)
            new.writestr(part.filename, change(body) if part.filename == SHEET else body)
    return out.getvalue()


# Ten faults, ten messages -------------------------------------------------------------------------------------


def test_file_with_ten_faults_gives_ten_messages_and_writes_nothing(space, price):
    factories.practice(identifier="P1", slug="bestaat-al")
    row = NEW | {
        "ruimte": "",
        "prijs": "",
        "laatst nagekeken": "",
        "bronnen": "",
        "peiljaar": "",
        "adres": "",
    }
    rows = [
        row | {"nummer": "A1", "naam": "Een", "ruimte": "Buitenn"},
        row | {"nummer": "A2", "naam": "Twee", "prijs": "Gratis; Lidgeld"},
        row | {"nummer": "A3", "naam": "Drie", "laatst nagekeken": "31/12/99999"},
        row | {"nummer": "A4", "naam": "Vier", "peiljaar": "vorig jaar"},
        row | {"nummer": "A5", "naam": "Vijf", "bronnen": "expoo.be"},
        row | {"nummer": "A6", "naam": ""},
        row | {"nummer": "A7", "naam": "Zeven " * 30},
        row | {"nummer": "A8", "naam": "Acht", "adres": "bestaat-al"},
        row | {"nummer": "A1", "naam": "Negen"},
    ]
    content = as_csv([row | {"organisatis": "x"} for row in rows])
    before, kept = stored_cells(), versions()
    run = checked(content)
    assert messages_of(run) == [
        "Kolom ‘organisatis’ ken ik niet, bedoel je ‘organisatie’?",
        "Rij 2, kolom ‘ruimte’: kent “Buitenn” niet. Bedoel je “Buiten of openbare ruimte”? "
        "Kies uit: Buiten of openbare ruimte; Aparte (eigen) ruimte.",
        "Rij 3, kolom ‘prijs’: mag maar één waarde hebben, en er staan er 2.",
        "Rij 4, kolom ‘laatst nagekeken’: “31/12/99999” is geen datum tussen 1900 en 2100. "
        "Schrijf dag/maand/jaar, bijvoorbeeld 31/12/2026.",
        "Rij 5, kolom ‘peiljaar’: “vorig jaar” is geen jaartal tussen 1950 en 2100.",
        "Rij 6, kolom ‘bronnen’: “expoo.be” is geen webadres. Begin met https://.",
        "Rij 7, kolom ‘naam’: is leeg, en een nieuwe praktijk kan niet zonder. Vul dit in.",
        "Rij 8, kolom ‘naam’: telt 179 tekens, hoogstens 100 mag.",
        "Rij 9, kolom ‘adres’: “bestaat-al” is al het adres van "
        f"{Practice.objects.unrestricted().get().name} (nummer P1). Is het dezelfde praktijk, neem dan dat nummer.",
        "Rij 10, kolom ‘nummer’: “A1” staat ook op rij 2.",
    ]
    assert counts(run) == {"fout": 9}
    for only_right in (True, False):
        with pytest.raises(ValidationError):
            runs.start_writing(run.pk, only_right=only_right)
    assert stored_cells() == before
    assert versions() == kept


def test_row_with_several_faults_names_each_column():
    found = messages_of(checked(as_csv([NEW | {"gemeente": "", "peiljaar": "3000", "soort": "verzonnen"}])))
    assert [message.partition(":")[0] for message in found] == [
        "Rij 2, kolom ‘gemeente’",
        "Rij 2, kolom ‘soort’",
        "Rij 2, kolom ‘peiljaar’",
    ]
    assert "Kies uit: Uit openbare bronnen; Gedeeld door de werking; Voorbeeld (verzonnen)." in found[1]


def test_unknown_value_that_is_nearly_right_gets_a_hint(space):
    message = one_message(as_csv([NEW | {"ruimte": "buiten of openbare ruimtes"}]))
    assert "Bedoel je “Buiten of openbare ruimte”?" in message


def test_example_that_does_not_say_so_breaks_the_rule_of_the_catalogue():
    row = {"soort": "Voorbeeld (verzonnen)", "waarop steunt dit": "Eigen ervaring van de werking"}
    message = one_message(as_csv([NEW | row]))
    assert message == "Rij 2: Een verzonnen voorbeeld zegt ook bij ‘waarop steunt’ dat het verzonnen is."


def test_end_before_the_beginning_is_refused():
    row = {"publiceren vanaf": "02/02/2026", "tonen tot": "01/02/2026"}
    assert one_message(as_csv([NEW | row])) == "Rij 2: ‘Tonen tot’ moet na ‘publiceren vanaf’ liggen."


def test_misspelt_column_is_told_once_and_not_in_every_row():
    rows = [{**NEW, "nummer": f"P{number}", "naam": f"Bos {number}"} for number in range(3)]
    rows = [{("gemeenten" if key == "gemeente" else key): text for key, text in row.items()} for row in rows]
    assert one_message(as_csv(rows)) == "Kolom ‘gemeenten’ ken ik niet, bedoel je ‘gemeente’?"


def test_column_without_a_name_and_column_that_is_there_twice_are_told():
    content = b"nummer;gemeente;;gemeente\r\nP1;Gent;iets;Geel\r\n"
    factories.practice(identifier="P1")
    assert messages_of(checked(content)) == [
        "Kolom ‘gemeente’ staat er twee keer. Houd er één over.",
        "Boven kolom C staat geen naam, en er staat wel iets in (rij 2).",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31/12/99999", "geen datum"),
        ("99999-12-31", "geen datum"),
        ("9" * 5_000 + "-01-01", "geen datum"),
        ("30/02/2024", "geen datum"),
        ("31/12/1066", "geen datum"),
        ("gisteren", "geen datum"),
    ],
)
def test_date_that_does_not_exist_is_refused(text, said):
    message = one_message(as_csv([NEW | {"laatst nagekeken": text}]))
    assert said in message
    assert len(message) < 250


def test_year_of_a_million_digits_is_refused_quickly():
    assert "geen jaartal" in one_message(as_csv([NEW | {"peiljaar": "9" * 90_000}]))


# What is no table --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lijst.xlsx", b"", "leeg"),
        ("lijst.xlsx", b"PK\x03\x04 en dan niets", "beschadigd"),
        ("lijst.xlsx", as_xlsx([NEW])[:-300], "beschadigd"),
        ("lijst.xlsx", samples.picture(), "de inhoud is iets anders"),
        ("lijst.xlsx", samples.archive(samples.WORD), "geen document van het soort"),
        ("lijst.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "beveiligd met een wachtwoord"),
        ("lijst.xls", b"\xd0\xcf\x11\xe0", "Kies een Excel-bestand"),
        ("lijst.docx", samples.archive(samples.WORD), "Kies een Excel-bestand"),
        ("lijst.csv", as_xlsx([NEW]), "de inhoud is iets anders"),
        ("lijst.csv", b"nummer;naam\r\nP1;Spee\x00lbos\r\n", "de inhoud is iets anders"),
        ("lijst.csv", b"nummer;naam\r\n" + b"P1;Bos\r\n" * 20_000 + b"\x00", "geen gewoon tekstbestand"),
        ("lijst", b"nummer;naam\r\n", "Kies een Excel-bestand"),
    ],
)
def test_file_that_is_not_what_it_says_is_refused_at_the_door(name, content, said):
    assert said in refusal(content, name)


def test_spreadsheet_with_a_macro_is_refused_at_the_door():
    out = io.BytesIO(as_xlsx([NEW]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"kwaad")
    assert "macro" in refusal(out.getvalue(), "lijst.xlsx")


def test_file_that_is_too_large_is_refused_at_the_door():
    assert "hoogstens 10 MB" in refusal(b"a" * (10 * 1024**2 + 1), "lijst.csv")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lijst.csv", b"\r\n\r\n", "leeg"),
        ("lijst.csv", b"nummer;naam\r\n", "geen rijen"),
        ("lijst.csv", b"zomaar een brief\r\naan iemand\r\n", "Kolom ‘zomaar een brief’ ken ik niet"),
        ("lijst.csv", b"1;2\r\n3;4\r\n", "Kolom ‘1’ ken ik niet"),
        ("lijst.csv", b'nummer;naam\r\nP1;"Bos\r\n' + b"x" * 140_000, "aanhalingsteken"),
        ("lijst.csv", ";".join("abcdefg" for _ in range(300)).encode() + b"\r\nx", "meer dan 200 kolommen"),
        ("lijst.xlsx", without_sheet(lambda body: body[:-40]), "beschadigd"),
        ("lijst.xlsx", without_sheet(lambda body: b"<html/>"), "leeg"),
        ("lijst.xlsx", without_sheet(lambda body: body.replace(b't="inlineStr"', b't="s"')), ""),
        ("lijst.xlsx", without_sheet(lambda body: body.replace(b'r="A2"', b'r="oei"')), "beschadigd"),
    ],
)
def test_file_without_a_table_gets_a_sentence(name, content, said):
    run = checked(content, name)
    assert run.state in (RunState.UNREADABLE, RunState.CHECKED)
    assert said in " ".join(messages_of(run))
    assert messages_of(run)
    assert not Practice.objects.unrestricted().exists()


def test_definition_of_xml_entities_is_refused():
    laughs = b'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    content = without_sheet(lambda body: laughs + body.replace(b"Speelbos", b"&b;").partition(b"?>")[2])
    assert "definitie van XML" in " ".join(messages_of(checked(content, "lijst.xlsx")))


def test_more_rows_than_one_import_takes_are_refused(monkeypatch):
    rows = [NEW | {"nummer": f"P{number}", "naam": f"Bos {number}"} for number in range(6)]
    for module in ("workbook", "reading", "runs"):
        monkeypatch.setattr(f"practices.exchange.{module}.MAX_ROWS", 5)
    for name, content in (("lijst.csv", as_csv(rows)), ("lijst.xlsx", as_xlsx(rows))):
        run = checked(content, name)
        assert "Verdeel ze over meer bestanden" in " ".join(messages_of(run))
        assert run.state == RunState.UNREADABLE
        assert counts(checked(as_csv(rows[:5]) if name.endswith("csv") else as_xlsx(rows[:5]), name)) == {
            "nieuw": 5
        }


def test_spreadsheet_of_mere_elements_is_refused():
    cells = b"<c/>" * 5_000
    content = without_sheet(lambda body: body.replace(b"</row>", cells + b"</row>", 1))
    assert "veel te veel cellen" in " ".join(messages_of(checked(content, "lijst.xlsx")))


def test_cell_that_is_far_too_long_is_refused():
    long = "x" * 100_001
    content = without_sheet(lambda body: body.replace(b"Speelbos de Kiem", long.encode()))
    assert "meer dan 100000 tekens" in " ".join(messages_of(checked(content, "lijst.xlsx")))
    assert "hoogstens 100000 mag" in one_message(as_csv([NEW | {"sterktes": long}]))


# Formulas and what nobody sees --------------------------------------------------------------------------------


def test_formula_is_not_run_and_not_taken_over():
    book = openpyxl.Workbook()
    book.active.append([*NEW, "partners"])
    book.active.append([*NEW.values(), '=HYPERLINK("https://kwaad.example.org";"klik")'])
    out = io.BytesIO()
    book.save(out)
    message = one_message(out.getvalue(), "lijst.xlsx")
    assert message == (
        "Rij 2, kolom ‘partners’: is een formule (cel F2), en die nemen we niet over. "
        "Kopieer de cel en plak ze als waarde."
    )


def test_error_of_excel_and_date_outside_time_are_told():
    book = openpyxl.Workbook()
    book.active.append([*NEW, "partners", "laatst nagekeken"])
    book.active.append([*NEW.values(), "#N/A", 99_999_999])
    book.active.cell(2, 7).number_format = "dd/mm/yyyy"
    out = io.BytesIO()
    book.save(out)
    found = messages_of(checked(out.getvalue(), "lijst.xlsx"))
    assert [message.partition("(")[0] for message in found] == [
        "Rij 2, kolom ‘partners’: bevat een fout van Excel ",
        "Rij 2, kolom ‘laatst nagekeken’: bevat een fout van Excel ",
    ]


def test_text_that_looks_like_a_formula_in_csv_is_just_text():
    row = NEW | {"partners": "=1+1", "naam": "@home"}
    run = checked(as_csv([row]))
    assert not messages_of(run)
    runs.start_writing(run.pk, only_right=False)
    runs.write(run.pk)
    practice = Practice.objects.unrestricted().get()
    assert (practice.partners, practice.name) == ("=1+1", "@home")


@pytest.mark.parametrize("sign", ["&#0;", "\x0b", "\ufffe"])
def test_sign_that_nobody_typed_is_refused(sign):
    """NUL, a line tabulation, a half character: in a spreadsheet these are hardly possible, in csv they are."""
    if sign == "&#0;":
        content, name = without_sheet(lambda body: body.replace(b"Speelbos", b"Speel&#0;bos")), "lijst.xlsx"
    else:
        content, name = as_csv([NEW | {"naam": f"Speel{sign}bos"}]), "lijst.csv"
    assert messages_of(checked(content, name))
    assert not Practice.objects.unrestricted().exists()


def test_template_that_was_left_empty_says_so():
    assert "geen rijen" in one_message(template_with([]), "sjabloon.xlsx")
