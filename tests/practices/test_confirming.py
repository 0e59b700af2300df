"""Staying true: who is asked when, what the link shows and does, and that nobody else can do it."""

from __future__ import annotations

import random
import re
import threading
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from expoo_portal.outbox import OutgoingMail
from practices import confirming, jobs
from practices.dossiers import advance
from practices.models import Answer, ConfirmationRequest, Dossier, Practice
from practices.private_links import sign
from practices.workflow import Actor, State, Verb
from tests import factories
from tests.dossiers import content, dossier, editor_user
from tests.jobs import _nothing_left_behind, forget_committed  # noqa: F401 - transactional tests queue mails

START = timezone.now()
_LINK = re.compile(r"https?://[^/\s]+(/praktijken/bevestigen/\S+/)")


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"


def all_of(model: Any) -> Any:
    return model._base_manager.all()


def stored() -> dict[str, list[Any]]:
    """Everything that an answer could change."""
    rows = (ConfirmationRequest, Dossier, Practice, OutgoingMail)
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in rows}


def asked(**fields: Any) -> ConfirmationRequest:
    """A question about a practice that fell due."""
    return confirming.ask(dossier(State.DUE, **fields))


def address(request: ConfirmationRequest) -> str:
    return f"/praktijken/bevestigen/{confirming.token_of(request)}/"


def mails(words: str = "") -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(subject__contains=words).order_by("pk"))


def in_days(days: float) -> Any:
    return time_machine.travel(START + timedelta(days=days), tick=False)


# Asking ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_contact_is_asked_by_a_mail_with_one_link_that_explains_three_answers() -> None:
    request = asked(email="contact@example.org", sender_name="Onthaal")
    (mail,) = mails("Klopt ‘Soep op de stoep’ nog?")
    assert mail.to == ["contact@example.org"]
    assert mail.is_secret
    assert _LINK.findall(mail.text) == [address(request)]
    assert mail.text.count("http") == 1
    assert mail.html.count("<a ") == 1
    for words in ("Dag Onthaal", "Klopt nog", "Ik pas aan", "Bestaat niet meer"):
        assert words in mail.text
        assert words in mail.html


@pytest.mark.django_db
def test_the_page_shows_what_stands_in_the_catalogue_and_three_buttons() -> None:
    request = asked(content=content(reference_year=2025))
    page = Client().get(address(request))
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("Soep op de stoep", "Op de eerste woensdag", "Buurthuis Voorbeeld", "Peildatum: 2025"):
        assert words in text
    assert re.findall(r'name="answer" value="([\w-]+)"', text) == [answer.value for answer in Answer]
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert not page.cookies
    assert request.dossier.email not in text


@pytest.mark.django_db
def test_a_mail_scanner_that_follows_the_link_changes_nothing() -> None:
    request = asked()
    before = stored()
    for _ in range(3):
        for method in ("get", "head", "options", "put", "delete"):
            getattr(Client(), method)(address(request))
        Client().get(address(request), {"answer": "klopt"})
    assert stored() == before


# Answers -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_klopt_nog_confirms_the_practice_today_and_asks_again_in_eighteen_months(settings: Any) -> None:
    request = asked(email_confirmed_at=START)
    response = Client().post(address(request), {"answer": "klopt"}, follow=True)
    made = all_of(Dossier).get()
    assert "Bedankt voor je antwoord" in response.content.decode()
    assert made.state == State.PUBLISHED
    assert made.practice.confirmed_on == timezone.localdate()
    assert made.ask_after > timezone.localdate() + timedelta(days=500)
    public = Client().get(made.practice.get_absolute_url()).content.decode()
    assert "Laatst bevestigd door de werking op" in public


@pytest.mark.django_db
def test_ik_pas_aan_leads_to_the_form_while_the_published_text_stays() -> None:
    request = asked()
    response = Client().post(address(request), {"answer": "aanpassen"})
    made = all_of(Dossier).get()
    form = Client().get(response.headers["Location"])
    assert form.status_code == 200
    assert "Soep op de stoep" in form.content.decode()
    assert response.status_code == 302
    assert "/praktijken/delen/" in response.headers["Location"]
    assert made.state == State.CONCEPT
    assert made.content["name"] == "Soep op de stoep"
    assert Client().get(made.practice.get_absolute_url()).status_code == 200


@pytest.mark.django_db
def test_bestaat_niet_meer_archives_the_practice_and_tells_the_editors_why() -> None:
    request = asked(email="contact@example.org")
    Client().post(address(request), {"answer": "bestaat-niet-meer", "note": "Gestopt in juni."})
    made = all_of(Dossier).get()
    assert made.state == State.ARCHIVED
    assert made.practice.archived_on == timezone.localdate()
    assert made.steps.unrestricted().last().note == "Gestopt in juni."
    (mail,) = mails("staat nu in het archief")
    assert mail.to == ["contact@example.org"]
    assert "Je liet weten" in mail.text
    assert "Gestopt in juni." in mail.text


