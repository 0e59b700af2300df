"""An editor at work: lay a file down, watch the check, read what would change, decide, read what was done."""

from __future__ import annotations

import io
import json
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from practices.exchange import runs
from practices.exchange.reading import SHEET
from practices.models import ImportRun, Practice, RunState
from tests import factories
from tests.admin.screen import address, listing
from tests.jobs import run_due_jobs
from tests.practices.exchange.files import NEW, as_csv, as_xlsx, reload, template_with
from tests.roles import Role, client_of, person

pytestmark = pytest.mark.django_db


def lay_down(client, content: bytes, name: str = "praktijken.csv"):
    """The answer to the upload form."""
    return client.post(listing(ImportRun, "add"), {"file": SimpleUploadedFile(name, content), "_save": "1"})


def laid_down(client, content: bytes, name: str = "praktijken.csv") -> ImportRun:
    response = lay_down(client, content, name)
    assert response.status_code == 302, response.content.decode()[-3000:]
    return runs.all_runs().latest("pk")


def page(client, run: ImportRun, query: str = "") -> str:
    response = client.get(address(run) + query)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def choose(client, run: ImportRun, what: str):
    return client.post(reverse("admin:practices_importrun_write", args=[run.pk]), {"wat": what})


def export(client, extension: str, query: str = "") -> bytes:
    response = client.get(f"/beheer/practices/practice/uitvoer/{extension}/{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def names(content: bytes) -> list[str]:
    return [practice["naam"] for practice in json.loads(content)["praktijken"]]


def test_editor_walks_from_file_to_catalogue(editor):
    run = laid_down(editor, as_csv([NEW, NEW | {"nummer": "P901", "naam": "Babycafé"}]))
    assert "We beginnen zo dadelijk" in page(editor, run)
    assert not Practice.objects.unrestricted().exists()
    run_due_jobs()
    text = page(editor, run)
    assert "Er is nog niets ingevoerd" in text
    assert "2 nieuw" in text
    assert "P900 Speelbos de Kiem rij 2" in text
    assert not Practice.objects.unrestricted().exists()
    assert choose(editor, run, "alles").status_code == 302
    assert "We voeren de rijen in" in page(editor, run)
    run_due_jobs()
    assert "2 praktijken ingevoerd op" in page(editor, run)
    assert Practice.objects.unrestricted().count() == 2
    version = Practice.objects.unrestricted().first().history.get()
    assert str(version.history_user) == str(run.started_by)


def test_editor_sees_what_changes_word_by_word(editor):
    factories.practice(identifier="P900", municipality="Geel", strengths="<p>Warm onthaal</p>")
    row = {"nummer": "P900", "gemeente": "Gent", "sterktes": "<p>Warm onthaal en rust</p>"}
    run = laid_down(editor, as_csv([row]))
    run_due_jobs()
    html = editor.get(address(run)).content.decode()
    assert "<del>Geel</del>" in html
    assert "<ins>Gent</ins>" in html
    assert "<ins>en rust</ins>" in html


def test_editor_with_one_faulty_row_is_told_where_and_offered_the_right_ones(editor):
    run = laid_down(editor, as_csv([NEW, NEW | {"nummer": "P901", "naam": "Bos", "soort": "oei"}]))
    run_due_jobs()
    text = page(editor, run)
    assert "Rij 3, kolom ‘soort’: kent “oei” niet. Kies uit: Uit openbare bronnen" in text
    assert "Voer enkel de juiste rijen in (1)" in text
    assert "Voer alles in" not in text
    choose(editor, run, "alles")
    assert reload(run).state == RunState.CHECKED
    choose(editor, run, "juiste")
    run_due_jobs()
    assert [practice.identifier for practice in Practice.objects.unrestricted()] == ["P900"]
    assert "1 praktijk ingevoerd" in page(editor, run)
    assert "1 rij niet: lees hieronder waarom" in page(editor, run)


def test_editor_whose_file_says_nothing_new_is_not_offered_to_write(editor):
    factories.practice(identifier="P900", municipality="Gent")
    run = laid_down(editor, as_csv([{"nummer": "P900", "gemeente": "Gent"}]))
    run_due_jobs()
    assert "Alle rijen staan al zo in de catalogus" in page(editor, run)
    assert "Voer alles in" not in page(editor, run)


def test_double_click_writes_once(editor):
    run = laid_down(editor, as_csv([NEW | {"nummer": ""}]))
    run_due_jobs()
    choose(editor, run, "alles")
    choose(editor, run, "alles")
    assert run_due_jobs() == 1
    assert Practice.objects.unrestricted().count() == 1


def test_page_of_a_check_at_work_follows_it_with_and_without_script(editor):
    run = laid_down(editor, as_csv([NEW]))
    ImportRun.objects.unrestricted().filter(pk=run.pk).update(
        state=RunState.CHECKING, total=5_000, done=1_200
    )
    html = editor.get(address(run)).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in html
    assert 'hx-trigger="every 2s"' in html
    assert '<progress id="balk" max="5000" value="1200">' in html
    run_due_jobs()
    html = editor.get(address(run)).content.decode()
    assert "hx-trigger" not in html
    assert "refresh" not in html


def test_editor_pages_through_many_rows(editor):
    rows = [NEW | {"nummer": f"P{number}", "naam": f"Bos {number}"} for number in range(120)]
    run = laid_down(editor, as_csv(rows))
    run_due_jobs()
    assert "Bladzijde 1 van 3" in page(editor, run)
    assert "Bos 119" in page(editor, run, "?toon=nieuw&p=3")
    assert "Geen rijen in deze groep" in page(editor, run, "?toon=gewijzigd")
    for query in ("?toon=%00", "?toon=oei&p=-1", "?p=abc"):
        assert editor.get(address(run) + query).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lijst.xlsx", b"PK\x03\x04oei", "Dit document is beschadigd"),
        ("lijst.docx", b"PK\x03\x04oei", "Kies een Excel-bestand (.xlsx) of een CSV-bestand (.csv)."),
        ("lijst.csv", as_xlsx([NEW]), "de inhoud is iets anders"),
    ],
)
def test_file_that_cannot_be_used_comes_back_with_a_sentence_and_leaves_nothing(editor, name, content, said):
    response = lay_down(editor, content, name)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not ImportRun.objects.unrestricted().exists()


