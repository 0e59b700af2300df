"""The private page: where the practice stands, in words, and what its sender can do now."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from expoo_portal import content_version
from practices.checklist import POINTS
from practices.dossiers import advance
from practices.models import Dossier
from practices.private_links import token_of
from practices.sharing.words import BUTTONS
from practices.workflow import Actor, State, Verb, possible
from tests.dossiers import content, dossier, editor_user

from .sender import Sender, fields, text

# What the sender sees in each state, and on which buttons.
SAYS = {
    State.CONCEPT: "nog aan het schrijven",
    State.SUBMITTED: "wacht op de redactie",
    State.IN_REVIEW: "leest je praktijk na",
    State.SUPPLEMENT: "stelt je een vraag",
    State.PUBLISHED: "staat op de site",
    State.DUE: "Klopt wat er op de site staat nog?",
    State.ARCHIVED: "als archief op de site",
}


def asked(words: dict[str, str], note: str = "") -> Dossier:
    """A dossier of which the editors asked something."""
    return advance(
        dossier(State.IN_REVIEW), Verb.ASK, Actor.EDITOR, user=editor_user(), points=words, note=note
    )


@pytest.mark.parametrize("state", State)
def test_a_sender_reads_where_the_practice_stands(state: State):
    sender = Sender(dossier(state))
    page = sender.get()
    assert page.status_code == 200
    assert SAYS[state] in text(page)
    html = page.content.decode()
    assert html.count('aria-current="step"') == 1
    for other in State:
        assert other.label in text(page)


@pytest.mark.parametrize("state", State)
def test_a_sender_finds_a_button_for_everything_that_can_be_done_and_nothing_else(state: State):
    stored = dossier(state)
    page = Sender(stored).get().content.decode()
    can = {step.verb for step in possible(state, Actor.SENDER, has_practice=stored.practice_id is not None)}
    for verb in BUTTONS:
        assert (f"/doe/{verb.value}/" in page) == (verb in can), verb


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_pressing_any_button_in_any_state_does_what_the_machine_says(state: State, verb: Verb):
    stored = dossier(state)
    sender = Sender(stored)
    steps = possible(state, Actor.SENDER, has_practice=stored.practice_id is not None)
    allowed = {step.verb: step.target for step in steps}
    response = sender.post(f"doe/{verb.value}/", {"seen_step": stored.step_count})
    if verb in allowed:
        assert response.status_code == 302
        assert sender.dossier.state == allowed[verb]
        assert sender.client.get(response.headers["Location"]).status_code == 200
    else:
        assert response.status_code == (409 if verb in BUTTONS else 404)
        assert sender.dossier.state == state


def test_a_sender_sends_in_takes_back_and_sends_in_again(sender: Sender):
    mail.outbox.clear()
    review = sender.get("stap/8/")
    assert "Alles staat erin" in text(review)
    answer = sender.post("doe/indienen/", fields(review, ""))
    assert "Je praktijk is ingediend" in text(sender.client.get(answer.headers["Location"]))
    assert [letter.subject for letter in mail.outbox] == ["We kregen ‘Soep op de stoep’ goed aan"]
    sender.post("doe/terugnemen/")
    sender.fill(2, summary=content()["summary"] + " Nog iets.")
    sender.post("doe/indienen/")
    assert sender.dossier.state == State.SUBMITTED
    history = text(sender.get())
    assert history.count("Ingediend door jou") == 2
    assert "Teruggenomen door jou" in history


def test_a_page_from_before_the_last_step_does_nothing(sender: Sender):
    old = fields(sender.get("stap/8/"), "")
    sender.post("doe/indienen/")
    sender.post("doe/terugnemen/")
    response = sender.post("doe/indienen/", old)
    assert response.status_code == 409
    assert "Intussen is de status veranderd" in text(response)


def test_an_incomplete_practice_is_not_sent_in(sender: Sender):
    sender.fill(5, challenges="")
    response = sender.post("doe/indienen/")
    assert (response.status_code, sender.dossier.state) == (409, State.CONCEPT)
    assert "Er ontbreekt nog iets" in text(response)


def test_an_answer_that_cannot_be_used_is_not_sent_in(sender: Sender):
    sender.fill(7, "later", contact__email="geen adres")
    assert sender.post("doe/indienen/").status_code == 409
    assert sender.dossier.state == State.CONCEPT


def test_what_the_editors_ask_stands_on_top_and_at_the_steps_it_is_about():
    sender = Sender(asked({"3": "Wat loopt er moeilijk?", "6": "Van wanneer is dit?"}, note="Bijna klaar!"))
    page = sender.get()
    assert "De redactie vraagt Wat loopt er moeilijk? Sterktes en uitdagingen" in text(page)
    assert "Bijna klaar!" in text(page)
    where = {number: "De redactie vraagt" in text(sender.get(f"stap/{number}/")) for number in range(1, 8)}
    assert where == {number: number in (5, 7) for number in range(1, 8)}
    sender.fill(5, challenges="Bij regen komt niemand.")
    sender.post("doe/indienen/")
    assert sender.dossier.state == State.SUBMITTED
    assert "De redactie vraagt" not in text(sender.get())


def test_each_point_of_the_checklist_is_shown_at_a_step():
    sender = Sender(asked({str(number): f"Vraag {number}!" for number in POINTS}))
    steps = " ".join(text(sender.get(f"stap/{number}/")) for number in range(1, 8))
    for number in POINTS:
        assert f"Vraag {number}!" in steps


def test_a_sender_never_reads_who_the_editor_is_nor_their_own_notes():
    editor = editor_user()
    editor.name = "Geheime Redacteur"
    editor.save()
    stored = advance(dossier(State.SUBMITTED), Verb.TAKE_UP, Actor.EDITOR, user=editor)
    stored.editor_note = "Tussen ons gezegd"
    stored.save(update_fields=["editor_note"])
    sender = Sender(stored)
    for rest in ("", "zo-wordt-het/"):
        page = sender.get(rest).content.decode()
        for secret in (editor.name, editor.email, "Tussen ons gezegd", stored.email):
            assert secret not in page


def test_a_published_practice_is_amended_and_the_site_waits():
    stored = dossier(State.PUBLISHED)
    sender = Sender(stored)
    address = stored.practice.get_absolute_url()
    response = sender.post("doe/aanpassen/", fields(sender.get(), ""))
    assert "Op de site verandert er niets" in text(sender.client.get(response.headers["Location"]))
    sender.fill(1, name="Soep op straat")
    assert "Soep op straat" in text(sender.get("zo-wordt-het/"))
    assert "Soep op de stoep" in text(sender.client.get(address))
    assert sender.get("weggooien/").headers["Location"] == sender.address()

    assert "gooit je aanpassing weg" in text(sender.get("doe/behouden/"))
    sender.post("doe/behouden/")
    assert sender.dossier.state == State.PUBLISHED
    assert sender.dossier.content == {}


def test_a_contact_says_that_it_is_still_true_or_no_longer_exists():
    still = Sender(dossier(State.DUE))
    still.post("doe/bevestigen/")
    assert still.dossier.state == State.PUBLISHED
    gone = Sender(dossier(State.DUE))
    assert "niet meer bestaat" in text(gone.get("doe/stoppen/"))
    assert gone.dossier.state == State.DUE
    gone.post("doe/stoppen/", fields(gone.get("doe/stoppen/"), "") | {"note": "Gestopt in juni\x00"})
    assert gone.dossier.state == State.ARCHIVED
    assert gone.dossier.practice.archived_on
    assert "Gestopt in juni" in text(gone.get())


def test_a_practice_that_was_not_taken_reads_why():
    editor = editor_user()
    stored = advance(
        dossier(State.IN_REVIEW, editor=editor),
        Verb.DECLINE,
        Actor.EDITOR,
        user=editor,
        note="Het gaat over iets anders.",
    )
    page = text(Sender(stored).get())
    assert "neemt deze praktijk niet op" in page
    assert "Het gaat over iets anders." in page


def test_a_draft_is_thrown_away_after_being_asked(sender: Sender):
    assert "verdwijnen voorgoed" in text(sender.get("weggooien/"))
    assert sender.get().status_code == 200
    response = sender.post("weggooien/")
    assert "Je concept is weg" in text(sender.client.get(response.headers["Location"]))
    assert sender.get().status_code == 404
    assert not Dossier.objects.unrestricted().exists()


@pytest.mark.parametrize("state", [state for state in State if state is not State.CONCEPT])
def test_what_the_editors_have_seen_cannot_be_thrown_away(state: State):
    sender = Sender(dossier(state))
    for answer in (sender.get("weggooien/"), sender.post("weggooien/")):
        assert answer.headers["Location" if answer.status_code == 302 else "x"] == sender.address()
    assert sender.get().status_code == 200


def test_a_draft_that_was_taken_back_cannot_be_thrown_away(sender: Sender):
    sender.post("doe/indienen/")
    sender.post("doe/terugnemen/")
    sender.post("weggooien/")
    assert sender.get().status_code == 200
    assert "Gooi dit concept weg" not in text(sender.get())


def test_the_preview_looks_like_the_page(sender: Sender):
    page = sender.get("zo-wordt-het/")
    said = text(page)
    for words in (
        "Zo zien bezoekers deze praktijk",
        "Bij regen komt er bijna niemand.",
        "Terug naar je praktijk",
    ):
        assert words in said
    assert "onthaal@example.org" not in said


# Links --------------------------------------------------------------------------------------------------------

PLACES = (
    ("GET", ""),
    *(("GET", f"stap/{number}/") for number in range(1, 9)),
    ("POST", "stap/1/"),
    ("POST", "stap/1/bewaar/"),
    ("GET", "zo-wordt-het/"),
    ("GET", "e-mailadres/"),
    ("POST", "e-mailadres/"),
    ("POST", "nieuwe-mail/"),
    ("GET", "doe/stoppen/"),
    ("POST", "doe/indienen/"),
    ("GET", "weggooien/"),
    ("POST", "weggooien/"),
    ("GET", "bestand/00000000-0000-0000-0000-000000000000/"),
)


def dead_tokens(stored: Dossier) -> dict[str, str]:
    token, other = token_of(stored), token_of(dossier(State.CONCEPT))
    revoked = dossier(State.CONCEPT)
    old = token_of(revoked)
    revoked.link_number += 1
    revoked.save(update_fields=["link_number"])
    return {
        "wrong signature": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "no signature": token[:32],
        "the signature of another": token[:32] + other[32:],
        "longer": token + "A",
        "capitals": token[:32].upper() + token[32:],
        "revoked": old,
        "nonsense": "x",
        "a null byte": token[:-1] + "%00",
        "not ascii": token[:-1] + "é",
        "long": "a" * 3000,
    }


def test_a_dead_link_is_a_page_that_does_not_exist(draft: Dossier):
    client = Client()
    nothing = client.get("/praktijken/bestaat-niet/").content
    for name, token in dead_tokens(draft).items():
        for method, rest in PLACES:
            response = client.generic(method, f"/praktijken/delen/{token}/{rest}")
            assert response.status_code == 404, (name, method, rest)
            if response.headers["Content-Type"].startswith("text/html"):
                assert response.content == nothing, (name, rest)
    assert Dossier.objects.unrestricted().get(pk=draft.pk).email == draft.email


def test_signing_in_does_not_open_somebody_elses_link(draft: Dossier):
    client = Client()
    client.force_login(editor_user())
    token = token_of(draft)[:-1] + "_"
    assert client.get(f"/praktijken/delen/{token}/").status_code in (302, 404)


def everything() -> list[Any]:
    """All that the database holds, but for what is counted and kept for a while."""
    found = []
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - {"portal_cache"})
        for name in names:
            cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')  # noqa: S608 - names of our own tables
            found.append((name, cursor.fetchall()))
    return found


@pytest.mark.parametrize("state", State)
def test_no_get_changes_anything(state: State):
    from practices.sharing.drafts import confirmation_of

    stored = dossier(state)
    sender = Sender(stored)
    before = everything()
    places = [rest for method, rest in PLACES if method == "GET"]
    places += [f"doe/{verb.value}/" for verb in Verb]
    places += [f"bevestig/{confirmation_of(stored)}/", "nieuwe-mail/", "stap/1/bewaar/", "?gedaan=onzin"]
    for rest in places:
        for method in (sender.client.get, sender.client.head):
            assert method(sender.address(rest)).status_code in (200, 302, 404, 405), rest
    for address in ("/praktijken/delen/", "/praktijken/delen/link-kwijt/"):
        sender.client.get(address)
    assert everything() == before


@pytest.mark.parametrize(("rest", "most"), [("", 5), ("stap/1/", 6), ("stap/6/", 8), ("stap/8/", 3)])
def test_a_page_of_the_sender_takes_few_queries(
    rest: str, most: int, settings: Any, django_assert_max_num_queries: Any
):
    settings.CONTENT_VERSION_SECONDS = 1_000.0
    content_version.forget()
    sender = Sender(asked({"3": "Wat loopt er moeilijk?"}))
    sender.get(rest)
    with django_assert_max_num_queries(most):
        assert sender.get(rest).status_code == 200
