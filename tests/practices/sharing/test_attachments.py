"""Pictures and files: added with consent, cleaned, shown to the holder of the link alone, taken away again."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from practices.dossiers import advance
from practices.models import DossierFile, DossierImage
from practices.sharing.drafts import MAX_FILES, MAX_IMAGES
from practices.workflow import Actor, State, Verb
from tests import factories
from tests.dossiers import dossier, editor_user
from tests.files.samples import PDF, photo_with_place, upload

from .sender import Sender, fields, text


def add_image(sender: Sender, number: int = 1, **data: Any) -> Any:
    """Choose a picture, describe it, tick the box, press the button."""
    sent = {
        "beeld-file": upload(f"soep{number}.png", factories.picture((number, 9, 9))),
        "beeld-alt": "Een tafel met soep",
        "beeld-consent": "on",
        "naar": "beeld",
    } | data
    return sender.post("stap/6/", sender.open(6) | {name: value for name, value in sent.items() if value})


def add_file(sender: Sender, name: str = "draaiboek.pdf", body: bytes = PDF, **data: Any) -> Any:
    sent = {"bestand-file": upload(name, body), "naar": "bestand"} | data
    return sender.post("stap/6/", sender.open(6) | sent)


def images(sender: Sender) -> list[DossierImage]:
    return list(DossierImage.objects.unrestricted().filter(dossier=sender.dossier))


def files(sender: Sender) -> list[DossierFile]:
    return list(DossierFile.objects.unrestricted().filter(dossier=sender.dossier))


def stored_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_photo_is_kept_without_where_and_when_it_was_taken(sender: Sender):
    photo = upload("thuis.jpg", photo_with_place())
    response = add_image(sender, **{"beeld-file": photo})

    assert response.headers["Location"].endswith("/stap/6/#beeld")
    (image,) = images(sender)
    assert (image.alt, image.consent, image.name) == ("Een tafel met soep", True, "thuis.jpg")
    with image.file.open() as stored:
        body = stored.read()
    assert b"Geheim" not in body
    assert not Image.open(io.BytesIO(body)).getexif()
    assert "Een tafel met soep" in text(sender.get("stap/6/"))


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("beeld-consent", "Zonder toestemming"),
        ("beeld-alt", "Beschrijf in één zin"),
        ("beeld-file", "Kies eerst een beeld"),
    ],
)
def test_without_consent_description_or_file_there_is_no_picture(sender: Sender, missing: str, says: str):
    response = add_image(sender, **{missing: ""}, **{"links-1-url": "www.voorbeeld.example"})

    assert response.status_code == 200
    assert says in text(response)
    assert not images(sender)
    assert not stored_files()
    # What was typed beside it is kept, and what was typed about the picture still stands there.
    assert sender.dossier.content["links"][0]["url"] == "https://www.voorbeeld.example"
    if missing != "beeld-alt":
        assert fields(response)["beeld-alt"] == ["Een tafel met soep"]


def test_a_chosen_picture_is_added_whichever_button_is_pressed(sender: Sender):
    response = add_image(sender, naar="7")
    assert response.headers["Location"] == sender.address("stap/7/")
    assert len(images(sender)) == 1


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("leugen.png", b"MZ niets van een beeld"),
        ("leeg.png", b""),
        ("beeld.svg", b"<svg/>"),
        ("beeld.gif", b"GIF89a"),
        ("kapot.jpg", b"\xff\xd8\xff" + b"x" * 50),
    ],
)
def test_what_is_no_picture_is_refused_in_dutch(sender: Sender, name: str, body: bytes):
    response = add_image(sender, **{"beeld-file": upload(name, body)})
    assert response.status_code == 200
    assert "nog niet toegevoegd" in text(response)
    assert "Dit" in text(response)
    assert not stored_files()


def test_a_picture_of_too_many_dots_is_refused(sender: Sender):
    out = io.BytesIO()
    Image.new("1", (30_000, 2_000)).save(out, "PNG")
    response = add_image(sender, **{"beeld-file": upload("reus.png", out.getvalue())})
    assert "miljoen beeldpunten" in text(response)
    assert not images(sender)


def test_a_file_that_is_too_large_says_how_large_it_may_be(sender: Sender, monkeypatch: pytest.MonkeyPatch):
    from expoo_portal.uploads import Kind

    monkeypatch.setattr(Kind.DOCUMENT, "max_bytes", 10)
    assert "te groot" in text(add_file(sender))
    assert not files(sender)


def test_a_document_is_added_and_a_film_is_not(sender: Sender):
    assert add_file(sender).status_code == 302
    assert add_file(sender, "film.mp4", b"\0\0\0\x18ftypmp42").status_code == 200
    assert [file.name for file in files(sender)] == ["draaiboek.pdf"]


def test_there_is_room_for_six_pictures_and_five_files(sender: Sender):
    for number in range(MAX_IMAGES + 1):
        add_image(sender, number)
    for number in range(MAX_FILES + 1):
        last = add_file(sender, f"bestand{number}.pdf", PDF + b"%" * number)
    assert (len(images(sender)), len(files(sender))) == (6, 5)
    assert "Er staan al 5 bestanden bij" in text(last)


def test_a_double_click_adds_one_picture(sender: Sender):
    for _ in range(2):
        assert add_image(sender).status_code == 302
    assert len(images(sender)) == 1


def test_a_sender_takes_a_picture_away_after_being_asked(sender: Sender):
    add_image(sender)
    (image,) = images(sender)
    response = sender.fill(6, f"weg-{image.uuid}", links__1__url="www.voorbeeld.example")
    assert sender.dossier.content["links"]
    address = response.headers["Location"]
    asked = sender.client.get(address)
    assert "Haal je dit weg?" in text(asked)
    assert len(images(sender)) == 1
    assert sender.client.post(address).headers["Location"] == sender.address("stap/6/")
    assert not images(sender)
    assert sender.client.get(address).status_code == 404


def test_files_leave_the_disk_with_their_draft(sender: Sender, django_capture_on_commit_callbacks: Any):
    fresh = Sender()
    fresh.begin()
    add_image(fresh)
    add_file(fresh)
    assert len(stored_files()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        fresh.post("weggooien/")
    assert not stored_files()


def test_only_the_holder_of_the_link_gets_the_file(sender: Sender):
    add_image(sender)
    (image,) = images(sender)
    response = sender.get(f"bestand/{image.uuid}/")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    small = sender.get(f"bestand/{image.uuid}/?maat=kaart")
    assert small.headers["Content-Type"] == "image/webp"

    other = Sender(dossier(State.CONCEPT))
    assert other.get(f"bestand/{image.uuid}/").status_code == 404
    assert other.get(f"bestand/{image.uuid}/weg/").status_code == 404
    assert other.post(f"bestand/{image.uuid}/weg/").status_code == 404
    assert sender.client.get(image.get_absolute_url()).status_code == 404


def test_what_was_sent_in_can_be_seen_but_not_taken_away():
    draft = dossier(State.CONCEPT)
    sender = Sender(draft)
    add_image(sender)
    advance(draft, Verb.SUBMIT, Actor.SENDER)
    (image,) = images(sender)
    assert sender.get(f"bestand/{image.uuid}/").status_code == 200
    sender.post(f"bestand/{image.uuid}/weg/")
    assert add_late(sender).status_code == 409
    assert len(images(sender)) == 1


def add_late(sender: Sender) -> Any:
    return sender.post(
        "stap/6/",
        {
            "beeld-file": upload("x.png", factories.picture()),
            "beeld-alt": "x",
            "beeld-consent": "on",
            "naar": "beeld",
        },
    )


def test_who_amends_keeps_or_takes_away_what_is_on_the_site():
    editor = editor_user()
    first = dossier(State.CONCEPT)
    sender = Sender(first)
    add_image(sender)
    add_file(sender)
    for verb, actor in (
        (Verb.SUBMIT, Actor.SENDER),
        (Verb.TAKE_UP, Actor.EDITOR),
        (Verb.PUBLISH, Actor.EDITOR),
    ):
        first = advance(first, verb, actor, user=editor if actor is Actor.EDITOR else None)
    advance(first, Verb.AMEND, Actor.SENDER)
    practice = sender.dossier.practice
    page = sender.get("stap/6/")
    assert "Beelden die al op de site staan" in text(page)
    shown = fields(page)
    assert len(shown["kept_images"]) == len(shown["kept_files"]) == 1
    thumbnail = sender.get(f"bestand/{shown['kept_images'][0]}/?maat=kaart")
    assert thumbnail.status_code == 200

    sender.fill(6, page={name: value for name, value in shown.items() if name != "kept_images"})
    assert sender.dossier.content["kept_images"] == []
    assert len(sender.dossier.content["kept_files"]) == 1
    assert practice.images.unrestricted().count() == 1

    assert "Een tafel met soep" not in text(sender.get("zo-wordt-het/"))
    moved = sender.dossier
    for verb, actor in (
        (Verb.SUBMIT, Actor.SENDER),
        (Verb.TAKE_UP, Actor.EDITOR),
        (Verb.PUBLISH, Actor.EDITOR),
    ):
        moved = advance(moved, verb, actor, user=editor if actor is Actor.EDITOR else None)
    assert practice.images.unrestricted().count() == 0
    assert practice.files.unrestricted().count() == 1
