"""Notes, links and contacts of a dossier; and a dossier that begins at a practice on the site."""

from __future__ import annotations

from datetime import date

import pytest

from expoo_portal.outbox import OutgoingMail
from expoo_portal.visibility import PublicationState
from practices import private_links
from practices.dossiers import advance
from practices.models import Dossier, PracticeKind
from practices.workflow import Actor, State, Verb
from tests import factories
from tests.dossiers import dossier, editor_user
from tests.practices.editing.desk import mail_to, page, read, said, stored, take
from tests.roles import user_of

pytestmark = pytest.mark.django_db


def test_notes_stand_below_each_other_with_who_wrote_them(editor):
    made = dossier(State.IN_REVIEW)
    for text in ("Ik belde de werking.", "Ze belt maandag terug.\nRond tien."):
        editor.post(page(made, "notitie"), {"text": text})
    text = read(editor, page(made))
    assert text.index("Ik belde de werking.") < text.index("Ze belt maandag terug.")
    assert f"{user_of(editor)}: Ik belde" in text


def test_an_empty_note_or_one_too_many_is_refused_and_kept_in_the_form(editor):
    made = dossier(State.IN_REVIEW)
    assert editor.post(page(made, "notitie"), {"text": " "}).status_code == 200
    for _ in range(4):
        editor.post(page(made, "notitie"), {"text": "x" * 900})
    response = editor.post(page(made, "notitie"), {"text": "y" * 900})
    assert "Er staan al veel notities" in response.content.decode()
    assert "yyy" in response.content.decode()
    assert "yyy" not in stored(made).editor_note


def test_an_editor_revokes_links_and_the_sender_gets_a_new_one(editor):
    made = dossier(State.PUBLISHED)
    old = private_links.token_of(made)
    assert "werken daarna niet meer" in read(editor, page(made, "links"))
    assert private_links.find(old)
    editor.post(page(made, "links"))
    assert private_links.find(old) is None
    new = private_links.token_of(stored(made))
    assert private_links.find(new) == made
    assert new in mail_to(made).text
    assert mail_to(made).is_secret
    assert "Links ingetrokken" in read(editor, page(made))


def test_another_contact_has_to_confirm_and_the_old_link_is_dead(editor, anonymous, settings):
    made = dossier(State.PUBLISHED, sender_name="Hanan")
    old = private_links.token_of(made)
    editor.post(page(made, "e-mailadres"), {"email": "Opvolger@example.org", "sender_name": "Joris"})
    kept = stored(made)
    assert (kept.email, kept.sender_name, kept.email_confirmed_at) == ("Opvolger@example.org", "Joris", None)
    assert private_links.find(old) is None
    mail = mail_to(kept)
    assert mail.text.startswith("Dag Joris,")
    assert private_links.token_of(kept) in mail.text
    assert "nog niet bevestigd" in read(editor, page(made))
    confirm = next(line for line in mail.text.splitlines() if line.startswith(settings.SITE_URL))
    path = confirm.removeprefix(settings.SITE_URL)
    read(anonymous, path)
    assert stored(made).email_confirmed_at is None
    anonymous.post(path)
    assert stored(made).email_confirmed_at is not None


def test_a_contact_in_the_queue_cannot_be_changed_and_an_unconfirmed_one_does_not_go_back_there(editor):
    queued = dossier(State.SUBMITTED)
    response = editor.post(page(queued, "e-mailadres"), {"email": "ander@example.org"})
    assert "Neem de inzending eerst in behandeling" in response.content.decode()
    assert stored(queued).email == queued.email

    made = dossier(State.IN_REVIEW)
    editor.post(page(made, "e-mailadres"), {"email": "ander@example.org"})
    assert page(made, "teruggeven") not in read(editor, page(made))
    response = take(editor, made, Verb.PUT_BACK)
    assert response.status_code == 302
    assert "bevestigd" in said(response)
    assert stored(made).state == State.IN_REVIEW


@pytest.mark.parametrize(
    "address", ["", "geen adres", "a@b", "x" * 300 + "@example.org", "a@example.org\nBcc: b@x.be"]
)
def test_an_address_that_is_none_is_refused(editor, address):
    made = dossier(State.PUBLISHED)
    assert editor.post(page(made, "e-mailadres"), {"email": address}).status_code == 200
    assert stored(made).email == made.email


