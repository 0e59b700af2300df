"""Editors see in words what is on the site, change it, and look at it first."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from expoo_portal.visibility import Audience, PublicationState
from practices.models import Practice
from tests import factories
from tests.admin.screen import Form, address, change, listing

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = NOW + timedelta(days=10)
BEFORE = NOW - timedelta(days=10)


@pytest.fixture
def four():
    """One practice of each stage."""
    return {
        "concept": factories.practice(name="Aa concept", state=PublicationState.DRAFT),
        "gepland": factories.practice(name="Bb gepland", publish_at=LATER),
        "gepubliceerd": factories.practice(name="Cc op de site"),
        "verlopen": factories.practice(
            name="Dd verlopen", publish_at=BEFORE, expires_at=NOW - timedelta(days=1)
        ),
    }


def listed(client, **query):
    """The names in the list."""
    return [practice.name for practice in client.get(listing(Practice), query).context["cl"].result_list]


@time_machine.travel("2026-11-23 10:00+01:00", tick=False)
def test_an_editor_reads_the_state_in_words(editor):
    brussels = timezone.get_default_timezone()
    when = datetime(2026, 12, 3, 9, 0, tzinfo=brussels)
    factories.practice(publish_at=when)
    factories.practice(publish_at=when - timedelta(days=30), expires_at=when - timedelta(days=20))
    factories.practice(state=PublicationState.DRAFT, audience=Audience.MEMBERS)
    text = editor.get(listing(Practice)).content.decode()
    assert '<span class="status status-gepland">gepland voor 3 dec 2026 09:00</span>' in text
    assert '<span class="status status-verlopen">verlopen</span>' in text
    assert (
        '<span class="status status-concept">concept</span> '
        '<span class="audience">Leden van het netwerk</span>' in text
    )


@pytest.mark.parametrize("stage", ["concept", "gepland", "gepubliceerd", "verlopen"])
def test_an_editor_lists_what_is_in_one_stage(editor, four, stage):
    assert listed(editor, status=stage) == [four[stage].name]


def test_an_editor_lists_what_is_for_one_audience(editor, four):
    members = factories.practice(audience=Audience.MEMBERS)
    assert listed(editor, audience__exact=Audience.MEMBERS) == [members.name]


def test_an_unknown_stage_shows_all(editor, four):
    assert len(listed(editor, status="onzin")) == 4


def act(client, action, *practices):
    data = {"action": action, "_selected_action": [practice.pk for practice in practices]}
    return client.post(listing(Practice), data, follow=True).content.decode()


def test_an_editor_publishes_several_at_once_and_reads_what_stays_hidden(editor, anonymous, four):
    for_staff = factories.practice(state=PublicationState.DRAFT, audience=Audience.STAFF)
    planned = factories.practice(state=PublicationState.DRAFT, publish_at=LATER)
    text = act(editor, "publish", four["concept"], four["gepubliceerd"], for_staff, planned)
    assert "3 gepubliceerd." in text
    assert "door de gekozen tijdstippen: 1." in text
    assert "door ‘zichtbaar voor’: 1." in text
    assert anonymous.get(four["concept"].get_absolute_url()).status_code == 200
    assert anonymous.get(planned.get_absolute_url()).status_code == 404


def test_an_editor_takes_several_off_the_site(editor, anonymous, four):
    text = act(editor, "unpublish", four["gepubliceerd"], four["concept"])
    assert "1 van de site gehaald." in text
    assert anonymous.get(four["gepubliceerd"].get_absolute_url()).status_code == 404


def test_publishing_from_the_list_is_kept_in_the_history(editor, four):
    act(editor, "publish", four["concept"])
    newest = four["concept"].history.latest()
    assert (newest.state, newest.history_user.is_staff) == (PublicationState.PUBLISHED, True)


def test_an_editor_publishes_with_one_button(editor, anonymous, four):
    form = change(editor, four["concept"])
    form.press("_publish", name="Nieuwe naam")
    assert "Nieuwe naam" in anonymous.get(four["concept"].get_absolute_url()).content.decode()
    assert "_publish" not in change(editor, four["concept"]).buttons


def test_a_new_practice_is_published_with_one_button(editor, anonymous):
    form = Form(editor, listing(Practice, "add"))
    form.press(
        "_publish",
        name="Meteen op de site",
        summary="Kort.",
        organisation="Huis",
        municipality="Gent",
        audience=Audience.PUBLIC,
    )
    assert anonymous.get("/praktijken/meteen-op-de-site/").status_code == 200


def test_an_editor_plans_a_publication(editor, anonymous, four):
    practice = four["concept"]
    change(editor, practice).save(
        state=PublicationState.PUBLISHED, publish_at_0="3/12/2099", publish_at_1="09:00"
    )
    assert "gepland voor 3 dec 2099 09:00" in editor.get(listing(Practice)).content.decode()
    assert anonymous.get(practice.get_absolute_url()).status_code == 404


def test_an_end_before_the_beginning_is_refused_with_a_sentence(editor, four):
    response = change(editor, four["gepubliceerd"]).press(expires_at_0="1/1/2000", expires_at_1="09:00")
    assert "‘Tonen tot’ moet na ‘publiceren vanaf’ liggen." in response.content.decode()


def test_an_editor_gets_a_link_to_the_site_only_when_it_is_there(editor, four):
    for stage, practice in four.items():
        link = f'<a href="{practice.get_absolute_url()}" class="viewsitelink">Bekijk op de site</a>'
        assert (link in change(editor, practice).text) == (stage == "gepubliceerd"), stage


def test_an_editor_sees_a_draft_as_a_visitor_will(editor, anonymous, four):
    draft = four["concept"]
    factories.practice_source(practice=draft, description="Krant van mei")
    image = factories.practice_image(practice=draft, alt="Een bank in de zon")
    factories.practice_contact(practice=draft, email="alleen.leden@example.org")
    response = editor.get(address(draft, "preview"))
    text = response.content.decode()
    assert response.status_code == 200
    assert "Voorbeeld – nog niet gepubliceerd" in text
    assert "Aa concept" in text
    assert "Krant van mei" in text
    assert f'src="{image.staff_url}?maat=pagina"' in text
    assert editor.get(image.staff_url, {"maat": "pagina"}).content
    assert "alleen.leden@example.org" not in text
    assert "Redactie van dienst" not in text
    assert "Aanmelden" in text
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert anonymous.get(draft.get_absolute_url()).status_code == 404


def test_a_preview_is_the_page_that_visitors_get(editor, anonymous, four):
    practice = four["gepubliceerd"]

    def article(text):
        return text[text.index("<article") : text.index("</article")]

    preview = article(editor.get(address(practice, "preview")).content.decode())
    page = article(anonymous.get(practice.get_absolute_url()).content.decode())
    assert preview.replace(" ", "") in page.replace(" ", "") or len(page) - len(preview) < 200


def test_an_editor_saves_and_goes_to_the_preview(editor, four):
    form = change(editor, four["concept"])
    assert f'href="{address(four["concept"], "preview")}"' in form.text
    response = form.press("_preview", name="Anders")
    assert response.headers["Location"] == address(four["concept"], "preview")
    assert "Anders" in editor.get(response.headers["Location"]).content.decode()


def test_a_message_waits_for_the_admin_while_an_editor_previews(editor, four):
    form = change(editor, four["concept"])
    form.press("_preview")
    assert "is bewaard." not in editor.get(address(four["concept"], "preview")).content.decode()
    assert "is bewaard." in editor.get(listing(Practice)).content.decode()


def test_a_preview_of_something_that_does_not_exist_is_a_404(editor, four):
    missing = address(four["concept"], "preview").replace(f"/{four['concept'].pk}/", "/999999/")
    assert editor.get(missing).status_code == 404
    assert editor.get(missing.replace("999999", "x")).status_code == 404


def test_a_preview_is_only_read(editor, four):
    assert editor.post(address(four["concept"], "preview")).status_code == 405


def test_an_editor_sees_a_page_before_it_is_published(editor):
    page = factories.page(title="Straks", state=PublicationState.DRAFT)
    text = editor.get(address(page, "preview")).content.decode()
    assert "Voorbeeld – nog niet gepubliceerd" in text
    assert "Straks" in text
