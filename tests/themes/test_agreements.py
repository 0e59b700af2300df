"""The agreement sheet for partners: put together, printed, downloaded, and stored nowhere."""

import io
import re
import zipfile
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from expoo_portal.themes import agreements
from expoo_portal.visibility import PublicationState
from tests import factories
from tests.practices.test_pdf import drawn  # noqa: F401 - the stand-in for the library that draws

pytestmark = pytest.mark.django_db

PAGE = "/themas/ontmoeting/afspraken/"


@pytest.fixture
def lines():
    """Two groups of suggestions: one with two lines, one with one."""
    cache.clear()
    theme = factories.theme(slug="ontmoeting")
    goal = factories.agreement_group(theme=theme, slug="doel", label="Doel", hint="Waarom?", order=1)
    roles = factories.agreement_group(theme=theme, slug="rollen", label="Rollen", order=2)
    return [
        factories.agreement_line(group=goal, text="Het moment is voor [welke gezinnen].", order=1),
        factories.agreement_line(group=goal, text="Het is geen opvang.", order=2),
        factories.agreement_line(group=roles, text="[Naam] opent de deur.", order=1),
    ]


@pytest.fixture
def form(lines):
    """What somebody filled in: one line as suggested, one changed, one of their own."""
    first, _, third = lines
    return {
        "organisatie-1": "Huis A",
        "contact-1": "An",
        "organisatie-2": "Huis B",
        "datum": "2026-11-23",
        "kies-doel": [str(first.pk)],
        f"regel-doel-{first.pk}": first.text,
        "eigen-doel": ["", "We beginnen klein."],
        "kies-rollen": [str(third.pk)],
        f"regel-rollen-{third.pk}": "Bilal & Cato <openen>.",
    }


def sent(client, form, how="blad"):
    response = client.post(PAGE, form | {"vorm": how})
    assert response.status_code == 200
    return response


def agreed(response):
    """The lines on the sheet."""
    text = response.content.decode()
    text = text[text.index('<article class="sheet agreement"') :]
    return [unescape(re.sub("<.*?>", "", line)) for line in re.findall(r"<li>(.*?)</li>", text)]


def test_visitor_finds_suggestions_by_subject_with_their_gaps(client, lines):
    page = client.get(PAGE).content.decode()
    assert page.index("Doel</legend>") < page.index("Rollen</legend>")
    assert "In te vullen: [welke gezinnen]" in page
    assert page.count('type="checkbox"') == 3
    assert "checked" not in page


def test_what_is_ticked_changed_and_added_comes_on_the_sheet(client, form):
    response = sent(client, form)
    assert agreed(response) == [
        "Huis A, An",
        "Huis B",
        "Het moment is voor [welke gezinnen].",
        "We beginnen klein.",
        "Bilal & Cato <openen>.",
    ]
    page = response.content.decode()
    assert "23 november 2026" in page
    assert "<mark>[welke gezinnen]</mark>" in page
    assert "1 plek is nog niet ingevuld" in page
    assert '<ol start="3">' in page
    assert page.count("<tr>") == 3


def test_from_the_sheet_one_goes_back_with_everything_still_there(client, form, lines):
    page = sent(client, form).content.decode()
    hidden = re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', page)
    again = {}
    for name, value in hidden:
        again.setdefault(name, []).append(unescape(value))
    page = sent(client, again, "wijzig").content.decode()
    assert page.count("checked") == 2
    assert "Bilal &amp; Cato &lt;openen&gt;." in page
    assert "We beginnen klein." in page
    assert 'value="Huis A"' in page
    assert 'value="2026-11-23"' in page
    assert page.count('name="eigen-doel"') == 3
    assert agreed(sent(client, again)) == agreed(sent(client, form))


def test_the_word_document_holds_the_same_lines(client, form):
    response = sent(client, form, "docx")
    assert 'filename="afspraken.docx"' in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        text = archive.read("word/document.xml").decode()
    for line in ("[welke gezinnen]", "We beginnen klein.", "Bilal &amp; Cato &lt;openen&gt;.", "An, Huis A"):
        assert line in text
    assert "Het is geen opvang" not in text