@pytest.mark.django_db
def test_an_answer_proves_that_the_mail_arrived() -> None:
    practice = factories.practice()
    made = Dossier.objects.create(practice=practice, state=State.DUE, email="nieuw@example.org")
    confirming.answer(confirming.ask(made), Answer.TRUE)
    assert all_of(Dossier).get().email_confirmed_at is not None


@pytest.mark.django_db
def test_a_note_that_is_too_long_is_kept_on_the_page_and_nothing_is_answered() -> None:
    request = asked()
    before = stored()
    response = Client().post(address(request), {"answer": "bestaat-niet-meer", "note": "Gestopt. " * 200})
    assert response.status_code == 422
    assert "Hou je toelichting onder de 1000 tekens" in response.content.decode()
    assert "Gestopt. " * 200 in response.content.decode()
    assert stored() == before


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [{}, {"answer": "misschien"}, {"answer": "klopt\x00"}])
def test_something_else_than_an_answer_changes_nothing(typed: dict[str, str]) -> None:
    request = asked()
    before = stored()
    response = Client().post(address(request), typed)
    assert response.status_code == 422
    assert "Kies een antwoord" in response.content.decode()
    assert stored() == before


# Once --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("first", Answer)
def test_a_used_link_says_what_was_answered_and_does_nothing_more(first: Answer) -> None:
    request = asked()
    Client().post(address(request), {"answer": first.value})
    before = stored()
    for second in Answer:
        response = Client().post(address(request), {"answer": second.value}, follow=True)
        text = response.content.decode()
        assert response.status_code == 200
        assert "Bedankt voor je antwoord" in text
        assert f"<strong>{first.label.lower()}</strong>" in text
        assert "<form" not in text.split('id="inhoud"')[1]
        assert "/praktijken/delen/" not in text
    assert stored() == before


@pytest.mark.django_db(transaction=True)
def test_twenty_answers_at_once_leave_one() -> None:
    request = asked()
    steps = request.dossier.steps.unrestricted().count()
    drawn = random.Random(3).choices(list(Answer), k=20)
    ready = threading.Barrier(len(drawn))
    failures: list[BaseException] = []

    def post(given: Answer) -> None:
        try:
            ready.wait(60)
            assert Client().post(address(request), {"answer": given.value}).status_code == 302
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[given]) for given in drawn]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    answered = all_of(ConfirmationRequest).get()
    made = all_of(Dossier).get()
    assert made.steps.unrestricted().count() == steps + 1
    expected = {Answer.TRUE: State.PUBLISHED, Answer.CHANGE: State.CONCEPT, Answer.GONE: State.ARCHIVED}
    assert made.state == expected[Answer(answered.answer)]


