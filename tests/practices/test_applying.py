"""What an editor publishes comes into the catalogue whole, and only that; a change keeps what nobody changed."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from practices import applying
from practices.content import missing
from practices.dossiers import advance
from practices.models import (
    Dossier,
    DossierFile,
    DossierImage,
    Practice,
    PracticeContact,
    PracticeFile,
    PracticeImage,
    PracticeLink,
)
from practices.workflow import Actor, State, Verb
from tests import factories
from tests.dossiers import content, dossier, editor_user

pytestmark = pytest.mark.django_db


def publish(made: Dossier) -> Practice:
    """Send in what a draft holds, and publish it as an editor."""
    editor = editor_user()
    for verb, actor in (
        (Verb.SUBMIT, Actor.SENDER),
        (Verb.TAKE_UP, Actor.EDITOR),
        (Verb.PUBLISH, Actor.EDITOR),
    ):
        made = advance(made, verb, actor, user=editor if actor is Actor.EDITOR else None)
    return Practice.objects.public().get(pk=made.practice_id)


def change(made: Dossier, **changes: Any) -> Dossier:
    """The contact's change of a published practice, as a draft."""
    made = advance(Dossier.objects.unrestricted().get(pk=made.pk), Verb.AMEND, Actor.SENDER)
    made.content |= changes
    made.save(update_fields=["content", "updated"])
    return made


def add_picture(made: Dossier, name: str = "speelhoek.png") -> DossierImage:
    image = DossierImage(dossier=made, alt="Een hoek met blokken", consent=True)
    image.file = ContentFile(factories.picture(), name=name)
    image.name = name
    image.save()
    return image


def test_a_practice_is_published_with_all_that_was_typed() -> None:
    indoors = factories.facet_value(facet=factories.facet(slug="ruimte"), slug="binnen")
    made = dossier(
        content=content(
            facets={"ruimte": ["binnen", "weg"], "bestaat-niet": ["x"]},
            links=[{"title": "Filmpje", "url": "https://film.example.org/1"}],
            strengths="<p>Sterk <script>alert(1)</script><b>punt</b></p>",
        )
    )
    picture = add_picture(made)
    script = DossierFile(dossier=made, file=ContentFile(b"Stap 1: soep.", name="draaiboek.txt"), name="")
    script.save()
    practice = publish(made)
    assert practice.slug == "soep-op-de-stoep"
    assert (practice.kind, practice.audience) == ("gedeeld", "public")
    assert "<script" not in practice.strengths
    assert "punt" in practice.strengths
    assert list(practice.values.all()) == [indoors]
    assert practice.confirmed_on == practice.reviewed_on == timezone.localdate()
    assert [link.url for link in PracticeLink.objects.public().filter(practice=practice)] == [
        "https://film.example.org/1"
    ]
    (image,) = PracticeImage.objects.public().filter(practice=practice)
    assert (image.alt, image.name) == ("Een hoek met blokken", "speelhoek.png")
    assert image.uuid != picture.uuid
    (file,) = PracticeFile.objects.public().filter(practice=practice)
    with file.file.open("rb") as stored:
        assert stored.read() == b"Stap 1: soep."
    contact = PracticeContact.objects.unrestricted().get(practice=practice)
    assert contact.email == "onthaal@example.org"
    assert not PracticeContact.objects.public().exists()
    made.refresh_from_db()
    assert made.content == {}
    assert not DossierImage.objects.unrestricted().exists()
    assert not DossierFile.objects.unrestricted().exists()


def test_two_practices_of_one_name_get_two_addresses() -> None:
    assert [publish(dossier()).slug, publish(dossier()).slug] == ["soep-op-de-stoep", "soep-op-de-stoep-2"]


@pytest.mark.parametrize("name", ["Delen", "Waaier", "!!!"])
def test_a_practice_never_takes_an_address_of_the_catalogue(name: str) -> None:
    practice = publish(dossier(content=content(name=name)))
    assert practice.slug in (f"{practice.slug.rpartition('-')[0]}-2", "praktijk")


def test_a_change_keeps_address_number_date_and_what_was_not_changed() -> None:
    practice = publish(dossier())
    made = Dossier.objects.unrestricted().get(practice=practice)
    Practice.objects.unrestricted().filter(pk=practice.pk).update(
        identifier="P77",
        publish_at=timezone.now() - timedelta(days=400),
        unconfirmed="Of het in de winter loopt.",
    )
    before = Practice.objects.public().get(pk=practice.pk)
    after = publish(change(made, municipality="Modelbeke"))
    assert after.municipality == "Modelbeke"
    same = ("slug", "identifier", "publish_at", "unconfirmed", "approach", "strengths", "created")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]