def test_sending_no_file_says_so(editor):
    response = editor.post(listing(ImportRun, "add"), {"_save": "1"})
    assert response.status_code == 200
    assert not ImportRun.objects.unrestricted().exists()


def test_import_can_be_thrown_away_without_a_list_of_its_rows(editor):
    run = laid_down(
        editor, as_csv([NEW | {"nummer": f"P{number}", "naam": f"Bos {number}"} for number in range(30)])
    )
    run_due_jobs()
    html = editor.get(address(run, "delete")).content.decode()
    assert "rij 12" not in html
    editor.post(address(run, "delete"), {"post": "yes"})
    assert not ImportRun.objects.unrestricted().exists()


def test_template_holds_columns_values_and_an_explanation_and_no_formula(editor):
    facet = factories.facet(slug="ruimte", label="Ruimte")
    factories.facet_value(facet=facet, slug="buiten", label="Buiten of openbare ruimte")
    response = editor.get(reverse("admin:practices_importrun_template"))
    assert 'filename="praktijken-sjabloon.xlsx"' in response.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheetnames == [SHEET, "Uitleg", "Lijsten"]
    assert book["Lijsten"].sheet_state == "hidden"
    headers = [cell.value for cell in book[SHEET][1]]
    assert headers[:3] == ["nummer", "naam", "in het kort"]
    assert "ruimte" in headers
    by_column = {str(choice.sqref): choice for choice in book[SHEET].data_validations.dataValidation}
    letter = openpyxl.utils.get_column_letter(headers.index("ruimte") + 1)
    choice = by_column[f"{letter}2:{letter}5001"]
    sheet, cells = choice.formula1.split("!")
    (words,) = zip(
        *((cell.value for cell in row) for row in book[sheet][cells.replace("$", "")]), strict=True
    )
    assert words == ("Buiten of openbare ruimte",)
    assert not choice.showErrorMessage
    assert {cell.data_type for sheet in book for row in sheet for cell in row if cell.value} == {"s"}


