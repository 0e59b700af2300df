"""Files of a practice: kept clean, seen by whoever sees the practice, sent in parts when asked."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction

from expoo_portal import files
from expoo_portal.visibility import Audience, PublicationState
from practices.models import Practice, PracticeFile, PracticeImage
from tests import factories

from . import samples

pytestmark = pytest.mark.django_db

TEXT = bytes(range(97, 123)) * 10


@pytest.fixture
def practice():
    return factories.practice()


@pytest.fixture
def document(practice):
    return PracticeFile.objects.create(practice=practice, file=samples.upload("Draaiboek.txt", TEXT))


@pytest.fixture
def image(practice):
    content = samples.picture(size=(1600, 800))
    return PracticeImage.objects.create(
        practice=practice, file=samples.upload("Foto.jpg", content), alt="Een bank", consent=True
    )


def fetch(client, address, headers=None, **options):
    """The answer with its whole body read, which is what closes the file."""
    response = client.get(address, headers=headers or {}, **options)
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def hide(practice):
    practice.state = PublicationState.DRAFT
    practice.save()


def media_files(settings):
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_an_uploaded_file_gets_its_name_type_and_size(document):
    assert (document.name, document.content_type, document.size) == (
        "Draaiboek.txt",
        "text/plain; charset=utf-8",
        260,
    )
    assert (document.type_label, document.human_size) == ("Tekst", "260\xa0bytes")
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}\.txt", document.file.name)


def test_a_file_that_lies_is_refused_by_save_and_by_forms(practice):
    liar = PracticeFile(practice=practice, file=samples.upload("a.pdf", b"<html>"))
    with pytest.raises(ValidationError) as caught:
        liar.full_clean()
    assert list(caught.value.error_dict) == ["file"]
    with pytest.raises(ValidationError):
        liar.save()
    assert not PracticeFile._base_manager.exists()


def test_a_file_and_its_missing_description_are_refused_together(practice):
    picture = PracticeImage(practice=practice, file=samples.upload("a.jpg", b"GIF89a"), consent=True)
    with pytest.raises(ValidationError) as caught:
        picture.full_clean()
    assert set(caught.value.error_dict) == {"file", "alt"}


def test_a_picture_is_stored_without_what_the_camera_told(practice, settings):
    PracticeImage.objects.create(
        practice=practice, file=samples.upload("a.jpg", samples.photo_with_place()), alt="x", consent=True
    )
    assert all(b"Geheim" not in path.read_bytes() for path in media_files(settings))


def test_an_editor_renames_a_file_and_its_type_stays(document):
    document.name = "../Plan van\u202e aanpak"
    document.save()
    assert document.name == "Plan van aanpak.txt"


def test_anybody_opens_a_public_file(client, document):
    response = fetch(client, document.get_absolute_url())
    assert response.status_code == 200
    assert response.body == TEXT
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Length"] == "260"
    assert response.headers["Content-Disposition"] == 'attachment; filename="Draaiboek.txt"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert not response.cookies


def test_a_name_with_accents_reaches_the_visitor(client, document):
    document.name = "Café „ontmoeting”.txt"
    document.save()
    response = fetch(client, document.get_absolute_url())
    assert response.status_code == 200
    assert (
        "filename*=utf-8''Caf%C3%A9%20%E2%80%9Eontmoeting%E2%80%9D.txt"
        in response.headers["Content-Disposition"]
    )


def test_a_picture_a_sound_and_a_pdf_are_shown_by_the_browser(client, practice, image):
    sound = PracticeFile.objects.create(practice=practice, file=samples.upload("a.mp3", samples.MP3))
    sheet = PracticeFile.objects.create(practice=practice, file=samples.upload("a.pdf", samples.PDF))
    word = PracticeFile.objects.create(
        practice=practice, file=samples.upload("a.docx", samples.archive(samples.WORD))
    )
    shown = [
        fetch(client, file.get_absolute_url()).headers["Content-Disposition"].partition(";")[0]
        for file in (image, sound, sheet, word)
    ]
    assert shown == ["inline", "inline", "inline", "attachment"]


HIDDEN = [
    {"state": PublicationState.DRAFT},
    {"audience": Audience.MEMBERS},
    {"audience": Audience.STAFF},
]


@pytest.mark.parametrize("how", HIDDEN, ids=str)
def test_a_hidden_file_looks_like_one_that_does_not_exist(client, document, how):
    address = document.get_absolute_url()
    missing = fetch(client, address.replace(str(document.uuid), "0" * 8 + str(document.uuid)[8:]))
    etag = fetch(client, address).headers["ETag"]
    Practice._base_manager.update(**how)
    for headers in ({}, {"Range": "bytes=0-1"}, {"If-None-Match": etag}, {"Range": "bytes=9999-"}):
        hidden = fetch(client, address, headers=headers)
        assert hidden.status_code == missing.status_code == 404
        assert hidden.content == missing.content
        assert {*hidden.headers.items()} == {*missing.headers.items()}


@pytest.mark.parametrize(
    "change",
    [("praktijk-bestand", "praktijk-beeld"), ("praktijk-bestand", "x"), ("Draaiboek.txt", "draaiboek.txt")],
)
def test_an_address_with_another_family_or_name_leads_nowhere(client, document, change):
    assert fetch(client, document.get_absolute_url().replace(*change)).status_code == 404


def test_a_file_for_staff_is_sent_to_staff_and_kept_by_no_cache(editor, document):
    Practice._base_manager.update(audience=Audience.STAFF)
    response = fetch(editor, document.get_absolute_url())
    assert response.body == TEXT
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_file_that_is_gone_from_the_disk_is_a_404(client, document, settings, caplog):
    for path in media_files(settings):
        path.unlink()
    assert fetch(client, document.get_absolute_url()).status_code == 404
    assert "is gone" in caplog.text


def test_a_browser_that_has_the_file_is_told_so(client, document):
    etag = fetch(client, document.get_absolute_url()).headers["ETag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        response = fetch(client, document.get_absolute_url(), headers={"If-None-Match": known})
        assert (response.status_code, response.body) == (304, b"")
        assert response.headers["ETag"] == etag
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert fetch(client, document.get_absolute_url(), headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "answer", "content"),
    [
        ("bytes=0-4", "bytes 0-4/260", TEXT[:5]),
        ("bytes=255-", "bytes 255-259/260", TEXT[-5:]),
        ("bytes=-5", "bytes 255-259/260", TEXT[-5:]),
        ("bytes=258-999", "bytes 258-259/260", TEXT[-2:]),
    ],
)
def test_a_player_gets_a_part(client, document, asked, answer, content):
    response = fetch(client, document.get_absolute_url(), headers={"Range": asked})
    assert response.status_code == 206
    assert response.headers["Content-Range"] == answer
    assert response.headers["Content-Length"] == str(len(content))
    assert response.body == content


def test_a_player_that_asks_past_the_end_is_told_the_size(client, document):
    response = fetch(client, document.get_absolute_url(), headers={"Range": "bytes=260-"})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == "bytes */260"


def test_a_player_gets_the_whole_file_when_it_asks_for_several_parts(client, document):
    response = fetch(client, document.get_absolute_url(), headers={"Range": "bytes=0-1,4-5"})
    assert (response.status_code, response.body) == (200, TEXT)


def test_a_player_gets_the_whole_file_when_it_changed_meanwhile(client, document):
    etag = fetch(client, document.get_absolute_url()).headers["ETag"]
    for condition, status in ((etag, 206), ('"old"', 200), ("Wed, 21 Oct 2015 07:28:00 GMT", 200)):
        response = fetch(
            client, document.get_absolute_url(), headers={"Range": "bytes=0-1", "If-Range": condition}
        )
        assert response.status_code == status


def test_head_tells_the_same_without_the_content(client, document):
    whole = fetch(client, document.get_absolute_url())
    head = client.head(document.get_absolute_url())
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)


def test_a_file_is_only_read(client, document):
    assert client.post(document.get_absolute_url()).status_code == 405


def test_a_large_file_is_sent_in_pieces(client, practice):
    size = files.WHOLE_BYTES + 1
    large = PracticeFile.objects.create(practice=practice, file=samples.upload("a.txt", b"a" * size))
    pieces = [len(piece) for piece in client.get(large.get_absolute_url())]
    assert sum(pieces) == size
    assert max(pieces) == 65_536


def test_a_small_file_keeps_no_thread_waiting_for_a_slow_reader(client, document):
    assert not client.get(document.get_absolute_url()).streaming


def test_a_picture_is_served_smaller_and_drawn_once(client, image, settings, monkeypatch):
    before = media_files(settings)
    first = fetch(client, image.card_url)
    content = first.body
    assert first.headers["Content-Type"] == "image/webp"
    assert first.headers["Content-Disposition"] == 'inline; filename="Foto.webp"'
    assert len(content) < image.size
    assert len(media_files(settings) - before) == 1
    monkeypatch.setattr("expoo_portal.images.rendition", None)
    assert fetch(client, image.card_url).body == content
    monkeypatch.undo()
    assert fetch(client, image.page_url).headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("size", ["", "reus", "../kaart"])
def test_a_picture_has_no_other_sizes(client, image, size):
    assert fetch(client, image.get_absolute_url(), query_params={"maat": size}).status_code == 404


def test_a_document_has_no_sizes(client, document):
    assert fetch(client, document.get_absolute_url(), query_params={"maat": "kaart"}).status_code == 404


def test_a_smaller_picture_is_hidden_with_its_practice(client, image, practice):
    fetch(client, image.card_url)
    hide(practice)
    assert fetch(client, image.card_url).status_code == 404


def test_a_deleted_file_leaves_the_disk_when_the_deletion_is_final(
    client, image, practice, settings, django_capture_on_commit_callbacks
):
    fetch(client, image.card_url)
    assert len(media_files(settings)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        practice.delete()
        assert len(media_files(settings)) == 2
    assert media_files(settings) == set()


def test_a_deletion_that_is_undone_keeps_the_file(document, settings, django_capture_on_commit_callbacks):
    class UndoneError(Exception):
        pass

    def delete_and_undo():
        with transaction.atomic():
            PracticeFile.objects.unrestricted().delete()
            raise UndoneError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(UndoneError):
        delete_and_undo()
    assert len(media_files(settings)) == 1


def test_a_replaced_file_leaves_the_disk_and_gets_another_etag(
    client, document, settings, django_capture_on_commit_callbacks
):
    address = document.get_absolute_url()
    etags = {fetch(client, address).headers["ETag"]}
    # Twice: the second new file lies where the first one lay.
    for content in (b"nieuw", b"nieuwer"):
        with django_capture_on_commit_callbacks(execute=True):
            document.file = samples.upload("nieuw.txt", content)
            document.save()
        assert len(media_files(settings)) == 1
        response = fetch(client, address)
        assert response.body == content
        assert response.headers["ETag"] not in etags
        etags.add(response.headers["ETag"])


def test_a_file_replaced_by_another_type_keeps_its_name_with_the_new_ending(document):
    document.file = samples.upload("nieuw.pdf", samples.PDF)
    document.save()
    assert (document.name, document.content_type) == ("Draaiboek.pdf", "application/pdf")


def test_two_families_cannot_share_a_name(monkeypatch):
    monkeypatch.setattr(PracticeImage, "family", PracticeFile.family)
    files.attachment_families.cache_clear()
    with pytest.raises(ImproperlyConfigured):
        files.attachment_families()
    files.attachment_families.cache_clear()
