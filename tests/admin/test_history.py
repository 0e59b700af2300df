"""Each save is one version; editors read, compare and restore them."""

import pytest

from expoo_portal.admin.versions import compare_words
from expoo_portal.visibility import PublicationState
from practices.models import Practice
from tests import factories
from tests.admin.screen import Form, address, change, listing
from tests.roles import Role, client_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def values():
    facet = factories.facet(label="Ruimte", slug="ruimte", multiple=True)
    return [factories.facet_value(facet=facet, label=label) for label in ("Buiten", "Online", "Mobiel")]


@pytest.fixture
def practice(values):
    return factories.practice(
        name="Babycafé", special="Koffie op dinsdag", approach="<p>Elke week koffie.</p>", values=values[:1]
    )


def version_page(client, practice, record):
    return client.get(address(practice, "simple_history", record.pk)).content.decode()


def facet_values(practice):
    return set(practice.values.values_list("label", flat=True))


def test_one_save_is_one_version_with_its_values(editor, practice, values):
    before = practice.history.count()
    change(editor, practice).save(special="Thee", facet_ruimte=[str(values[1].pk), str(values[2].pk)])
    assert practice.history.count() == before + 1
    newest = practice.history.latest()
    assert {row.facetvalue.label for row in newest.values.all()} == {"Online", "Mobiel"}
    assert newest.history_type == "~"


def test_a_new_practice_begins_with_one_version_that_holds_its_values(editor, values):
    form = Form(editor, listing(Practice, "add"))
    form.save(name="N", summary="S", organisation="O", municipality="M", facet_ruimte=[str(values[0].pk)])
    (only,) = Practice.objects.unrestricted().get().history.all()
    assert only.history_type == "+"
    assert [row.facetvalue for row in only.values.all()] == values[:1]


def test_an_editor_reads_who_changed_what_and_when(editor, practice, values):
    change(editor, practice).save(
        special="Thee op dinsdag",
        approach="<p>Elke maand koffie.</p>",
        facet_ruimte=[str(values[1].pk)],
        kind="openbare-bron",
    )
    text = editor.get(address(practice, "history")).content.decode()
    assert "Redactie van dienst" in text
    assert "<ins>Thee</ins>" in text or "<ins>Thee op dinsdag</ins>" in text
    assert "<del>week</del>" in text
    assert "<ins>maand</ins>" in text
    assert "<ins>Online</ins>" in text
    assert "<del>Buiten</del>" in text
    assert "<ins>Uit openbare bronnen</ins>" in text
    assert "Gewijzigd" not in text


def test_a_version_of_the_system_has_no_name(editor, practice):
    assert "het systeem" in editor.get(address(practice, "history")).content.decode()


def test_text_in_the_history_is_shown_as_text(editor, practice):
    change(editor, practice).save(special="<script>alert(1)</script>")
    text = editor.get(address(practice, "history")).content.decode()
    assert "<script>alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_an_editor_reads_an_old_version(editor, practice):
    old = practice.history.latest()
    change(editor, practice).save(special="Thee", approach="<p>Nieuw</p>")
    text = version_page(editor, practice, old)
    assert "Koffie op dinsdag" in text
    assert "<p>Elke week koffie.</p>" in text
    assert "Buiten" in text
    assert "Deze versie terugzetten" in text
    assert "Dit is de versie van nu" in version_page(editor, practice, practice.history.latest())


def test_an_editor_restores_an_old_version_with_its_values_after_a_confirmation(editor, practice, values):
    old = practice.history.latest()
    change(editor, practice).save(
        special="Thee", approach="<p>Nieuw</p>", facet_ruimte=[str(values[1].pk), str(values[2].pk)]
    )
    place = address(practice, "simple_history", old.pk)
    asked = editor.get(place, {"terugzetten": ""}).content.decode()
    assert "Deze versie terugzetten?" in asked
    assert "<del>Thee</del>" in asked
    practice.refresh_from_db()
    assert practice.special == "Thee"

    count = practice.history.count()
    response = editor.post(place, follow=True)
    assert "is teruggezet." in response.content.decode()
    practice.refresh_from_db()
    assert practice.special == "Koffie op dinsdag"
    assert practice.approach == "<p>Elke week koffie.</p>"
    assert facet_values(practice) == {"Buiten"}
    assert practice.history.count() == count + 1
    newest = practice.history.latest()
    assert newest.history_change_reason.startswith("Versie van ")
    assert newest.history_user.name == "Redactie van dienst"
    assert {row.facetvalue.label for row in newest.values.all()} == {"Buiten"}


