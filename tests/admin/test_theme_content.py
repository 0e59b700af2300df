"""Staff make themes and all that hangs under them: by clicking alone, with a draft, a preview and a way back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expoo_portal import content_version
from expoo_portal.themes.models import (
    AgreementGroup,
    Broadcast,
    ContactAddress,
    ContactPerson,
    Document,
    Event,
    SectionKind,
    Theme,
    ThemeSection,
    Tip,
    TranscriptLine,
)
from expoo_portal.themes.transcript import Sentence, TranscriptProblem, moment, parse, written
from expoo_portal.visibility import Audience, PublicationState
from tests import factories
from tests.admin.screen import Form, address, change, listing, problems_in
from tests.roles import Role, client_of, person

pytestmark = pytest.mark.django_db

ITEMS = {
    Tip: factories.tip,
    Broadcast: factories.broadcast,
    Document: factories.document,
    Event: factories.event,
    ContactPerson: factories.contact_person,
}
MAKE = {Theme: factories.theme, **ITEMS}


def rows(queryset):
    return queryset.unrestricted()


def new(client, model) -> Form:
    return Form(client, listing(model, "add"))


def row(prefix: str, number: int, **fields):
    return {f"{prefix}-{number}-{name}": value for name, value in fields.items()}


# By clicking alone ---------------------------------------------------------------------------------------------


@pytest.fixture
def second(editor):
    """A second theme, as an editor makes it: with two sections, published."""
    new(editor, Theme).save(
        title="Opvoeden in de buurt",
        slug="opvoeden",
        intro="Hoe buren gezinnen steunen.",
        audience=Audience.PUBLIC,
        state=PublicationState.PUBLISHED,
        **{"sections-TOTAL_FORMS": "2"},
        **row(
            "sections", 0, kind="tekst", title="Waarom?", slug="waarom", body="<p>Buren zijn dichtbij.</p>"
        ),
        **row("sections", 1, kind="documenten", title="Lees meer", slug="documenten", body="", order="2"),
    )
    return rows(Theme.objects).get(slug="opvoeden")


def test_a_second_theme_made_by_clicking_stands_on_the_site(editor, anonymous, second):
    assert list(rows(second.sections).values_list("slug", flat=True)) == ["waarom", "documenten"]
    page = anonymous.get(second.get_absolute_url()).content.decode()
    assert "Buren zijn dichtbij." in page
    assert second.title in anonymous.get("/themas/").content.decode()


def test_what_is_made_under_a_second_theme_stays_under_it(editor, anonymous, second):
    first = factories.theme(title="Ontmoeten")
    factories.theme_section(theme=first, kind=SectionKind.DOCUMENTS, slug="documenten")
    new(editor, Document).save(
        theme=second.pk,
        title="Gids voor buren",
        slug="gids",
        what="Een gids.",
        audience=Audience.PUBLIC,
        state=PublicationState.PUBLISHED,
    )
    content_version.forget()
    assert anonymous.get(f"{second.get_absolute_url()}documenten/gids/").status_code == 200
    assert anonymous.get(f"{first.get_absolute_url()}documenten/gids/").status_code == 404
    assert "Gids voor buren" in anonymous.get(f"{second.get_absolute_url()}documenten/").content.decode()
    assert "Gids voor buren" not in anonymous.get(f"{first.get_absolute_url()}documenten/").content.decode()


def test_an_editor_makes_one_of_each_kind(editor, second):
    topic = factories.topic()
    shared = {"theme": second.pk}
    new(editor, Tip).save(**shared, code="B01", title="Bel aan", text="Bel eens aan.", topic=topic.pk)
    new(editor, Broadcast).save(**shared, title="Radio buurt", slug="radio", summary="Buren praten.")
    new(editor, Event).save(
        **shared, title="Buurtdag", slug="buurtdag", summary="Een dag.", starts_on="14/05/2027"
    )
    new(editor, ContactPerson).save(**shared, name="An")
    new(editor, AgreementGroup).save(
        **shared,
        label="Rollen",
        slug="rollen",
        **{"lines-TOTAL_FORMS": "1"},
        **row("lines", 0, text="[naam] opent de deur."),
    )
    for model in (Tip, Broadcast, Event, ContactPerson):
        made = rows(model.objects).get(theme=second)
        assert made.state == PublicationState.DRAFT
        assert not model.objects.public().exists()
    group = AgreementGroup.objects.public().get(theme=second)
    assert [str(line) for line in rows(group.lines)] == ["[naam] opent de deur."]


# What helps who does this for the first time -----------------------------------------------------------------------


def told(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_a_new_thing_is_for_everybody_and_at_the_theme_that_the_editor_comes_from(editor):
    first, second = factories.theme(slug="een"), factories.theme(slug="twee")
    factories.tip(theme=first, code="T09")
    form = new(editor, Tip)
    assert form.values["audience"] == [Audience.PUBLIC]
    assert form.values["code"] == ["T10"]
    assert "theme" not in form.values or form.values["theme"] == [""]
    listed = Form(editor, f"{listing(Tip, 'add')}?_changelist_filters=thema%3Dtwee")
    assert listed.values["theme"] == [str(second.pk)]
    assert Form(editor, f"{listing(Tip, 'add')}?theme={first.pk}").values["theme"] == [str(first.pk)]


def test_the_only_theme_is_chosen_already(editor):
    theme = factories.theme()
    assert new(editor, Document).values["theme"] == [str(theme.pk)]


@pytest.mark.parametrize(
    ("theme", "item", "words"),
    [
        ({}, {}, "Bekijk op de site"),
        ({"state": "draft"}, {}, "Bezoekers zien dit pas als ook het thema"),
        ({}, {"audience": Audience.MEMBERS}, "maar voor: leden van het netwerk"),
        ({}, {"publish_at_0": "01-01-2099"}, "Nu niet op de site: gepland voor 1 jan 2099"),
    ],
)
def test_who_publishes_is_told_where_it_is_or_why_not(editor, theme, item, words):
    draft = factories.document(theme=factories.theme(**theme), state="draft")
    response = change(editor, draft).press("_publish", **item)
    assert words in told(editor.get(response.headers["Location"]))


def test_the_form_says_that_the_theme_is_not_on_the_site(editor):
    waiting = factories.event(theme=factories.theme(title="Buren", state="draft"))
    assert "als ook het thema ‘Buren’ op de site staat. Dat is nu: concept." in change(editor, waiting).text
    assert "als ook het thema" not in change(editor, factories.event()).text


def test_a_section_says_what_it_shows_and_leads_there(editor):
    section = factories.theme_section(kind=SectionKind.TIPS)
    factories.tip(theme=section.theme), factories.tip(theme=section.theme, state="draft"), factories.tip()
    text = change(editor, section.theme).text
    assert f'/beheer/themes/tip/?thema={section.theme.slug}">2 tips</a>' in text
    assert f'/beheer/themes/tip/add/?theme={section.theme.pk}">tip toevoegen</a>' in text
    assert "links naar de catalogus (0)" in text


def test_the_code_of_a_tip_stays(editor):
    tip = factories.tip(code="T07")
    change(editor, tip).save(code="T08", title="Anders")
    stored = rows(Tip.objects).get()
    assert (stored.code, stored.title) == ("T07", "Anders")


def test_an_editor_pastes_the_addresses_of_practices_into_a_chapter(editor):
    chapter = factories.chapter()
    pasted = "https://portaal.example.org/praktijken/speelbos/, babycafe"
    change(editor, chapter.broadcast).save(**{"chapters-0-practice_slugs": pasted})
    assert rows(chapter.broadcast.chapters).get().practice_slugs == "speelbos, babycafe"


def test_an_editor_types_how_long_a_recording_takes_or_leaves_it(editor):
    recording = factories.broadcast_audio(seconds=None)
    change(editor, recording.broadcast).save()
    form = change(editor, recording.broadcast)
    form.save(**{"recordings-0-seconds": "27:30"})
    assert rows(recording.broadcast.recordings).get().seconds == 1650


def test_a_former_version_says_what_it_does_not_bring_back(editor):
    theme = factories.theme_section().theme
    change(editor, theme).save(title="Later")
    first = theme.history.last()
    page = editor.get(address(theme, "simple_history", first.pk), {"terugzetten": ""}).content.decode()
    assert "blijft zoals het nu is: onderwerpen, onderdelen." in page


def test_a_warning_is_no_error(editor):
    theme = factories.theme()
    warned = change(editor, theme).press(intro="LEES DIT EERST")
    assert "errornote" not in warned.content.decode()
    assert "errornote" in change(editor, theme).press(intro="LEES DIT EERST", title="").content.decode()


# Order, parts ---------------------------------------------------------------------------------------------------


def test_an_editor_drags_sections_into_another_order(editor):
    theme = factories.theme()
    for order, slug in enumerate(("a", "b", "c"), 1):
        factories.theme_section(theme=theme, slug=slug, order=order)
    form = change(editor, theme)
    order = {form.values[f"sections-{place}-slug"][0]: place for place in range(3)}
    form.save(
        **{f"sections-{order[slug]}-order": place for place, slug in enumerate(("c", "a", "b"), 1)},
    )
    assert list(rows(theme.sections).values_list("slug", flat=True)) == ["c", "a", "b"]


def test_two_sections_with_one_anchor_are_refused(editor):
    theme = factories.theme()
    factories.theme_section(theme=theme, slug="een")
    second = factories.theme_section(theme=theme, slug="twee")
    form = change(editor, theme)
    place = next(place for place in (0, 1) if form.values[f"sections-{place}-id"] == [str(second.pk)])
    response = form.press(**{f"sections-{place}-slug": "een"})
    assert response.status_code == 200
    assert rows(ThemeSection.objects).get(pk=second.pk).slug == "twee"


def test_a_warning_about_a_section_names_it_and_saves_after_a_tick(editor):
    section = factories.theme_section(title="Waarom?")
    form = change(editor, section.theme)
    text = '<p><a href="https://example.org">hier</a></p>'
    warned = form.again(form.press(**{"sections-0-body": text}))
    assert "Onderdeel “Waarom?”" in warned.text
    warned.save(toch_bewaren="ja")
    assert rows(ThemeSection.objects).get(pk=section.pk).body.endswith(">hier</a></p>")


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("ruimte=nergens", "De catalogus kent dit niet: ruimte"),
        ("kleur=rood", "De catalogus kent dit niet: kleur"),
        ("weergave=kaart&ruimte=buiten", "zonder paginanummer of weergave"),
        ("q=", "Hier is niets gekozen"),
    ],
)
def test_a_link_into_the_catalogue_leads_somewhere(editor, query, problem):
    value = factories.facet_value(slug="buiten", facet=factories.facet(slug="ruimte"))
    section = factories.theme_section()
    fields = {"links-TOTAL_FORMS": "1", "links-0-text": "Buiten"}
    form = change(editor, section)
    refused = form.press(**fields, **{"links-0-query": query})
    assert problem in " ".join(problems_in(refused))
    form.save(**fields, **{"links-0-query": f"/praktijken/?ruimte={value.slug}"})
    assert rows(section.links).get().query == "ruimte=buiten"


def test_an_editor_adds_a_version_of_a_document_and_the_old_one_stays(editor):
    old = factories.document_file(version="2019")
    form = change(editor, old.document)
    file = SimpleUploadedFile("gids.txt", b"Nieuw")
    form.save(
        **{"files-TOTAL_FORMS": "2", "files-1-file": file, "files-1-version": "2026"},
    )
    assert list(rows(old.document.files).values_list("version", flat=True)) == ["2026", "2019"]


# Preview, versions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MAKE)
def test_an_editor_sees_each_kind_as_a_visitor_would_before_it_is_published(editor, anonymous, model):
    draft = MAKE[model](state=PublicationState.DRAFT)
    response = editor.get(address(draft, "preview"))
    text = response.content.decode()
    assert response.status_code == 200
    assert "Voorbeeld" in text
    assert str(draft) in text
    assert "no-store" in response.headers["Cache-Control"]
    # The preview left nothing behind in what is kept for visitors.
    for path in (draft.get_absolute_url(), "/", "/themas/"):
        assert str(draft) not in anonymous.get(path).content.decode()


@pytest.mark.parametrize("model", [Tip, ContactPerson])
def test_a_preview_shows_a_draft_among_what_is_on_the_site(editor, model):
    theme = factories.theme()
    first, draft = MAKE[model](theme=theme, order=1), MAKE[model](theme=theme, order=2, state="draft")
    hidden = MAKE[model](theme=theme, state="draft")
    text = editor.get(address(draft, "preview")).content.decode()
    assert text.rindex(str(first)) < text.rindex(str(draft))
    assert str(hidden) not in text


def test_nobody_sends_a_message_from_a_preview(editor):
    person = factories.contact_person()
    path = address(person, "preview")
    assert 'type="submit"' not in editor.get(path).content.decode().partition('name="start_key"')[2]
    assert editor.post(path, {"to": person.pk}).status_code == 405


def test_a_preview_of_a_theme_shows_its_sections(editor):
    draft = factories.theme(state=PublicationState.DRAFT)
    factories.theme_section(theme=draft, body="<p>Nog niet te zien.</p>")
    assert "Nog niet te zien." in editor.get(address(draft, "preview")).content.decode()


def test_a_preview_of_a_draft_shows_its_parts(editor):
    document = factories.document_file(document=factories.document(state=PublicationState.DRAFT)).document
    image = factories.event_image(event=factories.event(state=PublicationState.DRAFT))
    assert "/beheer/bestanden/document/" in editor.get(address(document, "preview")).content.decode()
    assert image.alt in editor.get(address(image.event, "preview")).content.decode()


@pytest.mark.parametrize("model", MAKE)
def test_an_editor_restores_a_version(editor, model):
    name = "name" if model is ContactPerson else "title"
    obj = MAKE[model](**{name: "Eerst"})
    first = obj.history.first()
    change(editor, obj).save(**{name: "Later"})
    assert str(rows(model.objects).get(pk=obj.pk)) == "Later"
    assert editor.post(address(obj, "simple_history", first.pk)).status_code == 302
    assert str(rows(model.objects).get(pk=obj.pk)) == "Eerst"


def test_an_editor_restores_a_section(editor):
    section = factories.theme_section(body="<p>Eerst</p>")
    first = section.history.first()
    change(editor, section.theme).save(**{"sections-0-body": "<p>Later</p>"})
    assert rows(ThemeSection.objects).get().body == "<p>Later</p>"
    assert editor.post(address(section, "simple_history", first.pk)).status_code == 302
    assert rows(ThemeSection.objects).get().body == "<p>Eerst</p>"


def test_who_saves_second_is_told(editor):
    tip = factories.tip()
    first, second = change(editor, tip), change(editor, tip)
    first.save(title="Van de eerste")
    assert "heeft" in second.again(second.press(title="Van de tweede")).text
    assert rows(Tip.objects).get().title == "Van de eerste"


# The transcript --------------------------------------------------------------------------------------------------


@pytest.fixture
def chapter():
    """The first of two chapters, from the tenth second to the sixtieth."""
    broadcast = factories.broadcast()
    factories.chapter(broadcast=broadcast, start=60)
    return factories.chapter(broadcast=broadcast, start=10, title="Welkom")


def transcript_of(chapter) -> str:
    return reverse("admin:themes_broadcast_transcript", args=[chapter.broadcast_id, chapter.pk])


def test_an_editor_pastes_a_transcript_and_finds_it_back(editor, anonymous, chapter):
    factories.transcript_line(chapter=chapter, start=11, text="Oud.")
    form = Form(editor, transcript_of(chapter))
    assert form.values["lines"] == ["00:11 Oud."]
    form.save(lines="00:12.5 Welkom.\n\n00:40 Wij zijn er weer.")
    assert list(rows(TranscriptLine.objects).values_list("start", "text")) == [
        (Decimal("12.50"), "Welkom."),
        (Decimal("40.00"), "Wij zijn er weer."),
    ]
    again = Form(editor, transcript_of(chapter))
    assert again.values["lines"] == ["00:12.5 Welkom.\n00:40 Wij zijn er weer."]
    assert "Wij zijn er weer." in anonymous.get(chapter.broadcast.get_absolute_url()).content.decode()
    assert "Welkom" in chapter.broadcast.history.first().history_change_reason


def test_a_mistake_in_a_transcript_is_named_and_nothing_is_lost(editor, chapter):
    factories.transcript_line(chapter=chapter, start=11, text="Oud.")
    form = Form(editor, transcript_of(chapter))
    typed = "00:12 Goed.\nzonder moment\n01:05 Te laat."
    came_back = form.again(form.press(lines=typed))
    assert "Regel 2: begin met het moment" in came_back.text
    assert "Regel 3: 01:05 ligt in het volgende hoofdstuk" in came_back.text
    assert came_back.values["lines"] == [typed]
    assert rows(TranscriptLine.objects).get().text == "Oud."


def test_a_chapter_of_another_broadcast_is_not_found(editor, chapter):
    other = factories.broadcast()
    path = reverse("admin:themes_broadcast_transcript", args=[other.pk, chapter.pk])
    assert editor.get(path).status_code == 404


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("Welkom", "begin met het moment"),
        ("00:75 Welkom", "een minuut telt zestig seconden"),
        ("1:75:00 Welkom", "een minuut telt zestig seconden"),
        ("00:05", "geen zin"),
        ("00:05 " + "a" * 1001, "langer dan 1000 tekens"),
        ("00:05 Een\n00:04 Twee", "00:04 komt na 00:05"),
    ],
)
def test_a_line_that_cannot_be_read_is_explained(typed, problem):
    with pytest.raises(TranscriptProblem, match=problem):
        parse(typed)


def test_lines_are_read_as_they_are_written():
    sentences = [
        Sentence(Decimal("85.25"), "Een."),
        Sentence(Decimal(90), "Twee: 12:30 was het."),
        Sentence(Decimal(3725), "Drie."),
    ]
    assert written(sentences) == "01:25.25 Een.\n01:30 Twee: 12:30 was het.\n1:02:05 Drie."
    assert parse(written(sentences)) == sentences
    assert parse("[01:25] – Zo plakken anderen.\r\n") == [Sentence(Decimal(85), "Zo plakken anderen.")]
    assert moment(0) == "00:00"


def test_many_mistakes_are_counted():
    with pytest.raises(TranscriptProblem) as caught:
        parse("x\n" * 20)
    assert caught.value.problems[-1] == "Nog 15 andere regels kloppen niet."


def test_an_editor_types_the_moment_of_a_chapter_as_on_a_clock(editor, chapter):
    form = change(editor, chapter.broadcast)
    assert [form.values[f"chapters-{place}-start"] for place in (0, 1)] == [["00:10"], ["01:00"]]
    assert "Schrijf het moment in minuten" in " ".join(problems_in(form.press(**{"chapters-1-start": "90"})))
    form.save(**{"chapters-1-start": "1:02:05"})
    assert list(rows(chapter.broadcast.chapters).values_list("start", flat=True)) == [10, 3725]


# Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.MEMBER, Role.FACILITATOR])
@pytest.mark.parametrize("model", MAKE)
def test_who_is_no_editor_gets_nowhere(role, model):
    obj = MAKE[model]()
    client = client_of(person(role, factories.group()))
    for path in (listing(model), address(obj), address(obj, "history"), address(obj, "preview")):
        assert client.get(path).status_code == 302


def test_only_staff_with_the_right_see_the_address_of_a_contact_person(editor):
    entry = factories.contact_address(email="geheim@example.org")
    assert "geheim@example.org" in change(editor, entry.person).text
    user = person(Role.EDITOR, factories.group())
    user.groups.clear()
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_contactperson", "change_contactperson"])
    )
    form = change(client_of(user), entry.person)
    assert "geheim@example.org" not in form.text
    form.save(role="nieuw")
    assert rows(ContactAddress.objects).get().email == "geheim@example.org"


# Lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [*MAKE, AgreementGroup])
def test_a_list_asks_no_more_when_it_is_longer(editor, model):
    make = MAKE.get(model, factories.agreement_group)

    def queries():
        editor.get(listing(model))
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(listing(model)).status_code == 200
        return len(captured)

    make(), make()
    few = queries()
    for _ in range(15):
        make()
    assert queries() == few


def test_an_editor_lists_the_items_of_one_theme(editor):
    theme = factories.theme(slug="een")
    wanted = factories.tip(theme=theme)
    factories.tip()
    assert list(editor.get(listing(Tip), {"thema": "een"}).context["cl"].result_list) == [wanted]
