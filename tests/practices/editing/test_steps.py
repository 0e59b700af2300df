"""Each step of an editor: who may take it from where, what it asks, and what the sender reads."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group as StaffGroup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from expoo_portal.outbox import OutgoingMail
from practices import checklist
from practices.dossiers import advance
from practices.editing.steps import WORDS, open_steps
from practices.models import Dossier, DossierStep
from practices.workflow import TRANSITIONS, Actor, State, Verb, find
from tests import factories
from tests.dossiers import amended, dossier, editor_user
from tests.practices.editing.desk import (
    EVERY_POINT,
    QUEUE,
    mail_to,
    page,
    read,
    said,
    stored,
    take,
)
from tests.roles import TOTP_SECRET, Role, client_of, person

pytestmark = pytest.mark.django_db

# What a step's form needs to be taken.
FILLED = {
    Verb.ASK: {"ask_2": "on", "versturen": "1"},
    Verb.PUBLISH: {"ticked": EVERY_POINT, "when": "nu"},
    Verb.DECLINE: {"note": "Dit gaat over opvang.", "versturen": "1"},
    Verb.KEEP: {"note": "De oude tekst klopt nog."},
}
PLACES = {
    "new": [state for state in State if state not in (State.PUBLISHED, State.DUE)],
    "on the site": list(State),
}


def placed(state: State, where: str) -> Dossier:
    """A dossier in this state, of a new practice or of one on the site."""
    if where == "new":
        if state == State.ARCHIVED:
            made = dossier(State.IN_REVIEW)
            return advance(made, Verb.DECLINE, Actor.EDITOR, user=editor_user(), note="Geen ontmoeting.")
        return dossier(state)
    return dossier(state) if state in (State.PUBLISHED, State.DUE, State.ARCHIVED) else amended(state)


EVERY_PLACE = [(state, where) for where, states in PLACES.items() for state in states]


def test_each_editors_step_of_the_machine_has_words():
    verbs = {transition.verb for transition in TRANSITIONS if Actor.EDITOR in transition.actors}
    assert set(WORDS) == verbs


@pytest.mark.parametrize(("state", "where"), EVERY_PLACE)
def test_an_editor_takes_each_step_that_the_machine_allows_and_no_other(editor, state, where):
    for verb in WORDS:
        made = placed(state, where)
        is_draft = state == State.CONCEPT and where == "new"
        response = take(editor, made, verb, **FILLED.get(verb, {}))
        if is_draft:
            assert response.status_code == 404
        elif verb in open_steps(made):
            assert response.status_code == 302, (verb, response.context["form"].errors)
            assert stored(made).state == find(verb, state).target
            newest = DossierStep.objects.unrestricted().filter(dossier=made).last()
            assert (newest.verb, newest.actor) == (verb, Actor.EDITOR)
            assert newest.user is not None
        else:
            assert (stored(made).state, stored(made).step_count) == (made.state, made.step_count), verb


@pytest.mark.parametrize(("state", "where"), EVERY_PLACE)
def test_the_page_offers_the_steps_that_can_be_taken(editor, state, where):
    made = placed(state, where)
    if state == State.CONCEPT and where == "new":
        return
    text = read(editor, page(made))
    for verb in WORDS:
        assert (page(made, verb.value) in text) is (verb in open_steps(made)), verb
        response = editor.get(page(made, verb.value))
        assert response.status_code == (200 if verb in open_steps(made) else 302), verb
    assert stored(made).step_count == made.step_count


# Roles -------------------------------------------------------------------------------------------------------


def staff(*rights: str, group: str = ""):
    """Somebody of the staff with these rights on dossiers, or of this group."""
    user = factories.user(is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=rights, content_type__app_label="practices")
    )
    if group:
        user.groups.add(StaffGroup.objects.get(name=group))
    TOTP.activate(user, TOTP_SECRET)
    return client_of(user)


PAGES = ["change", "history", "preview", "page", "notitie", "links", "e-mailadres", "overnemen", "planning"]


@pytest.mark.parametrize("role", Role)
def test_only_who_may_review_reaches_the_review(role):
    client = client_of(person(role, factories.group()))
    made = dossier(State.IN_REVIEW)
    may = role in (Role.EDITOR, Role.SUPERUSER)
    for name in [*PAGES, *(verb.value for verb in (Verb.PUBLISH, Verb.ASK, Verb.DECLINE, Verb.PUT_BACK))]:
        assert client.get(page(made, name)).status_code == (200 if may else 302), name
    for verb in (Verb.PUT_BACK, Verb.PUBLISH, Verb.DECLINE):
        if not may:
            take(client, made, verb, **FILLED.get(verb, {}))
            assert stored(made).step_count == made.step_count
    if not may:
        for name in ("notitie", "links", "e-mailadres"):
            client.post(page(made, name), {"text": "x", "email": "ander@example.org"})
        kept = stored(made)
        assert (kept.editor_note, kept.link_number, kept.email) == ("", 1, made.email)


def test_network_staff_have_nothing_to_do_with_it():
    client = staff(group="Netwerkbeheer")
    made = dossier(State.IN_REVIEW)
    for address in (QUEUE, *(page(made, name) for name in PAGES), page(made, "publiceren")):
        assert client.get(address).status_code == 403, address
    assert client.post(page(made, "publiceren"), {"seen_step": 2}).status_code == 403
    assert "inzending" not in read(client, "/beheer/")


def test_staff_who_may_only_look_see_no_buttons():
    client = staff("view_dossier")
    for state in (State.SUBMITTED, State.IN_REVIEW, State.PUBLISHED):
        made = dossier(state)
        text = read(client, page(made))
        assert "Wat nu?" not in text
        assert 'name="_save"' not in text
        assert "Zet erbij" not in text
        for verb in WORDS:
            assert client.get(page(made, verb.value)).status_code == 403
            assert take(client, made, verb, **FILLED.get(verb, {})).status_code == 403
        assert client.post(page(made), {"name": "x"}).status_code == 403
        assert stored(made).step_count == made.step_count
    assert client.get(page(dossier(State.SUBMITTED), "preview")).status_code == 200


def test_who_may_not_delete_is_offered_no_deletion():
    made = dossier(State.IN_REVIEW)
    client = staff("view_dossier", "change_dossier")
    assert page(made, "delete") not in read(client, page(made))
    assert client.post(page(made, "delete"), {"post": "yes"}).status_code == 403


def test_deleting_a_dossier_asks_first_and_leaves_the_practice(editor):
    made = dossier(State.PUBLISHED)
    practice = made.practice
    assert "De praktijk in de catalogus blijft staan" in read(editor, page(made, "delete"))
    assert stored(made)
    editor.post(page(made, "delete"), {"post": "yes"})
    assert not Dossier.objects.unrestricted().filter(pk=made.pk).exists()
    assert editor.get(practice.get_absolute_url()).status_code == 200


# Stale pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [Verb.ASK, Verb.PUBLISH, Verb.DECLINE])
def test_a_stale_page_is_refused_and_keeps_what_was_typed(editor, verb):
    made = dossier(State.IN_REVIEW)
    back = advance(made, Verb.PUT_BACK, Actor.EDITOR, user=editor_user())
    again = advance(back, Verb.TAKE_UP, Actor.EDITOR, user=editor_user())
    typed = {**FILLED[verb], "note": "Mijn woorden", "reason": "Mijn woorden"}
    response = take(editor, made, verb, **typed)
    text = response.content.decode()
    assert "Intussen is de status veranderd" in text
    assert "Mijn woorden" in text
    assert stored(made).step_count == again.step_count
    assert not OutgoingMail.objects.filter(to=[made.email], subject__contains="vraag").exists()


def test_a_stale_button_is_refused_with_a_word(editor):
    made = dossier(State.SUBMITTED)
    advance(made, Verb.TAKE_UP, Actor.EDITOR, user=editor_user())
    response = take(editor, made, Verb.TAKE_UP)
    assert response.status_code == 302
    assert "Intussen is de status veranderd" in said(response)


def test_a_step_without_the_number_of_its_page_is_refused(editor):
    made = dossier(State.SUBMITTED)
    assert editor.post(page(made, "behandelen")).status_code == 302
    assert stored(made).state == State.SUBMITTED


# Letters -----------------------------------------------------------------------------------------------------


def test_an_editor_reads_the_letter_before_it_goes(editor):
    made = dossier(State.IN_REVIEW, sender_name="Hanan")
    words = "Vertel ook\nwie de koffie zet."
    response = take(editor, made, Verb.ASK, ask_3="on", words_2=words, note="Bel gerust.")
    text = response.content.decode()
    assert response.status_code == 200
    assert made.email in text
    for line in ("Vertel ook wie de koffie zet.", checklist.POINTS[3], "Bel gerust.", "Dag Hanan"):
        assert line in text
    assert "/praktijken/delen/" not in text
    assert stored(made).state == State.IN_REVIEW
    back = take(editor, made, Verb.ASK, ask_3="on", words_2=words, note="Bel gerust.", terug="1")
    assert "wie de koffie zet." in back.content.decode()
    assert stored(made).state == State.IN_REVIEW
    take(editor, made, Verb.ASK, ask_3="on", words_2=words, note="Bel gerust.", versturen="1")
    kept = stored(made)
    assert kept.state == State.SUPPLEMENT
    step = DossierStep.objects.unrestricted().filter(dossier=made).last()
    assert step.points == {"2": "Vertel ook wie de koffie zet.", "3": checklist.POINTS[3]}


def test_the_sender_reads_the_points_in_text_and_in_html(editor):
    made = dossier(State.IN_REVIEW, sender_name="Hanan")
    take(editor, made, Verb.ASK, words_2="Wie zet <b>koffie</b>?", ask_7="on", note="Bel ons.", versturen="1")
    mail = mail_to(made)
    assert mail.subject == "We hebben nog een vraag over ‘Soep op de stoep’"
    assert f"- Wie zet <b>koffie</b>?\n- {checklist.POINTS[7]}\n" in mail.text
    assert "Bel ons." in mail.text
    assert "/praktijken/delen/" in mail.text
    assert mail.html.count("<li>") == 2
    assert "&lt;b&gt;koffie" in mail.html
    assert mail.is_secret


def test_asking_for_nothing_is_refused(editor):
    made = dossier(State.IN_REVIEW)
    response = take(editor, made, Verb.ASK, note="Zomaar", versturen="1")
    assert "Kruis minstens één punt aan" in response.content.decode()
    assert "Zomaar" in response.content.decode()
    assert stored(made).state == State.IN_REVIEW


def test_points_that_stayed_open_are_ready_to_be_asked(editor):
    made = dossier(State.IN_REVIEW)
    made.checklist = [1, 2, 3, 4, 5, 6, 7]
    made.save(update_fields=["checklist"])
    form = editor.get(page(made, "aanvulling-vragen")).context["form"]
    assert [box.initial for box, _words in form.rows] == [False] * 7 + [True]


def test_who_is_declined_gets_a_kind_letter_with_the_reason(editor):
    made = dossier(State.IN_REVIEW, sender_name="Hanan")
    unexplained = take(editor, made, Verb.DECLINE, versturen="1")
    assert unexplained.status_code == 200
    assert stored(made).state == State.IN_REVIEW
    shown = take(editor, made, Verb.DECLINE, note="Dit gaat over opvang.\n\nKijk ook bij ons andere portaal.")
    assert "Dit gaat over opvang." in shown.content.decode()
    assert stored(made).state == State.IN_REVIEW
    take(editor, made, Verb.DECLINE, note="Dit gaat over opvang.", versturen="1")
    mail = mail_to(made)
    assert mail.text.startswith("Dag Hanan,\n\nBedankt om")
    for body in (mail.text, mail.html):
        assert "Dit gaat over opvang." in body
        assert "denken graag met je mee" in body
    assert stored(made).state == State.ARCHIVED
    assert stored(made).practice is None


def test_who_is_published_gets_the_address_and_the_private_link(editor):
    made = dossier(State.IN_REVIEW)
    text = read(editor, page(made, "publiceren"))
    assert "(hier staat de persoonlijke link van de indiener)" in text
    take(editor, made, Verb.PUBLISH, **FILLED[Verb.PUBLISH])
    mail = mail_to(made)
    address = stored(made).practice.get_absolute_url()
    for body in (mail.text, mail.html):
        assert address in body
        assert "/praktijken/delen/" in body


def test_asking_for_confirmation_sends_the_question(editor):
    made = dossier(State.PUBLISHED)
    take(editor, made, Verb.FALL_DUE)
    assert stored(made).state == State.DUE
    assert "/praktijken/bevestigen/" in mail_to(made).text


def test_the_history_shows_who_did_what_with_which_words(editor):
    made = dossier(State.IN_REVIEW)
    take(editor, made, Verb.ASK, words_2="Wie zet koffie?", note="Bel gerust.", versturen="1")
    for address in (page(made), page(made, "history")):
        text = read(editor, address)
        for line in (
            "Indiener",
            "Vraag aanvulling: in redactie → aanvulling gevraagd",
            "2. Wie zet koffie?",
            "Bel gerust.",
        ):
            assert line in text, line
    assert timezone.localtime(made.updated).strftime("%Y") in text


def test_a_long_history_costs_no_more_queries(editor):
    made = dossier(State.IN_REVIEW)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(editor, page(made))
        return len(captured)

    cost()
    few = cost()
    for _ in range(4):
        made = advance(made, Verb.PUT_BACK, Actor.EDITOR, user=editor_user())
        made = advance(made, Verb.TAKE_UP, Actor.EDITOR, user=editor_user())
        editor.post(page(made, "overnemen"))
    # The first look also shows the messages.
    cost()
    assert cost() <= few
