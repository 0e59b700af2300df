"""PDFs: there with WeasyPrint, absent without it, and never able to tie up the portal."""

import sys
import types

import pytest
from django.core.cache import cache
from django.db import connection

from expoo_portal import pdf
from practices.collection_page import MOST_IN_PDF
from tests import factories

pytestmark = pytest.mark.django_db

SHEET, COLLECTION = "/praktijken/a/teamblad.pdf", "/praktijken/waaier/pdf/?p=a,b"


@pytest.fixture(autouse=True)
def _practices(db):
    cache.clear()
    for slug in "ab":
        factories.practice(slug=slug, name=f"Speelplek {slug.upper()}")


@pytest.fixture
def drawn(monkeypatch):
    """A stand-in for WeasyPrint: what it was asked to draw."""
    documents = []

    class Fetcher:
        pass

    class HTML:
        def __init__(self, string, base_url, url_fetcher):
            self.string, self.fetcher = string, url_fetcher

        def write_pdf(self, **options):
            documents.append(self)
            return f"%PDF-1.7 {len(documents)}".encode()

    urls = types.ModuleType("weasyprint.urls")
    urls.URLFetcher, urls.URLFetcherResponse = Fetcher, lambda url, body: body
    text = types.ModuleType("weasyprint.text")
    fonts = types.ModuleType("weasyprint.text.fonts")
    fonts.FontConfiguration = object
    stand_in = types.ModuleType("weasyprint")
    stand_in.HTML, stand_in.CSS = HTML, lambda **options: None
    for module in (stand_in, urls, text, fonts):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    pdf.available.cache_clear()
    yield documents
    pdf.available.cache_clear()


@pytest.mark.parametrize("address", [SHEET, COLLECTION])
def test_without_the_library_there_is_no_pdf_and_no_link(client, address):
    assert client.get(address).content == client.get("/bestaat-niet/").content
    for page in ("/praktijken/a/teamblad/", "/praktijken/waaier/?p=a,b"):
        assert "pdf" not in client.get(page).content.decode()


def test_a_library_that_misses_its_own_libraries_is_absent(client, monkeypatch):
    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint")
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    pdf.available.cache_clear()
    assert client.get(SHEET).status_code == 404


@pytest.mark.parametrize(
    ("page", "address"),
    [("/praktijken/a/teamblad/", SHEET), ("/praktijken/waaier/?p=a,b", COLLECTION)],
)
def test_a_reader_downloads_the_pdf_from_the_page(client, drawn, page, address):
    assert f'href="{address}">Download als pdf' in client.get(page).content.decode()
    response = client.get(address)
    assert response.content.startswith(b"%PDF")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert not response.cookies
    assert "Speelplek A" in drawn[0].string
    assert 'lang="nl-BE"' in drawn[0].string


def test_a_pdf_is_drawn_again_only_when_what_stands_in_it_changes(client, drawn):
    first = client.get(SHEET).content
    assert client.get(SHEET).content == first
    assert len(drawn) == 1
    practice = factories.Practice.objects.public().get(slug="a")
    practice.summary = "Nu ook op zaterdag."
    practice.save()
    assert client.get(SHEET).content != first
    assert "Nu ook op zaterdag." in drawn[1].string


def test_however_many_pdfs_are_asked_for_few_are_kept(client, drawn, monkeypatch):
    monkeypatch.setattr(pdf, "SLOTS", 3)
    for number in range(12):
        pdf.document(f"<p>{number}</p>")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_cache")
        assert cursor.fetchone()[0] <= 3


def test_who_asks_for_very_many_is_asked_to_stop(client, drawn, monkeypatch):
    monkeypatch.setattr(pdf, "RATE", "2/h/ip")
    addresses = [f"{COLLECTION},{factories.practice().slug}" for _ in range(3)]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 429]
    assert len(drawn) == 2
    # What is kept costs nothing.
    assert client.get(addresses[0]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_who_comes_second_is_asked_to_wait(client, drawn):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [pdf._LOCK])
        response = client.get(SHEET)
        assert response.status_code == 503
        assert "Even druk" in response.content.decode()
        assert int(response.headers["Retry-After"]) > 0
        assert response.headers["Cache-Control"] == "no-store"
        assert not drawn
    finally:
        other.close()
    assert client.get(SHEET).status_code == 200


def test_a_document_gets_our_own_fonts_and_nothing_else(client, drawn):
    client.get(SHEET)
    fetch = drawn[0].fetcher.fetch
    assert fetch("portal:fonts/figtree.woff2")[:4] == b"wOF2"
    for address in (
        "http://127.0.0.1/",
        "https://example.org/x.css",
        "file:///etc/passwd",
        "portal:fonts/../css/site.css",
        "portal:/etc/passwd",
        "data:text/css,*{}",
    ):
        with pytest.raises(ValueError, match="not ours"):
            fetch(address)


def test_a_collection_that_is_too_large_is_for_the_printer(client, drawn):
    slugs = [factories.practice().slug for _ in range(MOST_IN_PDF + 1)]
    address = "p=" + ",".join(slugs)
    assert client.get(f"/praktijken/waaier/pdf/?{address}").status_code == 404
    assert "Download als pdf" not in client.get(f"/praktijken/waaier/?{address}").content.decode()
    assert client.get("/praktijken/waaier/pdf/").status_code == 404


def test_what_a_reader_may_not_see_is_not_in_the_pdf(client, drawn):
    factories.practice(slug="geheim", state="draft", name="Geheime plek")
    client.get("/praktijken/waaier/pdf/?p=a,geheim")
    assert "Geheime plek" not in drawn[0].string
    assert client.get("/praktijken/geheim/teamblad.pdf").status_code == 404
