"""The command that loads the starter themes: repeatable, all or nothing, and editors' words stay."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from expoo_portal import content_version
from expoo_portal.management.commands.load_themes import STARTER
from expoo_portal.themes.models import (
    BroadcastAudio,
    Chapter,
    Document,
    Event,
    SectionLink,
    Theme,
    ThemeSection,
    Tip,
    TranscriptLine,
)

pytestmark = pytest.mark.django_db


def test_the_starter_theme_has_all_its_parts(client: Client, starter: None) -> None:
    assert Tip.objects.public().count() == 24
    assert Document.objects.public().count() == 15
    assert Event.objects.public().count() == 8
    assert (Chapter.objects.public().count(), TranscriptLine.objects.public().count()) == (5, 33)
    sound = BroadcastAudio.objects.public().get()
    response = client.get(sound.get_absolute_url())
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "audio/mpeg"
    html = client.get("/themas/ontmoeting/").content.decode()
    for section in ThemeSection.objects.public():
        is_shown = section.slug != "verslagen"
        assert (f'id="{section.slug}"' in html) is is_shown, section.slug


def test_each_link_of_the_starter_theme_leads_to_practices(client: Client, starter: None) -> None:
    html = client.get("/themas/ontmoeting/").content.decode()
    assert SectionLink.objects.public().count() > 30
    missing = [link.text for link in SectionLink.objects.public() if f">{link.text} <span" not in html]
    assert not missing


def test_loading_again_changes_nothing(starter: None) -> None:
    Theme.objects.public().update(title="Samen")
    Tip.objects.public().filter(code="T01").update(title="Met eigen woorden")
    Tip.objects.public().filter(code="T02").delete()
    content_version.forget()
    before = content_version.current()
    call_command("load_themes", verbosity=0)
    content_version.forget()
    assert content_version.current() == before
    assert Theme.objects.public().get().title == "Samen"
    assert Tip.objects.public().get(code="T01").title == "Met eigen woorden"
    assert Tip.objects.public().count() == 23


def change(name: str, edit: Callable[[Any], None]) -> Callable[[Path], None]:
    def carry_out(folder: Path) -> None:
        path = folder / name
        data = json.loads(path.read_text(encoding="utf-8"))
        edit(data)
        path.write_text(json.dumps(data), encoding="utf-8")

    return carry_out


FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "no file": (lambda folder: (folder / "tips.json").unlink(), "tips.json kan niet gelezen worden"),
    "no JSON": (lambda folder: (folder / "tips.json").write_text("{"), "tips.json kan niet gelezen worden"),
    "another shape": (lambda folder: (folder / "tips.json").write_text("{}"), "tips.json heeft niet de vorm"),
    "an unknown topic": (
        change("documents.json", lambda rows: rows[2]["topics"].append("onderzeeboten")),
        "documents.json, rij 3: Deze onderwerpen bestaan niet: onderzeeboten.",
    ),
    "a missing key": (
        change("events.json", lambda rows: rows[0].pop("topics")),
        "events.json, rij 1: 'topics'",
    ),
    "an impossible date": (
        change("events.json", lambda rows: rows[1].update(ends_on="1999-01-01")),
        "events.json, rij 2: Het einde ligt vóór het begin.",
    ),
    "no sound": (lambda folder: (folder / "voorbeelduitzending.mp3").unlink(), "broadcasts.json, rij 2"),
    "no title": (change("theme.json", lambda row: row.update(title="")), "theme.json: "),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_named_and_nothing_is_loaded(fault: str, tmp_path: Path) -> None:
    spoil, words = FAULTS[fault]
    call_command("load_catalogue", verbosity=0)
    folder = shutil.copytree(STARTER, tmp_path / "themes")
    spoil(folder / "ontmoeting")
    with pytest.raises(CommandError, match="Er is niets gewijzigd") as raised:
        call_command("load_themes", folder=folder, verbosity=0)
    assert words in str(raised.value)
    assert not Theme.objects.unrestricted().exists()
    assert not Tip.objects.unrestricted().exists()
