"""The open data: what they hold, what they never hold, and what they cost."""

import csv
import gzip
import io
import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date

from expoo_portal import page_cache
from practices import open_data
from practices.models import Practice
from tests import factories

pytestmark = pytest.mark.django_db
CSV, JSON, PAGE = "/praktijken/export.csv", "/praktijken/export.json", "/praktijken/open-data/"


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    text = body(client.get(f"{CSV}{query}")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def data(client: Client, query: str = "") -> dict:
    return json.loads(body(client.get(f"{JSON}{query}")))


@pytest.fixture
def rich(db: None) -> Practice:
    """A practice with everything that could be in the data, and some that must not be."""
    facet = factories.facet(slug="ruimte", label="Ruimte", order=1)
    values = [
        factories.facet_value(facet=facet, slug=slug, label=label, order=order)
        for order, (slug, label) in enumerate((("buiten", "Buiten of op straat"), ("mobiel", "Mobiel")))
    ]
    practice = factories.practice(
        slug="speelbos",
        name="Speelbos; “de Wip”",
        identifier="P99",
        values=values,
        approach="<p>Elke <b>week</b>.</p><p>Mail naar onthaal@voorbeeld.invalid of kom langs.</p>",
        partners="Bibliotheek\nBuurtwerk",
        reference_year=2019,
        confirmed_on=date(2026, 1, 2),
        special="=HYPERLINK(1)",
    )
    factories.practice_source(practice=practice, url="https://bron.example.org/a")
    factories.practice_source(practice=practice, url="https://bron.example.org/b")
    factories.practice_link(practice=practice, url="https://materiaal.example.org/c")
    factories.practice_contact(
        practice=practice, role="Coördinatie Wip", email="wip@voorbeeld.invalid", phone="09 000 00 00"
    )
    return practice


def test_a_spreadsheet_reads_the_csv(client: Client, rich: Practice) -> None:
    raw = body(client.get(CSV))
    assert raw.startswith(b"\xef\xbb\xbfkenmerk;adres;naam;")
    (row,) = rows(client)
    assert row["naam"] == "Speelbos; “de Wip”"
    assert row["adres"].endswith("/praktijken/speelbos/")
    assert row["facet.ruimte.label"] == "Buiten of op straat | Mobiel"
    assert row["facet.ruimte.kenmerk"] == "buiten | mobiel"
    assert row["aanpak"] == "Elke week. Mail naar [e-mailadres weggelaten] of kom langs."
    assert row["partners"] == "Bibliotheek | Buurtwerk"
    assert row["bronnen"] == "https://bron.example.org/a | https://bron.example.org/b"
    assert row["bevestiging"] == "Laatst bevestigd door de werking op 2 januari 2026"
    assert row["archief_sinds"] == ""
    assert row["licentie"] == "CC BY 4.0"


def test_the_json_has_the_same_columns(client: Client, rich: Practice) -> None:
    found = data(client)
    assert list(found) == ["title", "generated", "licence", "documentation", "filter", "practices"]
    assert found["licence"]["url"].startswith("https://creativecommons.org/licenses/by/4.0/")
    (practice,) = found["practices"]
    (row,) = rows(client)
    assert list(practice) == list(row)
    assert practice["facet.ruimte.kenmerk"] == ["buiten", "mobiel"]
    assert practice["peiljaar"] == 2019
    assert practice["archief_sinds"] is None
    assert practice["bijzonder"] == "=HYPERLINK(1)"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert open_data.cell(f"{start}cmd") == f"'{start}cmd"
    assert open_data.cell([f"{start}cmd", "b"]) == f"'{start}cmd | b"
    assert open_data.cell("a=b") == "a=b"


def test_nobody_finds_contact_or_number_in_the_data(client: Client, member: Client, rich: Practice) -> None:
    for asker in (client, member):
        text = body(asker.get(CSV)).decode() + body(asker.get(JSON)).decode()
        for secret in ("voorbeeld.invalid", "Coördinatie Wip", "09 000 00 00", "P99"):
            assert secret not in text, secret


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "draft"},
        {"audience": "members"},
        {"audience": "staff"},
        {"publish_at": timezone.now() + timedelta(hours=1)},
        {
            "publish_at": timezone.now() - timedelta(hours=2),
            "expires_at": timezone.now() - timedelta(hours=1),
        },
    ],
)
def test_only_what_is_public_is_open(client: Client, editor: Client, rich: Practice, fields: dict) -> None:
    factories.practice(name="Verborgen", **fields)
    for asker in (client, editor):
        assert [row["naam"] for row in rows(asker)] == ["Speelbos; “de Wip”"]
        assert len(data(asker)["practices"]) == 1