def test_exported_template_columns_are_the_ones_of_the_template(editor):
    factories.practice(identifier="P1")
    sheet = openpyxl.load_workbook(io.BytesIO(export(editor, "xlsx"))).active
    template = openpyxl.load_workbook(io.BytesIO(template_with([])))[SHEET]
    assert [cell.value for cell in sheet[1]] == [cell.value for cell in template[1]]


# Taking out ---------------------------------------------------------------------------------------------------


def test_editor_takes_out_the_list_as_filtered_and_searched(editor):
    factories.practice(name="Aa bos", municipality="Gent")
    factories.practice(name="Bb bos", municipality="Geel", state="draft")
    factories.practice(name="Cc bad", municipality="Gent")
    assert names(export(editor, "json")) == ["Aa bos", "Bb bos", "Cc bad"]
    assert names(export(editor, "json", "?q=bos")) == ["Aa bos", "Bb bos"]
    assert names(export(editor, "json", "?status=concept")) == ["Bb bos"]
    html = editor.get("/beheer/practices/practice/?q=bos").content.decode()
    assert "/beheer/practices/practice/uitvoer/xlsx/?q=bos" in html


def test_editor_takes_out_a_selection(editor):
    chosen = [factories.practice(name=name) for name in ("Aa bos", "Bb bos", "Cc bad")][:2]
    for action in ("export_xlsx", "export_csv", "export_json"):
        response = editor.post(
            listing(Practice), {"action": action, "_selected_action": [practice.pk for practice in chosen]}
        )
        content = b"".join(response.streaming_content)
        assert response.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "no-store" in response.headers["Cache-Control"]
        if action == "export_json":
            assert names(content) == ["Aa bos", "Bb bos"]


def test_address_of_an_export_that_makes_no_sense_is_no_error(editor):
    assert editor.get("/beheer/practices/practice/uitvoer/pdf/").status_code == 404
    assert editor.get("/beheer/practices/practice/uitvoer/csv/?oei__oei=1").status_code == 302


# Who may -----------------------------------------------------------------------------------------------------


@pytest.fixture
def outsider(db):
    """Staff with no right to the catalogue."""
    user = person(Role.SUPERUSER, factories.group())
    user.is_superuser = False
    user.save()
    return client_of(user)


def test_staff_without_the_right_neither_bring_in_nor_take_out(outsider, editor):
    run = laid_down(editor, as_csv([NEW]))
    run_due_jobs()
    for path in (
        listing(ImportRun, "add"),
        address(run),
        run.staff_url,
        reverse("admin:practices_importrun_template"),
        "/beheer/practices/practice/uitvoer/csv/",
    ):
        assert outsider.get(path).status_code in (403, 404), path
    assert choose(outsider, run, "alles").status_code == 403
    assert reload(run).state == RunState.CHECKED


def test_nobody_reads_an_uploaded_file_by_a_public_address(editor, member, anonymous):
    run = laid_down(editor, as_csv([NEW]))
    for client in (editor, member, anonymous):
        assert client.get(run.get_absolute_url()).status_code == 404
    content = editor.get(run.staff_url)
    assert b"Speelbos" in content.content


def test_pages_are_kept_by_nobody(editor):
    run = laid_down(editor, as_csv([NEW]))
    assert "no-store" in editor.get(address(run)).headers["Cache-Control"]