def test_restoring_changes_nothing_about_publication(editor, practice):
    old = practice.history.latest()
    change(editor, practice).save(special="Thee", state=PublicationState.DRAFT)
    editor.post(address(practice, "simple_history", old.pk))
    practice.refresh_from_db()
    assert (practice.special, practice.state) == ("Koffie op dinsdag", PublicationState.DRAFT)


def test_restoring_says_which_values_no_longer_exist(editor, practice, values):
    old = practice.history.latest()
    change(editor, practice).save(facet_ruimte=[str(values[1].pk)])
    values[0].delete()
    text = editor.post(address(practice, "simple_history", old.pk), follow=True).content.decode()
    assert "Wat intussen niet meer bestaat, kon niet mee: facetten." in text
    assert facet_values(practice) == set()
    assert "(bestaat niet meer)" in version_page(editor, practice, old)


def test_a_version_whose_address_is_taken_is_not_restored(editor, practice):
    old = practice.history.latest()
    change(editor, practice).save(slug="een-ander-adres", special="Thee")
    practice.former_slugs.model._base_manager.all().delete()
    factories.practice(slug=old.slug)
    text = editor.post(address(practice, "simple_history", old.pk), follow=True).content.decode()
    assert "Terugzetten lukt niet" in text
    practice.refresh_from_db()
    assert practice.special == "Thee"


def test_an_editor_brings_back_something_deleted_as_a_draft(editor, practice):
    place = address(practice, "simple_history", practice.history.latest().pk)
    history = address(practice, "history")
    pk = practice.pk
    deleted = editor.post(address(practice, "delete"), {"post": "yes"}, follow=True)
    assert f'<a href="{history}">Bekijk de geschiedenis' in deleted.content.decode()
    assert "Verwijderd" in editor.get(history).content.decode()
    assert "komt terug als concept" in editor.get(place, {"terugzetten": ""}).content.decode()
    editor.post(place)
    restored = Practice.objects.unrestricted().get(pk=pk)
    assert (restored.name, restored.state) == ("Babycafé", PublicationState.DRAFT)
    assert facet_values(restored) == {"Buiten"}


def test_a_version_of_something_else_is_a_404(editor, practice):
    other = factories.practice().history.latest()
    assert editor.get(address(practice, "simple_history", other.pk)).status_code == 404
    assert editor.get(address(practice, "simple_history", "onzin")).status_code == 404


def test_staff_who_may_only_look_do_not_restore(practice):
    from django.contrib.auth.models import Permission

    user = person(Role.EDITOR, factories.group())
    user.groups.clear()
    rights = Permission.objects.filter(codename__in=["view_practice", "view_historicalpractice"])
    user.user_permissions.add(*rights)
    client = client_of(user)
    factories.practice()
    old = practice.history.latest()
    practice.save()
    place = address(practice, "simple_history", old.pk)
    assert "Deze versie terugzetten" not in client.get(place).content.decode()
    assert client.post(place).status_code == 403


def test_staff_without_rights_do_not_read_the_history(practice):
    user = person(Role.EDITOR, factories.group())
    user.groups.clear()
    client = client_of(user)
    assert client.get(address(practice, "history")).status_code == 403
    assert client.get(address(practice, "simple_history", practice.history.latest().pk)).status_code == 403


def test_the_history_has_pages(editor, practice):
    for number in range(30):
        practice.special = f"Zin {number}"
        practice.save()
    first = editor.get(address(practice, "history")).content.decode()
    second = editor.get(address(practice, "history"), {"p": "2"}).content.decode()
    assert "Zin 29" in first
    assert "Zin 29" not in second
    assert "Aangemaakt" in second
    # The oldest version of a page is compared with the newest of the next one.
    assert first.count("<dl") == 25


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("een twee", "een drie", [("same", "een"), ("removed", "twee"), ("added", "drie")]),
        ("", "een", [("added", "een")]),
        ("een", "", [("removed", "een")]),
        (
            "a b c d e f g h i j k X",
            "a b c d e f g h i j k Y",
            [
                ("gap", "…"),
                ("same", "f g h i j k"),
                ("removed", "X"),
                ("added", "Y"),
            ],
        ),
    ],
)
def test_a_comparison_shows_what_changed_and_little_around_it(old, new, pieces):
    assert [tuple(piece) for piece in compare_words(old, new)] == pieces


def test_very_long_texts_are_shown_one_after_the_other():
    old, new = "a " * 3_000, "b " * 3_000
    assert [piece.kind for piece in compare_words(old, new)] == ["removed", "added"]
