"""Editors bring practices in by file: nothing changes before they say so, and never more than they saw."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

import practices
from practices.exchange import jobs, runs
from practices.management.loading import FACET_KEYS
from practices.models import Facet, ImportRun, Practice, RunState
from tests import factories
from tests.practices.exchange.files import (
    NEW,
    as_csv,
    as_xlsx,
    brought_in,
    checked,
    counts,
    lay_down,
    messages_of,
    reload,
    stored_cells,
    template_with,
    versions,
    written,
)

pytestmark = pytest.mark.django_db

STARTER = Path(practices.__file__).parent / "starter" / "practices.json"
TEXTS = {
    "id": "nummer",
    "naam": "naam",
    "samenvatting": "in het kort",
    "onderscheidend": "wat is er bijzonder aan",
    "organisatie": "organisatie",
    "gemeente": "gemeente",
    "soort": "soort",
    "partners": "partners",
    "niet_bevestigd": "niet bevestigd",
    "peiljaar": "peiljaar",
}


def stored(identifier: str = "P900") -> Practice:
    return Practice.objects.unrestricted().get(identifier=identifier)


def everything() -> int:
    return Practice.objects.unrestricted().count()


@pytest.fixture
def space():
    """The facet that asks where: several answers."""
    facet = factories.facet(slug="ruimte", label="Ruimte")
    for slug, label in (("buiten", "Buiten of openbare ruimte"), ("mobiel", "Mobiel (bus, bakfiets, tent)")):
        factories.facet_value(facet=facet, slug=slug, label=label)
    return facet


@pytest.fixture
def price():
    """The facet that asks what it costs: one answer, of which one is that nobody says so."""
    facet = factories.facet(slug="prijs", label="Prijs", multiple=False)
    for slug, label in (("gratis", "Gratis"), ("niet-vermeld", "Niet vermeld")):
        factories.facet_value(facet=facet, slug=slug, label=label)
    return facet


def starter_rows() -> list[dict[str, str]]:
    """The thirty real practices as an editor would type them into the template."""
    rows = []
    for practice in json.loads(STARTER.read_text())["praktijken"]:
        row = {header: str(practice.get(key) or "") for key, header in TEXTS.items()}
        for key, slug in FACET_KEYS.items():
            given = practice.get(key) or []
            row[slug] = "; ".join(given) if isinstance(given, list) else given
        row["provincie"] = practice.get("provincie", "").replace(" en ", "; ").replace(", ", "; ")
        row["bronnen"] = "\n".join(f"{source['url']} | {source['soort']}" for source in practice["bronnen"])
        row |= {"status": "Gepubliceerd", "zichtbaar voor": "Iedereen"}
        rows.append(row)
    return rows


def with_labels(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same rows with the headers of the template, which names a facet by its label."""
    labels = {facet.slug: facet.label.lower() for facet in Facet.objects.all()}
    return [{labels.get(header, header): text for header, text in row.items()} for row in rows]


def test_editor_brings_the_thirty_practices_in_by_the_template_and_nothing_is_new_the_second_time(starter):
    Practice.objects.unrestricted().delete()
    earlier = versions()
    file = template_with(with_labels(starter_rows()))
    first = brought_in(file, "sjabloon.xlsx")
    assert counts(first) == {"nieuw": 30}
    assert everything() == 30
    baboes = stored("P01")
    assert baboes.name == "Baboes"
    assert {value.slug for value in baboes.values.filter(facet__slug="ruimte")} == {"eigen-ruimte", "mobiel"}
    assert baboes.sources.unrestricted().count() == 3
    assert baboes.is_visible_to(None)
    kept = versions()
    second = checked(file, "sjabloon.xlsx")
    assert counts(second) == {"ongewijzigd": 30}
    assert not messages_of(second)
    with pytest.raises(ValidationError, match="niets om in te voeren"):
        runs.start_writing(second.pk, only_right=False)
    assert everything() == 30
    assert versions() == kept == earlier + 30


