"""What somebody types reaches nobody but the holder of the link: a word nobody else has, looked for everywhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client

from expoo_portal.log_filter import HidePrivateLinks
from practices.content import CONTACT_FIELDS, RICH_FIELDS, TEXT_FIELDS
from practices.dossiers import advance
from practices.models import Dossier, DossierFile, DossierImage
from practices.sharing.drafts import confirmation_of
from practices.workflow import Actor, State, Verb
from tests import factories
from tests.dossiers import content, dossier, editor_user
from tests.guards import canary as guard
from tests.guards.canary import Canary
from tests.roles import Role, client_of, person

from .sender import Sender

# Written in a dossier, and yet not for its sender: who works on it, and the address that a stranger may hold.
NOT_FOR_THE_SENDER = {"editor_note", "email", "editor"}
# Shown in the form but not on the private page.
STATES = (State.CONCEPT, State.SUPPLEMENT)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def write(canary: Canary, state: State) -> Dossier:
    """A dossier in this state with a word in everything, once kept and twice as something refused."""

    def word(name: str) -> str:
        return canary.word("draft", "Dossier", f"{state}.{name}")

    email = f"{word('email')}@example.org"
    texts = {field: word(field) for field in TEXT_FIELDS}
    texts["summary"] += " zo vertellen we het aan wie het wil weten" * 5
    made = dossier(
        State.CONCEPT,
        email=email,
        sender_name=word("sender_name"),
        editor_note=word("editor_note"),
        content=content(
            **texts,
            **{field: f"<p>{word(field)}</p>" for field in RICH_FIELDS},
            contact={field: word(f"contact.{field}") for field in CONTACT_FIELDS},
            links=[{"title": word("link.title"), "url": f"https://example.org/{word('link.url')}"}],
        ),
    )
    picture = ContentFile(factories.picture(), name=f"{word('image')}.png")
    DossierImage(dossier=made, alt=word("alt"), consent=True, file=picture).save()
    document = ContentFile(word("file.body").encode(), name=f"{word('file')}.txt")
    DossierFile(dossier=made, file=document).save()
    if state is State.SUPPLEMENT:
        editor = editor_user()
        editor.name = word("editor")
        editor.save()
        for verb, actor in (
            (Verb.SUBMIT, Actor.SENDER),
            (Verb.TAKE_UP, Actor.EDITOR),
            (Verb.ASK, Actor.EDITOR),
        ):
            is_editor = actor is Actor.EDITOR
            asking = {"points": {"3": word("point")}, "note": word("note")} if verb is Verb.ASK else {}
            made = advance(made, verb, actor, user=editor if is_editor else None, **asking)
    return made


@pytest.fixture
def canary() -> Canary:
    """Words in two dossiers, beside content that everybody may read."""
    from expoo_portal.pages import Page

    Page._base_manager.all().delete()
    written = guard.write(factories.group())
    written.marks.clear()
    Dossier.objects.unrestricted().delete()
    for state in STATES:
        write(written, state)
    guard.rebuild_words()
    return written


def dossiers() -> list[Dossier]:
    return list(Dossier.objects.unrestricted().order_by("pk"))


def files_of(stored: Dossier) -> list[str]:
    """The addresses at which anybody would look for its files."""
    rows = [
        row
        for model in (DossierImage, DossierFile)
        for row in model.objects.unrestricted().filter(dossier=stored)
    ]
    return [
        address
        for row in rows
        for address in (row.get_absolute_url(), f"{row.get_absolute_url()}?maat=kaart")
    ]


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.MEMBER, Role.EDITOR])
def test_nothing_of_a_dossier_is_on_the_site(canary: Canary, role: Role) -> None:
    client = client_of(person(role, factories.group()))
    seen = guard.read_site(canary, client)
    files = [address for stored in dossiers() for address in files_of(stored)]
    searches = [f"{guard.LIST}?q={word}" for word in canary.marks]
    found = {
        address: {canary.marks[word].field for word in words & canary.marks.keys()}
        for address, words in (seen | (guard.read(client, files) if role is not Role.EDITOR else {})).items()
    }
    assert not {address: fields for address, fields in found.items() if fields}
    assert all(guard.total_of(client.get(address)) == 0 for address in searches[::7])
    assert not set(guard.SearchWord.objects.values_list("word", flat=True)) & canary.marks.keys()


def test_the_holder_of_a_link_reads_all_of_their_own_and_nothing_else(canary: Canary) -> None:
    client = Client()
    for stored, state in zip(dossiers(), STATES, strict=True):
        sender = Sender(stored, client)
        places = ["", "zo-wordt-het/", "e-mailadres/", "weggooien/", "doe/indienen/"]
        places += [f"stap/{number}/" for number in range(1, 9)]
        places += [f"bevestig/{confirmation_of(stored)}/"]
        places += [
            f"bestand/{row.uuid}/"
            for model in (DossierImage, DossierFile)
            for row in model.objects.unrestricted().filter(dossier=stored)
        ]
        seen = guard.read(client, [sender.address(rest) for rest in places])
        found = {canary.marks[word].field for words in seen.values() for word in words & canary.marks.keys()}
        own = {
            mark.field
            for mark in canary.marks.values()
            if mark.field.startswith(f"{state}.") and mark.field.partition(".")[2] not in NOT_FOR_THE_SENDER
        }
        # How they want to be called stands in mails alone.
        assert found == own - {f"{state}.sender_name"}


def test_mails_reach_their_own_sender_alone(canary: Canary) -> None:
    mail.outbox.clear()
    first, second = dossiers()
    Client().post("/praktijken/delen/link-kwijt/", {"email": first.email})
    Sender(second).post("doe/indienen/")
    assert [letter.to for letter in mail.outbox] == [[first.email], [second.email]]
    for letter, state in zip(mail.outbox, STATES, strict=True):
        whole = f"{letter.subject} {letter.body} {letter.alternatives}"
        fields = {mark.field for word, mark in canary.marks.items() if word in whole}
        assert fields
        assert {field.partition(".")[0] for field in fields} == {state}
        assert not {field.partition(".")[2] for field in fields} - {"name", "sender_name"}


def test_the_log_tells_no_private_link(caplog: pytest.LogCaptureFixture) -> None:
    logging.disable(logging.NOTSET)
    draft = dossier(State.CONCEPT)
    sender = Sender(draft)
    links = HidePrivateLinks()
    with caplog.filtering(links):
        sender.get("stap/99/")
        sender.post("doe/stoppen/")
        sender.get("bestaat-niet/")
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 3
    assert sender.token not in caplog.text
    assert sender.token[32:] not in caplog.text
    assert f"/praktijken/delen/{sender.token[:8]}…/stap/99/" in caplog.text
    handlers = settings.LOGGING["handlers"].values()
    assert all("links" in handler["filters"] for handler in handlers)