@pytest.mark.parametrize("how", ["blad", "docx", "wijzig"])
def test_nothing_of_it_is_written_down_and_no_cookie_is_set(client, form, how, caplog):
    with CaptureQueriesContext(connection) as asked:
        response = sent(client, form, how)
    assert not client.cookies
    assert "no-store" in response["Cache-Control"]
    assert not [query for query in asked.captured_queries if "Huis A" in query["sql"]]
    assert "Huis A" not in caplog.text


def test_the_form_needs_no_token(form):
    assert Client(enforce_csrf_checks=True).post(PAGE, form).status_code == 200


def test_a_ticked_line_whose_suggestion_is_gone_stays(client, form, lines):
    type(lines[0]).objects.unrestricted().filter(pk=lines[0].pk).delete()
    assert "Het moment is voor [welke gezinnen]." in agreed(sent(client, form))


def test_a_form_that_is_not_ours_is_read_as_far_as_it_makes_sense(client, lines):
    form = {
        "kies-doel": ["x", "-1", "9" * 40, "²"],
        "kies-weg": ["1"],
        "datum": "morgen",
        "eigen-doel": ["a\x00b " * 2_000, *["regel"] * 500],
    }
    shown = agreed(sent(client, form))
    assert 0 < len(shown) < 70
    assert max(len(line) for line in shown) <= 600
    assert "[datum]" in sent(client, form).content.decode()


def test_an_empty_sheet_says_so(client, lines):
    assert "Je vinkte nog geen afspraken aan" in sent(client, {}).content.decode()


def test_who_makes_very_many_documents_keeps_what_was_typed(client, form, monkeypatch):
    monkeypatch.setattr(agreements, "RATE", "1/h/ip")
    sent(client, form, "docx")
    response = client.post(PAGE, form | {"vorm": "docx"})
    assert response.status_code == 429
    assert "We beginnen klein." in response.content.decode()


def test_without_the_library_there_is_no_pdf_and_no_link(client, form):
    assert "pdf" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, form | {"vorm": "pdf"}).status_code == 404


def test_a_reader_downloads_the_same_lines_as_pdf_and_nothing_of_it_is_kept(client, form, drawn):  # noqa: F811
    assert "Download als pdf" in client.get(PAGE).content.decode()
    first, second = (sent(client, form, "pdf") for _ in range(2))
    assert first.content.startswith(b"%PDF")
    assert first["Content-Type"] == "application/pdf"
    assert 'filename="afspraken.pdf"' in first["Content-Disposition"]
    assert "no-store" in first["Cache-Control"]
    assert second.content != first.content, "drawn anew"
    for line in (
        "We beginnen klein.",
        "Bilal &amp; Cato &lt;openen&gt;.",
        "<mark>[welke gezinnen]</mark>",
        "Huis B",
    ):
        assert line in drawn[0].string
    assert "Het is geen opvang" not in drawn[0].string
    assert "Handtekening" in drawn[0].string


def test_a_third_partner_is_folded_away_until_named(client, form):
    assert "<details" in client.get(PAGE).content.decode()
    assert "data-more-parties open" not in sent(client, form, "wijzig").content.decode()
    assert "data-more-parties open" in sent(client, form | {"contact-4": "Dirk"}, "wijzig").content.decode()


def test_the_agreements_of_a_hidden_theme_are_not_there(client):
    hidden = factories.theme(state=PublicationState.DRAFT)
    group = factories.agreement_group(theme=hidden)
    factories.agreement_line(group=group)
    assert client.get(f"/themas/{hidden.slug}/afspraken/").status_code == 404
    assert client.post(f"/themas/{hidden.slug}/afspraken/").status_code == 404


def test_the_empty_form_is_kept_for_all_visitors(client, lines):
    assert client.get(PAGE)["Cache-Control"].startswith("public")
    assert client.get(PAGE)["ETag"]