@pytest.mark.django_db
def test_the_database_refuses_a_second_answer_and_two_open_questions() -> None:
    request = asked()
    confirming.answer(request, Answer.TRUE)
    row = ConfirmationRequest._base_manager.filter(pk=request.pk)
    now = timezone.now()
    for change in (
        {"answer": Answer.GONE},
        {"answered_at": None, "answer": "", "closed_at": None},
        {"expires_at": now},
    ):
        with pytest.raises(IntegrityError, match="closed question"), transaction.atomic():
            row.update(**change)
    fresh = asked()
    more = {"dossier": fresh.dossier, "sent_at": now, "expires_at": now + timedelta(days=1)}
    for fault in (
        {"number": 2},
        {"number": fresh.number, "closed_at": now},
        {"number": 3, "closed_at": now, "answer": Answer.TRUE},
        {"number": 3, "closed_at": now, "answered_at": now},
        {"number": 3, "closed_at": now, "answered_at": now, "answer": "misschien"},
        {"number": 3, "closed_at": now, "expires_at": now - timedelta(days=1)},
        {"number": 3, "closed_at": now, "reminded_at": now - timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConfirmationRequest.objects.create(**(more | fault))


# Links -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_link_cannot_be_guessed_nor_made_from_another() -> None:
    mine, other = asked(), asked()
    token, others = confirming.token_of(mine), confirming.token_of(other)
    wrong = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[:32] + others[32:],
        others[:32] + token[32:],
        token[:32],
        token.upper(),
        f"{token}A",
        "0" * 54,
        "x",
        mine.uuid.hex + sign("dossier", mine.uuid, mine.dossier.link_number),
        mine.dossier.uuid.hex + sign("confirm", mine.dossier.uuid, mine.dossier.link_number),
        mine.uuid.hex + sign("confirm", mine.uuid, mine.dossier.link_number + 1),
    ]
    before = stored()
    nothing = Client().get("/praktijken/bevestigen/bestaat-niet/")
    for guess in wrong:
        for method in ("get", "post"):
            response = getattr(Client(), method)(f"/praktijken/bevestigen/{guess}/", {"answer": "klopt"})
            assert (response.status_code, response.content) == (404, nothing.content), guess
    assert stored() == before


@pytest.mark.django_db
def test_a_revoked_link_is_nothing() -> None:
    request = asked()
    link = address(request)
    Dossier._base_manager.update(link_number=2)
    assert Client().get(link).status_code == 404


@pytest.mark.django_db
def test_an_expired_link_answers_nothing_and_mails_a_new_one_to_the_same_address() -> None:
    with in_days(0):
        request = asked(email="contact@example.org")
    with in_days(91):
        page = Client().get(address(request))
        assert "Deze link is verlopen" in page.content.decode()
        before = stored()
        Client().post(address(request), {"answer": "klopt"})
        assert stored() == before
        after = Client().post(address(request), {"answer": "nieuw"}, follow=True)
        assert "Er is een nieuwere mail" in after.content.decode()
        first, second = mails("Klopt ‘Soep op de stoep’ nog?")
        assert first.to == second.to == ["contact@example.org"]
        (link,) = _LINK.findall(second.text)
        assert link != address(request)
        # A second click right after brings no second mail; the old link stays without effect.
        Client().post(address(request), {"answer": "nieuw"})
        Client().post(address(request), {"answer": "klopt"})
        assert len(mails("Klopt ‘Soep op de stoep’ nog?")) == 2
        assert all_of(Dossier).get().state == State.DUE
        Client().post(link, {"answer": "klopt"})
        assert all_of(Dossier).get().state == State.PUBLISHED


@pytest.mark.django_db
def test_an_old_link_can_ask_for_a_new_one_a_few_times_a_day_only() -> None:
    with in_days(0):
        request = asked()
    statuses = []
    for hours in range(4):
        with in_days(91 + hours / 24):
            statuses.append(Client().post(address(request), {"answer": "nieuw"}).status_code)
    assert statuses == [302, 302, 302, 429]
    assert len(mails("Klopt ‘Soep op de stoep’ nog?")) == 4


@pytest.mark.django_db
def test_a_question_that_an_editor_answered_by_phone_is_over() -> None:
    request = asked()
    advance(request.dossier, Verb.CONFIRM, Actor.EDITOR, user=editor_user())
    before = stored()
    text = Client().post(address(request), {"answer": "bestaat-niet-meer"}, follow=True).content.decode()
    assert "Je hoeft niets meer te doen" in text
    Client().post(address(request), {"answer": "nieuw"})
    assert stored() == before


@pytest.mark.django_db
def test_a_question_that_was_settled_otherwise_does_not_keep_the_next_round_from_asking() -> None:
    with in_days(0):
        request = asked()
        editor = editor_user()
        advance(request.dossier, Verb.CONFIRM, Actor.EDITOR, user=editor)
        advance(request.dossier, Verb.FALL_DUE, Actor.EDITOR, user=editor)
        jobs.keep_practices_true(0)
        assert all_of(ConfirmationRequest).count() == 2
        before = stored()
        assert "Er is een nieuwere mail" in Client().get(address(request)).content.decode()
        Client().post(address(request), {"answer": "klopt"})
    assert stored() == before


# Jobs --------------------------------------------------------------------------------------------------------


def run_days(*days: float) -> None:
    for day in days:
        with in_days(day):
            jobs.keep_practices_true(0)
            jobs.keep_practices_true(0)


@pytest.mark.django_db
def test_a_published_practice_is_asked_about_after_eighteen_months_and_reminded_once() -> None:
    with in_days(0):
        made = dossier(State.PUBLISHED)
    run_days(1, 400, 540)
    assert not mails("Klopt ‘")
    due = (made.ask_after - START.date()).days
    run_days(due + 1)
    assert all_of(Dossier).get().state == State.DUE
    assert len(mails("Klopt ‘")) == 1
    run_days(due + 2, due + 20)
    assert not mails("Nog even: klopt ‘")
    run_days(due + 23, due + 24, due + 60, due + 89, due + 95, due + 400)
    (reminder,) = mails("Nog even: klopt ‘")
    assert _LINK.findall(reminder.text) == [address(all_of(ConfirmationRequest).get())]
    assert len(mails("Klopt ‘")) == 1


@pytest.mark.django_db
def test_who_stays_silent_after_the_reminder_comes_on_the_editors_list() -> None:
    with in_days(0):
        silent, answered = asked(), asked()
    run_days(22)
    with in_days(30):
        confirming.answer(answered, Answer.TRUE)
        assert not confirming.unanswered()
    with in_days(44):
        assert list(confirming.unanswered()) == [silent]


@pytest.mark.django_db
def test_a_practice_that_an_editor_or_an_import_brought_to_confirm_is_asked_about() -> None:
    practice = factories.practice(name="Ingevoerd")
    Dossier.objects.create(practice=practice, state=State.DUE, email="contact@example.org")
    run_days(0)
    assert [mail.to for mail in mails("Klopt ‘Ingevoerd’ nog?")] == [["contact@example.org"]]


@pytest.mark.django_db
def test_a_change_that_was_left_lying_is_asked_about_after_thirty_days() -> None:
    with in_days(0):
        request = asked()
        made = confirming.answer(request, Answer.CHANGE)
        Dossier._base_manager.update(ask_after=date(2020, 1, 1))
    run_days(29)
    assert all_of(Dossier).get().state == State.CONCEPT
    run_days(31)
    made.refresh_from_db()
    assert made.state == State.DUE
    assert made.content["name"] == "Soep op de stoep"
    assert all_of(ConfirmationRequest).count() == 2


@pytest.mark.django_db
def test_who_keeps_the_text_after_looking_is_not_asked_again_the_next_day() -> None:
    with in_days(0):
        made = confirming.answer(asked(), Answer.CHANGE)
        Dossier._base_manager.update(ask_after=date(2020, 1, 1))
        advance(made, Verb.KEEP, Actor.SENDER)
    run_days(1, 20)
    assert all_of(ConfirmationRequest).count() == 1
    run_days(22)
    assert all_of(ConfirmationRequest).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"archived_on": date(2026, 1, 1)}, {"state": "draft"}])
