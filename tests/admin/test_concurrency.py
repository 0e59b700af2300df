"""Two editors have the same practice open: the second is told, and loses nothing."""

import threading

import pytest
from django.db import connection

from practices.models import Practice
from tests import factories
from tests.admin.screen import address, change
from tests.roles import Role, client_of, person


@pytest.fixture
def other(db):
    user = person(Role.EDITOR, factories.group())
    user.name = "Ilse Elders"
    user.save()
    return client_of(user)


@pytest.fixture
def practice(db):
    return factories.practice(special="Begin")


def stored(practice):
    return Practice.objects.unrestricted().get(pk=practice.pk).special


def test_the_second_editor_is_told_and_keeps_the_typed_text(editor, other, practice):
    mine, theirs = change(editor, practice), change(other, practice)
    theirs.save(special="Van Ilse")
    response = mine.press(special="Van mij")
    text = response.content.decode()
    assert response.status_code == 200
    assert "heeft Ilse Elders dit bewaard" in text
    assert address(practice, "simple_history", practice.history.latest().pk) in text
    assert 'value="Van mij"' in text
    assert "Toch bewaren" in text
    assert stored(practice) == "Van Ilse"


def test_the_second_editor_saves_all_the_same(editor, other, practice):
    mine, theirs = change(editor, practice), change(other, practice)
    theirs.save(special="Van Ilse")
    returned = mine.again(mine.press(special="Van mij"))
    assert returned.values["special"] == ["Van mij"]
    assert 'name="overwritten_version"' in returned.text
    seen = returned.response.context["adminform"].form.conflicting_version
    returned.save(overwritten_version=seen)
    assert stored(practice) == "Van mij"
    assert practice.history.filter(special="Van Ilse").exists()


def test_the_second_editor_is_told_again_without_a_decision(editor, other, practice):
    mine, theirs = change(editor, practice), change(other, practice)
    theirs.save(special="Van Ilse")
    returned = mine.again(mine.press(special="Van mij"))
    assert returned.press().status_code == 200
    assert stored(practice) == "Van Ilse"


def test_a_decision_about_one_version_does_not_hold_for_a_later_one(editor, other, practice):
    mine, theirs = change(editor, practice), change(other, practice)
    theirs.save(special="Van Ilse")
    returned = mine.again(mine.press(special="Van mij"))
    seen = returned.response.context["adminform"].form.conflicting_version
    change(other, practice).save(special="Weer Ilse")
    assert returned.press(overwritten_version=seen).status_code == 200
    assert stored(practice) == "Weer Ilse"


def test_an_editor_who_only_changes_a_source_is_noticed_too(editor, other, practice):
    mine, theirs = change(editor, practice), change(other, practice)
    theirs.save(**{"sources-TOTAL_FORMS": "1", "sources-0-url": "https://example.org/"})
    assert "Ilse Elders" in mine.press(special="Van mij").content.decode()


def test_a_row_that_the_other_editor_deleted_is_no_crash(editor, other, practice):
    factories.practice_source(practice=practice)
    mine, theirs = change(editor, practice), change(other, practice)
    theirs.save(**{"sources-0-DELETE": "on"})
    text = mine.press(special="Van mij").content.decode()
    assert "Ilse Elders" in text
    assert 'value="Van mij"' in text


def test_a_form_without_its_version_is_not_trusted(editor, practice):
    form = change(editor, practice)
    assert form.press(special="Blind", seen_version=None).status_code == 200
    assert stored(practice) == "Begin"


def test_an_editor_alone_is_not_bothered(editor, practice):
    change(editor, practice).save(special="Een")
    change(editor, practice).save(special="Twee")
    assert stored(practice) == "Twee"


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_is_told():
    editors = [client_of(person(Role.EDITOR, factories.group())) for _ in range(2)]
    practice = factories.practice(special="Begin")
    forms = [change(client, practice) for client in editors]
    start = threading.Barrier(2)
    statuses = []

    def save(form, text):
        start.wait(60)
        statuses.append(form.press(special=text).status_code)
        connection.close()

    threads = [threading.Thread(target=save, args=(form, f"Tekst {n}")) for n, form in enumerate(forms)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 302]
