"""What somebody types is kept, seen by them alone, and gone once it is posted."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from network.models import Draft, PostFile
from tests import factories
from tests.roles import STAFF, client_of, person

from .discussing import Room, posts_of, reply_form, thread_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return Room()


def picture(name: str = "soep.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, factories.picture(), "image/png")


def test_a_draft_of_an_answer_comes_back_and_becomes_the_post(room: Room) -> None:
    thread = room.thread()
    client, form = room.client(), reply_form(gesprek=thread.pk, vorm="json")
    told = client.post(room.address("draft_save"), form).json()
    assert told["message"].startswith("Concept bewaard om ")
    page = client.get(room.address("thread", thread.pk)).content.decode()
    assert "Met soep en een vuurkorf." in page
    assert told["key"] in page
    client.post(room.address("post_reply", thread.pk), form)
    assert not Draft.objects.unrestricted().exists()
    assert client.post(room.address("draft_save"), form).json()["posted"] is True
    assert not Draft.objects.unrestricted().exists()


def test_a_draft_of_a_thread_keeps_everything(room: Room) -> None:
    topic = factories.topic(label="Buiten")
    client = room.client()
    for title in ("Eerst", "Daarna"):
        client.post(room.address("draft_save"), thread_form(title=title, topics=[topic.pk], kind="idea"))
    draft = Draft.objects.unrestricted().get()
    assert (draft.title, draft.kind, draft.topic_ids) == ("Daarna", "idea", [topic.pk])
    page = client.get(room.address("thread_new")).content.decode()
    assert 'value="Daarna"' in page
    assert page.count("checked") == 2


def test_without_a_script_the_button_keeps_and_says_so(room: Room) -> None:
    thread = room.thread()
    form = reply_form(gesprek=thread.pk, bestand=picture(), alt="Soep")
    response = room.client().post(room.address("draft_save"), form, follow=True)
    page = response.content.decode()
    assert "Je concept is bewaard. Alleen jij ziet het." in page
    assert "soep.png" in page
    assert 'value="Soep"' in page
    file = PostFile.objects.unrestricted().get()
    response = room.client().post(
        room.address("draft_save"), reply_form(gesprek=thread.pk, weg=file.pk), follow=True
    )
    assert "soep.png" not in response.content.decode()
    assert not PostFile.objects.unrestricted().exists()


def test_nobody_else_sees_a_draft_or_its_files(room: Room) -> None:
    thread = room.thread()
    client = room.client()
    client.post(room.address("draft_save"), reply_form(gesprek=thread.pk, bestand=picture()))
    file = PostFile.objects.unrestricted().get()
    assert client.get(file.get_absolute_url()).status_code == 200
    others = [
        room.client("Bo Claes"),
        room.facilitator(),
        *(client_of(person(role, room.group)) for role in STAFF),
    ]
    for other in others:
        assert other.get(file.get_absolute_url()).status_code == 404
        assert "vuurkorf" not in other.get(room.address("thread", thread.pk)).content.decode()


def test_a_draft_is_thrown_away(room: Room) -> None:
    thread = room.thread()
    client = room.client()
    client.post(room.address("draft_save"), reply_form(gesprek=thread.pk, bestand=picture()))
    client.post(room.address("draft_save"), {"gesprek": thread.pk, "weggooien": "1"})
    assert not Draft.objects.unrestricted().exists()
    assert not PostFile.objects.unrestricted().exists()


def test_a_draft_in_a_thread_that_was_closed_meanwhile_is_shown_to_its_writer(room: Room) -> None:
    thread, client = room.thread(), room.client()
    client.post(room.address("draft_save"), reply_form(gesprek=thread.pk, bestand=picture()))
    thread.closed_at = thread.created
    thread.save()
    address = room.address("thread", thread.pk)
    page = client.get(address).content.decode()
    assert "Je was nog aan het schrijven toen dit gesprek gesloten werd." in page
    assert "Met soep en een vuurkorf." in page
    assert PostFile.objects.unrestricted().get().get_absolute_url() in page
    assert "Je concept" not in room.client("Bo Claes").get(address).content.decode()
    client.post(room.address("draft_save"), {"gesprek": thread.pk, "weggooien": "1"})
    assert "Je concept</h3>" not in client.get(address).content.decode()
    assert not Draft.objects.unrestricted().exists()


def test_a_draft_in_a_closed_thread_goes_along_to_a_new_one(room: Room) -> None:
    thread, client = room.thread(), room.client()
    client.post(room.address("draft_save"), reply_form(gesprek=thread.pk, bestand=picture()))
    thread.closed_at = thread.created
    thread.save()
    take = {"gesprek": thread.pk, "meenemen": "1"}
    for _ in range(2):
        page = client.post(room.address("draft_save"), take, follow=True).content.decode()
        assert "Je tekst staat klaar voor een nieuw gesprek." in page
        assert "Met soep en een vuurkorf." in page
        assert "soep.png" in page
    assert Draft.objects.unrestricted().get().thread is None
    assert "Je concept</h3>" not in client.get(room.address("thread", thread.pk)).content.decode()


def test_a_draft_goes_along_only_where_no_other_one_waits(room: Room) -> None:
    thread, client = room.thread(), room.client()
    client.post(room.address("draft_save"), reply_form(gesprek=thread.pk))
    client.post(room.address("draft_save"), thread_form(title="Dit eerst"))
    take = {"gesprek": thread.pk, "meenemen": "1"}
    page = client.post(room.address("draft_save"), take, follow=True).content.decode()
    assert "Je was al een gesprek aan het schrijven." in page
    assert 'value="Dit eerst"' in page
    assert Draft.objects.unrestricted().filter(thread=thread).exists()


def test_nothing_typed_is_no_draft(room: Room) -> None:
    client = room.client()
    client.post(room.address("draft_save"), thread_form(title=" ", body=" ", vorm="json"))
    assert not Draft.objects.unrestricted().exists()


def test_a_file_goes_up_at_once_and_along_with_the_post(room: Room) -> None:
    thread = room.thread()
    client, form = room.client(), reply_form(gesprek=thread.pk)
    told = client.post(room.address("draft_file"), form | {"bestand": picture()})
    assert told.status_code == 201
    about = told.json()
    assert about["name"] == "soep.png"
    assert "maat=kaart" in about["picture"]
    again = client.post(room.address("draft_file"), form | {"bestand": picture()}).json()
    assert again["id"] == about["id"]
    client.post(room.address("post_reply", thread.pk), form | {f"alt-{about['id']}": "Een kom\nsoep"})
    file = PostFile.objects.unrestricted().get()
    assert (file.post, file.alt) == (posts_of(thread)[-1], "Een kom soep")
    late = client.post(room.address("draft_file"), form | {"bestand": picture("later.png")})
    assert late.status_code == 409


def test_a_file_that_cannot_be_taken_is_said(room: Room) -> None:
    client = room.client()
    for upload in (SimpleUploadedFile("a.exe", b"MZ"), SimpleUploadedFile("b.pdf", b"geen pdf"), None):
        answer = client.post(
            room.address("draft_file"), reply_form(**({"bestand": upload} if upload else {}))
        )
        assert answer.status_code == 422
        assert answer.json()["message"]


def test_a_file_is_taken_out_again_by_its_owner_alone(room: Room) -> None:
    thread = room.thread()
    form = reply_form(gesprek=thread.pk)
    about = room.client().post(room.address("draft_file"), form | {"bestand": picture()}).json()
    posted = factories.post_file(post=posts_of(thread)[0])
    out = {"gesprek": thread.pk, "weg": about["id"]}
    room.client("Bo Claes").post(room.address("draft_file"), out)
    room.client().post(room.address("draft_file"), out | {"weg": posted.pk})
    assert PostFile.objects.unrestricted().count() == 2
    room.client().post(room.address("draft_file"), out)
    assert PostFile.objects.unrestricted().get() == posted


def test_more_than_ten_files_are_too_many(room: Room) -> None:
    client, form = room.client(), reply_form()
    answers = [
        client.post(
            room.address("draft_file"),
            form | {"bestand": SimpleUploadedFile(f"f{number}.txt", b"x" * (number + 1))},
        )
        for number in range(11)
    ]
    assert [answer.status_code for answer in answers] == [201] * 10 + [422]


def test_odd_input_breaks_nothing(room: Room) -> None:
    client = room.client()
    for odd in (
        {"gesprek": "x"},
        {"gesprek": "9" * 30},
        {"key": "geen-sleutel"},
        {"key": str(uuid.uuid4()), "body": "\x00", "title": "\x00" * 500, "topics": ["x", "9" * 40, "-1"]},
        {"kind": "x" * 500, "title": "y" * 5000, "body": "z"},
        {"alt-x": "1", "alt-99999999999999999999": "1", "weg": ["x", "9" * 40]},
    ):
        for name in ("draft_save", "draft_file"):
            assert client.post(room.address(name), odd).status_code < 500, odd
        assert client.post(room.address("thread_new"), odd).status_code == 422, odd