def test_editor_sees_all_and_changes_nothing_before_deciding(space):
    practice = factories.practice(identifier="P900", name="Speelbos de Kiem", municipality="Geel")
    before, kept = stored_cells(), versions()
    run = checked(as_csv([NEW, NEW | {"nummer": "P901", "naam": "Babycafé"}]))
    assert run.state == RunState.CHECKED
    assert counts(run) == {"nieuw": 1, "gewijzigd": 1}
    (row,) = runs.rows_of(run).filter(outcome="gewijzigd")
    assert ["gemeente", "Geel", "Gent"] in row.changes
    assert row.practice_key == practice.pk
    assert stored_cells() == before
    assert versions() == kept


def test_editor_finds_one_version_per_practice_under_their_own_name(space):
    editor = factories.user(is_staff=True)
    content = as_csv([NEW | {"ruimte": "buiten; mobiel"}])
    brought_in(content, "lijst van de provincie.csv", editor)
    (version,) = stored().history.all()
    assert version.history_type == "+"
    assert version.history_user == editor
    assert version.history_change_reason == "invoer uit bestand lijst van de provincie.csv"
    assert sorted(tie.facetvalue.slug for tie in version.values.all()) == ["buiten", "mobiel"]
    brought_in(as_csv([NEW | {"ruimte": "Mobiel (bus, bakfiets, tent)"}]), user=editor)
    newest = stored().history.latest()
    assert stored().history.count() == 2
    assert newest.history_type == "~"
    assert [tie.facetvalue.slug for tie in newest.values.all()] == ["mobiel"]
    assert newest.created == version.created


def test_practice_brought_in_is_found_and_has_everything_a_saved_one_has(space, client):
    content = as_csv(
        [
            NEW
            | {
                "naam": "Émile en de bakfiets",
                "status": "Gepubliceerd",
                "zichtbaar voor": "Iedereen",
                "hoe werkt het": "Elke woensdag.\n\nZonder afspraak <script>alert(1)</script>",
                "bronnen": "https://example.org/artikel | pers, mei 2019 | 03/05/2019\nhttps://example.org/tweede",
                "links": "Draaiboek | https://example.org/draaiboek",
                "peiljaar": "2019",
                "laatst nagekeken": "3/5/2024",
            }
        ]
    )
    brought_in(content)
    practice = stored()
    assert practice.slug == "emile-en-de-bakfiets"
    assert practice.name_key == "emile en de bakfiets"
    assert "<script" not in practice.approach
    assert practice.reviewed_on == date(2024, 5, 3)
    first, second = practice.sources.unrestricted()
    assert (first.description, first.consulted_on) == ("pers, mei 2019", date(2019, 5, 3))
    assert second.url == "https://example.org/tweede"
    assert [link.title for link in practice.links.unrestricted()] == ["Draaiboek"]
    assert "Émile" in client.get("/praktijken/?q=bakfiets").content.decode()


def test_plain_text_becomes_paragraphs_and_html_stays():
    row = NEW | {
        "sterktes": "Warm onthaal & rust\nin de hoek\n\nTijd < haast",
        "uitdagingen": "<ul><li>Ouders <strong>bereiken</strong></li></ul>",
    }
    brought_in(as_csv([row]))
    assert stored().strengths == "<p>Warm onthaal &amp; rust<br>in de hoek</p><p>Tijd &lt; haast</p>"
    assert stored().challenges == "<ul><li>Ouders <strong>bereiken</strong></li></ul>"


def test_column_that_is_left_out_leaves_what_is_stored_and_an_empty_cell_empties_it():
    factories.practice(identifier="P900", special="De bakfiets.", partners="OCMW", strengths="<p>Rust</p>")
    brought_in(as_csv([{"nummer": "P900", "partners": ""}]))
    practice = stored()
    assert (practice.special, practice.partners, practice.strengths) == ("De bakfiets.", "", "<p>Rust</p>")


