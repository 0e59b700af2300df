"""Loading the catalogue: repeatable, and all or nothing."""

import copy
import json

import pytest
from django.core.management import CommandError, call_command

from expoo_portal.themes.models import Topic
from practices.management.commands.load_catalogue import STARTER
from practices.models import Facet, FacetValue, Practice, PracticeKind, PracticeSource

pytestmark = pytest.mark.django_db


def load(capsys, **options):
    call_command("load_catalogue", **options)
    return capsys.readouterr().out


def test_an_editor_loads_the_real_practices(capsys):
    out = load(capsys)
    assert "praktijken: 42 nieuw, 0 gewijzigd, 0 ongewijzigd" in out
    public = Practice.objects.public()
    assert public.filter(kind=PracticeKind.PUBLIC_SOURCE).count() == 30
    assert public.filter(kind=PracticeKind.EXAMPLE).count() == 12
    assert Facet.objects.count() == 15
    assert Facet.objects.filter(values=None).count() == 0


def test_an_editor_loads_twice_without_doubles_or_history(capsys):
    load(capsys)
    before = Practice.history.count(), PracticeSource.objects.unrestricted().count()
    out = load(capsys)
    assert "praktijken: 0 nieuw, 0 gewijzigd, 42 ongewijzigd" in out
    assert (Practice.history.count(), PracticeSource.objects.unrestricted().count()) == before


def test_an_editor_loads_a_corrected_file(capsys, tmp_path):
    load(capsys)
    data = json.loads((STARTER / "practices.json").read_text())
    data["praktijken"][0]["samenvatting"] = "Een nieuwe samenvatting."
    file = tmp_path / "p.json"
    file.write_text(json.dumps(data))
    assert "praktijken: 0 nieuw, 1 gewijzigd, 41 ongewijzigd" in load(capsys, practices=file)
    assert Practice.objects.public().get(identifier="P01").summary == "Een nieuwe samenvatting."


def test_an_editor_with_a_wrong_file_sees_each_fault_and_changes_nothing(tmp_path):
    call_command("load_catalogue", verbosity=0)
    data = json.loads((STARTER / "practices.json").read_text())
    wrong = copy.deepcopy(data)
    first, second, third = wrong["praktijken"][:3]
    first["samenvatting"] = "Dit mag niet blijven."
    second["ruimte"] = ["maan"]
    second["peiljaar"] = 99999
    third.pop("naam")
    third["bronnen"][0]["url"] = "javascript:alert(1)"
    wrong["praktijken"][3]["id"] = "P01"
    wrong["praktijken"][4]["kleur"] = "rood"
    file = tmp_path / "p.json"
    file.write_text(json.dumps(wrong))
    before = list(Practice.objects.unrestricted().order_by("pk").values())
    with pytest.raises(CommandError) as error:
        call_command("load_catalogue", practices=file)
    message = str(error.value)
    for part in (
        "Rij 2 (P02)",
        "“maan”",
        "“peiljaar” is “99999”",
        "Rij 3 (P03)",
        "“naam”",
        "“bronnen”",
        "kleur",
    ):
        assert part in message
    assert "Rij 4 (P01): dit id staat al hoger" in message
    assert list(Practice.objects.unrestricted().order_by("pk").values()) == before


@pytest.mark.parametrize("content", ["", "[]", "{", '{"praktijken": 3}', '{"praktijken": [1, null]}', "\x00"])
def test_an_editor_with_a_broken_file_gets_a_sentence(tmp_path, content):
    call_command("load_catalogue", verbosity=0)
    file = tmp_path / "p.json"
    file.write_text(content)
    with pytest.raises(CommandError, match="Er is niets gewijzigd"):
        call_command("load_catalogue", practices=file)


def test_a_practice_in_two_provinces_is_in_both():
    call_command("load_catalogue", verbosity=0)
    practice = Practice.objects.public().get(identifier="P38")
    provinces = FacetValue.objects.filter(practices=practice, facet__slug="provincie")
    assert {value.slug for value in provinces} == {"limburg", "oost-vlaanderen"}


def test_every_topic_has_an_example_and_questions_for_a_team():
    call_command("load_catalogue", verbosity=0)
    topics = Topic.objects.all()
    assert len(topics) == 14
    for topic in topics:
        examples = Practice.objects.public().filter(kind=PracticeKind.EXAMPLE, values__topic=topic)
        assert examples.exists(), topic.slug
        assert len(topic.discussion_questions.splitlines()) == 3, topic.slug


def test_examples_are_told_in_full_and_real_practices_only_as_far_as_their_sources_go():
    call_command("load_catalogue", verbosity=0)
    told = ("background", "approach", "welcome", "space_note", "strengths", "challenges", "tips", "partners")
    for practice in Practice.objects.public():
        if practice.is_example:
            assert practice.name.endswith("(voorbeeld)")
            assert all(getattr(practice, name) for name in told), practice.identifier
            assert len(practice.discussion_questions.splitlines()) == 3, practice.identifier
        else:
            assert not any(getattr(practice, name) for name in ("strengths", "challenges")), (
                practice.identifier
            )
            assert not practice.discussion_questions


def test_the_questions_that_editors_wrote_for_a_topic_stay(capsys):
    load(capsys)
    Topic.objects.filter(slug="vaders").update(discussion_questions="Wie belt de vaders?")
    Topic.objects.filter(slug="taal").update(discussion_questions="")
    out = load(capsys)
    assert "onderwerpen: 0 nieuw, 1 gewijzigd, 13 ongewijzigd" in out
    assert Topic.objects.get(slug="vaders").discussion_questions == "Wie belt de vaders?"
    assert len(Topic.objects.get(slug="taal").discussion_questions.splitlines()) == 3
    assert "onderwerpen: 0 nieuw, 0 gewijzigd, 14 ongewijzigd" in load(capsys)
