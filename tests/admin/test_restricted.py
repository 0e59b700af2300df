"""Editors see everything in the admin, whatever its audience and state; nobody else sees the admin."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expoo_portal.admin import RestrictedAdmin
from expoo_portal.pages import Page
from expoo_portal.visibility import Audience, PublicationState, ViewerNotStated
from practices.models import Practice, PracticeContact, PracticeFile, PracticeSource
from tests import factories
from tests.admin.screen import Form, address, change, listing
from tests.roles import STAFF, Role, client_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return factories.practice(name="Stille draft", state=PublicationState.DRAFT, audience=Audience.STAFF)


@pytest.mark.parametrize("role", sorted(set(Role) - STAFF))
def test_only_staff_get_into_the_admin(clients, draft, role):
    for place in (reverse("admin:index"), listing(Practice), address(draft), address(draft, "preview")):
        response = clients[role].get(place)
        assert response.status_code == 302, place
        assert "Stille draft" not in response.content.decode()


def test_an_editor_lists_finds_and_opens_a_draft(editor, draft):
    factories.practice(name="Iets anders")
    assert "Stille draft" in editor.get(listing(Practice)).content.decode()
    found = editor.get(listing(Practice), {"q": "stille"}).content.decode()
    assert "Stille draft" in found
    assert "Iets anders" not in found
    assert change(editor, draft).values["name"] == ["Stille draft"]


def test_an_editor_adds_a_practice_with_a_source_and_gets_an_address_for_it(editor):
    form = Form(editor, listing(Practice, "add"))
    form.save(
        name="Babycafé Écht Waar",
        summary="Ouders drinken koffie.",
        organisation="Huis van het Kind",
        municipality="Gent",
        **{
            "sources-TOTAL_FORMS": "2",
            "sources-0-url": "https://example.org/een",
            "sources-1-url": "https://example.org/twee",
        },
    )
    made = Practice.objects.unrestricted().get()
    assert made.slug == "babycafe-echt-waar"
    assert made.state == PublicationState.DRAFT
    sources = PracticeSource.objects.unrestricted().values_list("url", "order")
    assert list(sources) == [("https://example.org/een", 1), ("https://example.org/twee", 2)]


def test_an_editor_deletes_a_draft_after_a_confirmation_that_names_its_parts(editor, draft):
    factories.practice_source(practice=draft, description="Krant van mei")
    form = Form(editor, address(draft, "delete"))
    assert "Krant van mei" in form.text
    assert Practice.objects.unrestricted().filter(pk=draft.pk).exists()
    editor.post(form.address, {"post": "yes"})
    assert not Practice.objects.unrestricted().filter(pk=draft.pk).exists()


def test_an_editor_deletes_several_drafts_after_a_confirmation(editor, draft):
    data = {"action": "delete_selected", "_selected_action": [draft.pk]}
    asked = editor.post(listing(Practice), data)
    assert "Stille draft" in asked.content.decode()
    assert Practice.objects.unrestricted().exists()
    editor.post(listing(Practice), data | {"post": "yes"})
    assert not Practice.objects.unrestricted().exists()


def test_an_editor_finds_a_draft_when_another_form_asks_for_a_practice(editor, member, draft):
    query = {
        "app_label": "practices",
        "model_name": "practicesource",
        "field_name": "practice",
        "term": "stil",
    }
    found = editor.get(reverse("admin:autocomplete"), query).json()
    assert [result["text"] for result in found["results"]] == ["Stille draft"]
    assert member.get(reverse("admin:autocomplete"), query).status_code == 302


def test_a_form_may_point_to_a_draft(draft):
    request = RequestFactory().get("/")
    options = RestrictedAdmin(PracticeSource, admin.site)
    field = options.formfield_for_foreignkey(PracticeSource._meta.get_field("practice"), request)
    assert list(field.queryset) == [draft]
    with pytest.raises(ViewerNotStated):
        list(Practice.objects.all())


def test_an_editor_opens_the_file_of_a_draft_and_a_visitor_does_not(editor, member, anonymous, draft):
    file = factories.practice_file(practice=draft, name="draaiboek.txt", content=b"Stap 1")
    assert file.staff_url in change(editor, draft).text
    response = editor.get(file.staff_url)
    assert response.content == b"Stap 1"
    assert "private, no-store" in response.headers["Cache-Control"]
    assert editor.get(file.get_absolute_url()).status_code == 404
    for other in (member, anonymous):
        assert other.get(file.staff_url).status_code == 302


def test_staff_without_the_right_do_not_open_the_file_of_a_draft(draft):
    file = factories.practice_file(practice=draft)
    user = person(Role.EDITOR, factories.group())
    user.groups.clear()
    client = client_of(user)
    assert client.get(file.staff_url).status_code == 404
    user.user_permissions.add(Permission.objects.get(codename="view_practicefile"))
    response = client.get(file.staff_url)
    assert response.status_code == 200


@pytest.mark.parametrize(
    "change_it",
    [("praktijk-bestand", "x"), ("praktijk-bestand", "praktijk-beeld"), (".txt", ".pdf")],
)
def test_a_wrong_address_of_a_file_leads_nowhere(editor, draft, change_it):
    file = factories.practice_file(practice=draft, name="a.txt")
    assert editor.get(file.staff_url.replace(*change_it)).status_code == 404


def test_an_editor_uploads_a_file_and_is_told_when_it_lies(editor, draft):
    from tests.files import samples

    form = change(editor, draft)
    row = {"files-TOTAL_FORMS": "1", "files-0-practice": str(draft.pk), "files-0-order": "0"}
    refused = form.press(**row, **{"files-0-file": samples.upload("plan.pdf", b"<html>")})
    assert "maar de inhoud is iets anders" in refused.content.decode()
    assert not PracticeFile.objects.unrestricted().exists()
    form.save(**row, **{"files-0-file": samples.upload("Plan.pdf", samples.PDF)})
    kept = PracticeFile.objects.unrestricted().get()
    assert (kept.name, kept.content_type, kept.order) == ("Plan.pdf", "application/pdf", 1)


def test_an_editor_is_told_when_a_picture_has_no_consent(editor, draft):
    from tests.files import samples

    row = {
        "images-TOTAL_FORMS": "1",
        "images-0-practice": str(draft.pk),
        "images-0-order": "0",
        "images-0-alt": "Een bank",
        "images-0-file": samples.upload("a.jpg", samples.picture()),
    }
    response = change(editor, draft).press(**row)
    assert "Zonder toestemming kan een beeld niet bewaard worden." in response.content.decode()


def test_the_file_dialog_offers_only_what_may_be_uploaded(editor, draft):
    text = change(editor, draft).text
    assert 'accept=".jpg,.jpeg,.png,.webp"' in text
    assert 'accept=".pdf,.docx,' in text


def test_a_used_address_is_refused_with_a_sentence(editor, draft):
    factories.practice(slug="bezet", audience=Audience.STAFF)
    response = change(editor, draft).press(slug="bezet")
    assert response.status_code == 200
    assert "bestaat al" in response.content.decode()


def test_a_changed_address_leaves_a_redirect(editor, anonymous):
    practice = factories.practice(slug="oud")
    change(editor, practice).save(slug="nieuw")
    assert anonymous.get("/praktijken/oud/").headers["Location"] == "/praktijken/nieuw/"


def queries(client, place):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(place).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_for_many_practices(editor):
    value = factories.facet_value(facet=factories.facet(slug="type-organisatie"))
    factories.practice(values=[value])
    queries(editor, listing(Practice))
    few = queries(editor, listing(Practice))
    for _ in range(12):
        factories.practice(values=[value])
    assert queries(editor, listing(Practice)) == few


def test_the_form_costs_the_same_for_many_facets(editor):
    practice = factories.practice(values=[factories.facet_value()])
    queries(editor, address(practice))
    few = queries(editor, address(practice))
    for _ in range(10):
        factories.facet_value()
    assert queries(editor, address(practice)) == few


def test_an_editor_edits_a_page(editor, anonymous):
    page = factories.page(slug="over")
    change(editor, page).save(title="Over ons", body="<p>Dag<script>x</script></p>")
    page = Page.objects.unrestricted().get()
    assert (page.title, page.body) == ("Over ons", "<p>Dag</p>")
    assert "Over ons" in anonymous.get("/over/").content.decode()


def test_an_editor_changes_deletes_and_reorders_rows(editor, draft):
    first, second, third = (factories.practice_source(practice=draft, order=n) for n in (1, 2, 3))
    factories.practice_contact(practice=draft, role="Onthaal")
    form = change(editor, draft)
    form.save(
        **{
            "sources-0-description": "Vernieuwd",
            "sources-0-order": "2",
            "sources-1-DELETE": "on",
            "sources-2-order": "1",
            "contact-0-role": "Coördinatie",
        }
    )
    rows = PracticeSource.objects.unrestricted().order_by("order")
    assert [(row.pk, row.description) for row in rows] == [
        (third.pk, third.description),
        (first.pk, "Vernieuwd"),
    ]
    assert not rows.filter(pk=second.pk).exists()
    assert PracticeContact.objects.unrestricted().get().role == "Coördinatie"