def test_empty_number_status_and_address_keep_what_is_stored():
    practice = factories.practice(identifier="P900")
    row = {"nummer": "", "adres": practice.slug, "status": "", "zichtbaar voor": "", "gemeente": "Diksmuide"}
    brought_in(as_csv([row]))
    practice = stored()
    assert (practice.municipality, practice.state, practice.audience) == ("Diksmuide", "published", "public")


def test_new_practice_without_number_gets_the_next_one_and_is_never_made_twice():
    factories.practice(identifier="N0041")
    row = NEW | {"nummer": ""}
    brought_in(as_csv([row]))
    assert stored("N0042").name == NEW["naam"]
    again = checked(as_csv([row]))
    assert messages_of(again) == [
        "Rij 2, kolom ‘nummer’: klopt niet: deze praktijk (zelfde naam, organisatie en gemeente) bestaat al met "
        "nummer N0042. Vul dat nummer in, of geef de nieuwe praktijk een andere naam."
    ]


def test_row_with_a_wrong_number_does_not_make_a_second_practice():
    brought_in(as_csv([NEW]))
    (message,) = messages_of(checked(as_csv([NEW | {"nummer": "P9000"}])))
    assert "bestaat al met nummer P900" in message


def test_practice_without_number_is_recognised_by_its_address():
    practice = factories.practice(identifier=None, slug="speelbos")
    run = brought_in(as_csv([{"nummer": "P77", "adres": "speelbos", "gemeente": "Ronse"}]))
    assert counts(run) == {"gewijzigd": 1}
    assert stored("P77").pk == practice.pk


def test_old_address_redirects_after_an_import_that_changes_it(client):
    factories.practice(identifier="P900", slug="oud-adres")
    brought_in(as_csv([{"nummer": "P900", "adres": "nieuw-adres"}]))
    assert client.get("/praktijken/oud-adres/").headers["Location"] == "/praktijken/nieuw-adres/"


def test_two_new_practices_with_one_name_get_two_addresses():
    factories.practice(slug="speelbos-de-kiem")
    rows = [NEW, NEW | {"nummer": "P901", "gemeente": "Geel"}, NEW | {"nummer": "P902", "gemeente": "Ieper"}]
    brought_in(as_csv(rows))
    assert [stored(number).slug for number in ("P900", "P901", "P902")] == [
        "speelbos-de-kiem-2",
        "speelbos-de-kiem-3",
        "speelbos-de-kiem-4",
    ]


def test_what_nobody_said_is_a_value_where_there_is_one_and_nothing_where_there_is_none(space, price):
    brought_in(as_csv([NEW | {"prijs": "niet vermeld", "ruimte": "Niet vermeld"}]))
    assert [value.slug for value in stored().values.all()] == ["niet-vermeld"]


def test_facet_takes_label_slug_and_any_case(space):
    brought_in(as_csv([NEW | {"Ruimte": "BUITEN; mobiel (bus, bakfiets, tent)"}]))
    assert {value.slug for value in stored().values.all()} == {"buiten", "mobiel"}


def test_example_says_so_by_itself():
    brought_in(as_csv([NEW | {"soort": "Voorbeeld (verzonnen)"}]))
    assert stored().based_on == "voorbeeld"


# All or nothing ----------------------------------------------------------------------------------------------


def test_one_faulty_row_keeps_the_whole_file_out_unless_the_editor_chooses_the_right_rows():
    run = checked(as_csv([NEW, NEW | {"nummer": "P901", "naam": ""}]))
    assert counts(run) == {"nieuw": 1, "fout": 1}
    with pytest.raises(ValidationError, match="Niet alle rijen zijn juist"):
        runs.start_writing(run.pk, only_right=False)
    assert everything() == 0
    done = written(run, only_right=True)
    assert done.state == RunState.DONE
    assert [practice.identifier for practice in Practice.objects.unrestricted()] == ["P900"]


def test_fault_of_the_file_itself_keeps_even_the_right_rows_out():
    run = checked(as_csv([NEW | {"gemeenten": "Gent"}]))
    with pytest.raises(ValidationError, match="mis met het bestand zelf"):
        runs.start_writing(run.pk, only_right=True)
    assert everything() == 0


