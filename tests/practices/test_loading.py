"""Loading the catalogue: repeatable, and all or nothing."""

import copy
import json

import pytest
from django.core.management import CommandError, call_command

from practices.management.commands.load_catalogue import STARTER
from practices.models import Facet, FacetValue, Practice, PracticeKind, PracticeSource

pytestmark = pytest.mark.django_db


def load(capsys, **options):
    call_command("load_catalogue", **options)
    return capsys.readouterr().out


def test_an_editor_loads_the_real_practices(capsys):
    out = load(capsys)
    assert "praktijken: 35 nieuw, 0 gewijzigd, 0 ongewijzigd" in out
    public = Practice.objects.public()
    assert public.filter(kind=PracticeKind.PUBLIC_SOURCE).count() == 30
    assert public.filter(kind=PracticeKind.EXAMPLE).count() == 5
    assert Facet.objects.count() == 15
    assert Facet.objects.filter(values=None).count() == 0


def test_an_editor_loads_twice_without_doubles_or_history(capsys):
    load(capsys)
    before = Practice.history.count(), PracticeSource.objects.unrestricted().count()
    out = load(capsys)
    assert "praktijken: 0 nieuw, 0 gewijzigd, 35 ongewijzigd" in out
    assert (Practice.history.count(), PracticeSource.objects.unrestricted().count()) == before


def test_an_editor_loads_a_corrected_file(capsys, tmp_path):
    load(capsys)
    data = json.loads((STARTER / "practices.json").read_text())
    data["praktijken"][0]["samenvatting"] = "Een nieuwe samenvatting."
    file = tmp_path / "p.json"
    file.write_text(json.dumps(data))
    assert "praktijken: 0 nieuw, 1 gewijzigd, 34 ongewijzigd" in load(capsys, practices=file)
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