def test_nobody_is_asked_about_what_is_archived_or_off_the_site(change: dict[str, Any]) -> None:
    with in_days(-22):
        asked()
    dossier(State.PUBLISHED)
    Dossier._base_manager.update(ask_after=date(2020, 1, 1))
    Practice._base_manager.update(**change)
    run_days(0)
    assert all_of(ConfirmationRequest).count() == 1
    assert not mails("Nog even: klopt ‘")


@pytest.mark.django_db
def test_one_address_that_no_mail_can_go_to_keeps_nobody_waiting() -> None:
    broken, fine = dossier(State.PUBLISHED), dossier(State.PUBLISHED)
    Dossier._base_manager.update(ask_after=date(2020, 1, 1))
    Dossier._base_manager.filter(pk=broken.pk).update(email="geen adres")
    run_days(0)
    assert all_of(ConfirmationRequest).get().dossier_id == fine.pk
    assert all_of(Dossier).get(pk=broken.pk).state == State.PUBLISHED


# The editors' lists ------------------------------------------------------------------------------------------


def names_in(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return [str(row) for row in response.context["cl"].result_list]


@pytest.mark.django_db
def test_an_editor_finds_who_stays_silent(editor: Client) -> None:
    with in_days(0):
        silent = asked()
        ConfirmationRequest._base_manager.update(reminded_at=START + timedelta(hours=1))
        Practice._base_manager.filter(pk=silent.dossier.practice_id).update(name="Stille werking")
        asked()
    page = editor.get("/beheer/practices/dossier/").content.decode()
    filtered = "/beheer/practices/dossier/" + unescape(
        re.search(r'href="([^"]*geen-antwoord[^"]*)"', page)[1]
    )
    # Reminded a moment ago: nobody is silent yet.
    assert names_in(editor, filtered) == []
    assert "bevestigt niet" not in editor.get("/beheer/").content.decode()
    ConfirmationRequest._base_manager.filter(pk=silent.pk).update(
        sent_at=START - timedelta(days=43), reminded_at=START - timedelta(days=22)
    )
    assert names_in(editor, filtered) == ["Stille werking"]
    front = unescape(editor.get("/beheer/").content.decode())
    (address_,) = re.findall(r'href="([^"]+)">1 contact bevestigt niet<', front)
    assert names_in(editor, address_) == ["Stille werking"]


@pytest.mark.django_db
def test_an_editor_finds_practices_to_confirm_that_nobody_can_be_asked_about(editor: Client) -> None:
    factories.practice(name="Nooit bevestigd")
    factories.practice(name="Lang geleden", confirmed_on=date(2020, 1, 1))
    factories.practice(name="Pas bevestigd", confirmed_on=timezone.localdate())
    factories.practice(name="Gestopt", archived_on=date(2020, 1, 1))
    factories.practice(name="Concept", state="draft")
    factories.practice(name="Verzonnen", kind="voorbeeld", based_on="voorbeeld")
    with_contact = factories.practice(name="Met contact")
    Dossier.objects.create(practice=with_contact, state=State.DUE, email="contact@example.org")
    found = names_in(editor, "/beheer/practices/practice/?te-bevestigen=zonder-contact")
    assert sorted(found) == ["Lang geleden", "Nooit bevestigd"]