def test_row_that_an_editor_changed_meanwhile_is_refused_and_said():
    for number in ("P900", "P901"):
        factories.practice(identifier=number, municipality="Geel")
    rows = [{"nummer": "P900", "gemeente": "Gent"}, {"nummer": "P901", "gemeente": "Gent"}]
    run = checked(as_csv(rows))
    theirs = stored("P901")
    theirs.special = "Nieuw bakje koffie."
    theirs.save()
    run = written(run)
    assert run.state == RunState.CHECKED
    (message,) = messages_of(run)
    assert message.startswith("Rij 3: deze praktijk is gewijzigd nadat je dit nakeek")
    assert [stored(number).municipality for number in ("P900", "P901")] == ["Geel", "Geel"]
    run = written(run, only_right=True)
    assert run.state == RunState.DONE
    assert [stored(number).municipality for number in ("P900", "P901")] == ["Gent", "Geel"]
    assert stored("P901").special == "Nieuw bakje koffie."


def test_row_whose_practice_was_made_or_deleted_meanwhile_is_refused():
    gone = factories.practice(identifier="P901")
    run = checked(as_csv([NEW, NEW | {"nummer": "P901", "naam": "Ander bos"}]))
    factories.practice(identifier="P900", name="Iets anders")
    gone.delete()
    runs.start_writing(run.pk, only_right=True)
    runs.write(run.pk)
    assert len(messages_of(reload(run))) == 2
    assert everything() == 1


def test_import_is_not_written_twice_whatever_the_queue_does():
    run = checked(as_csv([NEW | {"nummer": ""}]))
    runs.start_writing(run.pk, only_right=False)
    runs.write(run.pk)
    runs.write(run.pk)
    with pytest.raises(ValidationError, match="al ingevoerd"):
        runs.start_writing(run.pk, only_right=False)
    assert everything() == 1
    assert versions() == 1


def test_worker_that_dies_while_writing_leaves_nothing_and_the_next_one_writes_it_all(monkeypatch):
    run = checked(as_csv([NEW, NEW | {"nummer": "P901", "naam": "Babycafé"}]))
    runs.start_writing(run.pk, only_right=False)

    def die(*_args):
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr("practices.exchange.writing.index_practices", die)
        with pytest.raises(SystemExit):
            runs.write(run.pk)
    assert everything() == 0
    assert versions() == 0
    runs.write(run.pk)
    assert everything() == 2
    assert reload(run).state == RunState.DONE


def test_check_that_died_half_way_begins_anew_and_counts_no_row_twice(monkeypatch):
    monkeypatch.setattr(runs, "_AT_ONCE", 2)
    rows = [NEW | {"nummer": f"P{number}", "naam": f"Bos {number}"} for number in range(5)]
    run = lay_down(as_csv(rows))
    seen = []

    def die_later(*args):
        seen.append(args)
        if len(seen) == 2:
            raise SystemExit
        return original(*args)

    original = runs._check_rows
    with monkeypatch.context() as broken:
        broken.setattr(runs, "_check_rows", die_later)
        with pytest.raises(SystemExit):
            runs.check(run.pk)
    assert reload(run).state == RunState.CHECKING
    assert (reload(run).done, reload(run).total) == (2, 5)
    runs.check(run.pk)
    assert counts(run) == {"nieuw": 5}
    assert reload(run).done == 5


def test_check_that_was_taken_over_stops(monkeypatch):
    monkeypatch.setattr(runs, "_AT_ONCE", 2)
    run = lay_down(as_csv([NEW | {"nummer": f"P{number}", "naam": f"Bos {number}"} for number in range(6)]))
    original = runs._check_rows
    calls = []

    def second_job_comes(*args):
        calls.append(1)
        if len(calls) == 2:
            runs.check(run.pk)
        return original(*args)

    monkeypatch.setattr(runs, "_check_rows", second_job_comes)
    runs.check(run.pk)
    assert counts(run) == {"nieuw": 6}
    assert reload(run).state == RunState.CHECKED