def test_a_choice_gives_what_the_list_gives(client: Client, rich: Practice) -> None:
    factories.practice(slug="ander", name="Babycafé")
    assert [row["kenmerk"] for row in rows(client)] == ["ander", "speelbos"]
    assert [row["kenmerk"] for row in rows(client, "?ruimte=buiten")] == ["speelbos"]
    assert [row["kenmerk"] for row in rows(client, "?q=babycafe")] == ["ander"]
    assert len(rows(client, "?ruimte=maan&kleur=rood")) == 2
    assert data(client, "?kleur=rood&ruimte=buiten&sorteer=naam")["filter"] == "ruimte=buiten"
    assert data(client, "?q=onvindbaar")["practices"] == []


def test_what_stopped_comes_last_and_says_so(client: Client, rich: Practice) -> None:
    factories.practice(slug="arend", name="Arend", archived_on=date(2024, 5, 3))
    assert [(row["kenmerk"], row["archief_sinds"]) for row in rows(client)] == [
        ("speelbos", ""),
        ("arend", "2024-05-03"),
    ]


@pytest.mark.parametrize("address", [CSV, JSON])
def test_the_answer_names_its_licence_and_says_what_it_is(
    client: Client, rich: Practice, address: str
) -> None:
    for method in (client.get, client.head):
        headers = method(address).headers
        assert headers["Link"] == ('<https://creativecommons.org/licenses/by/4.0/deed.nl>; rel="license"')
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "expoo-praktijken" in headers["Content-Disposition"]
        assert "Set-Cookie" not in headers
    assert client.head(address).content == b""


@pytest.mark.parametrize("address", [CSV, JSON])
def test_who_has_the_data_already_gets_them_again_only_after_a_change(
    client: Client, rich: Practice, address: str
) -> None:
    first = client.get(address)
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304
    assert client.get(address, headers={"if-modified-since": changed}).status_code == 304
    assert client.get(f"{address}?ruimte=buiten", headers={"if-none-match": etag}).status_code == 200
    old = http_date((timezone.now() - timedelta(days=3)).timestamp())
    assert client.get(address, headers={"if-modified-since": old}).status_code == 200
    rich.name = "Speelhaag"
    rich.save()
    again = client.get(address, headers={"if-none-match": etag})
    assert again.status_code == 200
    assert "Speelhaag" in body(again).decode()


@pytest.mark.parametrize("address", [CSV, JSON])
def test_a_client_that_reads_gzip_gets_the_same_smaller(client: Client, rich: Practice, address: str) -> None:
    plain = client.get(address, headers={"accept-encoding": "identity"})
    packed = client.get(address, headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(body(packed))[:60] == body(plain)[:60]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("address", [CSV, JSON])
def test_the_data_are_read_in_pieces_and_kept_nowhere(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings, address: str
) -> None:
    settings.CONTENT_VERSION_SECONDS = 1_000.0
    monkeypatch.setattr(open_data, "CHUNK", 10)
    for _ in range(30):
        factories.practice(partners="partner\n" * 4_000)
    body(client.get(address))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        pieces = iter(response.streaming_content)
        assert len(captured) == 0
        size = len(next(pieces)) + len(next(pieces))
        assert 0 < len(captured) <= 3 * 2
        sizes = [len(piece) for piece in pieces]
    assert len(captured) == 3 * 3
    assert max([size, *sizes]) < 200_000
    assert not page_cache._store.answers


def test_a_reader_learns_what_the_data_hold(client: Client, rich: Practice) -> None:
    html = client.get(PAGE).content.decode()
    for column in rows(client)[0]:
        assert f"<code>{column}</code>" in html, column
    assert "CC BY 4.0" in html
    assert f'href="{CSV}"' in html
    html = client.get(f"{PAGE}?ruimte=buiten&kleur=rood").content.decode()
    assert f'href="{CSV}?ruimte=buiten"' in html
    assert f'href="{JSON}?ruimte=buiten"' in html
    assert f'href="{PAGE}?ruimte=buiten"' in client.get("/praktijken/?ruimte=buiten").content.decode()


def test_the_licence_is_a_setting(client: Client, rich: Practice, settings) -> None:
    settings.OPEN_DATA_LICENCE = {
        "name": "Modellicentie gratis hergebruik",
        "url": "https://licentie.example.org/",
    }
    assert rows(client)[0]["licentie"] == "Modellicentie gratis hergebruik"
    assert data(client)["licence"]["url"] == "https://licentie.example.org/"
    assert "Modellicentie" in client.get(PAGE).content.decode()