def test_looking_at_these_pages_changes_nothing(editor):
    made = dossier(State.IN_REVIEW)
    before = (made.email, made.link_number, made.editor_note, made.assigned_to_id, made.step_count)
    mails = OutgoingMail.objects.count()
    for name in ("notitie", "links", "e-mailadres", "overnemen", "planning"):
        read(editor, page(made, name))
    kept = stored(made)
    assert (kept.email, kept.link_number, kept.editor_note, kept.assigned_to_id, kept.step_count) == before
    assert OutgoingMail.objects.count() == mails


# From a practice ---------------------------------------------------------------------------------------------


def form_of(practice, name: str = "change") -> str:
    from django.urls import reverse

    return reverse(f"admin:practices_practice_{name}", args=[practice.pk])


def test_an_editor_asks_the_organisation_of_a_practice_to_confirm(editor):
    practice = factories.practice(name="Speelbos")
    assert "Vraag de organisatie om te bevestigen" in read(editor, form_of(practice))
    asked = editor.post(form_of(practice, "ask"), {"email": "werking@example.org", "sender_name": "Hanan"})
    assert asked.status_code == 302
    made = Dossier.objects.unrestricted().get(practice=practice)
    assert (made.state, made.email, made.step_count) == (State.DUE, "werking@example.org", 0)
    mail = mail_to(made)
    assert "/praktijken/bevestigen/" in mail.text
    text = read(editor, form_of(practice))
    assert page(made) in text
    assert "te bevestigen" in text
    assert "Vraag de organisatie" not in text
    assert "Speelbos" in read(editor, page(made))


def test_a_practice_has_one_dossier_however_often_somebody_asks(editor):
    practice = factories.practice()
    for _ in range(2):
        editor.post(form_of(practice, "ask"), {"email": "werking@example.org"})
    assert Dossier.objects.unrestricted().filter(practice=practice).count() == 1
    assert OutgoingMail.objects.filter(to=["werking@example.org"]).count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"state": PublicationState.DRAFT},
        {"archived_on": date(2020, 1, 1)},
        {"kind": PracticeKind.EXAMPLE, "based_on": "voorbeeld"},
    ],
)
def test_what_nobody_can_confirm_is_not_asked(editor, fields):
    practice = factories.practice(**fields)
    assert "Vraag de organisatie" not in read(editor, form_of(practice))
    editor.post(form_of(practice, "ask"), {"email": "werking@example.org"})
    assert not Dossier.objects.unrestricted().exists()


def test_a_wrong_address_comes_back_in_the_form(editor):
    practice = factories.practice()
    response = editor.post(form_of(practice, "ask"), {"email": "geen adres", "sender_name": "Hanan"})
    assert response.status_code == 200
    assert 'value="Hanan"' in response.content.decode()


def test_a_practice_of_a_shared_dossier_leads_to_it(editor):
    made = dossier(State.PUBLISHED)
    assert page(made) in read(editor, form_of(made.practice))


# Secrecy -----------------------------------------------------------------------------------------------------


def test_what_editors_write_for_each_other_reaches_no_mail_and_no_page_of_the_sender(editor, anonymous):
    made = dossier(State.IN_REVIEW)
    secrets = {"notitie": "zqnotitie", "reden": "zqreden", "bevestigd": "zqbevestigd"}
    editor.post(page(made, "notitie"), {"text": secrets["notitie"]})
    address = private_links.link_to(made)

    def sender_reads() -> str:
        response = anonymous.get(private_links.link_to(stored(made)), follow=True)
        return response.content.decode()

    seen = [sender_reads()]
    take(editor, made, Verb.ASK, ask_1="on", versturen="1")
    seen.append(sender_reads())
    made = advance(stored(made), Verb.RESUME, Actor.EDITOR, user=editor_user())
    take(editor, made, Verb.PUBLISH, when="nu", ticked=[], anyway="on", reason=secrets["reden"])
    seen.append(sender_reads())
    made = advance(stored(made), Verb.FALL_DUE, Actor.SYSTEM)
    take(editor, made, Verb.CONFIRM, note=secrets["bevestigd"])
    assert stored(made).state == State.PUBLISHED
    seen.append(sender_reads())
    seen += [mail.text + mail.html + mail.subject for mail in OutgoingMail.objects.all()]
    assert address
    for secret in secrets.values():
        assert not [text for text in seen if secret in text], secret
        assert secret == secrets["notitie"] or secret in read(editor, page(made))