def test_a_change_removes_the_pictures_that_were_left_out_and_keeps_the_others() -> None:
    made = dossier()
    add_picture(made, "een.png")
    add_picture(made, "twee.png")
    practice = publish(made)
    kept, dropped = PracticeImage.objects.public().filter(practice=practice)
    change_of = change(made)
    assert set(change_of.content["kept_images"]) == {str(kept.uuid), str(dropped.uuid)}
    change_of.content["kept_images"] = [str(kept.uuid)]
    change_of.save(update_fields=["content", "updated"])
    add_picture(change_of, "drie.png")
    publish(change_of)
    images = PracticeImage.objects.public().filter(practice=practice)
    assert [image.name for image in images] == [kept.name, "drie.png"]
    assert images[0].uuid == kept.uuid


def test_a_practice_becomes_content_and_practice_again_unchanged() -> None:
    value = factories.facet_value()
    practice = factories.practice(
        values=[value], tips="<p>Begin <strong>klein</strong>.</p>", discussion_questions="Wat nu?\nWie dan?"
    )
    factories.practice_link(practice=practice)
    typed = applying.content_of(practice)
    copy = applying.fill(Practice(), typed)
    names = (*applying.TEXT_FIELDS, *applying.RICH_FIELDS, "based_on", "reference_year")
    assert {name: getattr(copy, name) for name in names} == {name: getattr(practice, name) for name in names}
    assert applying.values_of(typed) == [value]


def test_a_contact_who_takes_the_contact_out_takes_it_out() -> None:
    made = dossier()
    practice = publish(made)
    publish(change(made, contact={}))
    assert not PracticeContact.objects.unrestricted().filter(practice=practice).exists()


def test_what_cannot_be_published_changes_nothing() -> None:
    made = dossier(State.IN_REVIEW)
    made.content |= {"links": [{"title": "Film", "url": "javascript:alert(1)"}]}
    made.save(update_fields=["content", "updated"])
    with pytest.raises(ValidationError):
        advance(made, Verb.PUBLISH, Actor.EDITOR, user=editor_user())
    made.refresh_from_db()
    assert made.state == State.IN_REVIEW
    assert not Practice.objects.unrestricted().exists()


def test_the_editors_are_told_beforehand_what_the_catalogue_refuses() -> None:
    assert applying.check(content()) == {}
    assert set(applying.check(content(name="x" * 101, reference_year=1800))) == {"name", "reference_year"}


def test_a_picture_without_consent_is_not_kept() -> None:
    image = DossierImage(dossier=dossier(), alt="Een hoek", consent=False)
    image.file = ContentFile(factories.picture(), name="hoek.png")
    with pytest.raises(ValidationError, match="toestemming"):
        image.full_clean()


def test_a_picture_of_a_sender_loses_its_place_and_camera() -> None:
    from PIL import Image

    picture = Image.new("RGB", (40, 40), "red")
    exif = picture.getexif()
    exif[0x010F] = "Camera van Jan"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    image = DossierImage(dossier=dossier(), alt="Een hoek", consent=True, name="hoek.jpg")
    image.file = ContentFile(out.getvalue(), name="hoek.jpg")
    image.save()
    with image.file.open("rb") as file:
        stored = file.read()
    assert b"Camera van Jan" in out.getvalue()
    assert b"Camera van Jan" not in stored


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"summary": "Te kort."}, "summary"),
        ({"approach": "<p> </p>"}, "approach"),
        ({"challenges": ""}, "challenges"),
        ({"based_on": ""}, "based_on"),
        ({"reference_year": None}, "reference_year"),
        ({"unknown": []}, "ruimte"),
        ({"facets": {"type-organisatie": ["spel-en-ontmoetingsplaats"]}}, "welcome"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], field: str) -> None:
    complete = content() | {"unknown": ["ruimte"]}
    labels = {"ruimte": "Ruimte"}
    assert missing(complete, labels) == {}
    assert list(missing(complete | changes, labels)) == [field]


def test_an_empty_draft_misses_everything_but_breaks_nothing() -> None:
    assert len(missing({}, {"ruimte": "Ruimte"})) == 10