def test_error_that_nobody_foresaw_is_told_to_the_editor(monkeypatch):
    def fail(*_args):
        raise ZeroDivisionError

    run = lay_down(as_csv([NEW]))
    monkeypatch.setattr(runs, "_check_rows", fail)
    with pytest.raises(ZeroDivisionError):
        jobs.check_import(run.pk)
    assert "aan onze kant" in reload(run).problems[0]


def test_import_and_its_file_are_forgotten_after_a_month(django_capture_on_commit_callbacks):
    old, recent = checked(as_csv([NEW])), checked(as_csv([NEW]))
    ImportRun.objects.unrestricted().filter(pk=old.pk).update(created=timezone.now() - runs.KEPT)
    storage, name = old.file.storage, old.file.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        assert runs.remove_old() == 1
    assert not storage.exists(name)
    assert list(runs.all_runs()) == [recent]


def test_import_whose_job_was_lost_is_given_up_after_a_day():
    run, recent = lay_down(as_csv([NEW])), lay_down(as_csv([NEW]))
    ImportRun.objects.unrestricted().filter(pk=run.pk).update(created=timezone.now() - runs.LOST)
    runs.remove_old()
    assert "aan onze kant" in reload(run).problems[0]
    assert reload(recent).state == RunState.QUEUED


def test_number_that_somebody_takes_while_we_write_stops_it_all(monkeypatch):
    run = checked(as_csv([NEW, NEW | {"nummer": "P901", "naam": "Babycafé"}]))
    monkeypatch.setattr(
        "practices.exchange.writing.give_numbers",
        lambda new: factories.practice(identifier="P901", name="Ander"),
    )
    run = written(run)
    assert run.state == RunState.CHECKED
    assert "veranderde terwijl we schreven" in run.problems[0]
    assert not Practice.objects.unrestricted().filter(identifier="P900").exists()


# Kinds of csv and xlsx ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_as_excel_or_anybody_wrote_it(delimiter, encoding):
    row = NEW | {
        "naam": "Café ’t Énorme – 5 €",
        "in het kort": "Ouders; kinderen, en\tkoffie.\nIedereen welkom.",
    }
    brought_in(as_csv([row], delimiter=delimiter, encoding=encoding))
    assert stored().name == "Café ’t Énorme – 5 €"
    assert stored().summary == "Ouders; kinderen, en\tkoffie.\nIedereen welkom."


def test_csv_may_name_its_delimiter_on_the_first_line():
    brought_in(b"sep=,\r\n" + as_csv([NEW], delimiter=",", encoding="cp1252"))
    assert stored().name == NEW["naam"]


def test_rows_are_named_as_the_spreadsheet_numbers_them():
    content = (
        as_csv([NEW])
        + b"\r\n;;;;\r\n"
        + as_csv([NEW | {"nummer": "P2", "naam": ""}]).split(b"\r\n")[1]
        + b"\r\n"
    )
    assert messages_of(checked(content)) == [
        "Rij 5, kolom ‘naam’: is leeg, en een nieuwe praktijk kan niet zonder. Vul dit in."
    ]


def test_numbers_and_dates_of_excel_are_read_as_an_editor_sees_them():
    row = NEW | {
        "nummer": 12,
        "peiljaar": 2019.0,
        "laatst nagekeken": date(2024, 5, 3),
        "publiceren vanaf": datetime(2026, 1, 2, 9, 30),
    }
    brought_in(as_xlsx([row]), "lijst.xlsx")
    practice = stored("12")
    assert (practice.reference_year, practice.reviewed_on) == (2019, date(2024, 5, 3))
    assert timezone.localtime(practice.publish_at).isoformat() == "2026-01-02T09:30:00+01:00"


@pytest.mark.parametrize("text", ["3/5/2024", "03-05-2024", "3.5.2024", "2024-05-03", "2024-05-03 00:00:00"])
def test_date_is_read_in_the_ways_people_write_it(text):
    brought_in(as_csv([NEW | {"laatst nagekeken": text}]))
    assert stored().reviewed_on == date(2024, 5, 3)
